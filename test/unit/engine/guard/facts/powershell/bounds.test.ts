/** Hostile PowerShell and cmd.exe: each ends at once, and is never taken for nothing. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: PowerShell writes its variables so

import { expect, it } from 'vitest';
import { effectsOf, factsOf } from '../reading.ts';

function encoded(levels: number): string {
  let script = 'rm ~/x -r';
  for (let level = 0; level < levels; level += 1) script = `powershell -e ${Buffer.from(script, 'utf16le').toString('base64')}`;
  return script;
}

it('reads encoded commands in each other, and says so where it stops', () => {
  expect(effectsOf(factsOf(encoded(3), { shell: 'powershell' }))).toContain('destructive');
  expect(effectsOf(factsOf(encoded(7), { shell: 'powershell' }))).toContain('unresolved');
});

it.each([
  ['powershell', 'a text of 5 MB', 'a'.repeat(5 * 1024 * 1024)],
  ['powershell', 'parentheses', '('.repeat(30_000)],
  ['powershell', 'substitutions', '"$('.repeat(15_000)],
  ['powershell', 'a sum without end', `$a=${"'x'+".repeat(12_000)}'y'`],
  ['powershell', 'loops in loops', `${'while($true){'.repeat(50)}ls${'}'.repeat(50)}`],
  ['powershell', 'a variable that doubles', `$x=1;${'if($a){$x=@($x,$x)}'.repeat(2_000)};rm $x`],
  ['powershell', 'a function that calls itself', 'function f { f; f }; f'],
  ['powershell', 'a script block that calls itself', '$f = { & $f; & $f }; & $f'],
  ['powershell', 'very many commands', 'rm a;'.repeat(12_000)],
  ['cmd', 'a text of 5 MB', 'a'.repeat(5 * 1024 * 1024)],
  ['cmd', 'brackets', '('.repeat(60_000)],
  ['cmd', 'a variable that doubles', `set a=xxxxxxxxxxxxxxxx&${'call set a=%a%%a%&'.repeat(40)}del %a%`],
  ['cmd', 'loops in loops', `${'for %i in (a b c d e f g h) do '.repeat(50)}del %i`],
  ['cmd', 'very many commands', 'del a&'.repeat(10_000)],
  ['cmd', 'shells in shells', `${'cmd /c '.repeat(5_000)}del x`],
] as const)('%s: %s', (shell, _, command) => {
  expect(effectsOf(factsOf(command, { shell }))).toContain('unresolved');
});
