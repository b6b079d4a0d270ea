/** Lists that are fetched page by page while their head goes on changing, and how often they are asked for. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AuditRecord } from '../../../main/contract/record.ts';
import { choiceInWords, filterFor, withFamilies } from '../../../renderer/console/activity/list/filters.ts';
import { piecesOf } from '../../../renderer/console/activity/list/marked-words.ts';
import { type Batch, createGathering } from '../../../renderer/console/activity/live.ts';
import { type Page, withNewest, withOlder } from '../../../renderer/console/activity/pages.ts';
import { createThrottle } from '../../../renderer/console/activity/throttle.ts';

interface Item {
  readonly key: string;
  readonly seq: number;
}
const ORDER = { keyOf: ({ key }: Item) => key, seqOf: ({ seq }: Item) => seq };
const page = (next: number | null, ...items: readonly string[]): Page<Item> => ({
  items: items.map((item) => ({ key: item[0]!, seq: Number(item.slice(1)) })),
  next,
});
const shown = ({ items, next }: Page<Item>) => [...items.map(({ key, seq }) => `${key}${seq}`), next];

describe('pages', () => {
  it('keep what lies below the newest page, and what has moved to the head only there', () => {
    const known = page(3, 'a9', 'b7', 'c5', 'd3');
    expect(shown(withNewest(known, page(9, 'c12', 'a9'), ORDER))).toEqual(['c12', 'a9', 'b7', 'd3', 3]);
  });

  it('let go of what is gone from the log', () => {
    expect(shown(withNewest(page(3, 'a9', 'b7', 'c5'), page(5, 'a9', 'c5'), ORDER))).toEqual(['a9', 'c5', 5]);
    expect(shown(withNewest(page(3, 'a9', 'b7'), page(null), ORDER))).toEqual([null]);
  });

  it('begin anew where so much has come that there may be a hole', () => {
    expect(shown(withNewest(page(1, 'a9', 'b7'), page(20, 'c30', 'd20'), ORDER))).toEqual(['c30', 'd20', 20]);
  });

  it('take the next page, without what is known already', () => {
    expect(shown(withOlder(page(5, 'a9', 'b5'), page(null, 'a3', 'c2'), ORDER))).toEqual(['a9', 'b5', 'c2', null]);
  });
});

describe('asking again', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is done at once, then not sooner than agreed, never twice at once, and never forgotten', async () => {
    let running = 0;
    let most = 0;
    let runs = 0;
    const throttle = createThrottle({
      ms: 1_000,
      run: async () => {
        runs += 1;
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 300));
        running -= 1;
      },
    });
    throttle.poke();
    expect(runs).toBe(1);
    for (let i = 0; i < 500; i++) {
      throttle.poke();
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(runs).toBe(4);
    await vi.advanceTimersByTimeAsync(5_000);
    expect([runs, most]).toEqual([5, 1]);
    throttle.stop();
    throttle.poke();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(runs).toBe(5);
  });
});

describe('live records', () => {
  it('are told together, and say where there were too many to keep', () => {
    const batches: Batch[] = [];
    let due: (() => void) | undefined;
    const gathered = createGathering({
      most: 3,
      soon: (then) => {
        due = then;
        return () => {
          due = undefined;
        };
      },
      onBatch: (batch) => batches.push(batch),
    });
    const add = (...seqs: readonly number[]) => {
      for (const seq of seqs) gathered.add({ seq } as AuditRecord);
    };
    add(1, 2);
    due?.();
    add(3, 4, 5, 6);
    due?.();
    add(7);
    gathered.stop();
    expect(due).toBeUndefined();
    expect(batches.map(({ records, lost }) => [records.map(({ seq }) => seq), lost])).toEqual([
      [[1, 2], false],
      [[6], true],
    ]);
  });
});

describe('a filter', () => {
  const now = new Date(2026, 10, 24, 15, 30);

  it('leaves nothing out unless something is chosen', () => {
    expect(filterFor('  ', {}, now)).toBeUndefined();
    expect(filterFor(' rm -rf ', { agent: 'Codex', end: 'refused' }, now)).toEqual({ text: 'rm -rf', agent: 'Codex', end: 'refused' });
    expect(filterFor('x'.repeat(9_000), {}, now)!.text).toHaveLength(400);
  });

  it.each([
    ['hour', new Date(2026, 10, 24, 14, 30)],
    ['today', new Date(2026, 10, 24)],
    ['week', new Date(2026, 10, 18)],
    ['month', new Date(2026, 9, 26)],
  ] as const)('reckons %s in the reader’s own time', (when, from) => {
    expect(filterFor('', { when }, now)).toEqual({ from: from.toISOString() });
  });

  it('offers a family before its labels, where it has several', () => {
    expect(withFamilies(['secret.a', 'pii.x', 'secret.b'])).toEqual(['secret', 'secret.a', 'secret.b', 'pii.x']);
    expect(choiceInWords('label', 'secret')).toBe('a secret');
    expect(choiceInWords('label', 'pii.credit-card')).toBe('personal data (credit card)');
    expect(choiceInWords('label', 'constructor.x')).toBe('constructor (x)');
  });
});

describe('found words', () => {
  const found = (text: string, wanted: string) =>
    piecesOf(text, wanted)
      .filter(({ isFound }) => isFound)
      .map((piece) => piece.text);

  it('are marked whatever their case, and nothing of the text is lost', () => {
    expect(found('Rounding is ROUNDING.', 'rounding is')).toEqual(['Rounding', 'is', 'ROUNDING']);
    const text = 'a.b (c)+ [d]';
    expect(
      piecesOf(text, '(c)+ .*')
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text);
    expect(found(text, '.* [')).toEqual([]);
  });
});
