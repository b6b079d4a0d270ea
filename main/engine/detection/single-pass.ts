/** One pass over a text for credentials as they are written there: it looks twice only where something may begin. */

import type { Finding } from '../../contract/action.ts';
import { credentialName, credentialValue } from './assignments.ts';
import { ASSIGNS, MENTIONED, OPENS, OPTION, RULE, RULES_BY_GRAM, rolesAt } from './beginnings.ts';
import { optionPasswordAt } from './commands.ts';
import { jwtAt, nextKeyFooter, privateKeyAt, puttyKeyAt, urlPasswordAt } from './documents.ts';
import { foreignPasswordsIn } from './languages.ts';
import { mentionAt } from './mentions.ts';
import { PLACEHOLDER } from './placeholder.ts';
import { isLive, SECRET_RULES, type SecretRule } from './secret-rules.ts';
import { isExample } from './shapes.ts';
import { structuredIn } from './structures.ts';
import { cellsBelow, pgpassAt, printedBelow } from './tables.ts';
import { isWordy } from './words.ts';

export interface Hit {
  readonly label: string;
  readonly severity: Finding['severity'];
  readonly start: number;
  readonly end: number;
  /** A provider's own shape names a value better than the variable that it was assigned to. */
  readonly specific: boolean;
}

export interface PassOptions {
  /** Takes what has a credential's shape though its checksum fails, and short values of credentials' names in URLs: for redaction. */
  readonly lenient: boolean;
  /** How often each rule may be tried. */
  readonly maxAttempts: number;
}

export interface Pass {
  readonly hits: Hit[];
  /** Where the first rule was given up; undefined where the whole text was read. */
  readonly givenUpAt: number | undefined;
  /** Patterns and parsers tried, over all rules. */
  readonly attempts: number;
}

export function singlePass(text: string, { lenient, maxAttempts }: PassOptions): Pass {
  const hits: Hit[] = [];
  const tries = new Map<unknown, number>();
  const fails = new Map<SecretRule, number>();
  /** Where a rule is tried again that has failed too often. */
  const behind = new Map<SecretRule, number>();
  const rows = { left: ROWS + text.length / CHARACTERS_A_ROW };
  let givenUpAt: number | undefined;
  let attempts = 0;
  let footer = -2;
  let assignedUntil = 0;
  let specificUntil = 0;
  let mentionedUntil = 0;

  for (let i = 0; i < text.length; i++) {
    const roles = rolesAt(text, i);
    if (roles === 0) continue;
    if ((roles & RULE) !== 0) {
      const end = prefixed(i);
      if (end > i) {
        specificUntil = end;
        i = end - 1;
        continue;
      }
    }
    if ((roles & MENTIONED) !== 0 && i >= mentionedUntil) mentioned(i);
    if ((roles & ASSIGNS) !== 0) assigned(i, text[i] === ':');
    else if ((roles & OPTION) !== 0) option(i);
    else if ((roles & OPENS) !== 0) i = afterPlaceholder(text, i) - 1;
  }
  for (const cell of structuredIn(text))
    hits.push({ ...cell, severity: cell.label === 'private-key' ? 'high' : 'medium', specific: cell.label !== 'password' });
  for (const cell of foreignPasswordsIn(text)) hits.push({ label: 'password', severity: 'medium', ...cell, specific: false });
  return { hits, givenUpAt, attempts };

  /** The end of the credential whose prefix stands at `at`, or `at`. */
  function prefixed(at: number): number {
    if (text.startsWith('-----BEGIN ', at)) return document('private-key', at, () => privateKeyAt(text, at, footerAfter(at)));
    if (text.startsWith('PuTTY-User-Key-File', at)) return document('private-key', at, () => puttyKeyAt(text, at));
    if (text.startsWith('eyJ', at) && isBoundary(text, at)) {
      const end = document('jwt', at, () => jwtAt(text, at));
      if (end > at) return end;
    }
    for (const { prefix, rule } of RULES_BY_GRAM.get(text.slice(at, at + 3)) ?? []) {
      const start = at - (rule.lead ?? 0);
      if (
        start < (behind.get(rule) ?? 0) ||
        !text.startsWith(prefix, at) ||
        !(rule.lead || !/[A-Za-z0-9]/.test(prefix[0]!) || mayBegin(at, prefix)) ||
        !mayTry(rule, at)
      )
        continue;
      const end = endOf(rule, text, start);
      if (end === undefined) continue;
      const from = start + skipped(rule, text, start);
      const value = text.slice(from, end);
      if (!isLive(rule, value) && !(lenient && hasOwnShape(rule, prefix, value))) {
        failed(rule, end);
        continue;
      }
      hits.push({ label: rule.label, severity: rule.severity, start: from, end, specific: !rule.skip });
      if (rule.label === 'aws-access-key') awsSecretAfter(end);
      // What a scheme's name announces may have a provider's own shape, which names it better.
      return rule.skip ? from : end;
    }
    return at;
  }

  /** A text that is made of beginnings is not looked at from each of them: that would take as long as each may go on. */
  function failed(rule: SecretRule, end: number): void {
    const times = (fails.get(rule) ?? 0) + 1;
    fails.set(rule, times);
    if (times > MAX_FAILS) behind.set(rule, end);
  }

  function mayBegin(at: number, prefix: string): boolean {
    return (
      at === specificUntil ||
      (isBoundary(text, at) &&
        (prefix.length > 3 || at === 0 || !/[\w+/-]/.test(text[at - 1]!) || text.startsWith('//', at - 2) || isBoundaryByEscape(text, at)))
    );
  }

  function document(label: string, at: number, read: () => { start: number; end: number } | undefined): number {
    const span = mayTry(label, at) ? read() : undefined;
    if (!span) return at;
    hits.push({ label, severity: 'high', ...span, specific: true });
    return span.end;
  }

  function assigned(at: number, isColon: boolean): void {
    if (isColon && text.startsWith('://', at)) {
      const span = mayTry('url-password', at) ? urlPasswordAt(text, at) : undefined;
      if (span) hits.push({ label: 'url-password', severity: 'high', ...span, specific: false });
      return;
    }
    if (at < assignedUntil) return;
    const name = credentialName(text, at);
    const found = name && mayTry('assignment', at) ? credentialValue(text, at, name, lenient) : undefined;
    if (found) {
      hits.push({ ...found, severity: 'medium', specific: false });
      assignedUntil = found.end;
      return;
    }
    if (!isColon || !/[\d*]/.test(text[at + 1] ?? '')) return;
    const cell = mayTry('pgpass', at) ? pgpassAt(text, at) : undefined;
    if (cell) hits.push({ label: 'password', severity: 'medium', ...cell, specific: false });
  }

  function mentioned(at: number): void {
    if (!mayTry('mention', at)) return;
    const { end, found, name } = mentionAt(text, at);
    mentionedUntil = end;
    if (found) hits.push({ ...found, severity: 'medium', specific: false });
    if (!name) return;
    const below = found ? undefined : printedBelow(text, name.end);
    for (const cell of below ? [below] : cellsBelow(text, name, rows))
      hits.push({ label: 'password', severity: 'medium', ...cell, specific: false });
  }

  function option(at: number): void {
    if (at > 0 && !' \t"\'['.includes(text[at - 1]!)) return;
    const cell = mayTry('option', at) ? optionPasswordAt(text, at) : undefined;
    if (cell) hits.push({ label: 'password', severity: 'medium', ...cell, specific: false });
  }

  /** A secret key has no mark of its own: 40 characters of base 64, standing soon after its id. */
  function awsSecretAfter(end: number): void {
    const match = AWS_SECRET.exec(text.slice(end, end + 240));
    if (!match || !/[a-z]/.test(match[0]) || !/[A-Z]/.test(match[0]) || !/\d/.test(match[0]) || isExample(match[0])) return;
    // Another name claims it: a hash, a build, a second service's key.
    const name = CLAIMED.exec(text.slice(end, end + match.index))?.[1];
    if (name !== undefined && !/secret|aws|key|pass|token|sk$/i.test(name)) return;
    const start = end + match.index;
    hits.push({ label: 'aws-secret-key', severity: 'high', start, end: start + match[0].length, specific: true });
  }

  function mayTry(rule: unknown, at: number): boolean {
    const tried = tries.get(rule) ?? 0;
    if (tried >= maxAttempts) {
      givenUpAt = Math.min(givenUpAt ?? at, at);
      return false;
    }
    tries.set(rule, tried + 1);
    attempts++;
    return true;
  }

  /** Asked with growing `at`: the text is searched once, however many headers there are. */
  function footerAfter(at: number): number {
    if (footer !== -1 && footer < at) footer = nextKeyFooter(text, at);
    return footer;
  }
}

