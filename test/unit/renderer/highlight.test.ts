/** Code is inked for the eye: quickly whatever it says, and without losing a character of it. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inksOf, inksWithin, type Language, languageOfPath, languageOfTool, MOST_INKED } from '../../../renderer/approval/highlight.ts';
import { piecesOf } from '../../../renderer/approval/marked.tsx';

const told = (text: string, language: Language) => inksOf(text, language).map(({ start, end, ink }) => `${ink} ${text.slice(start, end)}`);

describe('a command line', () => {
  it('shows its programs, wherever a command begins', () => {
    const programs = (text: string, language: Language = 'bash') =>
      told(text, language)
        .filter((one) => one.startsWith('name '))
        .map((one) => one.slice(5));
    expect(programs('npm run build && sudo rm -rf ~/x | tee log; (cd a) & make -j$(nproc)')).toEqual([
      'npm',
      'sudo',
      'rm',
      'tee',
      'cd',
      'make',
      'nproc',
    ]);
    expect(programs('A=1 B="x" some-tool --flag')).toEqual(['some-tool']);
    expect(programs('for f in *; do rm "$f"; done')).toEqual(['rm']);
    expect(programs('$x = Get-Item a; $x | Remove-Item -Force', 'powershell')).toEqual(['Get-Item', 'Remove-Item']);
    expect(programs('if exist a del /q b & echo c', 'cmd')).toEqual(['echo']);
  });

  it('tells strings from what is put into them, and neither from a here-document', () => {
    expect(told('echo "a $HOME b" \'$c\'', 'bash')).toEqual(['name echo', 'string "a ', 'variable $HOME', 'string  b"', "string '$c'"]);
    expect(told("cat <<'E' > f\nhello && x\nE\nls", 'bash')).toContain('string hello && x\nE\n');
    expect(told('ls # rm -rf /\nls#a', 'bash')).toEqual(['name ls', 'comment # rm -rf /', 'name ls#a']);
    expect(told('echo "%TEMP%\\a"\nREM del x', 'cmd')).toEqual([
      'name echo',
      'string "',
      'variable %TEMP%',
      'string \\a"',
      'comment REM del x',
    ]);
  });
});

describe('code', () => {
  it.each<[Language, string, string[]]>([
    ['json', '{"a": "b", "c": true}', ['key "a"', 'string "b"', 'key "c"', 'keyword true']],
    ['javascript', '// x\nconst a = `b`;', ['comment // x', 'keyword const', 'string `b`']],
    ['python', 'def f(): return """a\n"b"""', ['keyword def', 'keyword return', 'string """a\n"b"""']],
    ['yaml', 'on: true # x\n- a/b: 1', ['key on', 'keyword true', 'comment # x', 'key a/b']],
    ['sql', "select 'it''s' FROM t -- x", ['keyword select', "string 'it''s'", 'keyword FROM', 'comment -- x']],
    [
      'markup',
      '<a href="x">if</a><!-- c -->',
      ['keyword <a', 'key href', 'string "x"', 'keyword >', 'keyword </a', 'keyword >', 'comment <!-- c -->'],
    ],
    ['css', 'a { color: red } /* x */', ['key color', 'comment /* x */']],
    ['settings', '[core]\nbare = true', ['keyword [core]', 'key bare', 'keyword true']],
  ])('shows what it is made of: %s', (language, text, inks) => {
    expect(told(text, language).filter((one) => !one.startsWith('sign'))).toEqual(inks);
  });

  it('is known by its file’s name or by its tool', () => {
    expect(['/a/b.TS', 'C:\\x\\y.ps1', 'Dockerfile', '.env', '/home/.zshrc', 'x.unknown', 'constructor', ''].map(languageOfPath)).toEqual([
      'javascript',
      'powershell',
      'docker',
      'settings',
      'bash',
      undefined,
      undefined,
      undefined,
    ]);
    expect(languageOfTool('PowerShell', 'shell', '')).toBe('powershell');
    expect(languageOfTool('functions.exec', 'shell', '')).toBe('javascript');
    expect(languageOfTool('run_shell_command', 'shell', '')).toBe('bash');
    expect(languageOfTool('deploy', 'mcp', '{"a": 1}')).toBe('json');
    expect(languageOfTool('Read', 'read', 'Read a.ts')).toBeUndefined();
  });
});

const LANGUAGES = 'bash powershell cmd javascript json python yaml settings css sql go rust java c ruby php docker make markup'.split(
  ' ',
) as Language[];
const PARTS = [
  'a',
  '"',
  "'",
  '`',
  '\\',
  '/',
  '*',
  '<',
  '>',
  '(',
  '{',
  '[',
  '$',
  '#',
  '-',
  ' ',
  '\n',
  '\t',
  '=',
  ':',
  '@',
  '%',
  '0',
  '//',
  '/*',
  '<!--',
  '${',
  '$(',
  '<<E\n',
  '"""',
  'r#"',
  '\u{1F600}',
  '\u0301',
  '\uD800',
];
const text = fc.array(fc.constantFrom(...PARTS), { maxLength: 60 }).map((parts) => parts.join(''));

describe('whatever text', () => {
  it('is inked in order, within itself, and nowhere twice', () => {
    fc.assert(
      fc.property(text, fc.constantFrom(...LANGUAGES), (hostile, language) => {
        let at = 0;
        for (const { start, end } of inksOf(hostile, language)) {
          expect(start).toBeGreaterThanOrEqual(at);
          expect(end).toBeGreaterThan(start);
          at = end;
        }
        expect(at).toBeLessThanOrEqual(hostile.length);
      }),
    );
  });

  it('is cut into pieces that are all of it', () => {
    fc.assert(
      fc.property(text, fc.nat(60), fc.nat(60), (hostile, a, b) => {
        const range = { start: Math.min(a, b, hostile.length), end: Math.min(Math.max(a, b), hostile.length) };
        if (range.start === range.end) return;
        const inks = inksWithin(inksOf(hostile, 'bash'), range);
        const pieces = piecesOf(range, inks, [{ start: 3, end: 9 }]);
        expect(pieces.map(({ start, end }) => hostile.slice(start, end)).join('')).toBe(hostile.slice(range.start, range.end));
      }),
    );
  });

  // Grammars that go back and forth take minutes over some of these.
  it.each(LANGUAGES)('is soon done with: %s', (language) => {
    for (const seed of ['"', '\\', 'a', '/*', "b'b'b'\n\n``", 'a./a', '"\\', '1_---', '<a ', '<<E\n', '- "'])
      inksOf(seed.repeat(MOST_INKED / seed.length), language);
  });

  it('is plain after the first part of a long one', () => {
    const long = 'ls;'.repeat(MOST_INKED);
    expect(inksOf(long, 'bash').at(-1)!.end).toBeLessThanOrEqual(MOST_INKED);
  });
});
