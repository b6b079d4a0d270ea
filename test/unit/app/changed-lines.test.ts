import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changedLines } from '../../../main/app/agents/changed-lines.ts';

const shown = (before: string | undefined, after: string | undefined) =>
  changedLines(before, after).map(({ sign, line, text }) => `${sign}${line} ${text}`);

describe('changed lines', () => {
  it('are those that come and go, and no other', () => {
    expect(shown('a\nb\nc\n', 'a\nx\nc\n')).toEqual(['-2 b', '+2 x']);
    expect(shown('a\nc', 'a\nb\nc')).toEqual(['+2 b']);
    expect(shown('a\nb\nc\nd\ne\n', 'a\nB\nc\nd\nE\n')).toEqual(['-2 b', '+2 B', '-5 e', '+5 E']);
  });

  it('are all of a new file, and all of one that goes', () => {
    expect(shown(undefined, 'a\nb\n')).toEqual(['+1 a', '+2 b']);
    expect(shown('a\n', undefined)).toEqual(['-1 a']);
  });

  it('are none where nothing changes, or only how lines end', () => {
    expect(shown('a\nb\n', 'a\nb\n')).toEqual([]);
    expect(shown('a\r\nb\r\n', 'a\nb\n')).toEqual([]);
  });

  it('make the one text from the other', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 });
    fc.assert(
      fc.property(text, text, (were, are) => {
        const changes = changedLines(were.join('\n'), are.join('\n'));
        const gone = new Set(changes.filter(({ sign }) => sign === '-').map(({ line }) => line));
        const kept: string[] = were.filter((_, at) => !gone.has(at + 1));
        for (const { sign, line, text: put } of changes) if (sign === '+') kept.splice(line - 1, 0, put);
        expect(kept).toEqual(are);
      }),
    );
  });

  it('are found at once in files that have nothing in common', () => {
    const many = (letter: string) => Array.from({ length: 20_000 }, (_, at) => `${letter}${at}`).join('\n');
    expect(changedLines(many('a'), many('b'))).toHaveLength(40_000);
  });
});
