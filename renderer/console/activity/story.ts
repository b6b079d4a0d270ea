/** Turns the log's records into what a person can follow: conversations, and in each of them one step after the other. */

import type { AuditRecord } from '../../../main/contract/record.ts';
import type { Look } from '../../design/parts.tsx';
import { STRINGS } from '../../strings.ts';

export interface Story {
  readonly key: string;
  /** A conversation of an agent; the guard's own doings; connections that were not decrypted. */
  readonly kind: 'session' | 'guard' | 'tunnels';
  readonly agent: string;
  readonly workspace: string | null;
  readonly model: string | null;
  /** ISO times of the first and the last record that is known. */
  readonly from: string;
  readonly to: string;
  /** Oldest first. */
  readonly steps: readonly Step[];
}

export interface Step {
  readonly key: string;
  readonly at: string;
  readonly look: Look;
  /** The verdict in a few words; null for what needed none. */
  readonly chip: string | null;
  /** "Run a command". */
  readonly title: string;
  /** The action's first line, where it is known. */
  readonly text: string | null;
  readonly isCommand: boolean;
  readonly because: string | null;
  /** Everything that the log has of it, oldest first. */
  readonly records: readonly AuditRecord[];
}

/** Newest conversation first. `waitingSince`: what was held before the running engine started waits no more; null while none runs. */
export function storiesOf(records: readonly AuditRecord[], waitingSince: string | null): readonly Story[] {
  const stories = new Map<string, AuditRecord[]>();
  for (const record of [...records].sort((a, b) => a.seq - b.seq)) {
    const key = record.session ?? (record.kind === 'connection' ? 'tunnels' : 'guard');
    const known = stories.get(key);
    if (known) known.push(record);
    else stories.set(key, [record]);
  }
  return [...stories].map(([key, own]) => storyOf(key, own, waitingSince)).sort((a, b) => Date.parse(b.to) - Date.parse(a.to));
}

function storyOf(key: string, records: readonly AuditRecord[], waitingSince: string | null): Story {
  const kind = key === 'tunnels' || key === 'guard' ? key : 'session';
  const steps = new Map<string, AuditRecord[]>();
  for (const record of records) {
    // An exchange is the frame of its calls; only what was done in it is told.
    if (record.kind === 'exchange') continue;
    const step = record.action ?? record.id;
    steps.set(step, [...(steps.get(step) ?? []), record]);
  }
  return {
    key,
    kind,
    agent: records.find((record) => record.agent)?.agent ?? STRINGS.console.guardItself,
    workspace: lastText(records, 'workspace'),
    model: lastText(records, 'model'),
    from: records[0]!.at,
    to: records.at(-1)!.at,
    steps: [...steps].map(([stepKey, own]) => stepOf(stepKey, own, waitingSince)),
  };
}

function stepOf(key: string, records: readonly AuditRecord[], waitingSince: string | null): Step {
  const first = records[0]!;
  const action = records.find((record) => record.kind === 'action');
  const verdict = records.find((record) => record.kind === 'verdict');
  const { look, chip } = endOf(records, waitingSince);
  const base = { key, at: first.at, look, chip, records, because: becauseOf(records, action, verdict) };
  if (!action) return { ...base, title: first.summary, text: null, isCommand: false, because: null };
  const isCommand = textIn(action, 'toolKind') === 'shell';
  const tool = textIn(action, 'tool') ?? '';
  const text = withoutStart(action.summary, `${action.agent}: ${tool}: `);
  if (isCommand) return { ...base, title: STRINGS.console.command, text, isCommand };
  const [, verb, object = ''] = /^(Read|Write|Edit|Delete|Move) (.+)$/s.exec(text) ?? [];
  if (verb === undefined) return { ...base, title: tool, text, isCommand };
  const workspace = textIn(action, 'workspace');
  return { ...base, title: verb, text: workspace === null ? object : object.replaceAll(`${workspace}/`, ''), isCommand };
}

