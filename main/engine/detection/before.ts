/** Credentials that stand before the word for them: `connect("V"); // api key`, `the old key V (api_key)`, `V is the password`. */

import type { NameKind } from './names.ts';
import type { Cell } from './tables.ts';
import { isMadeByHand, isStrongAlone } from './values.ts';

const REACH = 140;
/** The value, then a comment, a parenthesis or “is the”, then what belongs to the name. */
const LEADS =
  /(?:^|[\s"'`(=:])([^\s"'`()<>{}[\],;=]{12,120})["'`]?[)\];,]{0,3}[ \t]{1,6}(?:\((?:the |our |prod(?:uction)? )?|(?:#|\/\/|--|;|\/\*|<!--|<-|←|<=)[^\n"'`]{0,40}?|(?:is|was|as|for|ist|est|es) (?:the|our|my|your|its|das|der|le|la|el) [^\n"'`.]{0,24})$/;

/** `start`: where the name begins. */
export function valueBefore(text: string, start: number, kind: NameKind): Cell | undefined {
  if (kind === 'cookie') return undefined;
  const from = Math.max(0, start - REACH);
  const near = text.slice(from, start);
  const line = near.slice(near.lastIndexOf('\n') + 1);
  const match = LEADS.exec(line);
  const value = match?.[1];
  if (!match || value === undefined || !isStrongAlone(value) || isHash(value) || (!isMadeByHand(value) && value.length < 16))
    return undefined;
  const at = start - line.length + match.index + match[0].indexOf(value);
  return { start: at, end: at + value.length };
}

/** Of a commit, a file or a build, as comments name them. */
function isHash(value: string): boolean {
  return /^[a-f0-9]{7,40}$|^[a-f0-9-]{36}$|[a-f0-9]{64}/.test(value);
}

/** For the test that asserts that every quantifier is bounded. */
export const BEFORE_PATTERNS: readonly RegExp[] = [LEADS];
