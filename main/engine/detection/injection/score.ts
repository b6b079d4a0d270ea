/** Adds signals up, passage by passage, and takes off what speaks for an honest text. */

import type { Finding } from '../../../contract/action.ts';
import type { Normalised } from '../normalise.ts';
import { BIT, has } from './concepts.ts';
import type { Kind, Signal } from './signals.ts';
import type { Reading } from './tokens.ts';

export interface Passage {
  readonly label: string;
  readonly severity: Finding['severity'];
  /** In the normalised text. */
  readonly start: number;
  readonly end: number;
}

/** Signals further apart than this have nothing to do with each other. */
const GAP = 240;
const LONGEST = 1000;
/** Characters around the strongest signal in which others count. */
const BEFORE = 220;
const BEHIND = 360;
const MEDIUM = 0.85;
/** Where nothing turns to a model and nothing is set aside: manuals have commands and conditions too. */
const UNADDRESSED = 0.85;
const HIGH = 1.4;

export function passagesIn(normal: Normalised, signals: readonly Signal[], reading: Reading): Passage[] {
  const found: Passage[] = [];
  for (let from = 0; from < signals.length; ) {
    let to = from + 1;
    while (to < signals.length && signals[to]!.start - signals[to - 1]!.end < GAP && signals[to]!.start - signals[from]!.start < LONGEST)
      to++;
    const passage = judged(normal, signals.slice(from, to), reading);
    if (passage) found.push(passage);
    from = to;
  }
  return found;
}

function judged(normal: Normalised, signals: readonly Signal[], reading: Reading): Passage | undefined {
  const core = coreOf(signals);
  const near = signals.filter((each) => each.start > core.start - BEFORE && each.start < core.end + BEHIND);
  const best = new Map<Kind, Signal>();
  for (const signal of near) if (signal.weight > (best.get(signal.kind)?.weight ?? 0)) best.set(signal.kind, signal);
  const chosen = [...best.values()];
  const unaddressed = chosen.every((signal) => signal.weight < 0.3 || isCommon(signal));
  if (unaddressed && !isDense(chosen)) return undefined;
  const start = Math.min(...chosen.map((signal) => signal.start));
  const end = Math.max(...chosen.map((signal) => signal.end));
  const sum = chosen.reduce((total, signal) => total + signal.weight + (unaddressed ? 0 : 0.4 * secondOf(near, signal)), 0);
  const hiding = hidingOf(normal, chosen);
  const score = sum * hiding.factor + hiding.more - (hiding.factor > 1.4 ? 0 : honesty(normal.text, start, end, reading, chosen));
  if (score < (unaddressed ? UNADDRESSED : MEDIUM) - 0.001) return undefined;
  return { label: hiding.factor > 1.4 ? 'injection.hidden' : labelOf(chosen), severity: score >= HIGH ? 'high' : 'medium', start, end };
}

/** The signal that the others are looked for around. */
function coreOf(signals: readonly Signal[]): Signal {
  let core = signals[0]!;
  for (const signal of signals) if (rank(signal) > rank(core)) core = signal;
  return core;
}

function rank({ kind, weight }: Signal): number {
  return weight + (isCommon({ kind, weight }) ? 0 : 0.5);
}

/** What documentation has as well. */
const COMMON: ReadonlySet<Kind> = new Set([
  'command',
  'confirm',
  'trigger',
  'guard',
  'urgent',
  'exfiltration',
  'tool-directive',
  'memory',
  'poison',
  'goal',
  'authority',
  'reply',
]);

function isCommon({ kind, weight }: Pick<Signal, 'kind' | 'weight'>): boolean {
  return COMMON.has(kind) && weight < 0.9;
}

/** One that manuals seldom have, and another close by. */
function isDense(chosen: readonly Signal[]): boolean {
  const rare = chosen.find(
    ({ kind, weight }) => weight >= (kind === 'exfiltration' ? 0.65 : 0.5) && kind !== 'command' && kind !== 'confirm',
  );
  return (
    rare !== undefined &&
    chosen.some((other) => other.kind !== rare.kind && other.weight >= 0.3 && other.start - rare.end < 160 && rare.start - other.end < 160)
  );
}

/** The weight of the next signal of the same kind that stands elsewhere. */
function secondOf(signals: readonly Signal[], first: Signal): number {
  let second = 0;
  for (const signal of signals) {
    if (signal.kind === first.kind && (signal.start >= first.end || signal.end <= first.start)) second = Math.max(second, signal.weight);
  }
  return first.kind === 'urgent' ? 0 : second;
}

const LABELS: Readonly<Partial<Record<Kind, string>>> = {
  override: 'override',
  role: 'role',
  authority: 'authority',
  exfiltration: 'exfiltration',
  secrecy: 'secrecy',
  memory: 'memory',
  goal: 'override',
  prompt: 'exfiltration',
  encoded: 'hidden',
};

