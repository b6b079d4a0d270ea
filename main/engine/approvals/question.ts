/** Questions: what a person is shown of an inquiry, and the hash that ties the answer to it. */

import { createHash } from 'node:crypto';
import type { Question } from '../../contract/approval.ts';
import { canonicalJson } from '../../contract/canonical.ts';
import type { Inquiry } from '../guard/world.ts';
import { LOUDNESS, marksOf } from './marks.ts';
import { type Told, toldFindings } from './told-findings.ts';
import { visibleLine, visibleText } from './visible.ts';

/** In UTF-16 units. */
/** As far as facts read a command: whatever is marked is shown. */
const MAX_TEXT = 65_536;
const MAX_ARGUMENTS = 8_000;
const MAX_SENTENCE = 500;
const MAX_NAME = 200;
const MAX_PATH = 1_000;

const MAX_EFFECTS = 50;
const MAX_PARENTS = 16;
const MAX_POLICIES = 20;
/** Indenting is quadratic in depth. */
const MAX_PRETTY_DEPTH = 32;

export interface QuestionFrame {
  readonly id: string;
  readonly nonce: string;
  /** Milliseconds since 1970. */
  readonly askedAt: number;
  readonly expiresAt: number;
}

/** Everything from outside is bounded and made visible here, once: whoever displays a question can show it as it is. */
export function questionOf(inquiry: Inquiry, frame: QuestionFrame): Question {
  const { origin, call, kind } = inquiry.action;
  const server = inquiry.action.kind === 'call_mcp_tool' ? inquiry.action.server : undefined;
  const { facts } = inquiry.understanding;
  const { process } = origin.agent;
  const text = visibleText(facts.text, MAX_TEXT);
  const told = [...facts.effects, ...toldFindings(inquiry.understanding)];
  const effects = shownEffects(told);
  const decided = {
    agent: {
      name: visibleLine(origin.agent.name, MAX_NAME),
      version: lineOrNull(origin.agent.version, MAX_NAME),
      parents: (process?.parents ?? [])
        .slice(0, MAX_PARENTS)
        .map(({ name }) => visibleLine(name, MAX_NAME))
        .reverse(),
      pid: process?.pid ?? null,
    },
    workspace: origin.workspace.state === 'known' ? visibleLine(origin.workspace.root, MAX_PATH) : null,
    title: visibleLine(inquiry.title, MAX_SENTENCE),
    action: {
      kind,
      tool: visibleLine(server ? `${server.name} › ${call.tool}` : call.tool, MAX_NAME),
      toolKind: facts.toolKind,
      text: text.text,
      omitted: text.omitted,
      marks: marksOf(told, text.at).map((mark) => ({ ...mark, says: visibleLine(mark.says, MAX_SENTENCE) })),
    },
    effects,
    reason: visibleLine(inquiry.decision.reason, MAX_SENTENCE),
    policies: inquiry.decision.policies.slice(0, MAX_POLICIES).map((policy) => ({
      id: visibleLine(policy.id, MAX_NAME),
      reason: lineOrNull(policy.reason, MAX_SENTENCE),
      contact: lineOrNull(policy.contact, MAX_NAME),
    })),
    idea: {
      model: lineOrNull(origin.model, MAX_NAME),
      provider: visibleLine(origin.provider, MAX_NAME),
      after: lineOrNull(inquiry.after, MAX_SENTENCE),
    },
    grants: grantsOf(inquiry),
    details: {
      session: visibleLine(origin.session, MAX_NAME),
      exchange: visibleLine(origin.exchange, MAX_NAME),
      host: visibleLine(server?.address ?? origin.host, MAX_PATH),
      protocol: origin.protocol,
      arguments: shownArguments(call.input),
    },
  } satisfies Omit<Question, 'id' | 'nonce' | 'shown' | 'group' | 'askedAt' | 'expiresAt'>;
  return {
    id: frame.id,
    nonce: frame.nonce,
    shown: createHash('sha256').update(canonicalJson(decided)).digest('hex'),
    group: visibleLine(origin.exchange, MAX_NAME),
    askedAt: new Date(frame.askedAt).toISOString(),
    expiresAt: new Date(frame.expiresAt).toISOString(),
    ...decided,
  };
}

/** What policy lets a person grant beyond this once. */
export function grantsOf({ remember, action }: Inquiry): Question['grants'] {
  if (remember === 'never') return [];
  return remember !== 'session' && action.origin.workspace.state === 'known' ? ['session', 'workspace'] : ['session'];
}

/** Each thing said once, loudest first. */
function shownEffects(effects: readonly Told[]): Question['effects'] {
  const said = new Map<string, Question['effects'][number]>();
  for (const { risk, says } of [...effects].sort((a, b) => LOUDNESS[b.risk] - LOUDNESS[a.risk])) {
    if (said.size === MAX_EFFECTS) break;
    const line = visibleLine(says, MAX_SENTENCE);
    if (!said.has(line)) said.set(line, { risk, says: line });
  }
  return [...said.values()];
}

function shownArguments(input: unknown): string {
  if (input === undefined) return '';
  let json = typeof input === 'string' ? input : (JSON.stringify(input) ?? '');
  if (typeof input !== 'string' && json.length <= MAX_ARGUMENTS && depthOf(json) <= MAX_PRETTY_DEPTH) json = JSON.stringify(input, null, 2);
  const shown = visibleText(json, MAX_ARGUMENTS);
  return shown.omitted === 0 ? shown.text : `${shown.text}\n… ${shown.omitted} more characters`;
}

/** Of nested brackets, at most: those inside strings count too, which only makes it greater. */
function depthOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  for (const character of json) {
    if (character === '{' || character === '[') deepest = Math.max(deepest, ++depth);
    else if (character === '}' || character === ']') depth--;
  }
  return deepest;
}

function lineOrNull(text: string | undefined, limit: number): string | null {
  return text === undefined ? null : visibleLine(text, limit);
}
