/** Credentials that are known by the name they are given: `password=…`, `"api_key": "…"`, `?access_token=…`. */

import { type NameKind, nameKind, plainName } from './names.ts';
import { placeholderBetween } from './placeholder.ts';
import { isStandIn } from './shapes.ts';
import { isCredential, isStrongAlone, labelOfValue } from './values.ts';

export interface Assignment {
  readonly label: string;
  /** Of the value alone. */
  readonly start: number;
  readonly end: number;
}

export interface CredentialName {
  readonly kind: NameKind;
  /** Lower case, without separators. */
  readonly name: string;
  /** In a URL's query. */
  readonly inQuery: boolean;
}

/** Only in a URL's query, where short names are usual. */
const QUERY_NAMES = new Set([
  'key',
  'sig',
  'signature',
  'token',
  'auth',
  'accesstoken',
  'apikey',
  'secret',
  'password',
  'pass',
  'pwd',
  'clientsecret',
  'refreshtoken',
  'idtoken',
  'xamzsignature',
  'xamzsecuritytoken',
  'xgoogsignature',
  'resettoken',
  'confirmationtoken',
  'confirmtoken',
  'invitetoken',
  'invitationtoken',
  'changetoken',
  'magictoken',
]);

const MAX_NAME = 64;
/** What is looked at to tell whether a value is a credential, and how far one that is may go on. */
const LOOKED_AT = 256;
const MAX_VALUE = 8192;

/** The credential's name before `at`, which is the place of a `=` or `:`; undefined where there is another name or none. */
export function credentialName(text: string, at: number): CredentialName | undefined {
  let end = at;
  // `:=` of Go and make, `?=` of make, `+=`.
  if (text[at] === '=' && end > 0 && /[:?+|]/.test(text[end - 1]!)) end--;
  // `||=` and `??=`.
  if (end < at && end > 0 && /[|?]/.test(text[end]!) && text[end - 1] === text[end]) end--;
  for (let spare = 6; spare > 0 && end > 0 && isBetween(text.charCodeAt(end - 1)); spare--) end--;
  if (end === 0) return undefined;
  const start = nameStart(text, end);
  const written = text.slice(start, end);
  const inQuery = text[at] === '=' && isQuery(text, start);
  if (inQuery && BADGE.test(text.slice(Math.max(0, start - 30), start))) return undefined;
  const kind = nameKind(written) ?? (inQuery && QUERY_NAMES.has(plainName(written)) ? 'key' : generatedKind(text, at, written));
  return kind ? { kind, name: plainName(written), inQuery } : typedName(text, at, end);
}

/** The name of `PASSWORD: &str = "…"` and `password: string = '…'`, where `end` is the end of the type. */
function typedName(text: string, at: number, end: number): CredentialName | undefined {
  if (text[at] !== '=') return undefined;
  let colon = end - 1;
  while (colon > end - 44 && isTypePart(text.charCodeAt(colon))) colon--;
  if (text[colon] !== ':') return undefined;
  const written = TYPED.exec(text.slice(Math.max(0, colon - 56), end))?.[1];
  const kind = written === undefined ? undefined : nameKind(written);
  return kind && kind !== 'weak' ? { kind, name: plainName(written!), inQuery: false } : undefined;
}
/** A picture of a state, for which everybody may have the token. */
const BADGE = /badge|\.(?:svg|png)[?&]/i;

/** What Terraform's state calls the password that it made. */
function generatedKind(text: string, at: number, written: string): NameKind | undefined {
  if (written !== 'result' && written !== 'value') return undefined;
  const around = text.slice(Math.max(0, at - 240), at + 240);
  return /"random_password"|"sensitive"\s{0,3}:\s{0,3}true/.test(around) ? 'password' : undefined;
}

const TYPED = /([A-Za-z_][\w]{1,48})['"]?\s{0,4}:\s{0,4}[&*?[\]]{0,3}(?:'static |const )?[A-Za-z][\w.<>[\] |?]{1,40}$/;

/**
 * The credential after `at` that has `name`; undefined where what is there is none: code, a reference, an example.
 * Works over JSON in JSON, where quotes carry backslashes. `lenient` takes any value of 8 characters in a URL: for redaction.
 */
