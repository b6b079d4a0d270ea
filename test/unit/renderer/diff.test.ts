/** A change of files is told so that a person sees what goes and what comes, and nothing of it is lost. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { common, diffOf, isDiff } from '../../../renderer/approval/diff.ts';
import { foldedRows } from '../../../renderer/approval/fold.ts';

const SIGN = { head: '', note: '#', same: ' ', removed: '-', added: '+', plain: '?' } as const;
const told = (text: string) => diffOf(text).rows.map(({ kind, body }) => SIGN[kind] + text.slice(body.start, body.end));
const changed = (text: string) => diffOf(text).rows.flatMap((row) => row.changed.map(({ start, end }) => text.slice(start, end)));

describe('an edit', () => {
  it('tells what stays once, and what goes beside what comes', () => {
    const text = 'Edit a.ts\n- one\n- two\n- six\n+ one\n+ 2\n+ 3\n+ six';
    expect(told(text)).toEqual(['Edit a.ts', ' one', '-two', '+2', '+3', ' six']);
    expect(diffOf(text)).toMatchObject({ added: 2, removed: 1 });
  });

  it('finds what stays in the middle', () => {
    expect(told('Edit a\n- a\n- b\n- c\n- d\n+ x\n+ b\n+ c\n+ y\n+ z')).toEqual(['Edit a', '-a', '+x', ' b', ' c', '-d', '+y', '+z']);
  });

  it('shows which words of a line are others', () => {
    expect(changed('Edit a\n- retry(work, times = 3)\n+ retry(work, times = 5)')).toEqual(['3', '5']);
    expect(changed('Edit a\n- if (x) throw error;\n+ if (x) return undefined;')).toEqual(['throw error', 'return undefined']);
    expect(changed('Edit a\n- nothing alike\n+ 0x1234567 + 89')).toEqual([]);
  });

  it('of several places keeps them apart', () => {
    expect(told('Edit a\n- one\n+ 1\n- two\n+ 2\n+ 3')).toEqual(['Edit a', '-one', '+1', '-two', '+2', '+3']);
  });

  it('loses no line, whatever is in it', () => {
    const side = fc.array(fc.constantFrom('a', 'b', 'c', '', '+ x', '- y', 'long words here'), { maxLength: 12 });
    fc.assert(
      fc.property(side, side, (before, after) => {
        const text = ['Edit f', ...before.map((line) => `- ${line}`), ...after.map((line) => `+ ${line}`)].join('\n');
        const rows = told(text).slice(1);
        const of = (signs: string) => rows.filter((row) => signs.includes(row[0]!)).map((row) => row.slice(1));
        expect(of('- ')).toEqual(before);
        expect(of('+ ')).toEqual(after);
      }),
    );
  });
});

describe('a patch', () => {
  it('in Codex’s format is told by its files', () => {
    const text =
      '*** Begin Patch\n*** Update File: a.ts\n@@ class A\n x\n-const a = 1;\n+const a = 2;\n*** Add File: b.ts\n+--- no head\n+hello\n*** Delete File: c\n*** End Patch';
    expect(told(text)).toEqual([
      '#*** Begin Patch',
      '*** Update File: a.ts',
      '#@@ class A',
      ' x',
      '-const a = 1;',
      '+const a = 2;',
      '*** Add File: b.ts',
      '+--- no head',
      '+hello',
      '*** Delete File: c',
      '#*** End Patch',
    ]);
    expect(diffOf(text).rows.map(({ file }) => file)).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2]);
  });

  it('of git or of diff is told by its files', () => {
    expect(told('diff --git a/x b/x\nindex 1..2\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b')).toEqual([
      'diff --git a/x b/x',
      '#index 1..2',
      '#--- a/x',
      '#+++ b/x',
      '#@@ -1 +1 @@',
      '-a',
      '+b',
    ]);
    expect(
      told('--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n--- a/y\n+++ b/y\n@@ -1 +1 @@\n-c\n+d').filter((row) => row.startsWith('---')),
    ).toEqual(['--- a/x', '--- a/y']);
  });

  it('is told from other texts', () => {
    expect(['Edit a\n- b', '*** Begin Patch\n', '--- a\n+++ b', 'diff --git a b'].map(isDiff)).toEqual([true, true, true, true]);
    expect(['Write a\n- b', 'echo Edit', '{"a":1}', ''].map(isDiff)).toEqual([false, false, false, false]);
  });
});

describe('what two lists have in common', () => {
  it('is in both, in order', () => {
    const list = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 30 });
    fc.assert(
      fc.property(list, list, (one, other) => {
        const pairs = common(one, other);
        pairs.forEach(([i, j], n) => {
          expect(one[i]).toBe(other[j]);
          if (n > 0) expect(i > pairs[n - 1]![0] && j > pairs[n - 1]![1]).toBe(true);
        });
      }),
    );
  });

  it('is not looked for in the middle of what is too long', () => {
    const long = (seed: number) => Array.from({ length: 20_000 }, (_, i) => String((i * seed) % 7919));
    expect(common(['same', ...long(3)], ['same', ...long(5)]).length).toBeGreaterThanOrEqual(1);
  });
});

describe('a long change', () => {
  const lines = (from: number, to: number, sign: string) => Array.from({ length: to - from }, (_, i) => `${sign} line ${from + i}`);
  const text = ['Edit a', ...lines(0, 40, '-'), '- old', ...lines(41, 80, '-'), ...lines(0, 40, '+'), '+ new', ...lines(41, 80, '+')].join(
    '\n',
  );
  const seen = (marks: { start: number; end: number }[]) =>
    foldedRows(diffOf(text).rows, marks)!.map((one) => ('row' in one ? text.slice(one.row.body.start, one.row.body.end) : one.folded));

  it('folds what stays, but not beside a change', () => {
    expect(seen([])).toEqual(['Edit a', 38, 'line 38', 'line 39', 'old', 'new', 'line 41', 'line 42', 37]);
  });

  it('never folds what is marked', () => {
    const start = text.lastIndexOf('line 70');
    expect(seen([{ start, end: start + 7 }])).toContain('line 70');
    const all = ['Edit a', ...lines(0, 400, '+')].join('\n');
    const marked = all.indexOf('line 222');
    const rows = foldedRows(diffOf(all).rows, [{ start: marked, end: marked + 4 }])!;
    expect(rows.some((one) => 'row' in one && one.row.body.start <= marked && one.row.body.end > marked)).toBe(true);
    expect(rows.length).toBeLessThan(25);
  });

  it('is left alone where it is short', () => {
    expect(foldedRows(diffOf('Edit a\n- b\n+ c').rows, [])).toBeNull();
  });
});
