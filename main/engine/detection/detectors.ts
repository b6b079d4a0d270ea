/** Which detectors look at which text, and what becomes of findings that overlap. */

import type { Finding } from '../../contract/action.ts';
import { type CompiledPattern, findPatterns } from './customer/patterns.ts';
import { findInjections } from './injection/find.ts';
import { findPersonalData } from './personal/find.ts';
import { findSecrets } from './secrets.ts';

/** `given`: what a tool, a server or a file gave. `said`: everybody else's words. */
export type TextKind = 'given' | 'said';

/** A text for detectors. */
export interface Piece {
  readonly kind: TextKind;
  readonly text: string;
}

export const NOTHING: readonly Finding[] = [];

/** Only what a tool gave can be an injection: a user's own words are orders, and are meant to be. */
export function kindOfRole(role: string): TextKind {
  return role === 'tool_result' ? 'given' : 'said';
}

/** A function that runs every detector that is for a text. It throws where one of them does. */
export function createDetectors(patterns: readonly CompiledPattern[]): (piece: Piece) => readonly Finding[] {
  return ({ kind, text }) => {
    const secrets = findSecrets(text);
    const found = [
      ...secrets,
      ...apartFrom(secrets, findPersonalData(text)),
      ...(patterns.length > 0 ? findPatterns(text, patterns) : NOTHING),
      ...(kind === 'given' ? findInjections(text) : NOTHING),
    ];
    return found.length === 0 ? NOTHING : found.sort((a, b) => a.start - b.start || b.end - a.end);
  };
}

/** A number within a key is no telephone number. Both are sorted, and neither overlaps itself. */
function apartFrom(secrets: readonly Finding[], others: readonly Finding[]): readonly Finding[] {
  if (secrets.length === 0 || others.length === 0) return others;
  let next = 0;
  return others.filter(({ start, end }) => {
    while (next < secrets.length && secrets[next]!.end <= start) next++;
    return next === secrets.length || secrets[next]!.start >= end;
  });
}
