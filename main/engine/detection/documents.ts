/** Credentials with a structure of their own: private keys, JSON Web Tokens, connection strings. */

import { isJwtHeader, isStandIn } from './shapes.ts';
import { isMadeByHand } from './values.ts';
import { isWordy } from './words.ts';

export interface Span {
  readonly start: number;
  readonly end: number;
}

const MAX_KEY = 8192;
const KEY_HEADER = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/y;
const KEY_FOOTER = '-----END ';
/** What may stand between a key's lines when somebody pasted it with line numbers, from a diff, or as a JSON string. */
const KEY_BODY = /[\w+/=\s\\|>→:,-]/;

/**
 * The private key (RFC 7468) whose header begins at `at`. A key that was cut off counts as far as it goes, 8 KB at most.
 * `footer`: the first `-----END ` at or after `at`, or -1.
 */
export function privateKeyAt(text: string, at: number, footer: number): Span | undefined {
  const header = matchAt(KEY_HEADER, text, at);
  if (header === undefined) return undefined;
  const from = at + header.length;
  if (footer >= from && footer - at <= MAX_KEY && isKeyMaterial(text.slice(from, footer))) {
    const close = text.indexOf('-----', footer + KEY_FOOTER.length);
    const end = close >= 0 && close - footer < 64 ? close + 5 : footer + KEY_FOOTER.length;
    return { start: at, end };
  }
  const limit = Math.min(text.length, from + MAX_KEY);
  let end = from;
  // A run of dashes is the next header or footer, never key material.
  while (end < limit && KEY_BODY.test(text[end]!) && !text.startsWith('-----', end)) end++;
  return isKeyMaterial(text.slice(from, end)) ? { start: at, end } : undefined;
}

/** PuTTY's own form, whose private lines come after the public ones. */
export function puttyKeyAt(text: string, at: number): Span | undefined {
  const near = text.slice(at, at + MAX_KEY);
  const lines = PUTTY_PRIVATE.exec(near);
  if (!PUTTY_HEADER.test(near) || !lines) return undefined;
  let end = lines.index + lines[0].length;
  while (end < near.length && KEY_BODY.test(near[end]!)) end++;
  return isKeyMaterial(near.slice(lines.index, end)) ? { start: at, end: at + end } : undefined;
}
const PUTTY_HEADER = /^PuTTY-User-Key-File-\d: /;
const PUTTY_PRIVATE = /Private-Lines: {1,3}\d{1,3}/;

/** Where `privateKeyAt` looks for the end. */
export function nextKeyFooter(text: string, from: number): number {
  return text.indexOf(KEY_FOOTER, from);
}

/** Every line of a key is 64 characters or more except the last; nothing in prose or code is. */
function isKeyMaterial(body: string): boolean {
  const line = /[A-Za-z0-9+/]{40,80}/.exec(body)?.[0];
  return line !== undefined && new Set(line).size >= 12;
}

const MAX_JWT_PART = 8192;

/** The JSON Web Token (RFC 7519) that begins at `at` with `eyJ`. */
export function jwtAt(text: string, at: number): Span | undefined {
  const header = base64UrlRun(text, at);
  if (header - at < 12 || text[header] !== '.') return undefined;
  const payload = base64UrlRun(text, header + 1);
  if (payload - header < 8 || text[payload] !== '.') return undefined;
  const end = base64UrlRun(text, payload + 1);
  if (end - payload <= 16 || !isJwtHeader(text.slice(at, header))) return undefined;
  // The one that every document about it prints.
  return /"John Doe"|"1516239022"/.test(Buffer.from(text.slice(header + 1, payload), 'base64url').toString('latin1'))
    ? undefined
    : { start: at, end };
}

function base64UrlRun(text: string, from: number): number {
  const limit = Math.min(text.length, from + MAX_JWT_PART);
  let end = from;
  while (end < limit && isUrlCode(text.charCodeAt(end))) end++;
  return end;
}

function isUrlCode(code: number): boolean {
  const lower = code | 0x20;
  return (lower >= 0x61 && lower <= 0x7a) || (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x5f;
}

const USER_AND_PASSWORD = /:\/\/([^\s:/@"'`\\<>]{0,100}):([^\s@"'`\\<>]{5,200})@[\w[]/y;
const SCHEME_BEFORE = /[a-z][a-z0-9+.-]{1,20}$/i;

/** The password in a URL (RFC 3986, section 3.2.1) whose `://` begins at `at`. */
export function urlPasswordAt(text: string, at: number): Span | undefined {
  if (!SCHEME_BEFORE.test(text.slice(Math.max(0, at - 21), at))) return undefined;
  USER_AND_PASSWORD.lastIndex = at;
  const match = USER_AND_PASSWORD.exec(text);
  if (!match) return undefined;
  const [, user = '', password = ''] = match;
  const start = at + 3 + user.length + 1;
  // A slash before the @ means that the @ is part of a path, unless what precedes it cannot be a port.
  if (/^\d{1,5}(?:\/|$)/.test(password) || password.includes('/')) return undefined;
  return isStandIn(password) || isStandIn(decoded(password)) || password === user || (isWordy(password) && !isMadeByHand(decoded(password)))
    ? undefined
    : { start, end: start + password.length };
}

function decoded(password: string): string {
  try {
    return decodeURIComponent(password);
  } catch {
    return password;
  }
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** For the test that asserts that every quantifier is bounded. */
export const DOCUMENT_PATTERNS: readonly RegExp[] = [PUTTY_HEADER, PUTTY_PRIVATE, KEY_HEADER, KEY_BODY, USER_AND_PASSWORD, SCHEME_BEFORE];
