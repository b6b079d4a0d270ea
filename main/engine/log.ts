/** The engine's own log: JSON lines for whoever runs it. It knows no secrets. */

import { HoldpointError, messageOf } from '../contract/errors.ts';

export type LogLevel = 'info' | 'warn' | 'error';

/** Values of an entry; strings at any depth are redacted. An `Error` is kept as its message and code, without its stack. */
export interface LogFields {
  readonly [key: string]: unknown;
}

export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

const MAX_TEXT = 4_000;
const MAX_DEPTH = 6;
const MAX_MEMBERS = 100;

/**
 * Writes one line of JSON an entry: `{"at", "level", "event", …}`.
 * `redact` takes credentials out of a text; where it fails, the text is left out rather than written.
 */
export function createLog(write: (line: string) => void, redact: (text: string) => string, now: () => number = Date.now): Log {
  const log =
    (level: LogLevel) =>
    (event: string, fields: LogFields = {}) => {
      const entry = { at: new Date(now()).toISOString(), level, event };
      write(`${JSON.stringify({ ...entry, ...(clean(fields, MAX_DEPTH) as object), ...entry })}\n`);
    };
  return { info: log('info'), warn: log('warn'), error: log('error') };

  function clean(value: unknown, depth: number): unknown {
    if (typeof value === 'string') return cleanText(value);
    if (typeof value === 'bigint' || typeof value === 'symbol' || typeof value === 'function') return typeof value;
    if (value === null || typeof value !== 'object') return value;
    if (value instanceof HoldpointError) return { code: value.code, message: cleanText(value.message) };
    if (value instanceof Error) return { message: cleanText(messageOf(value)) };
    if (depth === 0) return '…';
    if (Array.isArray(value)) return value.slice(0, MAX_MEMBERS).map((member) => clean(member, depth - 1));
    const members = Object.entries(value).slice(0, MAX_MEMBERS);
    return Object.fromEntries(members.map(([key, member]) => [key, clean(member, depth - 1)]));
  }

  function cleanText(text: string): string {
    // Cut after redacting: half a credential is no longer recognised as one.
    try {
      const safe = redact(text.slice(0, MAX_TEXT * 16));
      return safe.length > MAX_TEXT ? `${safe.slice(0, MAX_TEXT)}…` : safe;
    } catch {
      return '[could not be redacted]';
    }
  }
}
