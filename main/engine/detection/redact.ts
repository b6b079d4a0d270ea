/** Takes credentials out of text before it is kept, putting a stable placeholder in the place of each. */

import type { Json } from '../../contract/record.ts';
import { createLearnedValues, MIN_LEARNED } from './learned.ts';
import { PLACEHOLDER, placeholder } from './placeholder.ts';
import { scanSecrets } from './secrets.ts';

export interface Redactor {
  /** A credential seen in a request's header: replaced from now on wherever it appears. Values under 8 characters are not learnt. */
  learn(value: string): void;
  /** Changes whenever `redact` may answer differently than before: what caches its answers must ask again. */
  readonly generation: number;
  /** The text, well-formed, without its credentials. A placeholder is left as it is. */
  redact(text: string): string;
  /** Every string in `value`, and whole values under names such as `authorization` or `cookie`. */
  redactJson(value: Json): Json;
}

const MAX_LEARNED_VALUES = 1000;
/** Far beyond what any real text needs, with one more for every 16 characters; what lies behind it is replaced as a whole, for nobody has looked at it. */
const MAX_ATTEMPTS = 20_000;
const MAX_DEPTH = 100;
/** UTF-16 units of a text that is remembered, and how many are. */
const MAX_PLAIN = 128;
const MAX_PLAINS = 2_000;

/** `key`: 32 random bytes; the same key gives the same placeholders. */
export function createRedactor({ key }: { key: Buffer }): Redactor {
  const learned = createLearnedValues(MAX_LEARNED_VALUES);
  const labels = new Map<string, string>();
  /** Short texts that were left as they are: names, hosts, verdicts, which every record repeats. */
  let plain = new Set<string>();
  let generation = 0;

  return {
    learn(value) {
      const credential = value.replace(/^(?:bearer|basic|token|apikey)\s+/i, '').trim();
      if (!learned.add(credential)) return;
      labels.set(credential, labelOf(credential));
      if (labels.size > MAX_LEARNED_VALUES) labels.delete(labels.keys().next().value!);
      generation++;
      plain = new Set();
    },
    get generation() {
      return generation;
    },
    redact,
    redactJson: (value) => redactDeep(value, 0),
  };

  function redact(text: string): string {
    if (plain.has(text)) return text;
    const clean = text.toWellFormed();
    if (clean.length < MIN_LEARNED) return clean;
    const redacted = withoutShapes(withoutLearned(clean));
    if (redacted === text && text.length <= MAX_PLAIN) {
      if (plain.size >= MAX_PLAINS) plain = new Set();
      plain.add(text);
    }
    return redacted;
  }

  function withoutLearned(text: string): string {
    return spliced(
      text,
      learned.findIn(text).filter(({ start }) => !withinPlaceholder(text, start)),
      ({ value }) => placeholder(key, labels.get(value) ?? 'credential', value),
    );
  }

  function withoutShapes(text: string): string {
    const { findings, givenUpAt } = scanSecrets(text, { lenient: true, maxAttempts: MAX_ATTEMPTS + text.length / 16 });
    const read = givenUpAt === undefined ? findings : findings.filter(({ start }) => start < givenUpAt);
    const unread =
      givenUpAt === undefined ? [] : [{ start: Math.max(givenUpAt, read.at(-1)?.end ?? 0), end: text.length, label: 'secret.unscanned' }];
    return spliced(text, [...read, ...unread], ({ label, start, end }) =>
      placeholder(key, label.slice('secret.'.length), text.slice(start, end)),
    );
  }

  function redactDeep(value: Json, depth: number): Json {
    if (typeof value === 'string') return redact(value);
    if (value === null || typeof value !== 'object') return value;
    if (depth >= MAX_DEPTH) return '[nested too deep]';
    if (isList(value)) return value.map((item) => redactDeep(item, depth + 1));
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [
        // As a member's name it would be lost when the record is read back.
        name === '__proto__' ? '[__proto__]' : redact(name),
        CREDENTIAL_NAMES.has(name.toLowerCase().replace(/[_-]/g, '')) ? blanked(item) : redactDeep(item, depth + 1),
      ]),
    );
  }

  /** All of it, whatever its shape: the name says that it is a credential. */
  function blanked(value: Json): Json {
    if (value === null || typeof value === 'boolean' || value === '') return value;
    const text = typeof value === 'string' ? value.toWellFormed() : JSON.stringify(value);
    PLACEHOLDER.lastIndex = 0;
    return PLACEHOLDER.exec(text)?.[0] === text ? text : placeholder(key, 'credential', text);
  }
}

/** Lower case, without separators. */
const CREDENTIAL_NAMES = new Set([
  'authorization',
  'proxyauthorization',
  'xapikey',
  'apikey',
  'xgoogapikey',
  'xauthtoken',
  'cookie',
  'setcookie',
  'password',
  'passwd',
  'passphrase',
  'clientsecret',
  'accesstoken',
  'refreshtoken',
  'idtoken',
  'privatekey',
  'secretaccesskey',
]);

function labelOf(credential: string): string {
  const { findings } = scanSecrets(credential, { lenient: true, maxAttempts: 100 });
  const [whole] = findings.filter(({ start, end }) => start === 0 && end === credential.length);
  return whole ? whole.label.slice('secret.'.length) : 'credential';
}

/** A placeholder is at most 70 characters long. */
function withinPlaceholder(text: string, at: number): boolean {
  const near = text.slice(Math.max(0, at - 70), at + 1).lastIndexOf('[');
  if (near < 0) return false;
  const open = Math.max(0, at - 70) + near;
  PLACEHOLDER.lastIndex = open;
  const match = PLACEHOLDER.exec(text);
  return match !== null && open + match[0].length > at;
}

function spliced<Part extends { readonly start: number; readonly end: number }>(
  text: string,
  parts: readonly Part[],
  write: (part: Part) => string,
): string {
  if (parts.length === 0) return text;
  const out: string[] = [];
  let from = 0;
  for (const part of parts) {
    out.push(text.slice(from, part.start), write(part));
    from = part.end;
  }
  return out.join('') + text.slice(from);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
