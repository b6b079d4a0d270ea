import { describe, expect, it } from 'vitest';
import { underlined } from '../../../../main/engine/policy/underline.ts';

const rangeOf = (text: string, part: string) => ({ start: text.indexOf(part), end: text.indexOf(part) + part.length });

describe('underlining', () => {
  it('puts marks under the words, on each line that they are on', () => {
    const text = 'cd src\nrm -rf ~/x \\\n  ~/y';
    expect(underlined(text, [rangeOf(text, '-rf'), rangeOf(text, '~/x \\\n  ~/y')])).toEqual([
      'cd src',
      'rm -rf ~/x \\',
      '   ^^^ ^^^^^',
      '  ~/y',
      '^^^^^',
    ]);
  });

  it('shows a text without marks as it is', () => {
    expect(underlined('ls\npwd', [])).toEqual(['ls', 'pwd']);
  });

  it('leaves out lines of a long text that are far from every mark', () => {
    const text = Array.from({ length: 50 }, (_, index) => `line ${index}`).join('\n');
    expect(underlined(text, [rangeOf(text, 'line 30')])).toEqual(['…', 'line 29', 'line 30', '^^^^^^^', 'line 31', '…']);
  });

  it('shows the part of a long line that is marked', () => {
    const text = `${'a'.repeat(500)}rm -rf ~${'b'.repeat(500)}`;
    const [line, marks] = underlined(text, [rangeOf(text, 'rm -rf ~')]);
    expect(line).toMatch(/^…a{40}rm -rf ~b+…$/);
    expect(line?.slice(marks?.indexOf('^'), marks?.length)).toBe('rm -rf ~');
  });

  it('takes ranges that are none', () => {
    expect(
      underlined('ls', [
        { start: 5, end: 9 },
        { start: 1, end: 1 },
      ]),
    ).toEqual(['ls']);
  });
});
