/** One step of a story: what was wanted, how it ended, and why. */

import type { Json } from '../../../contract/record.ts';
import type { Body } from '../draft.ts';
import { type Row, readBody } from '../rows.ts';
import { listIn, numberIn, objectIn, textIn } from './facts.ts';
import { Html, html, NOTHING } from './html.ts';
import type { Step } from './steps.ts';
import type { Texts } from './texts.ts';
import { clock, WORDS } from './words.ts';

/** As in the console: square refused, round allowed, haloed waiting. */
export type Look = 'released' | 'refused' | 'waiting' | 'unsure' | 'noted';

export interface ToldStep {
  readonly at: string;
  readonly look: Look;
  /** The verdict in a few words. */
  readonly chip: string;
  readonly title: string;
  /** Shown where there is no text: what the record says of itself. */
  readonly line: string | null;
  readonly reason: string | null;
  readonly policies: readonly string[];
  /** Who answered, and when. */
  readonly answer: readonly string[];
  readonly effects: readonly { readonly says: string; readonly risk: string }[];
  readonly more: readonly string[];
  readonly numbers: readonly number[];
  readonly row: Row;
  readonly body: Body | undefined;
  readonly isCommand: boolean;
}

interface Told {
  readonly row: Row;
  readonly body: Body | undefined;
}

export function toldStep({ rows }: Step): ToldStep {
  const told = rows.map((row) => ({ row, body: readBody(row.body) }));
  const of = (kind: string) => told.find(({ row }) => row.kind === kind);
  const [action, verdict, hold, approval, outcome] = ['action', 'verdict', 'hold', 'approval', 'outcome'].map(of);
  const first = action ?? told[0]!;
  const data = first.body?.data ?? {};
  const decided = (outcome?.row.verdict === 'refused' ? outcome : verdict)?.body?.data ?? {};
  return {
    at: first.row.at,
    ...endOf({ action, verdict, hold, approval, outcome, first }),
    title: titleOf(first),
    line: action ? null : (first.body?.summary ?? null),
    reason: textIn(decided.reason),
    policies: listIn(verdict?.body?.data.policies).flatMap((id) => textIn(id) ?? []),
    answer: answerOf(hold, approval, outcome, textIn(decided.reason) ?? ''),
    effects: effectsOf(listIn(data.effects)),
    more: moreOf(told),
    numbers: rows.map(({ seq }) => seq),
    row: first.row,
    body: first.body,
    isCommand: textIn(data.toolKind) === 'shell',
  };
}

export function stepHtml(step: ToldStep, texts: Texts): Html {
  const { at, look, chip, title, line, reason, policies, answer, effects, more, numbers, row, body, isCommand } = step;
  const asked = policies.length > 0 ? [WORDS.policies(policies.join(', '))] : [];
  const small = [...asked, ...answer, ...more];
  return html`<li id="${row.seq}"><time>${clock(at)}</time><i class="shape ${new Html(look)}"></i><div class="what">
<p class="title"><b>${title}</b>${line !== null && title !== line ? html` <span>${line}</span>` : NOTHING}</p>
${row.body === null ? html`<p class="aside">${WORDS.purgedStep}</p>` : (body?.blocks ?? []).map((block) => texts.shown(block, { isCode: isCommand || row.kind === 'action' }))}
<p class="verdict"><span class="chip ${new Html(look)}">${chip}</span>${reason === null ? NOTHING : html` <span>${reason}</span>`}</p>
${effects.length === 0 ? NOTHING : html`<ul class="effects">${effects.map(({ says, risk }) => html`<li class="${new Html(RISKS.get(risk) ?? 'plain')}">${says}</li>`)}</ul>`}
<p class="small">${[...small, WORDS.records(numbers)].join(' · ')}</p>
</div></li>
`;
}

/** Two effects may be one to a person: "deletes build" is told once, as loudly as the louder of them. */
function effectsOf(effects: readonly Json[]): ToldStep['effects'] {
  const told = new Map<string, string>();
  for (const effect of effects) {
    const [says, risk] = [textIn(objectIn(effect).says), textIn(objectIn(effect).risk) ?? 'plain'];
    if (says !== null && told.get(says) !== 'risk') told.set(says, risk);
  }
  return [...told].map(([says, risk]) => ({ says, risk }));
}
const RISKS: ReadonlyMap<string, string> = new Map([
  ['risk', 'risk'],
  ['watch', 'watch'],
]);