/** What was allowed without a word needs no reason: what it does says more. */
function becauseOf(records: readonly AuditRecord[], action: AuditRecord | undefined, verdict: AuditRecord | undefined): string | null {
  const said = records.map((record) => (record.kind === 'approval' ? textIn(record, 'said') : null)).find((text) => text !== null);
  if (said) return STRINGS.console.youSaid(said);
  if (verdict?.verdict === 'allow' && action) return effectsIn(action);
  return verdict ? textIn(verdict, 'reason') : null;
}

/** The first two things that it does, and how many more there are. */
function effectsIn({ data: { effects } }: AuditRecord): string | null {
  if (!Array.isArray(effects)) return null;
  const said = effects.flatMap((one) =>
    one !== null && typeof one === 'object' && 'says' in one && typeof one.says === 'string' ? one.says : [],
  );
  if (said.length === 0) return null;
  return said.slice(0, 2).join(', ') + (said.length > 2 ? `, ${STRINGS.popup.moreEffects(said.length - 2)}` : '');
}

/** How it ended, as far as the log knows. */
function endOf(records: readonly AuditRecord[], waitingSince: string | null): { look: Look; chip: string | null } {
  const chips = STRINGS.console.chip;
  const of = (kind: AuditRecord['kind']) => records.find((record) => record.kind === kind);
  const outcome = of('outcome');
  if (outcome) {
    if (outcome.verdict === 'released')
      return { look: 'released', chip: of('approval')?.verdict === 'remembered' ? chips.remembered : chips.released };
    return outcome.verdict === 'abandoned'
      ? { look: 'unsure', chip: chips.withdrawn }
      : { look: 'refused', chip: refusedBy(of('approval')) };
  }
  const hold = of('hold');
  if (hold)
    return waitingSince !== null && hold.at >= waitingSince
      ? { look: 'waiting', chip: chips.waiting }
      : { look: 'unsure', chip: chips.withdrawn };
  const verdict = of('verdict')?.verdict;
  if (verdict === 'allow') return { look: 'released', chip: chips.allowed };
  if (verdict === 'deny' || verdict === 'redact') return { look: 'refused', chip: chips.refused };
  if (of('uninspected')) return { look: 'unsure', chip: chips.uninspected };
  if (of('tamper') || of('gap')) return { look: 'unsure', chip: chips.note };
  return { look: 'noted', chip: null };
}

/** Whose no it was. A yes that policy did not let pass is policy's. */
function refusedBy(approval: AuditRecord | undefined): string {
  const chips = STRINGS.console.chip;
  if (approval?.verdict === 'missed') return chips.missed;
  if (approval?.verdict === 'unattended') return chips.unattended;
  return approval && textIn(approval, 'choice') === 'deny' ? chips.denied : chips.refused;
}

export interface Tally {
  readonly calls: number;
  readonly waiting: number;
  readonly refused: number;
  readonly byYou: number;
  readonly uninspected: number;
}

export function tallyOf({ steps }: Story): Tally {
  const chips = STRINGS.console.chip;
  return {
    calls: steps.filter((step) => step.records.some((record) => record.kind === 'action')).length,
    waiting: steps.filter((step) => step.look === 'waiting').length,
    refused: steps.filter((step) => step.look === 'refused').length,
    byYou: steps.filter((step) => step.chip === chips.released).length,
    uninspected: steps.filter((step) => step.chip === chips.uninspected).length,
  };
}

/** Whether any word of it holds `query`, in whatever case. */
export function mentions(story: Story, query: string): boolean {
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return true;
  const words = [
    story.agent,
    story.workspace ?? '',
    story.model ?? '',
    ...story.steps.flatMap((step) => step.records.map((record) => `${record.summary} ${record.host ?? ''}`)),
  ];
  return words.some((word) => word.toLowerCase().includes(wanted));
}

function lastText(records: readonly AuditRecord[], key: string): string | null {
  return records.map((record) => textIn(record, key)).findLast((text) => text !== null) ?? null;
}

function textIn({ data }: AuditRecord, key: string): string | null {
  const value = data[key];
  return typeof value === 'string' && value !== '' ? value : null;
}

function withoutStart(text: string, start: string): string {
  return text.startsWith(start) ? text.slice(start.length) : text;
}
