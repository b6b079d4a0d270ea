/** Tells calls that only read, one after the other, as one: "Read CONTRIBUTING.md, package.json and 3 more". */

import { STRINGS } from '../../../strings.ts';
import { textIn } from './data.ts';
import { sumOf } from './exchange-steps.ts';
import { aStep, type Step } from './step.ts';

const s = STRINGS.activity;
/** Names that are told; the others are counted. */
const NAMED = 2;
/** A step that is opened must not become a page of its own. */
const MOST = 200;

export interface Folding {
  /** The same step for the same parts, so that what is drawn need not be drawn again. */
  fold(steps: readonly Step[]): readonly Step[];
}

export function createFolding(): Folding {
  let known = new Map<string, Step>();

  return {
    fold(steps) {
      const kept = new Map<string, Step>();
      const told: Step[] = [];
      for (let i = 0; i < steps.length; ) {
        const end = endOfReads(steps, i);
        if (end - i < 2) {
          told.push(steps[i]!);
          i += 1;
          continue;
        }
        const key = `${steps[i]!.key} reads`;
        const before = known.get(key);
        const step = before && isSame(before.parts, steps, i, end) ? before : readsStep(key, steps.slice(i, end));
        kept.set(key, step);
        told.push(step);
        i = end;
      }
      known = kept;
      return told;
    },
  };
}

/** What was got by a read belongs to it, and a run must have two reads at least. */
function endOfReads(steps: readonly Step[], from: number): number {
  let reads = 0;
  let end = from;
  for (let i = from; i < steps.length && i - from < MOST; i++) {
    const step = steps[i]!;
    if (isPlainRead(step)) reads += 1;
    else if (reads === 0 || step.kind !== 'got') break;
    end = i + 1;
  }
  return reads > 1 ? end : from + 1;
}

function isPlainRead({ kind, look, chip, labels, records }: Step): boolean {
  if (kind !== 'call' || look !== 'released' || chip !== s.chip.allowed || labels.length > 0) return false;
  const action = records.find(({ record }) => record.kind === 'action');
  return action !== undefined && ['read', 'search'].includes(textIn(action.record, 'toolKind') ?? '');
}

function isSame(parts: readonly Step[], steps: readonly Step[], from: number, end: number): boolean {
  return parts.length === end - from && parts.every((part, i) => part === steps[from + i]);
}

function readsStep(key: string, parts: readonly Step[]): Step {
  const reads = parts.filter(({ kind }) => kind === 'call');
  const names = [...new Set(reads.map(({ text, title }) => text ?? title))];
  const costs = parts.flatMap(({ cost }) => cost ?? []);
  const first = reads[0]!;
  return aStep({
    key,
    kind: 'reads',
    at: first.at,
    look: 'released',
    chip: s.chip.allowed,
    title: first.title,
    text: names.slice(0, NAMED).join(', ') + (names.length > NAMED ? s.andMore(names.length - NAMED) : ''),
    because: s.readsOnly,
    cost: costs.length === 0 ? null : { usd: sumOf(costs.map(({ usd }) => usd)), tokens: sumOf(costs.map(({ tokens }) => tokens)) },
    records: parts.flatMap(({ records }) => records),
    parts,
  });
}
