/** Which findings of a conversation are new since it was last sent: agents send all of it again at each turn. */

import { createHash } from 'node:crypto';
import type { Finding, SendPromptAction, Understanding } from '../../contract/action.ts';

export interface NewFindings {
  /** Of what the log has not been told of this session; the whole understanding where that is nothing else. */
  of(action: SendPromptAction, understanding: Understanding): Understanding;
  /** The log has been told. */
  told(action: SendPromptAction, understanding: Understanding): void;
}

/** Conversations remembered at once, and findings of one; what is forgotten is told again. */
const SESSIONS = 64;
const FINDINGS = 5_000;

export function createNewFindings(): NewFindings {
  const sessions = new Map<string, Set<string>>();

  return {
    of(action, understanding) {
      const known = sessions.get(action.origin.session);
      if (!known) return understanding;
      const { facts, findings, unscanned, session } = understanding;
      const name = namer(action);
      return {
        facts,
        findings: findings.filter((finding) => !known.has(name(finding))),
        ...(unscanned !== undefined && !known.has(unscanned) && { unscanned }),
        ...(session && { session }),
      };
    },
    told(action, { findings, unscanned }) {
      const known = sessions.get(action.origin.session) ?? new Set();
      sessions.delete(action.origin.session);
      sessions.set(action.origin.session, known);
      const name = namer(action);
      for (const finding of findings) known.add(name(finding));
      if (unscanned !== undefined) known.add(unscanned);
      drop(known, FINDINGS);
      drop(sessions, SESSIONS);
    },
  };
}

/** A finding's name: its text, label and place, of which only a hash is kept. The same block is hashed once. */
function namer({ contents = [] }: SendPromptAction): (finding: Finding) => string {
  const hashes = new Map<number, string>();
  return ({ label, start, content = 0 }) => {
    let hash = hashes.get(content);
    if (hash === undefined) {
      const { role, text } = contents[content] ?? { role: '', text: '' };
      hash = createHash('sha256').update(`${role}\n`).update(text).digest('base64');
      hashes.set(content, hash);
    }
    return `${hash} ${label} ${start}`;
  };
}

function drop(kept: { readonly size: number; keys(): Iterator<string>; delete(key: string): boolean }, most: number): void {
  while (kept.size > most) kept.delete(kept.keys().next().value!);
}
