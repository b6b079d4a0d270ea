/** What policy wants taken out of a text: the values of the findings that its redacting policies name. */

import { createHash } from 'node:crypto';
import type { Content, Finding } from '../../contract/action.ts';
import type { Decision, Sensitive } from '../../contract/verdict.ts';

/** Each value once. `contents`: what the findings' offsets point into, by their `content`, or the first where they name none. */
export function sensitiveIn(contents: readonly Content[], findings: readonly Finding[], { policies }: Decision): Sensitive[] {
  const named = policies.map(({ labels }) => labels);
  const wanted = (label: string) =>
    named.some((labels) => !labels || labels.some((family) => label === family || label.startsWith(`${family}.`)));
  const values = new Map<string, Sensitive>();
  for (const { label, start, end, content = 0 } of findings) {
    const whole = contents[content];
    if (!whole || !wanted(label)) continue;
    const value = whole.role === 'tool_call' ? plain(whole.text.slice(start, end)) : whole.text.slice(start, end);
    if (value !== '' && !values.has(value)) values.set(value, { label, value });
  }
  return [...values.values()];
}

/** Agents resend the whole conversation at each turn: what was taken out of it is told once a session. */
export function createTold(): { isNews(session: string, redact: readonly Sensitive[]): boolean } {
  const told = new Set<string>();
  return {
    isNews(session, redact) {
      const before = told.size;
      for (const { value } of redact) told.add(createHash('sha256').update(`${session}\n${value}`).digest('base64'));
      const isNews = told.size > before;
      for (const oldest of told) {
        if (told.size <= MOST_TOLD) break;
        told.delete(oldest);
      }
      return isNews;
    },
  };
}

const MOST_TOLD = 10_000;

/** Arguments are JSON, sometimes within JSON: a value in them is written with escapes. */
function plain(written: string): string {
  let value = written;
  for (let depth = 0; depth < 2 && value.includes('\\'); depth += 1) {
    try {
      value = JSON.parse(`"${value}"`) as string;
    } catch {
      break;
    }
  }
  return value;
}
