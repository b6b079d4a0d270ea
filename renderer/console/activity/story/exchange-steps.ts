/** What belongs to one exchange, in the order in which it came about: what was got and asked, what the model said, what it wanted done. */

import type { Said, StoryRecord } from '../../../../main/contract/activity.ts';
import { STRINGS } from '../../../strings.ts';
import { callStep } from './call-step.ts';
import { costOf } from './data.ts';
import { aStep, type Step, type StepKind } from './step.ts';

const s = STRINGS.activity;

/** In the order of a request and its answer. What the model called is told by the calls. */
const PARTS: readonly { readonly role: string; readonly kind: StepKind; readonly title: string }[] = [
  { role: 'system', kind: 'told', title: s.told },
  { role: 'tool_result', kind: 'got', title: s.got },
  { role: 'user', kind: 'asked', title: s.asked },
  { role: 'assistant', kind: 'said', title: s.said },
];

/** `own`: the records of one exchange, or of what belongs to none, oldest first; never empty. */
export function stepsOf(key: string, own: readonly StoryRecord[], waitingSince: string | null): readonly Step[] {
  const exchanges = own.filter(({ record }) => record.kind === 'exchange');
  const said = PARTS.flatMap(({ role, kind, title }) => wordsStep(key, kind, title, role, own[0]!.record.at, exchanges));
  const calls = byAction(own.filter(({ record }) => record.kind !== 'exchange')).map(([id, records]) =>
    callStep(id, records, waitingSince),
  );
  const ends = exchanges.filter(({ record }) => isWorthTelling(record.verdict, said.length + calls.length)).map(endStep);
  return withExchange([...said, ...calls, ...ends], exchanges);
}

function wordsStep(
  key: string,
  kind: StepKind,
  title: string,
  role: string,
  at: string,
  exchanges: readonly StoryRecord[],
): readonly Step[] {
  const words: Said[] = [];
  const records = exchanges.filter((exchange) => {
    const own = exchange.said.filter((one) => one.role === role && one.text?.trim() !== '');
    words.push(...own);
    return own.length > 0;
  });
  return words.length === 0 ? [] : [aStep({ key: `${key} ${kind}`, kind, at, title, words, records })];
}

/** That an answer came is told by what was in it. */
function isWorthTelling(how: string | null, told: number): boolean {
  return told === 0 || how === 'client-gone' || how === 'upstream-failed';
}

function endStep(exchange: StoryRecord): Step {
  const { id, at, verdict, summary } = exchange.record;
  const ending = verdict === 'client-gone' ? s.clientGone : verdict === 'upstream-failed' ? s.upstreamFailed : null;
  const look = verdict === 'upstream-failed' ? 'unsure' : 'noted';
  return aStep({ key: id, kind: 'note', at, title: ending ?? summary, look, records: [exchange] });
}

/** What it cost, and its record where nothing else tells of that, stand at the model's own words, or at the first that came of it. */
function withExchange(steps: readonly Step[], exchanges: readonly StoryRecord[]): readonly Step[] {
  const at = steps.find(({ kind }) => kind === 'said') ?? steps.find(({ kind }) => kind === 'call') ?? steps[0];
  const costs = exchanges.flatMap(({ record }) => costOf(record) ?? []);
  const cost = costs.length === 0 ? null : { usd: sumOf(costs.map(({ usd }) => usd)), tokens: sumOf(costs.map(({ tokens }) => tokens)) };
  const untold = exchanges.filter((exchange) => !steps.some(({ records }) => records.includes(exchange)));
  return steps.map((step) => (step === at ? { ...step, cost, records: [...step.records, ...untold] } : step));
}

/** Null where none of them is known. */
export function sumOf(some: readonly (number | null)[]): number | null {
  const known = some.filter((one) => one !== null);
  return known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0);
}

function byAction(records: readonly StoryRecord[]): readonly (readonly [string, readonly StoryRecord[]])[] {
  const actions = new Map<string, StoryRecord[]>();
  for (const one of records) {
    const id = one.record.action ?? one.record.id;
    const known = actions.get(id);
    if (known) known.push(one);
    else actions.set(id, [one]);
  }
  return [...actions];
}
