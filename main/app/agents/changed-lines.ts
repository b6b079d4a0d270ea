/** Which lines of a file differ: settings hold more than ours, and that is nobody's business on the screen. Pure. */

import type { ChangedLine } from '../../contract/agents-here.ts';

/** Beyond this many pairs of lines it is not worth while to look for what stayed. */
const MOST_PAIRS = 250_000;

/** In the order of the file. Undefined is a file that is not there. */
export function changedLines(before: string | undefined, after: string | undefined): readonly ChangedLine[] {
  const [were, are] = [linesOf(before), linesOf(after)];
  let start = 0;
  while (start < were.length && start < are.length && were[start] === are[start]) start += 1;
  let end = 0;
  while (end < were.length - start && end < are.length - start && were.at(-1 - end) === are.at(-1 - end)) end += 1;
  return differing(were.slice(start, were.length - end), are.slice(start, are.length - end), start);
}

/** What a last line break begins is no line. */
function linesOf(text: string | undefined): readonly string[] {
  if (text === undefined || text === '') return [];
  const lines = text.split(/\r?\n/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** By a longest common subsequence; `offset` lines stand before both. */
function differing(were: readonly string[], are: readonly string[], offset: number): readonly ChangedLine[] {
  const gone = (at: number): ChangedLine => ({ sign: '-', line: offset + at + 1, text: were[at]! });
  const come = (at: number): ChangedLine => ({ sign: '+', line: offset + at + 1, text: are[at]! });
  if (were.length * are.length > MOST_PAIRS) return [...were.map((_, at) => gone(at)), ...are.map((_, at) => come(at))];
  const common = Array.from({ length: were.length + 1 }, () => new Uint32Array(are.length + 1));
  for (let i = were.length - 1; i >= 0; i -= 1)
    for (let j = are.length - 1; j >= 0; j -= 1)
      common[i]![j] = were[i] === are[j] ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
  const lines: ChangedLine[] = [];
  let [i, j] = [0, 0];
  while (i < were.length || j < are.length) {
    if (i < were.length && j < are.length && were[i] === are[j]) [i, j] = [i + 1, j + 1];
    else if (j >= are.length || (i < were.length && common[i + 1]![j]! >= common[i]![j + 1]!)) lines.push(gone(i++));
    else lines.push(come(j++));
  }
  return lines;
}
