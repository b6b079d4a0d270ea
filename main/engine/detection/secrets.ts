/** Finds credentials in text: one pass that looks twice only where a known beginning, a `=` or a `:` stands. */

import type { Finding } from '../../contract/action.ts';
import { credentialName, credentialValue } from './assignments.ts';
import { jwtAt, nextKeyFooter, privateKeyAt, urlPasswordAt } from './documents.ts';
import { PLACEHOLDER } from './placeholder.ts';
import { isLive, SECRET_RULES, type SecretRule } from './secret-rules.ts';

/** How often one rule may be tried on one text before the scan gives it up there. */
export const MAX_ATTEMPTS = 2000;

/**
 * Credentials in `text`, sorted and not overlapping; time is linear in its length whatever it is.
 * Where a rule was tried 2,000 times, a last finding `secret.scan-truncated` covers the rest of the text.
 */
export function findSecrets(text: string): Finding[] {
  const { findings, givenUpAt } = scanSecrets(text, { lenient: false, maxAttempts: MAX_ATTEMPTS });
  if (givenUpAt === undefined) return findings;
  return [...findings, { detector: 'secrets', label: 'secret.scan-truncated', severity: 'medium', start: givenUpAt, end: text.length }];
}

export interface SecretScan {
  readonly findings: Finding[];
  /** Where the first rule was given up; undefined where the whole text was read. */
  readonly givenUpAt: number | undefined;
  /** Patterns and parsers tried, over all rules. */
  readonly attempts: number;
}

export interface ScanOptions {
  /** Takes what has a credential's shape though its checksum fails, and short values of credentials' names in URLs: for redaction. */
  readonly lenient: boolean;
  /** Of each rule. */
  readonly maxAttempts: number;
}

interface Hit {
  readonly label: string;
  readonly severity: Finding['severity'];
  readonly start: number;
  readonly end: number;
  /** A provider's own shape names a value better than the variable that it was assigned to. */
  readonly specific: boolean;
}

