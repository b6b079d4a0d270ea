/** `holdpoint policy replay`: what a draft would have said of the recorded actions. Only reads; an engine may be running. */

import { join } from 'node:path';
import type { VerdictKind } from '../contract/verdict.ts';
import { visibleLine, visibleLines } from '../engine/approvals/visible.ts';
import { pastRecords } from '../engine/audit/past.ts';
import { LOG_FILE } from '../engine/audit/schema.ts';
import { offlineDataDir } from '../engine/engine-place.ts';
import { createPolicy } from '../engine/policy/engine.ts';
import { PAST_KINDS } from '../engine/policy/past-actions.ts';
import { type Change, type Replay, replay, type Share, type Verdicts } from '../engine/policy/replay.ts';
import { timeIn } from './audit.ts';
import { DONE, type Io, placeOf, print, printJson } from './io.ts';
import { choiceOf } from './judging.ts';

export interface ReplayOptions {
  readonly since?: string | undefined;
  readonly json?: boolean | undefined;
  readonly config?: string | undefined;
  readonly 'data-dir'?: string | undefined;
}

/** In words; --json has all of them. */
const MOST_CHANGES = 100;
const MOST_NUMBERS = 20;
/** As an order, the strictest first. */
const WORDS: readonly (readonly [VerdictKind, string])[] = [
  ['deny', 'refused'],
  ['ask', 'asked'],
  ['redact', 'redacted'],
  ['allow', 'allowed'],
];

export async function replayPolicy(dir: string, options: ReplayOptions, io: Io): Promise<number> {
  const since = timeIn(options.since ?? '30d', Date.now());
  const file = join(offlineDataDir(placeOf(options)), LOG_FILE);
  const draft = await createPolicy(choiceOf(dir));
  try {
    const result = await replay(() => pastRecords(file, { since, kinds: PAST_KINDS }), draft);
    if (options.json) printJson(io, { dir: draft.summary.dir, hash: draft.summary.hash, since: since.toISOString(), ...result });
    else print(io, ...replayLines(result, since).map(visibleLines));
    return DONE;
  } finally {
    await draft.close();
  }
}

function replayLines(result: Replay, since: Date): string[] {
  const { replayed, would, was, policies, observed, agents, users, changes, notReplayed } = result;
  const left = notReplayed.reduce((sum, { records }) => sum + records.length, 0);
  return [
    `${counted(replayed, 'action')} since ${since.toISOString().slice(0, 16).replace('T', ' ')}: ${sentence(would, was)}`,
    ...section(
      'By policy of the draft',
      policies.map(({ id, effect, actions }) => `${id}: ${effect}, ${times(actions)}`),
    ),
    ...section(
      'Observed by the draft, and without a part in it',
      observed.map(({ id, effect, actions }) => `${id}: would ${effect}, ${times(actions)}`),
    ),
    ...section('By agent', agents.map(shareLine)),
    ...section('By user', users.map(shareLine)),
    ...section(
      changes.length === 0 ? 'No verdict would have been another.' : `${counted(changes.length, 'verdict')} would have been another`,
      [
        ...changes.slice(0, MOST_CHANGES).map(changeLine),
        ...(changes.length > MOST_CHANGES ? [`… and ${changes.length - MOST_CHANGES} more: --json has them all`] : []),
      ],
      true,
    ),
    ...section(
      `${counted(left, 'record')} could not be replayed`,
      notReplayed.map(({ why, records }) => `${records.length}: ${why} (${numbers(records)})`),
    ),
  ];
}

/** "would have refused 3, asked 12 times (was: refused 1, asked 20 times)." */
function sentence(would: Verdicts, was: Verdicts): string {
  return `would have ${stops(would)} (was: ${stops(was)}).`;
}

function stops(verdicts: Verdicts): string {
  const stopped = WORDS.filter(([kind]) => kind === 'deny' || kind === 'ask' || verdicts[kind] > 0);
  return stopped.map(([kind, word]) => `${word} ${verdicts[kind]}${kind === 'ask' ? ' times' : ''}`).join(', ');
}

function shareLine({ name, would, was }: Share): string {
  return `${name === '' ? '(unknown)' : name}: ${stops(would)} (was: ${stops(was)})`;
}

function changeLine({ record, at, summary, was, would, policies, ended }: Change): string {
  const by = policies.length === 0 ? 'no policy permits it' : policies.join(', ');
  const after = ended === undefined ? '' : `, then ${ended}`;
  return `${String(record).padStart(6)}  ${at.slice(0, 16).replace('T', ' ')}  was ${was}${after}, would ${would} (${by})  ${visibleLine(summary, 200)}`;
}

function section(title: string, lines: readonly string[], always = false): string[] {
  if (lines.length === 0) return always ? ['', title] : [];
  return ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
}

function numbers(records: readonly number[]): string {
  const shown = records.slice(0, MOST_NUMBERS).join(', ');
  return `record${records.length === 1 ? '' : 's'} ${shown}${records.length > MOST_NUMBERS ? ' …' : ''}`;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
