/** Puts values back where a model's words have their placeholders, over fragments that come one frame after the other. */

import type { EventFrame } from '../framing.ts';
import { readJson } from '../json.ts';
import { escaped, type JsonString, stringsIn, withStrings } from './strings.ts';

export interface Placeholders {
  /** None is known: nothing needs to be looked at. */
  readonly isEmpty: boolean;
  /** The value that this very placeholder stands for. */
  valueOf(placeholder: string): string | undefined;
  /** Whether some placeholder begins with this text and goes on. */
  mayBegin(text: string): boolean;
}

/** A frame, and the data it is to have where that is not its own. */
export interface Restored<Frame> {
  readonly frame: Frame;
  readonly data?: string;
}

export interface Fragments<Frame> {
  /** The frames that can go on, in order: all but those whose end may be the beginning of a placeholder. */
  push(frame: Frame): Restored<Frame>[];
  /** What was kept back. */
  flush(): Restored<Frame>[];
}

/** Frames kept back behind half a placeholder: it is written in a few fragments, one after the other. */
const MOST_KEPT = 64;

interface Kept<Frame> {
  readonly frame: Frame;
  readonly text: string;
  readonly strings: readonly JsonString[];
  /** What its strings are to say, where that has changed. */
  readonly says: Map<JsonString, string>;
}

/** Half a placeholder at the end of a string that goes on in a later frame. */
interface Tail<Frame> {
  readonly channel: string;
  text: string;
  /** The string that it began in; what follows leaves the others, as soon as it is whole. */
  readonly first: { readonly kept: Kept<Frame>; readonly at: JsonString; readonly nested: boolean };
  readonly rest: { readonly kept: Kept<Frame>; readonly at: JsonString }[];
}

export function createFragments<Frame extends Pick<EventFrame, 'raw'> & { readonly data?: string }>(
  placeholders: Placeholders,
): Fragments<Frame> {
  let line: Kept<Frame>[] = [];
  let tail: Tail<Frame> | undefined;

  return {
    push(frame) {
      const kept = read(frame);
      if (tail && !goesOn(kept, tail)) tail = undefined;
      if (!tail) restoreIn(kept);
      line.push(kept);
      if (line.length > MOST_KEPT) tail = undefined;
      // What came before the half waits for nothing, however many of them follow each other.
      return flush(tail ? line.indexOf(tail.first.kept) : line.length);
    },
    flush() {
      tail = undefined;
      return flush(line.length);
    },
  };

  /** So many frames, the first ones. */
  function flush(count: number): Restored<Frame>[] {
    const leaving = line.slice(0, count).map(({ frame, text, says }): Restored<Frame> => {
      if (says.size === 0) return { frame };
      return {
        frame,
        data: withStrings(
          text,
          [...says].map(([at, said]) => ({ at, says: said })).sort((a, b) => a.at.start - b.at.start),
        ),
      };
    });
    line = line.slice(count);
    return leaving;
  }

  function read(frame: Frame): Kept<Frame> {
    const { data } = frame;
    // Without a bracket there is nothing to be found, and nothing that begins.
    const isOf = data !== undefined && (tail !== undefined || data.includes('[')) && readJson(data).ok;
    return { frame, text: data ?? '', strings: isOf ? stringsIn(data) : [], says: new Map() };
  }

  /** Whether what was kept back still waits, or has been found to be a placeholder. Else it goes as it came. */
  function goesOn(kept: Kept<Frame>, open: Tail<Frame>): boolean {
    const at = kept.strings.find((string) => channelOf(string, kept) === open.channel);
    // A sign of life says nothing of the string that is open.
    if (!at) return kept.frame.data === undefined || /^(ping|keepalive)$/.test(typeOf(kept));
    const text = open.text + at.text;
    if (placeholders.mayBegin(text)) {
      open.text = text;
      open.rest.push({ kept, at });
      return true;
    }
    const end = text.indexOf(']') + 1;
    const value = end > 0 ? placeholders.valueOf(text.slice(0, end)) : undefined;
    if (value === undefined) return false;
    const { first } = open;
    const begun = first.kept.says.get(first.at) ?? first.at.text;
    first.kept.says.set(first.at, begun.slice(0, begun.lastIndexOf('[')) + written(value, first.nested));
    for (const middle of open.rest) middle.kept.says.set(middle.at, '');
    kept.says.set(at, at.text.slice(end - open.text.length));
    tail = undefined;
    return true;
  }

  function restoreIn(kept: Kept<Frame>): void {
    for (const at of kept.strings) {
      const said = kept.says.get(at) ?? at.text;
      if (!said.includes('[')) continue;
      const nested = isJsonText(at, kept);
      const restored = restoredText(said, placeholders, nested);
      if (restored !== said) kept.says.set(at, restored);
      const open = restored.lastIndexOf('[');
      const begun = open < 0 ? '' : restored.slice(open);
      if (begun !== '' && placeholders.mayBegin(begun))
        tail = { channel: channelOf(at, kept), text: begun, first: { kept, at, nested }, rest: [] };
    }
  }
}

/** Every placeholder that stands whole in the text. `nested`: the text is JSON itself. */
export function restoredText(text: string, placeholders: Placeholders, nested: boolean): string {
  return text.replace(/\[[^[\]]{1,80}\]/g, (bracketed) => {
    const value = placeholders.valueOf(bracketed);
    return value === undefined ? bracketed : written(value, nested);
  });
}

function written(value: string, nested: boolean): string {
  return nested ? escaped(value) : value;
}

/** Arguments are sent as text that is JSON by itself. */
function isJsonText({ path }: JsonString, kept: Pick<Kept<unknown>, 'strings'>): boolean {
  const [parent, name] = [path.at(-2), path.at(-1)];
  if (name === 'partial_json' || name === 'arguments') return true;
  if (name === 'input') return parent === 'toolUse';
  return name === 'delta' && /arguments\.delta$/.test(typeOf(kept));
}

/** Fragments of one string come in the same place of the same kind of event, with the same numbers beside it. */
function channelOf({ path }: JsonString, kept: Pick<Kept<unknown>, 'strings' | 'text'>): string {
  const numbers = kept.text.match(/"(?:index|output_index|content_index|contentBlockIndex)"\s*:\s*\d+/g) ?? [];
  return JSON.stringify([typeOf(kept), path, numbers]);
}

function typeOf({ strings }: Pick<Kept<unknown>, 'strings'>): string {
  return strings.find(({ path }) => path.length === 1 && path[0] === 'type')?.text ?? '';
}
