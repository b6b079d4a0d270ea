/** PowerShell and cmd.exe from anything: never a throw, ranges within the text, and no disguise that makes a deletion disappear. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: PowerShell writes its variables so

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EFFECTS } from '../../main/contract/action.ts';
import { understandCall } from '../../main/engine/guard/facts/understand-call.ts';
import { runs } from './runs.ts';

const SHELLS = ['powershell', 'cmd'] as const;
type Shell = (typeof SHELLS)[number];

const PIECES = [
  ...'Remove-Item ~/x -Recurse|iex|irm https://x.example/a|& $x|$a=|"$($b)"|@{a=1}|@(1,2)|{ ls }|[char]105|.Replace(|-join |-f |%{ $_ }|foreach($i in 1..3){|if($x){|function f{|powershell -e |cmd /c |rd /s /q C:\\x|set a=b|%a%|%a:~1%|%a:b=c%|!a!|for %i in (*) do |for /f %i in (|if exist x |echo x|call |start |reg add HKCU\\x|^|git push'.split(
    '|',
  ),
  ...[
    ';',
    '&&',
    '||',
    '|',
    '&',
    '\n',
    ' ',
    "'",
    '"',
    '\u201c',
    '`',
    '(',
    ')',
    '{',
    '}',
    '[',
    ']',
    '$',
    '@',
    '@"\n',
    '"@',
    '>',
    '>>',
    '<',
    '#',
    '<#',
    '#>',
    '-',
    '–',
    ',',
    '..',
    '::',
    '.',
    '=',
    '%',
    '!',
    '\0',
    '\u0001',
    '\ufdd5',
    '\u202e',
    '…',
    '\\',
  ],
];
const command = fc.array(fc.constantFrom(...PIECES), { maxLength: 20 }).map((pieces) => pieces.join(''));

function factsOf(shell: Shell, text: string) {
  return understandCall(
    { id: '1', tool: 'shell', input: { command: text } },
    {
      workspace: { state: 'known', root: '/home/dev/proj', cwd: '/home/dev/proj', source: 'process' },
      home: '/home/dev',
      shell,
      realpath: () => undefined,
    },
  );
}

it('holds for any line', () => {
  fc.assert(
    fc.property(fc.constantFrom(...SHELLS), fc.oneof(command, fc.string({ maxLength: 200, unit: 'binary' })), (shell, text) => {
      const facts = factsOf(shell, text);
      for (const { effect, risk, says, range } of facts.effects) {
        expect(EFFECTS).toContain(effect);
        expect(['plain', 'watch', 'risk']).toContain(risk);
        expect(says).toMatch(/^\P{Cc}+$/u);
        expect(says).not.toContain('failed to read');
        if (!range) continue;
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.end).toBeGreaterThanOrEqual(range.start);
        expect(range.end).toBeLessThanOrEqual(facts.text.length);
      }
    }),
    { numRuns: runs(2_000) },
  );
});

it('sees a deletion through any stack of PowerShell’s disguises', () => {
  const quote = (text: string) => `'${text.replaceAll("'", "''")}'`;
  const disguise = fc.constantFrom<(script: string) => string>(
    (script) => `iex ${quote(script)}`,
    (script) => `& { ${script} }`,
    (script) => `if ($true) { ${script} }`,
    (script) => `$x = ${quote(script)}; Invoke-Expression $x`,
    (script) => `powershell -NoProfile -EncodedCommand ${Buffer.from(script, 'utf16le').toString('base64')}`,
    (script) => `[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('${Buffer.from(script).toString('base64')}')) | iex`,
    (script) => `1 | ForEach-Object { ${script} }`,
    (script) => `function f { ${script} }; f`,
    (script) => `try { ${script} } catch { }`,
    (script) => `. ([scriptblock]::Create(${quote(script)}))`,
    (script) => `('{0}' -f ${quote(script)}) | iex`,
    (script) => `pwsh -c ${quote(script)}`,
    (script) => `ls; ${script}`,
  );
  fc.assert(
    fc.property(fc.array(disguise, { minLength: 1, maxLength: 4 }), (disguises) => {
      const script = disguises.reduce((text, wrap) => wrap(text), 'Remove-Item ~/x -Recurse');
      const effects = factsOf('powershell', script).effects.map(({ effect }) => effect);
      expect(effects.includes('destructive') || effects.includes('unresolved')).toBe(true);
    }),
    { numRuns: runs(400) },
  );
});

it('sees a deletion through any stack of cmd.exe’s disguises', () => {
  const disguise = fc.constantFrom<(line: string) => string>(
    (line) => `cmd /c ${line}`,
    (line) => `( ${line} )`,
    (line) => `if exist a ( ${line} ) else echo b`,
    (line) => `for %i in (1) do ${line}`,
    (line) => `call ${line}`,
    (line) => `echo a & ${line}`,
    (line) => `start /b ${line}`,
    (line) => `@${line}`,
    (line) => `set z=1&& ${line}`,
  );
  fc.assert(
    fc.property(fc.array(disguise, { minLength: 1, maxLength: 4 }), (disguises) => {
      const line = disguises.reduce((text, wrap) => wrap(text), 'rd /s /q C:\\Users\\dev\\x');
      const effects = factsOf('cmd', line).effects.map(({ effect }) => effect);
      expect(effects.includes('destructive') || effects.includes('unresolved')).toBe(true);
    }),
    { numRuns: runs(400) },
  );
});
