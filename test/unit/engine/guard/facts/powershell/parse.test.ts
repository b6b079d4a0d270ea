/** What PowerShell's reader takes for what. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: PowerShell writes its variables so

import { expect, it } from 'vitest';
import { parsePowerShell } from '../../../../../../main/engine/guard/facts/powershell/parse.ts';

it.each([
  ['comments', '<# a\nb #> ls # c'],
  ['a line that goes on', 'ls `\n -Recurse'],
  ['here-strings', '@\'\n\'quoted\' "\n\'@; @"\n$($a) "x"\n"@'],
  ['typographic quotes and dashes', '“a” ; ls –Recurse'],
  ['hash tables', '@{ a = 1; "b c" = @{ d = 2 }\n e = $x | sort }'],
  ['casts and static calls', '[int][char]"a"; [IO.File]::Exists("a"); [Collections.Generic.List[string]]::new()'],
  ['members, calls and indices', '$a.b.c(1, { ls })[0]["x"].d'],
  ['operators', '1..5 -join "," -replace "a", "b" -and -not $x -is [string] -f 2'],
  ['chains and a background', 'a && b || c; d &'],
  ['redirections', 'a 2>&1 > x.txt *>> y.txt; b 2>$null'],
  [
    'all statements',
    'if ($a) { } elseif ($b) { } else { }; for ($i = 0; $i -lt 3; $i++) { }; do { } while ($x); switch ($x) { 1 { } default { } }; try { } catch [Exception] { } finally { }',
  ],
  [
    'functions with parameters',
    'function f { [CmdletBinding()] param([Parameter(Mandatory)][string]$a = "x", [switch]$b) process { $a } }',
  ],
  ['a ternary and null operators', '$a ? 1 : 2; $b ?? 3; $c ??= 4'],
  ['stop-parsing', 'icacls --% X:\\VMS /grant Dom\\HVAdmin:(CI)(OI)F'],
  ['what programs take', 'git log --format=%H -n1 -- a..b; 7z x a.zip; npm run a:b'],
  ['assignments of statements', '$x = if ($a) { 1 } else { 2 }; $y += foreach ($i in 1..3) { $i }'],
])('reads %s', (_, text) => {
  expect(() => parsePowerShell(text)).not.toThrow();
});

it.each([['"open'], ['( a'], ['if ('], ['@{ a = '], ['<# x'], ['a }'], ["@'\nx"]])('refuses what has no end: %s', (text) => {
  expect(() => parsePowerShell(text)).toThrow();
});

it('keeps a word of a command apart from a value', () => {
  const [statement] = parsePowerShell('Get-Content "a b"$x.txt, c');
  expect(statement).toMatchObject({
    type: 'pipeline',
    elements: [{ type: 'command', words: [{ kind: 'value', value: { type: 'list' } }] }],
  });
});