export function scanSecrets(text: string, { lenient, maxAttempts }: ScanOptions): SecretScan {
  const hits: Hit[] = [];
  const tries = new Map<unknown, number>();
  let givenUpAt: number | undefined;
  let attempts = 0;
  let footer = -2;
  let assignedUntil = 0;
  let specificUntil = 0;

  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    const role = char < 128 ? ROLE[char]! : 0;
    if (role === 0) continue;
    if ((role & PREFIX) !== 0 && MAYBE[gram(char, text.charCodeAt(i + 1), text.charCodeAt(i + 2))] === 1) {
      const end = prefixed(i);
      if (end > i) {
        specificUntil = end;
        i = end - 1;
        continue;
      }
    }
    if ((role & ASSIGNS) !== 0) assigned(i, char);
    else if ((role & OPENS) !== 0) i = afterPlaceholder(text, i) - 1;
  }
  return { findings: merged(hits), givenUpAt, attempts };

  /** The end of the credential whose prefix stands at `at`, or `at`. */
  function prefixed(at: number): number {
    if (text.startsWith('-----BEGIN ', at)) return document('private-key', at, () => privateKeyAt(text, at, footerAfter(at)));
    if (text.startsWith('eyJ', at)) return mayBegin(at) ? document('jwt', at, () => jwtAt(text, at)) : at;
    for (const { prefix, rule } of RULES_BY_GRAM.get(text.slice(at, at + 3)) ?? []) {
      const start = at - (rule.lead ?? 0);
      if (start < 0 || !text.startsWith(prefix, at) || !(rule.lead || mayBegin(at)) || !mayTry(rule, at)) continue;
      const end = endOf(rule, text, start);
      if (end === undefined) continue;
      const from = start + skipped(rule, text, start);
      const value = text.slice(from, end);
      if (!(lenient && !rule.skip) && !isLive(rule, value)) continue;
      hits.push({ label: rule.label, severity: rule.severity, start: from, end, specific: true });
      if (rule.label === 'aws-access-key') awsSecretAfter(end);
      return end;
    }
    return at;
  }

  function mayBegin(at: number): boolean {
    return at === specificUntil || isBoundary(text, at);
  }

  function document(label: string, at: number, read: () => { start: number; end: number } | undefined): number {
    const span = mayTry(label, at) ? read() : undefined;
    if (!span) return at;
    hits.push({ label, severity: 'high', ...span, specific: true });
    return span.end;
  }

  function assigned(at: number, char: number): void {
    if (char === COLON && text.startsWith('://', at)) {
      const span = mayTry('url-password', at) ? urlPasswordAt(text, at) : undefined;
      if (span) hits.push({ label: 'url-password', severity: 'high', ...span, specific: true });
      return;
    }
    if (at < assignedUntil) return;
    const name = credentialName(text, at);
    const found = name && mayTry('assignment', at) ? credentialValue(text, at, name, lenient) : undefined;
    if (!found) return;
    hits.push({ ...found, severity: 'medium', specific: false });
    assignedUntil = found.end;
  }

  /** A secret key has no mark of its own: 40 characters of base 64, standing soon after its id. */
  function awsSecretAfter(end: number): void {
    const match = AWS_SECRET.exec(text.slice(end, end + 200));
    if (!match || !/[a-z]/.test(match[0]) || !/[A-Z]/.test(match[0]) || !/\d/.test(match[0])) return;
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

const PREFIX = 1;
const ASSIGNS = 2;
const OPENS = 4;
const COLON = 0x3a;
const ESCAPE_BEFORE = /(?:\\[nrtbf]|\\u00[0-9a-f]{2}|%[0-9a-f]{2})$/i;
const AWS_SECRET = /(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/;
/** A match about as long as its pattern allows may go on. */
const LONG = 240;
const MAX_TAIL = 8192;

const PREFIXED: readonly { prefix: string; rule: SecretRule }[] = SECRET_RULES.flatMap((rule) =>
  rule.prefixes.map((prefix) => ({ prefix, rule })),
);
const RULES_BY_GRAM = Map.groupBy(PREFIXED, ({ prefix }) => prefix.slice(0, 3));
const BEGINNINGS = [...PREFIXED.map(({ prefix }) => prefix), '-----BEGIN ', 'eyJ'];

/** What a character may begin. */
const ROLE = new Uint8Array(128);
for (const prefix of BEGINNINGS) ROLE[prefix.charCodeAt(0)]! |= PREFIX;
ROLE[0x3d]! |= ASSIGNS;
ROLE[COLON]! |= ASSIGNS;
ROLE[0x5b]! |= OPENS;

/** Whether three characters may begin a prefix: false is certain, true is not. */
const MAYBE = new Uint8Array(8192);
for (const prefix of BEGINNINGS) MAYBE[gram(prefix.charCodeAt(0), prefix.charCodeAt(1), prefix.charCodeAt(2))] = 1;

function gram(a: number, b: number, c: number): number {
  return ((a << 6) ^ (b << 3) ^ c) & 8191;
}

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

/** Whether a token may begin at `at`: not within a word, but right after an escape such as `\n` or `%3D`. */
function isBoundary(text: string, at: number): boolean {
  return at === 0 || !/[A-Za-z0-9]/.test(text[at - 1]!) || ESCAPE_BEFORE.test(text.slice(Math.max(0, at - 6), at));
}

/** The place after the placeholder at `at`, or after its bracket. */
function afterPlaceholder(text: string, at: number): number {
  PLACEHOLDER.lastIndex = at;
  const match = PLACEHOLDER.exec(text);
  return at + (match ? match[0].length : 1);
}

/** Overlapping hits become one over all that they cover, with the most specific name. */
function merged(hits: readonly Hit[]): Finding[] {
  const out: Hit[] = [];
  for (const hit of [...hits].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = out.at(-1);
    if (!last || hit.start >= last.end) out.push(hit);
    else {
      const named = hit.specific && !last.specific ? hit : last;
      out[out.length - 1] = { ...named, start: last.start, end: Math.max(last.end, hit.end) };
    }
  }
  return out.map(({ label, severity, start, end }) => ({ detector: 'secrets', label: `secret.${label}`, severity, start, end }));
}

/** For the test that asserts that every quantifier is bounded. */
export const SCAN_PATTERNS: readonly RegExp[] = [
  AWS_SECRET,
  PLACEHOLDER,
  ESCAPE_BEFORE,
  ...SECRET_RULES.flatMap((rule) => [rule.pattern, ...(rule.skip ? [rule.skip] : [])]),
];