function titleOf({ row, body }: Told): string {
  const data = body?.data ?? {};
  if (row.kind !== 'action')
    return OTHERS[row.kind] ?? (ABOUT[textIn(data.action) ?? ''] || `${row.kind[0]?.toUpperCase()}${row.kind.slice(1)}`);
  if (textIn(data.toolKind) === 'shell') return WORDS.command;
  const server = textIn(objectIn(data.server).name);
  const tool = textIn(data.tool) ?? row.kind;
  return server === null ? tool : `${server} › ${tool}`;
}

const OTHERS: Readonly<Record<string, string>> = { finding: 'Detectors saw something', uninspected: 'Something could not be read' };
const ABOUT: Readonly<Record<string, string>> = { send_prompt: WORDS.request, receive_result: WORDS.result, connect: WORDS.connection };

type Parts = { readonly [name in 'action' | 'verdict' | 'hold' | 'approval' | 'outcome']: Told | undefined } & { readonly first: Told };

function endOf({ action, verdict, hold, approval, outcome, first }: Parts): { look: Look; chip: string } {
  const end = WORDS.end;
  const answered = approval?.row.verdict;
  if (outcome) {
    if (outcome.row.verdict === 'released') return { look: 'released', chip: answered === 'remembered' ? end.remembered : end.released };
    return outcome.row.verdict === 'abandoned' ? { look: 'unsure', chip: end.withdrawn } : { look: 'refused', chip: refusal(approval) };
  }
  if (hold) return { look: 'waiting', chip: end.open };
  switch (verdict?.row.verdict) {
    case 'allow':
      return { look: 'released', chip: end.allowed };
    case 'redact':
      return action ? { look: 'refused', chip: end.refused } : { look: 'unsure', chip: end.redacted };
    case 'deny':
      return { look: 'refused', chip: end.refused };
  }
  if (first.row.kind === 'uninspected') return { look: 'unsure', chip: end.uninspected };
  if (first.row.kind === 'finding') return { look: 'unsure', chip: end.found };
  return { look: 'noted', chip: first.row.body === null ? end.purged : (first.row.verdict ?? end.noted) };
}

/** Whose no it was. A yes that policy did not let pass is policy's. */
function refusal(approval: Told | undefined): string {
  const { missed, unattended, denied, overruled, refused } = WORDS.end;
  if (approval?.row.verdict === 'missed') return missed;
  if (approval?.row.verdict === 'unattended') return unattended;
  if (approval?.body?.data.choice === 'deny') return denied;
  return approval?.body?.data.choice === 'allow' ? overruled : refused;
}

/** What the person said is left out where the `reason` has it already. */
function answerOf(hold: Told | undefined, approval: Told | undefined, outcome: Told | undefined, reason: string): string[] {
  const asked = hold ? [WORDS.askedAt(clock(hold.row.at))] : [];
  if (!approval) return outcome ? [...asked, WORDS.endedAt(clock(outcome.row.at))] : asked;
  const { by, choice, said, for: scope } = approval.body?.data ?? {};
  const at = clock(approval.row.at);
  const who = textIn(by);
  const answered = who === null ? WORDS.endedAt(at) : WORDS.answeredAt(at, who);
  const how = choice === 'allow' ? (WORDS.forHowLong[textIn(scope) ?? ''] ?? textIn(scope)) : null;
  const spoken = textIn(said);
  const words = spoken === null || reason.includes(spoken) ? [] : [WORDS.youSaid(spoken)];
  return [...asked, answered, ...(how === null ? [] : [how]), ...words];
}

/** What else the records say: findings by label, and what watched policies would have said. */
function moreOf(told: readonly Told[]): string[] {
  const labels = told.flatMap(({ body }) => listIn(body?.data.findings)).flatMap(labelled);
  const observed = told.filter(({ row }) => row.kind === 'verdict').flatMap(({ body }) => listIn(body?.data.observed));
  const watched = observed.flatMap((one) => {
    const { id, effect } = objectIn(one);
    return textIn(id) === null ? [] : [`${textIn(effect) ?? '?'} (${textIn(id)})`];
  });
  return [
    ...(labels.length > 0 ? [WORDS.findings([...new Set(labels)].join(', '))] : []),
    ...(watched.length > 0 ? [WORDS.observed(watched.join(', '))] : []),
  ];
}

function labelled(finding: Json): string[] {
  const { label, count } = objectIn(finding);
  const times = numberIn(count) ?? 1;
  return textIn(label) === null ? [] : [times > 1 ? `${times} × ${textIn(label)}` : textIn(label)!];
}
