/** Credentials that are told by the document they stand in: a private JWK, a Kubernetes Secret, an INSERT, a wallet's words. */

import { nameKind } from './names.ts';
import { isStandIn } from './shapes.ts';
import type { Cell } from './tables.ts';
import { isCredential, isStrong } from './values.ts';

export interface Structured extends Cell {
  readonly label: string;
}

/** Each kind of document is looked for by a word that it cannot be without; a window is never looked at twice. */
export function structuredIn(text: string): Structured[] {
  const found: Structured[] = [];
  if (text.includes('kty')) each(text, KTY, (at) => privateJwk(text, at, found));
  if (/Secret\b/.test(text) && text.includes('kind')) each(text, SECRET_KIND, (at) => kubernetesSecret(text, at, found));
  if (INSERTS.test(text)) each(text, INSERT, (at, match) => insertedRows(text, at, match, found));
  if (WORDS_OF_WALLETS.test(text)) each(text, WALLET, (at, match) => walletWords(text, at + match[0].length, found));
  if (CODES_ANNOUNCED.test(text)) each(text, CODES, (at, match) => recoveryCodes(text, at + match[0].length, found));
  if (BITLOCKER_ANNOUNCED.test(text))
    each(text, BITLOCKER, (at, match) => found.push({ label: 'recovery-code', start: at, end: at + match[0].length }));
  return found;
}

/** `look` gives the place from which to look on. */
function each(text: string, pattern: RegExp, look: (at: number, match: RegExpExecArray) => number): void {
  const all = new RegExp(pattern.source, pattern.flags);
  for (let match = all.exec(text); match; match = all.exec(text)) {
    const next = look(match.index, match);
    all.lastIndex = Math.max(next, match.index + match[0].length, match.index + 1);
  }
}