const ESCAPE_BEFORE = /(?:\\[nrtbf]|\\u00[0-9a-f]{2}|%[0-9a-f]{2})$/i;
const AWS_SECRET = /(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/;
const CLAIMED = /([\w.-]{2,60})["']?\s{0,3}[:=]\s{0,3}["']?$/;
/** Matches of one rule whose check failed, after which it goes on behind each. */
const MAX_FAILS = 100;
/** Of tables, in one text: so many, and once in so many characters. */
const ROWS = 500;
const CHARACTERS_A_ROW = 100;
/** A match about as long as its pattern allows may go on. */
const LONG = 240;
const MAX_TAIL = 8192;

function endOf(rule: SecretRule, text: string, start: number): number | undefined {
  rule.pattern.lastIndex = start;
  const match = rule.pattern.exec(text);
  if (!match) return undefined;
  let end = start + match[0].length;
  if (!rule.tail || match[0].length < LONG) return end;
  const limit = Math.min(text.length, end + MAX_TAIL);
  while (end < limit && rule.tail.test(text[end]!)) end++;
  return end;
}

function skipped(rule: SecretRule, text: string, start: number): number {
  if (!rule.skip) return 0;
  rule.skip.lastIndex = start;
  return rule.skip.exec(text)?.[0].length ?? 0;
}

/** A prefix that stands in nothing else speaks for itself, whatever a checksum says. */
function hasOwnShape(rule: SecretRule, prefix: string, value: string): boolean {
  return !rule.skip && prefix.length >= 4 && !isWordy(value.slice(prefix.length));
}

/** Whether a token may begin at `at`: not within a word, but right after an escape such as `\n` or `%3D`. */
function isBoundary(text: string, at: number): boolean {
  return at === 0 || !/[A-Za-z0-9]/.test(text[at - 1]!) || isBoundaryByEscape(text, at);
}

function isBoundaryByEscape(text: string, at: number): boolean {
  return ESCAPE_BEFORE.test(text.slice(Math.max(0, at - 6), at));
}

/** The place after the placeholder at `at`, or after its bracket. */
function afterPlaceholder(text: string, at: number): number {
  PLACEHOLDER.lastIndex = at;
  const match = PLACEHOLDER.exec(text);
  return at + (match ? match[0].length : 1);
}

/** For the test that asserts that every quantifier is bounded. */
export const PASS_PATTERNS: readonly RegExp[] = [
  AWS_SECRET,
  CLAIMED,
  PLACEHOLDER,
  ESCAPE_BEFORE,
  ...SECRET_RULES.flatMap((rule) => [rule.pattern, ...(rule.skip ? [rule.skip] : [])]),
];
