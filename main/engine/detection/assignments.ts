/** Credentials that are known by the name they are given: `password=…`, `"api_key": "…"`, `?access_token=…`. */

import { placeholderBetween } from './placeholder.ts';
import { entropy, isAzureKey, isExample, mixesDigitsAndLetters } from './shapes.ts';

export interface Assignment {
  readonly label: string;
  /** Of the value alone. */
  readonly start: number;
  readonly end: number;
}

/** How a name is matched: lower case, without `_`, `-` and `.`; by its end. */
const PASSWORDS = ['password', 'passwd', 'passphrase', 'pwd'];
const KEYS = [
  'apikey',
  'secret',
  'secretkey',
  'accesskey',
  'secretaccesskey',
  'privatekey',
  'accountkey',
  'sharedaccesskey',
  'authkey',
  'encryptionkey',
  'signingkey',
  'masterkey',
  'token',
  'authorization',
];
/** Names that end like a credential's and are none. */
const HARMLESS = /(?:page|next|cursor|continuation|sync|cancel(?:lation)?|csrf|xsrf|resume)token$/;
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
  'clientsecret',
  'refreshtoken',
  'idtoken',
]);
const COOKIES = ['cookie'];

const ENDS = new Set([...PASSWORDS, ...KEYS, ...QUERY_NAMES, ...COOKIES].map((name) => name.charCodeAt(name.length - 1)));
const MAX_NAME = 48;
/** What is looked at to tell whether a value is a credential, and how far one that is may go on. */
const LOOKED_AT = 256;
const MAX_VALUE = 8192;

export interface CredentialName {
  readonly kind: Kind;
  /** Lower case, without separators. */
  readonly name: string;
  /** In a URL's query. */
  readonly inQuery: boolean;
}

/** The credential's name before `at`, which is the place of a `=` or `:`; undefined where there is another name or none. */
export function credentialName(text: string, at: number): CredentialName | undefined {
  let end = at;
  for (let spare = 6; spare > 0 && end > 0 && isBetween(text.charCodeAt(end - 1)); spare--) end--;
  if (end === 0 || !ENDS.has(text.charCodeAt(end - 1) | 0x20)) return undefined;
  let start = end;
  while (start > 0 && end - start < MAX_NAME && isNamePart(text.charCodeAt(start - 1))) start--;
  const name = text.slice(start, end).toLowerCase().replace(/[_.-]/g, '');
  const inQuery = text[at] === '=' && (text[start - 1] === '?' || text[start - 1] === '&');
  const kind = kindOf(name, inQuery);
  return kind && { kind, name, inQuery };
}

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
  const { start, takes, quoted } = value;
  const near = runEnd(text, start, LOOKED_AT, takes);
  const written = text.slice(start, near);
  if (placeholderBetween(text, start, near)) return undefined;
  if (!isCredential(written, kind, quoted || inQuery, lenient && inQuery)) return undefined;
  const end = near - start < LOOKED_AT ? near : runEnd(text, near, MAX_VALUE, takes);
  return { label: labelOf(kind, name, written), start, end };
}

type Kind = 'password' | 'key' | 'cookie';

function kindOf(name: string, inQuery: boolean): Kind | undefined {
  if (inQuery && QUERY_NAMES.has(name)) return 'key';
  if (PASSWORDS.some((word) => name.endsWith(word))) return 'password';
  if (COOKIES.some((word) => name.endsWith(word))) return 'cookie';
  return KEYS.some((word) => name.endsWith(word)) && !HARMLESS.test(name) ? 'key' : undefined;
}

function isCredential(value: string, kind: Kind, delimited: boolean, lenient: boolean): boolean {
  if (value === '' || isExample(value) || /^(?:urn:|[a-z]{2,10}:\/\/|\.{0,2}\/)/i.test(value)) return false;
  if (lenient) return value.length >= 8;
  if (!delimited && isExpression(value)) return false;
  if (kind === 'cookie') return value.length >= 16 && /^[\w.-]{1,64}=/.test(value) && mixesDigitsAndLetters(value);
  if (!mixesDigitsAndLetters(value)) return false;
  return kind === 'password' ? value.length >= 8 && entropy(value) >= 2.5 : value.length >= 16 && entropy(value) >= 3.2;
}

/** Source code on the right-hand side: a name, a member, a path, a call. */
function isExpression(value: string): boolean {
  return (
    /^[$@&*!.]|[()[\]]|::|->|\/\/|^(?:[A-Za-z_$][\w$]{0,200}[.?]){1,8}/.test(value) ||
    (/^[A-Za-z]+(?:[A-Z][a-z]+|_[a-z]+|\d)*$/.test(value.slice(0, 64)) && entropy(value) < 3.7)
  );
}

function labelOf(kind: Kind, name: string, value: string): string {
  if (kind === 'password') return 'password';
  if (kind === 'cookie') return 'cookie';
  if (/^[A-Za-z0-9/+]{40}$/.test(value) && /(?:secretaccesskey|secretkey)$/.test(name)) return 'aws-secret-key';
  return isAzureKey(value) ? 'azure-key' : 'assigned-credential';
}

/** Quotes, backslashes and blanks, which may stand between a name and its `=` or `:`. */
function isBetween(code: number): boolean {
  return code === 0x20 || code === 0x22 || code === 0x27 || code === 0x5c || code === 0x60 || code === 0x09;
}

function isNamePart(code: number): boolean {
  const lower = code | 0x20;
  return (lower >= 0x61 && lower <= 0x7a) || (code >= 0x30 && code <= 0x39) || code === 0x5f || code === 0x2d || code === 0x2e;
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
  for (let spare = 8; spare > 0 && (text[start] === ' ' || text[start] === '\t'); spare--) start++;
  let slashes = 0;
  while (text[start + slashes] === '\\' && slashes < 7) slashes++;
  const quote = text[start + slashes];
  if (quote === '"' || quote === "'" || quote === '`') {
    return { start: start + slashes + 1, takes: (char) => char !== quote && char !== '\\' && char !== '\n', quoted: true };
  }
  if (toLineEnd) return { start, takes: (char) => !'\r\n"\'`\\'.includes(char), quoted: true };
  return { start, takes: (char) => !' \t\r\n"\'`\\,;|'.includes(char), quoted: false };
}

function queryValue(start: number): Value {
  return { start, takes: (char) => !' \t\r\n"\'`\\&#<>)]}'.includes(char), quoted: false };
}

function runEnd(text: string, from: number, atMost: number, takes: (char: string) => boolean): number {
  const limit = Math.min(text.length, from + atMost);
  let end = from;
  while (end < limit && takes(text[end]!)) end++;
  return end;
}