const KTY = /["']kty\\{0,3}["']/g;
const JWK_REACH = 3000;
/** RFC 7518: `d` of RSA and of curves, `k` of symmetric keys. */
const PRIVATE_PART = /["'](?:d|k)\\{0,3}["']\s{0,4}:\s{0,4}\\{0,3}["']([\w+/-]{20,255})/;

function privateJwk(text: string, at: number, found: Structured[]): number {
  const from = Math.max(0, at - JWK_REACH, text.slice(Math.max(0, at - JWK_REACH), at).lastIndexOf('{') + Math.max(0, at - JWK_REACH));
  const close = text.slice(at, at + JWK_REACH).indexOf('}');
  const to = close < 0 ? Math.min(text.length, at + JWK_REACH) : at + close;
  const match = PRIVATE_PART.exec(text.slice(from, to));
  if (!match?.[1] || !isStrong(match[1].slice(0, 200))) return to;
  const start = from + match.index + match[0].length - match[1].length;
  let end = start + match[1].length;
  while (end < to && /[\w+/=-]/.test(text[end]!)) end++;
  found.push({ label: 'private-key', start, end });
  return to;
}

const SECRET_KIND = /["']?kind["']?\s{0,4}:\s{0,4}["']?Secret["']?(?=[\s,}])/g;
const SECRET_REACH = 4000;
const SECRET_DATA = /(?:^|[\s{,"'])(data|stringData)["']?\s{0,4}:\s{0,4}(?:\{|\r?\n)/;
const ENTRY = /(?:^|[\n{,])[ \t\r\n]{0,20}["']?[\w.-]{1,80}["']?[ \t]{0,4}:[ \t]{0,4}["']?([^\s"',{}]{6,255})["']?(?=[\s,}]|$)/g;

function kubernetesSecret(text: string, at: number, found: Structured[]): number {
  const from = Math.max(0, at - SECRET_REACH / 2, text.slice(0, at).lastIndexOf('\n---'));
  const after = text.slice(at, at + SECRET_REACH);
  const next = after.indexOf('\n---');
  const to = at + (next < 0 ? after.length : next);
  const window = text.slice(from, to);
  const data = SECRET_DATA.exec(window);
  if (!data) return to;
  const begin = data.index + data[0].length;
  const body = data[0].endsWith('{') ? window.slice(begin).split('}', 1)[0]! : indentedLines(window.slice(begin));
  for (const match of `\n${body}`.matchAll(ENTRY)) {
    const value = match[1]!;
    const decoded = data[1] === 'data' ? decodedEntry(value) : value;
    if (decoded === undefined || !isCredential(decoded, 'password', 'quoted')) continue;
    const start = from + begin - 1 + match.index + match[0].lastIndexOf(value);
    found.push({ label: 'password', start, end: start + value.length });
  }
  return to;
}

function indentedLines(text: string): string {
  const lines = text.split('\n');
  const end = lines.findIndex((line) => !/^[ \t]/.test(line));
  return (end < 0 ? lines : lines.slice(0, end)).join('\n');
}

function decodedEntry(value: string): string | undefined {
  if (!/^[A-Za-z0-9+/]{8,340}={0,2}$/.test(value)) return undefined;
  const decoded = Buffer.from(value, 'base64').toString('latin1').trim();
  return /^[\x21-\x7e]{6,255}$/.test(decoded) ? decoded : undefined;
}

const INSERTS = /insert\s/i;
const INSERT =
  /\b(?:insert|replace)\s{1,4}(?:ignore |or replace )?into\s{1,4}[\w.`"[\]]{1,80}\s{0,4}\(([^()]{1,255})\)\s{0,8}values?\s{0,8}/gi;
const ROWS_REACH = 8000;
const MOST_INSERTED = 100;
const LITERAL = /\s{0,8}(?:[NEe]?'([^'\n]{0,255})'|"([^"\n]{0,255})"|([^,()'"\n]{0,100})(?:\([^()]{0,100}\))?)\s{0,8}([,)])/y;

/** The values of columns whose names are a credential's. */
function insertedRows(text: string, at: number, [whole, heads = '']: RegExpExecArray, found: Structured[]): number {
  const kinds = heads.split(',').map((head) => nameKind(head.replace(/[\s`"[\]]/g, '')));
  let place = at + whole.length;
  if (kinds.every((kind) => kind === undefined)) return place;
  const limit = Math.min(text.length, place + ROWS_REACH);
  for (let row = 0; row < MOST_INSERTED && place < limit && text[place] === '('; row++) {
    place++;
    for (let column = 0; place < limit; column++) {
      LITERAL.lastIndex = place;
      const match = LITERAL.exec(text);
      if (!match) return place;
      const value = match[1] ?? match[2];
      const kind = kinds[column];
      if (value !== undefined && kind !== undefined && isCredential(value, kind, 'quoted')) {
        const start = place + match[0].indexOf(value);
        found.push({ label: kind === 'password' ? 'password' : 'assigned-credential', start, end: start + value.length });
      }
      place += match[0].length;
      if (match[4] === ')') break;
    }
    place += /^\s{0,8},?\s{0,8}/.exec(text.slice(place, place + 20))![0].length;
  }
  return place;
}

const WORDS_OF_WALLETS = /mnemonic|(?:seed|recovery|secret|backup)[ _-]?(?:phrase|words)/i;
const WALLET = /(?:mnemonic|(?:seed|recovery|secret|backup)[ _-]?(?:phrase|words))[^\n:=]{0,24}[:=][\s"'`([]{0,6}(?=[a-z1])/gi;
/** Longest list of words with numbers before them. */
const WALLET_REACH = 320;
const LISTED_WORD = /(?:\d{1,2}[.)] ?)?([a-z]{3,8})(?:[ ,\n]{1,3}|(?=["'`)\].]|$))/y;
/** Words of sentences, and of processors, of which no wallet has two. */
const NO_WALLET =
  /^(?:the|and|for|with|that|this|from|are|you|your|not|can|has|have|will|was|which|when|each|must|should|they|them|its|but|mov|add|sub|mul|ldr|str|cmp|beq|bne|pop|used|into|phrase|words?|wallet|seed|stores?|list|never|share|anyone|write|down|keep)$/;

/** BIP 39: 12, 15, 18, 21 or 24 words of 3 to 8 letters. */
function walletWords(text: string, from: number, found: Structured[]): number {
  const window = text.slice(from, from + WALLET_REACH);
  const words: string[] = [];
  let end = 0;
  LISTED_WORD.lastIndex = 0;
  for (let match = LISTED_WORD.exec(window); match && words.length < 25; match = LISTED_WORD.exec(window)) {
    words.push(match[1]!);
    end = match.index + match[0].trimEnd().length;
  }
  if (words.length < 12 || words.length > 24 || words.length % 3 !== 0 || new Set(words).size < 9) return from + end;
  if (words.filter((word) => NO_WALLET.test(word)).length > 1) return from + end;
  // A list in the order of the alphabet is the dictionary.
  if (!words.every((word, index) => index === 0 || words[index - 1]! <= word))
    found.push({ label: 'seed-phrase', start: from, end: from + end });
  return from + end;
}

const CODES_ANNOUNCED = /(?:recovery|backup|scratch|emergency)[ _-]codes?/i;
const CODES = /(?:recovery|backup|scratch|emergency)[ _-]codes?[^\n]{0,60}?[:=[\n]\s{0,6}(?=["'\w*•-])/gi;
const CODES_REACH = 400;
const CODE = /[\s"',*•[-]{0,6}(?:\d{1,2}[.)] )?([a-z0-9]{4,8}[- ]?[a-z0-9]{4,8})["',\]]{0,3}(?=\s|$)/iy;

function recoveryCodes(text: string, from: number, found: Structured[]): number {
  const window = text.slice(from, from + CODES_REACH);
  const codes: string[] = [];
  let end = 0;
  CODE.lastIndex = 0;
  for (let match = CODE.exec(window); match; match = CODE.exec(window)) {
    codes.push(match[1]!);
    end = match.index + match[0].length;
  }
  const drawn = codes.filter((code) => /\d/.test(code) && !isStandIn(code) && !/^\d{4}-\d{2,4}$|^v?\d{1,2}\./.test(code));
  if (drawn.length >= 3 && drawn.length >= 0.8 * codes.length) found.push({ label: 'recovery-code', start: from, end: from + end });
  return from + end;
}

const BITLOCKER_ANNOUNCED = /recovery|bitlocker/i;
const BITLOCKER = /(?<![\d-])\d{6}-\d{6}-\d{6}-\d{6}-\d{6}-\d{6}-\d{6}-\d{6}(?![\d-])/g;

/** For the test that asserts that every quantifier is bounded. */
export const STRUCTURE_PATTERNS: readonly RegExp[] = [
  KTY,
  PRIVATE_PART,
  SECRET_KIND,
  SECRET_DATA,
  ENTRY,
  INSERT,
  LITERAL,
  WALLET,
  LISTED_WORD,
  CODES,
  CODE,
];
