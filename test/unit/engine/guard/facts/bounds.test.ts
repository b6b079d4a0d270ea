/** Hostile commands: made to be too long, too deep or too many. Each ends at once, and is never taken for nothing. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the shell writes its variables so

import { expect, it } from 'vitest';
import { effectsOf, factsOf, factsOfTool } from './reading.ts';

function nested(levels: number): string {
  let script = 'rm -rf /home/dev/x';
  for (let level = 0; level < levels; level += 1) script = `sh -c '${script.replaceAll("'", `'\\''`)}'`;
  return script;
}

it('reads six scripts deep, and says so where it stops', () => {
  expect(effectsOf(factsOf(nested(5)))).toEqual(['delete', 'destructive']);
  expect(effectsOf(factsOf(nested(6)))).toEqual(['unresolved']);
});

it.each([
  ['a text longer than 64 KB', `echo ${'a'.repeat(70_000)}`],
  ['a function that calls itself', 'f() { f; f; }; f'],
  ['a variable that doubles', `a=${'x'.repeat(64)}; ${'a=$a$a;'.repeat(40)} rm $a`],
  ['an array that doubles', `a=(x y); ${'a=("${a[@]}" "${a[@]}");'.repeat(40)} rm "\${a[@]}"`],
  ['loops within loops', `${'for i in {1..16}; do '.repeat(6)}rm x$i${'; done'.repeat(6)}`],
  ['endless loops within endless loops', `${'while [[ a ]]; do '.repeat(30)}ls${'; done'.repeat(30)}`],
  ['braces that multiply', `rm ${'{a,b}'.repeat(40)}`],
  ['too many substitutions', '$('.repeat(3_000)],
  ['too many parentheses', '('.repeat(5_000)],
  ['very many commands', 'rm a;'.repeat(10_000)],
  ['a NUL', 'rm\0 -rf ~'],
  ['a text that is put together from one huge word', `x=${'y'.repeat(60_000)}; ${'echo '}${'$x '.repeat(2_000)}| sh`],
  ['a very long sed script', `sed '${'s/a/'.repeat(8_000)}' f`],
  ['a very long awk script', `awk '${'print '.repeat(9_000)}' f`],
])('%s', (_, command) => {
  expect(effectsOf(factsOf(command))).toContain('unresolved');
});

it.each([
  ['five megabytes of words', `rm -rf ~/x; ${'a'.repeat(5_000_000)}`],
  ['five megabytes of commands', 'rm a;'.repeat(1_000_000)],
  ['five megabytes of nesting', '$('.repeat(2_500_000)],
])('ends at once: %s', (_, command) => {
  expect(effectsOf(factsOf(command))).toContain('unresolved');
});

it('reads text that is no Unicode', () => {
  expect(effectsOf(factsOf('\ud800\udfff; rm -rf ~/x'))).toEqual(expect.arrayContaining(['delete', 'destructive']));
});

it.each(['"\\', "'", '"', '$a', '`', '{a,b}', '>a ', 'find . -exec ', '$(', 'x="a"+', 'getattr(os,"a")'])(
  'is not slowed down by %s',
  (part) => {
    const text = part.repeat(Math.floor(60_000 / part.length));
    expect(factsOf(text).text).toBe(text);
    for (const program of ['python3', 'node', 'perl', 'ruby']) expect(factsOf(`${program} <<'EOF'\n${text}\nEOF`).effects).not.toEqual([]);
  },
);

it('tells at most so many things, and that there are more', () => {
  const facts = factsOf(Array.from({ length: 2_000 }, (_, index) => `rm f${index}`).join(';'));
  expect(facts.effects.length).toBeLessThanOrEqual(501);
  expect(effectsOf(facts)).toEqual(['delete', 'unresolved']);
});

it('reads scripts of other languages, however long, without going round in circles', () => {
  for (const part of [
    'exec(',
    'Buffer.from(',
    '`',
    'open("a',
    'system("',
    'subprocess.run([',
    'unlink ',
    '\\"',
    'open ',
    'Path("',
    ' '.repeat(16),
    'os.system("sh',
    ' 1',
  ]) {
    expect(effectsOf(factsOf(`python3 <<'EOF'\n${part.repeat(3_900)}\nEOF`))).toContain('runs-code');
  }
});

it.each([
  ['a shell with very many words', `python3 -c 'import os; os.system("sh ${'1 '.repeat(5_000)}|x")'`],
  ['a very long verb', `aws ${'rm-'.repeat(20_000)}'\n'`],
  ['a very long statement', `psql -c '${'update a set '.repeat(4_000)} where'`],
  ['a very long pattern', `cat ~/${'.s*'.repeat(1_000)}`],
])('reads to its end: %s', (_, command) => {
  expect(factsOf(command).effects).not.toEqual([]);
});

it('keeps long content whole', () => {
  const content = 'x'.repeat(500_000);
  const facts = factsOfTool('Write', { file_path: 'a.txt', content });
  expect(facts.text).toBe(`Write a.txt\n${content}`);
  expect(effectsOf(facts)).toEqual(['write-workspace']);
});