export function credentialValue(
  text: string,
  at: number,
  { kind, name, inQuery }: CredentialName,
  lenient: boolean,
): Assignment | undefined {
  const value = inQuery ? queryValue(at + 1) : valueAfter(text, at, kind === 'cookie');
  if (!value) return undefined;
  const { takes, quoted } = value;
  let { start } = value;
  const near = runEnd(text, start, LOOKED_AT, takes);
  if (near === start && !inQuery) return valueBelow(text, start, kind, name);
  if (placeholderBetween(text, start, near)) return undefined;
  start += (SCHEME.exec(text.slice(start, near))?.[0] ?? '').length;
  const written = text.slice(start, near);
  if (BLOCK_SCALAR.test(written)) return valueBelow(text, near - written.length, kind, name);
  const taken =
    lenient && inQuery ? written.length >= 8 && !isStandIn(written) : isCredential(written, kind, quoted || inQuery ? 'quoted' : 'bare');
  if (!taken) return quoted || inQuery ? undefined : literalLater(text, start, kind, name);
  const end = near - start < LOOKED_AT ? near : runEnd(text, near, MAX_VALUE, takes);
  return { label: labelOfValue(kind, name, written), start, end };
}
/** A value on the line below its name, which a formatter has put there: alone, and no list of names. */
function valueBelow(text: string, at: number, kind: NameKind, name: string): Assignment | undefined {
  BELOW.lastIndex = at;
  const match = BELOW.exec(text);
  const value = match?.[1];
  if (!match || value === undefined || !isStrongAlone(value)) return undefined;
  const start = at + match[0].lastIndexOf(value);
  return { label: labelOfValue(kind, name, value), start, end: start + value.length };
}
const BLOCK_SCALAR = /^[|>][+-]?$/;
/** Not the value itself but a call, a list or another source with a string in it that can be nothing else: `env.SECRET || 'V'`, `Some("V")`. */
function literalLater(text: string, at: number, kind: NameKind, name: string): Assignment | undefined {
  if (kind !== 'password' && kind !== 'key') return undefined;
  LITERAL.lastIndex = at;
  const match = LITERAL.exec(text);
  const value = match?.[1];
  if (!match || value === undefined || !isStrongAlone(value)) return undefined;
  const start = at + match[0].length - 1 - value.length;
  return { label: labelOfValue(kind, name, value), start, end: start + value.length };
}
const LITERAL = /[^\n;#]{0,80}?(?:\|\||\?\?|\bor|\?:|\(|\[|\{|<%=)[ \t]{0,4}[rbuf@N]?["']([^"'\s]{12,255})["']/y;
const BELOW = /\s{0,3}(?:\\\n|[|>]-?)?\r?\n[ \t]{1,40}["']?([^\s"',:{}[\]]{8,255})["']?[ \t,;]{0,4}(?:\r?\n|$)/y;

/** What stands before a value and is not of it. */
const SCHEME = /^(?:base64:|[Bb]earer |[Bb]asic |[Tt]oken |FlyV1 |Splunk |Key )/;

function isQuery(text: string, start: number): boolean {
  const before = text[start - 1];
  return before === '?' || before === '&' || (before === ';' && text.startsWith('&amp;', start - 5));
}

/** Quotes, backslashes, blanks and brackets, which may stand between a name and its `=` or `:`. */
function isBetween(code: number): boolean {
  return (
    code === 0x20 ||
    code === 0x22 ||
    code === 0x27 ||
    code === 0x5c ||
    code === 0x60 ||
    code === 0x09 ||
    code === 0x5b ||
    code === 0x5d ||
    code === 0x2a
  );
}

/** Where the name begins that ends at `end`: letters of any script, digits, `_`, `-`, `.`. */
export function nameStart(text: string, end: number): number {
  let start = end;
  while (start > 0 && end - start < MAX_NAME && isNamePart(text.charCodeAt(start - 1))) start--;
  return start;
}

export function isNamePart(code: number): boolean {
  const lower = code | 0x20;
  return (
    (lower >= 0x61 && lower <= 0x7a) || isDigit(code) || code === 0x5f || code === 0x2d || code === 0x2e || (code >= 0xc0 && code < 0x250)
  );
}

/** Of a type after a colon: letters, digits, `&`, `'`, `.`, `<>`, `[]`, `|`, blanks. */
function isTypePart(code: number): boolean {
  return (
    isNamePart(code) ||
    code === 0x20 ||
    code === 0x26 ||
    code === 0x27 ||
    code === 0x3c ||
    code === 0x3e ||
    code === 0x5b ||
    code === 0x5d ||
    code === 0x7c ||
    code === 0x3f
  );
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

interface Value {
  readonly start: number;
  readonly takes: (char: string) => boolean;
  readonly quoted: boolean;
}

function valueAfter(text: string, at: number, toLineEnd: boolean): Value | undefined {
  let start = at + 1;
  if (text[at] === ':' && text[start] === '=')
    start++; // := of Go and make
  else if (text[start] === '=' || text[at - 1] === '=' || text[at - 1] === '!') return undefined; // a comparison
  if (text[at] === ':' && text[start] === ':') return undefined; // a path in C++ or Rust
  if (text[start] === '>') start++; // => of Ruby and PHP
  // **Password:** `V`
  if (text[start] === '*' && text[start + 1] === '*') start += 2;
  return valueAt(text, start, toLineEnd);
}

/** The value that begins at `from` or after blanks, within its quotes where it has some. */
export function valueAt(text: string, from: number, toLineEnd = false): Value {
  let start = from;
  for (let spare = 24; spare > 0 && (text[start] === ' ' || text[start] === '\t'); spare--) start++;
  // Python's and C#'s strings of other kinds; parentheses around a string.
  const opening = /^(?:[rbufn@$(L]{1,2})(?=["'])/i.exec(text.slice(start, start + 4))?.[0];
  if (opening !== undefined) start += opening.length;
  let slashes = 0;
  while (text[start + slashes] === '\\' && slashes < 7) slashes++;
  const quote = text[start + slashes];
  const closing = quote === '“' || quote === '„' ? '”' : quote === '«' ? '»' : quote;
  if (quote !== undefined && '"\'`“„«‘'.includes(quote)) {
    const within = start + slashes + 1;
    return { start: within, takes: (char) => char !== closing && char !== '\\' && char !== '\n' && char !== '“', quoted: true };
  }
  if (toLineEnd) return { start, takes: (char) => !'\r\n"\'`\\'.includes(char), quoted: true };
  return { start, takes: (char) => !' \t\r\n"\'`\\,;|'.includes(char), quoted: false };
}

function queryValue(start: number): Value {
  return { start, takes: (char) => !' \t\r\n"\'`\\&#<>)]}'.includes(char), quoted: false };
}

export function runEnd(text: string, from: number, atMost: number, takes: (char: string) => boolean): number {
  const limit = Math.min(text.length, from + atMost);
  let end = from;
  while (end < limit && takes(text[end]!)) end++;
  return end;
}

/** For the test that asserts that every quantifier is bounded. */
export const ASSIGNMENT_PATTERNS: readonly RegExp[] = [BELOW, LITERAL, TYPED, SCHEME];
