/** Events that say what the one before said, but for one text: most of a stream is a model's words, a few to an event. */

import { isAscii } from 'node:buffer';
import { type JsonNode, locate, source } from './json.ts';

/** An event that was read, and is nothing but a piece of text. */
export interface Words {
  /** Where in the event the text is. */
  readonly path: readonly (string | number)[];
  /** Does what the event did, for another text. */
  say(text: string): void;
}

export interface Alike {
  /** Whether the frame is as the one that was noted, with another text, which was said. Then there is no need to read it. */
  isKnown(raw: Uint8Array): boolean;
  /** An event was read that is but text. */
  note(frame: { readonly raw: Uint8Array; readonly data: string }, words: Words): void;
  /** Something else was read: it may have changed what events mean. */
  forget(): void;
}

/** A JSON string's inside that no client reads differently: nothing but printable ASCII, and the escapes of JSON with one letter. */
const PLAIN = /^(?:[ !#-[\]-~]|\\["\\/bfnrt])*$/;

export function createAlike(): Alike {
  let known: { readonly before: string; readonly after: string; readonly say: (text: string) => void } | undefined;

  return {
    isKnown(raw) {
      if (!known) return false;
      const { before, after, say } = known;
      if (raw.length < before.length + after.length) return false;
      const text = latin1(raw);
      if (!text.startsWith(before) || !text.endsWith(after)) return false;
      const inside = text.slice(before.length, text.length - after.length);
      if (!PLAIN.test(inside)) return false;
      say(inside.includes('\\') ? (JSON.parse(`"${inside}"`) as string) : inside);
      return true;
    },
    note(frame, words) {
      known ??= around(frame, words);
    },
    forget() {
      known = undefined;
    },
  };
}

/** What stands before and behind the text, where it can be told for certain. */
function around({ raw, data }: { readonly raw: Uint8Array; readonly data: string }, { path, say }: Words) {
  if (!isAscii(raw)) return undefined;
  const text = latin1(raw);
  const at = text.indexOf(data);
  if (at < 0 || at !== text.lastIndexOf(data)) return undefined;
  const node = path.reduce<JsonNode | undefined>(
    (within, step) => (typeof step === 'number' ? within?.items[step] : within?.members.get(step)?.value),
    locate(data),
  );
  if (!node || !PLAIN.test(source(data, node).slice(1, -1))) return undefined;
  return { before: text.slice(0, at + node.start + 1), after: text.slice(at + node.end - 1), say };
}

function latin1(raw: Uint8Array): string {
  return Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('latin1');
}
