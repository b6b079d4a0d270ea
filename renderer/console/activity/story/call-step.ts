/** What the log has of one action becomes a step: what was wanted, how it ended, and why. */

import type { StoryRecord } from '../../../../main/contract/activity.ts';
import type { AuditRecord } from '../../../../main/contract/record.ts';
import { languageOfTool } from '../../../approval/highlight.ts';
import { toolName } from '../../../approval/tool-name.ts';
import type { Look } from '../../../design/parts.tsx';
import { STRINGS } from '../../../strings.ts';
import { labelsIn, textIn, textsIn } from './data.ts';
import { aStep, type Step } from './step.ts';

const s = STRINGS.activity;

/** `waitingSince`: what was held before the running engine started waits no more; null while none runs. */
export function callStep(key: string, own: readonly StoryRecord[], waitingSince: string | null): Step {
  const records = own.map(({ record }) => record);
  const action = own.find(({ record }) => record.kind === 'action');
  const verdict = records.find((record) => record.kind === 'verdict');
  const base = {
    key,
    at: records[0]!.at,
    records: own,
    ...endOf(records, waitingSince),
    because: becauseOf(records, action?.record, verdict),
    labels: [...new Set(records.flatMap(labelsIn))],
  };
  return action ? { ...aStep({ ...base, kind: 'call', title: '' }), ...whatOf(action) } : noteStep(base, records);
}

type Base = Pick<Step, 'key' | 'at' | 'records' | 'look' | 'chip' | 'because' | 'labels'>;

/** Something that is no call: the record's own line says it best, where the labels beside it would not say it again. */
function noteStep(base: Base, records: readonly AuditRecord[]): Step {
  const first = records[0]!;
  const title = (base.labels.length > 0 ? foundTitle(first) : null) ?? first.summary;
  const look = first.kind === 'finding' ? 'unsure' : base.look;
  return aStep({ ...base, kind: 'note', title, look, because: first.verdict === 'redact' ? base.because : null });
}

function foundTitle(record: AuditRecord): string | null {
  if (record.kind === 'verdict' && record.verdict === 'redact') return s.takenOut;
  if (record.kind !== 'finding') return null;
  const about = textIn(record, 'action');
  if (about === 'receive_result') return s.foundInResult;
  // What a server says of its tools is better told by the record.
  return about === 'send_prompt' ? s.foundInPrompt : null;
}

/** In words: what the model wants done, and to what. */
function whatOf({
  record: action,
  said,
}: StoryRecord): Pick<Step, 'title' | 'text' | 'language'> & Partial<Pick<Step, 'isCommand' | 'lines'>> {
  const tool = textIn(action, 'tool') ?? '';
  const { name, server } = toolName(tool);
  const whole = said.find(({ role, text }) => role === 'tool_call' && text !== null);
  // The line has only the beginning of it.
  const line = withoutStart(withoutStart(action.summary, `${action.agent}: `), `${tool}: `);
  const toolKind = textIn(action, 'toolKind') ?? '';
  const command = whole?.text ?? line;
  if (toolKind === 'shell') return { title: s.command, text: command, isCommand: true, language: languageOfTool(tool, toolKind, command) };
  const first = whole?.text?.split('\n', 1)[0] ?? line;
  const [, verb, object = ''] = /^(Read|Write|Edit|Delete|Move) (.+)$/s.exec(first) ?? [];
  const lines = verb === 'Edit' && whole?.text && whole.omitted === 0 ? changedLines(whole.text) : null;
  if (verb === undefined)
    return { title: server === null ? name : s.toolOf(name, server), text: first, language: languageOfTool(tool, toolKind, first) };
  const workspace = textIn(action, 'workspace');
  return { title: verb, text: workspace === null ? object : object.replaceAll(`${workspace}/`, ''), language: undefined, lines };
}

function changedLines(text: string): Step['lines'] {
  const lines = text.split('\n').slice(1);
  const added = lines.filter((line) => line.startsWith('+')).length;
  const removed = lines.filter((line) => line.startsWith('-')).length;
  return added + removed > 0 ? { added, removed } : null;
}

/** What was allowed without a word needs no reason: what it does says more. */
function becauseOf(records: readonly AuditRecord[], action: AuditRecord | undefined, verdict: AuditRecord | undefined): string | null {
  const said = records.map((record) => (record.kind === 'approval' ? textIn(record, 'said') : null)).find((text) => text !== null);
  if (said) return s.youSaid(said);
  if (verdict?.verdict === 'allow' && action) return effectsIn(action);
  return verdict ? textIn(verdict, 'reason') : null;
}

/** The first two things that it does, and how many more there are. */
function effectsIn(action: AuditRecord): string | null {
  const says = textsIn(action, 'effects', 'says');
  if (says.length === 0) return null;
  return says.slice(0, 2).join(', ') + (says.length > 2 ? `, ${STRINGS.popup.moreEffects(says.length - 2)}` : '');
}

/** How it ended, as far as the log knows. */
function endOf(records: readonly AuditRecord[], waitingSince: string | null): { look: Look; chip: string | null } {
  const chips = s.chip;
  const of = (kind: AuditRecord['kind']) => records.find((record) => record.kind === kind);
  const outcome = of('outcome');
  if (outcome) {
    if (outcome.verdict === 'released')
      return { look: 'released', chip: of('approval')?.verdict === 'remembered' ? chips.remembered : chips.released };
    return outcome.verdict === 'abandoned'
      ? // Said by the next engine, of what the last one had held.
        { look: 'unsure', chip: outcome.data.hold === undefined ? chips.withdrawn : chips.guardStopped }
      : { look: 'refused', chip: refusedBy(of('approval')) };
  }
  const hold = of('hold');
  if (hold)
    return waitingSince !== null && hold.at >= waitingSince
      ? { look: 'waiting', chip: chips.waiting }
      : { look: 'unsure', chip: chips.guardStopped };
  const verdict = of('verdict')?.verdict;
  if (verdict === 'allow') return { look: 'released', chip: chips.allowed };
  if (verdict === 'redact' && !of('action')) return { look: 'noted', chip: chips.takenOut };
  if (verdict === 'deny' || verdict === 'redact') return { look: 'refused', chip: chips.refused };
  if (of('uninspected')) return { look: 'unsure', chip: chips.uninspected };
  if (of('tamper') || of('gap')) return { look: 'unsure', chip: chips.note };
  return { look: 'noted', chip: null };
}

/** Whose no it was. A yes that policy did not let pass is policy's. */
function refusedBy(approval: AuditRecord | undefined): string {
  const chips = s.chip;
  if (approval?.verdict === 'missed') return chips.missed;
  if (approval?.verdict === 'unattended') return chips.unattended;
  return approval && textIn(approval, 'choice') === 'deny' ? chips.denied : chips.refused;
}

function withoutStart(text: string, start: string): string {
  return text.startsWith(start) ? text.slice(start.length) : text;
}
