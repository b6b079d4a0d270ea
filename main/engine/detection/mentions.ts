/** Credentials that stand beside the word for them without `=` or `:`: arguments, options, XML, SQL, sentences. */

import { type Assignment, isNamePart, nameStart, runEnd, valueAt } from './assignments.ts';

import { BEFORE_PATTERNS, valueBefore } from './before.ts';
import { type NameKind, nameKind, plainName } from './names.ts';
import { isCredential, isStrong, isStrongAlone, labelOfValue } from './values.ts';
import { CALL, CALLS, SIGN, SIGNS, WAY_PATTERNS, WAYS } from './ways.ts';

/** Beginnings of words that speak of a credential; a scan looks closer where one stands, in whatever case. */
export const MENTIONS = [
  'pass',
  'pwd',
  'psk',
  'secret',
  'secure',
  'token',
  'key',
  'auth',
  'cred',
  'login',
  'logon',
  'connect',
  'PDO(',
  'kennwort',
  'contras',
  'wachtwoord',
  'identified',
  'senha',
  'heslo',
  'parol',
  'salasana',
  'adgangs',
  'passe',
  'mysqli',
  'hmac',
  'sign(',
  'createh',
  'open ',
  'open(',
  'initialize',
  'bind',
  'pw ',
  'oauth',
  'dbp',
  'bearer',
  'mdp',
  'clave',
  'assword',
  'fernet',
  'pgp_sym',
  'aes_',
  'unsafep',
];

export interface Mention {
  /** Where the name ends: what is before it need not be looked at again. */
  readonly end: number;
  readonly found: Assignment | undefined;
  /** In a table the values stand below. */
  readonly name: { readonly start: number; readonly end: number; readonly kind: NameKind } | undefined;
}

/** The name in which the word at `at` stands, and the credential beside it. */
export function mentionAt(text: string, at: number): Mention {
  let end = at;
  while (end < text.length && end - at < 64 && isNamePart(text.charCodeAt(end))) end++;
  while (end > at && '.-_'.includes(text[end - 1]!)) end--;
  const start = nameStart(text, at);
  const written = text.slice(start, end);
  const call = CALLS.test(written) ? passwordOfCall(text, end, CALL) : SIGNS.test(written) ? passwordOfCall(text, end, SIGN) : undefined;
  if (call) return { end, found: { ...call, label: 'password' }, name: undefined };
  const kind = kindAt(text, start, written);
  if (kind === undefined) return { end, found: undefined, name: undefined };
  const span = besides(text, start, end, kind) ?? (kind === 'weak' ? undefined : valueBefore(text, start, kind));
  const label = span && labelOfValue(kind, plainName(written), text.slice(span.start, span.end));
  return { end, found: span && { ...span, label: label! }, name: { start, end, kind } };
}

/** `API key` and `access key` in a sentence are what `apiKey` is. */
function kindAt(text: string, start: number, written: string): NameKind | undefined {
  if (/^identified$/i.test(written)) return 'password';
  const kind = nameKind(written);
  return kind === 'weak' && SPOKEN_BEFORE.test(text.slice(Math.max(0, start - 12), start)) ? 'key' : kind;
}
const SPOKEN_BEFORE =
  /(?:wifi|wi-fi|wlan|network|vault|root|ssh|deploy|admin|api|access|secret|private|licen[sc]e|account|master|signing|encryption)[ -]$/i;

function passwordOfCall(text: string, end: number, pattern: RegExp): Span | undefined {
  pattern.lastIndex = end;
  const match = pattern.exec(text);
  if (!match?.[1] || !isStrong(match[1]) || (/open$|bind$|dial$/i.test(text.slice(end - 4, end)) && !isStrongAlone(match[1])))
    return undefined;
  const to = end + match[0].length - 1;
  return { start: to - match[1].length, end: to };
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function besides(text: string, start: number, end: number, kind: NameKind): Span | undefined {
  const next = text[end];
  if (next === undefined || next === '=' || (next === ':' && text[end + 1] !== ' ' && text[end + 1] !== '\n' && text[end + 1] !== '"'))
    return undefined;
  for (const { pattern, at, takes } of WAYS) {
    if (!at.includes(next)) continue;
    pattern.lastIndex = end;
    const match = pattern.exec(text);
    const value = match?.at(-1);
    if (!match || value === undefined) continue;
    const from = end + match[0].lastIndexOf(value);
    if (takes(value, kind, text.slice(Math.max(0, start - 40), start))) return { start: from, end: from + value.length };
  }
  if (kind === 'weak') return undefined;
  return next === ' ' || next === '\t' ? (bareAfter(text, start, end, kind) ?? told(text, end)) : undefined;
}

/** `--password V`, `requirepass V`, `password V` of a netrc. */
function bareAfter(text: string, start: number, end: number, kind: NameKind): Span | undefined {
  const { start: from, takes, quoted: isQuoted } = valueAt(text, end);
  if (isQuoted) return undefined;
  const to = runEnd(text, from, 255, takes);
  const value = text.slice(from, to);
  if (value.startsWith('-')) return undefined;
  const isOption = text[start - 1] === '-' || text[start] === '-' || text[start - 1] === '/';
  const taken = isOption ? isCredential(value, kind, 'bare') : isStrongAlone(value) || isNetrc(text, start, value, kind);
  return taken ? { start: from, end: to } : undefined;
}

function isNetrc(text: string, start: number, value: string, kind: NameKind): boolean {
  return (
    /(?:login|user(?:name)?)\s{1,8}\S{1,100}\s{1,12}$/.test(text.slice(Math.max(0, start - 130), start)) &&
    isCredential(value, kind, 'bare')
  );
}

const CONNECTED =
  /[^\n"'`|]{0,80}?(?:(?<![\w])(?:is|are|was|now|ist|lautet|est|es|è|é|är|este|jest|sera|to|c['’]est)[: ]|[:=→]|=>| [–—-] )[ \t]{0,3}(?:[\w.@-]{1,40} \/ )?["'`“„«‘(]?[ \t\u00a0\u202f]{0,2}([^\s"'`“”„«»<>]{6,255})/y;

/** “The password for the VPN is …”, in some languages. */
function told(text: string, end: number): Span | undefined {
  CONNECTED.lastIndex = end;
  const match = CONNECTED.exec(text);
  if (!match?.[1]) return undefined;
  const value = match[1].replace(/[.,;:)\]]{1,3}$/, '');
  const from = end + match[0].length - match[1].length;
  return isStrongAlone(value) ? { start: from, end: from + value.length } : undefined;
}

/** For the test that asserts that every quantifier is bounded. */
export const MENTION_PATTERNS: readonly RegExp[] = [CONNECTED, ...BEFORE_PATTERNS, ...WAY_PATTERNS];
