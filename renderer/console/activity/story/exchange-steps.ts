/** What belongs to one exchange, in the order in which it came about: what was got and asked, what the model said, what it wanted done. */

import type { Said, StoryRecord } from '../../../../main/contract/activity.ts';
import type { AuditRecord } from '../../../../main/contract/record.ts';
import { STRINGS } from '../../../strings.ts';
import { callStep } from './call-step.ts';
import { costOf } from './data.ts';
import { aStep, type Step, type StepKind } from './step.ts';

const s = STRINGS.activity;

/** Whose words they are. What the model called is told by the calls. */
const WORDS: { readonly [role: string]: { readonly kind: StepKind; readonly title: string } } = {
  system: { kind: 'told', title: s.told },
  tool_result: { kind: 'got', title: s.got },
  user: { kind: 'asked', title: s.asked },
  assistant: { kind: 'said', title: s.said },
};

/** `own`: the records of one exchange, or of what belongs to none, oldest first; never empty. `isKnown`: an earlier record has said it. */
export function stepsOf(
  key: string,
  own: readonly StoryRecord[],
  waitingSince: string | null,
  isKnown: (said: Said, record: AuditRecord) => boolean,
): readonly Step[] {
  const exchanges = own.filter(({ record }) => record.kind === 'exchange');
  const said = exchanges.flatMap((exchange, i) => wordsSteps(`${key} ${i}`, own[0]!.record.at, exchange, isKnown));
  const calls = byAction(own.filter(({ record }) => record.kind !== 'exchange')).map(([id, records]) =>
    callStep(id, records, waitingSince),
  );
  const ends = exchanges.filter(({ record }) => isWorthTelling(record.verdict, said.length + calls.length)).map(endStep);
  return withExchange([...said, ...calls, ...ends], exchanges);
}

/** A step for each that had the word, in order. */
function wordsSteps(
  key: string,
  at: string,
  exchange: StoryRecord,
  isKnown: (said: Said, record: AuditRecord) => boolean,
): readonly Step[] {
  const steps: { kind: StepKind; title: string; words: Said[] }[] = [];
  for (const one of newsIn(exchange.said, (said) => isKnown(said, exchange.record))) {
    const known = Object.hasOwn(WORDS, one.role) ? WORDS[one.role] : undefined;
    if (!known || one.text?.trim() === '') continue;
    const last = steps.at(-1);
    if (last?.kind === known.kind) last.words.push(one);
    else steps.push({ ...known, words: [one] });
  }
  return steps.map((step, i) => aStep({ ...step, key: `${key} ${i} ${step.kind}`, at, records: [exchange] }));
}

/**
 * Agents resend the conversation, and what is new to the log is not always news: the model's last answer comes along again, and all of it
 * where the log began in the middle. The answer and this turn's own words always are.
 */
function newsIn(said: readonly Said[], isKnown: (said: Said) => boolean): readonly Said[] {
  const answer = said.at(-1)?.role === 'assistant' ? said.length - 1 : said.length;
  const turn = said.slice(0, answer).findLastIndex(({ role }) => role !== 'user' && role !== 'tool_result') + 1;
  return said.filter((one, i) => i >= turn || !isKnown(one));
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
