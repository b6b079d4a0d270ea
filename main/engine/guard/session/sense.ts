/**
 * What a session has seen, and what of it comes back in a call: the rule of two (somebody else's words, something sensitive, an effect
 * outside: the third is worth a question), and values that first stood in somebody else's words.
 */

import type { Content, Facts, Finding, SessionMeter, Understanding } from '../../../contract/action.ts';
import { createNewBlocks } from '../new-blocks.ts';
import { bringsOthersWords } from './provenance.ts';
import { type Tokens, tokensIn } from './tokens.ts';

export interface SessionSense {
  /** Takes note of a request's conversation; what it has noted before costs nothing. Findings are those of `contents`. */
  note(session: string, contents: readonly Content[], findings: readonly Finding[]): void;
  /** A call's understanding with what the session adds. */
  of(session: string, understanding: Understanding): Understanding;
  /** The call was refused, by policy or a person. */
  refused(session: string, facts: Facts): void;
}

interface Session {
  untrusted: boolean;
  injected: boolean;
  sensitive: boolean;
  refusals: number;
  /** Effects that were refused, and how often. */
  readonly refusedEffects: Map<string, number>;
  /** The person's own words, and the agent's instructions: what is named there is no taint. */
  readonly own: Gathered;
  readonly untrustedWords: Gathered;
  readonly injectedWords: Gathered;
  /** The calls since the last result was not one of theirs. */
  calls: boolean[];
}

type Gathered = { readonly [Kind in keyof Tokens]: Set<string> };

/** The least recently used session is forgotten first; its conversation is noted again when it comes back. */
const SESSIONS = 128;
/** Of each kind. */
const MOST_TOKENS = 20_000;
/** Refusals of the same effect after which a further attempt is pointed out. */
const ATTEMPTS = 3;

export function createSessionSense(): SessionSense {
  const sessions = new Map<string, Session>();
  const newBlocks = createNewBlocks();

  return { note, of, refused };

  function note(session: string, contents: readonly Content[], findings: readonly Finding[]): void {
    const fresh = newBlocks(session, contents);
    if (fresh.length === 0) return;
    const seen = sessionOf(session);
    const first = contents.length - fresh.length;
    for (const [at, { role, text }] of fresh.entries()) {
      const found = findings.filter(({ content }) => content === first + at);
      if (role === 'user' || role === 'system') gather(seen.own, tokensIn(text));
      else if (role === 'tool_call') seen.calls.push(bringsOthersWords(text));
      else if (role === 'tool_result') noteResult(seen, text, found);
      // Of several results in a row any may be any call's.
      if (role !== 'tool_call' && role !== 'tool_result') seen.calls = [];
    }
  }

  function noteResult(seen: Session, text: string, found: readonly Finding[]): void {
    const isInjected = found.some(({ label, severity }) => label.startsWith('injection.') && severity !== 'low');
    const isOthers = isInjected || seen.calls.some(Boolean);
    seen.injected ||= isInjected;
    seen.untrusted ||= isOthers;
    seen.sensitive ||= found.some(({ label, severity }) => SENSITIVE.test(label) && severity !== 'low');
    if (!isOthers) return;
    const tokens = tokensIn(text);
    gather(seen.untrustedWords, tokens);
    if (isInjected) gather(seen.injectedWords, tokens);
  }

  function of(session: string, understanding: Understanding): Understanding {
    const seen = sessions.get(session);
    if (!seen) return understanding;
    const { untrusted, injected, sensitive, refusals } = seen;
    const meter: SessionMeter = { untrusted, injected, sensitive, refusals };
    const { facts } = understanding;
    if (facts.effects.some(({ effect }) => effect === 'credential-access')) seen.sensitive = true;
    return { ...understanding, session: meter, findings: [...understanding.findings, ...taints(seen, facts), ...attempts(seen, facts)] };
  }

  function refused(session: string, { effects }: Facts): void {
    const seen = sessionOf(session);
    seen.refusals += 1;
    for (const effect of new Set(effects.filter(({ risk }) => risk !== 'plain').map(({ effect }) => effect)))
      seen.refusedEffects.set(effect, (seen.refusedEffects.get(effect) ?? 0) + 1);
  }

  function sessionOf(name: string): Session {
    const known = sessions.get(name) ?? newSession();
    sessions.delete(name);
    sessions.set(name, known);
    for (const oldest of sessions.keys()) {
      if (sessions.size <= SESSIONS) break;
      sessions.delete(oldest);
    }
    return known;
  }
}

const SENSITIVE = /^(?:secret|pii|pattern)\./;

function taints(seen: Session, facts: Facts): Finding[] {
  if (!seen.untrusted) return [];
  const { hosts, emails, words } = tokensIn(facts.text);
  const named: Tokens = { hosts: new Set([...hosts, ...facts.hosts.map((host) => host.toLowerCase())]), emails, words };
  const injected = shared(named, seen.injectedWords, seen.own);
  const untrusted = shared({ ...named, words: new Set() }, seen.untrustedWords, seen.own);
  return [
    ...injected.map(([kind, value]) => taint(`taint.injected.${kind}`, 'high', value, facts.text)),
    ...untrusted
      .filter(([, value]) => !injected.some(([, one]) => one === value))
      .map(([kind, value]) => taint(`taint.untrusted.${kind}`, 'medium', value, facts.text)),
  ];
}

const KINDS = [
  ['hosts', 'host'],
  ['emails', 'email'],
  ['words', 'text'],
] as const;
/** Of each kind that a finding is made of. */
const MOST_TAINTS = 10;

function shared(named: Tokens, words: Gathered, own: Gathered): (readonly [string, string])[] {
  return KINDS.flatMap(([kind, name]) =>
    [...named[kind]]
      .filter((token) => words[kind].has(token) && !own[kind].has(token))
      .slice(0, MOST_TAINTS)
      .map((token) => [name, token] as const),
  );
}

function taint(label: string, severity: Finding['severity'], value: string, text: string): Finding {
  const start = Math.max(text.toLowerCase().indexOf(value), 0);
  return { detector: 'session', label, severity, start, end: Math.min(start + value.length, text.length) };
}

/** An effect that was refused again and again, and is asked for once more. */
function attempts({ refusedEffects }: Session, { effects, text }: Facts): Finding[] {
  const again = effects.find(({ effect, risk }) => risk !== 'plain' && (refusedEffects.get(effect) ?? 0) >= ATTEMPTS);
  if (!again) return [];
  return [
    {
      detector: 'session',
      label: 'session.repeated',
      severity: 'medium',
      start: again.range?.start ?? 0,
      end: again.range?.end ?? text.length,
    },
  ];
}

function newSession(): Session {
  return {
    untrusted: false,
    injected: false,
    sensitive: false,
    refusals: 0,
    refusedEffects: new Map(),
    own: nothing(),
    untrustedWords: nothing(),
    injectedWords: nothing(),
    calls: [],
  };
}

function nothing(): Gathered {
  return { hosts: new Set(), emails: new Set(), words: new Set() };
}

function gather(into: Gathered, tokens: Tokens): void {
  for (const [kind] of KINDS) {
    for (const token of tokens[kind]) {
      if (into[kind].size >= MOST_TOKENS) break;
      into[kind].add(token);
    }
  }
}