function labelOf(chosen: readonly Signal[]): string {
  const named = chosen.filter(({ kind }) => kind !== 'address').sort((a, b) => b.weight - a.weight)[0];
  return `injection.${(named && LABELS[named.kind]) ?? 'tool-directive'}`;
}

/** Hidden text that orders something has no honest reason; an attribute is seen by some. */
function hidingOf(normal: Normalised, chosen: readonly Signal[]): { factor: number; more: number } {
  let factor = 1;
  for (const { start, end, how } of normal.hidden) {
    if (!chosen.some((signal) => signal.weight >= 0.2 && signal.start < end && signal.end > start)) continue;
    factor = Math.max(factor, how === 'attribute' || how === 'comment' ? 1.3 : 1.8);
  }
  return { factor, more: normal.splits >= 3 ? 0.3 : 0 };
}

const { discuss, chore } = BIT;

/** How much speaks for a text about attacks, a test of a detector, or guidelines of a project. */
function honesty(text: string, start: number, end: number, reading: Reading, chosen: readonly Signal[]): number {
  let talk = 0;
  let chores = 0;
  let orders = false;
  for (const token of reading.tokens) {
    if (token.end < start - 300) continue;
    if (token.start > end + 300) break;
    if (has(token.concepts, discuss) && !/[./@-]/.test(text[token.start - 1] ?? '')) talk++;
    if (has(token.concepts, BIT.override | BIT.harm) && token.start >= start && token.end <= end) orders = true;
    if (has(token.concepts, chore) && token.end > start && token.start < end + 60) chores++;
  }
  const before = text.slice(Math.max(0, start - 200), start);
  const after = text.slice(end, end + 200);
  let less = Math.min(0.9, talk * 0.3);
  if (
    /\b(?:expect|assert\w{0,12}|describe|it|test|parametrize|should|score|detect\w{0,12}|classify)\(["'`[(]?|"label"|is_jailbreak|=>\s{0,3}\{?\s{0,3}$/.test(
      before + after.slice(0, 80),
    )
  )
    less += 0.5;
  if (isProgram(text, start) && !chosen.some(({ kind, weight }) => kind === 'role' || (kind === 'exfiltration' && weight >= 0.65)))
    less += 0.7;
  if (HUMAN.test(text.slice(Math.max(0, start - 150), end + 100))) less += 0.4;
  const mention = mentionOf(text, start, end, talk > 0);
  if (mention > 0) less += mention > 1 ? 0.7 : talk > 0 ? 0.5 : 0.35;
  const risky =
    chosen.length > 2 ||
    chosen.some(
      ({ kind }) => kind === 'command' || kind === 'exfiltration' || kind === 'secrecy' || kind === 'override' || kind === 'guard',
    );
  if (!risky && !orders && chores > 0) less += Math.min(0.5, chores * 0.25);
  return less;
}

/** In quotation marks inside a sentence: spoken about. A string in JSON or a cell in CSV is not. */
function mentionOf(text: string, start: number, end: number, talk: boolean): number {
  const before = text.slice(Math.max(0, start - 80), start);
  const open = Math.max(
    before.lastIndexOf('"'),
    before.lastIndexOf('“'),
    before.lastIndexOf('`'),
    before.lastIndexOf('„'),
    before.lastIndexOf('「'),
    before.lastIndexOf('«'),
  );
  if (open < 0 || /[\n]/.test(before.slice(open))) return 0;
  if (!/["”`“」»]/.test(text.slice(end, end + 160))) return 0;
  const lead = before.slice(0, open);
  if (SUCH_AS.test(lead)) return 2;
  if (/[\p{L}] ?: $/u.test(lead) && !/["'{,]\s{0,2}[\w -]{1,40}: $/.test(lead)) return talk ? 1 : 0;
  return /[\p{L}(,] {0,1}$|（$|[「『]$/u.test(lead) && !/[={[,]\s{0,3}$/.test(lead) ? 1 : 0;
}

/** Says that what is quoted stands for others like it. */
const SUCH_AS =
  /\b(?:such as|like|e\.g\.|for example|phrases?|words?|sentences?|wie|tels? que|comme|como|come|jak|например|phrase)[ :,(]{0,3}$/i;

/** Punctuation of a program, where a sentence has letters. */
function isProgram(text: string, start: number): boolean {
  const part = text.slice(Math.max(0, start - 20), start + 70);
  return (part.match(/[{}()[\];=<>|&*\\$]/g)?.length ?? 0) > part.length * 0.11;
}

/** Agents and assistants who are people. */
const HUMAN =
  /\b(?:travel|estate|sales|insurance|booking|letting|literary) agents?\b|\bcustomer: |\buser agents?\b|\bbuyers? the\b|\b(?:wizard|dungeon|quest|dragon|potion|level \d{1,2}|players?)\b/i;
