/** Credentials known by value, because they were seen in a request's header, and where they occur in text. */

/** The fewest characters that are learnt: shorter values would blank out ordinary words. */
export const MIN_LEARNED = 8;
const MAX_LEARNED = 4096;
const GRAM = 4;

export interface Occurrence {
  readonly start: number;
  readonly end: number;
  /** The credential itself, however it is written here. */
  readonly value: string;
}

export interface LearnedValues {
  /** False where it was known already, is too short or too long. */
  add(value: string): boolean;
  /** Sorted, not overlapping. One pass over the text, however many values are known. */
  findIn(text: string): Occurrence[];
}

/** Keeps the `capacity` values that were learnt last. */
export function createLearnedValues(capacity: number): LearnedValues {
  const known = new Map<string, readonly string[]>();
  let index = buildIndex(known);

  return {
    add(value) {
      if (value.length < MIN_LEARNED || value.length > MAX_LEARNED) return false;
      const writings = known.get(value);
      if (writings) {
        known.delete(value);
        known.set(value, writings);
        return false;
      }
      known.set(value, writingsOf(value));
      if (known.size > capacity) known.delete(known.keys().next().value!);
      index = buildIndex(known);
      return true;
    },

    findIn(text) {
      const found: Occurrence[] = [];
      if (known.size === 0) return found;
      for (let i = 0; i + GRAM <= text.length; i++) {
        if (index.maybe[slot(text, i)] === 0) continue;
        const hit = index.byGram.get(text.slice(i, i + GRAM))?.find(({ writing }) => text.startsWith(writing, i));
        if (!hit) continue;
        found.push({ start: i, end: i + hit.writing.length, value: hit.value });
        i += hit.writing.length - 1;
      }
      return found;
    },
  };
}

/** A credential as it stands in text, in a JSON string, in a URL. */
function writingsOf(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1);
  const twice = JSON.stringify(json).slice(1, -1);
  return [...new Set([value, json, twice, encodeURIComponent(value.toWellFormed())])];
}

interface Index {
  /** By a hash of four characters: 0 is certain, 1 is not. */
  readonly maybe: Uint8Array;
  readonly byGram: ReadonlyMap<string, readonly { readonly writing: string; readonly value: string }[]>;
}

function buildIndex(known: ReadonlyMap<string, readonly string[]>): Index {
  const maybe = new Uint8Array(65_536);
  // Longest first: a value that begins like another must not be cut short.
  const all = [...known]
    .flatMap(([value, writings]) => writings.map((writing) => ({ writing, value })))
    .sort((a, b) => b.writing.length - a.writing.length);
  for (const { writing } of all) maybe[slot(writing, 0)] = 1;
  return { maybe, byGram: Map.groupBy(all, ({ writing }) => writing.slice(0, GRAM)) };
}

function slot(text: string, at: number): number {
  const mixed =
    Math.imul(text.charCodeAt(at), 0x9e3779b1) ^
    Math.imul(text.charCodeAt(at + 1), 0x85ebca77) ^
    Math.imul(text.charCodeAt(at + 2), 0xc2b2ae3d) ^
    Math.imul(text.charCodeAt(at + 3), 0x27d4eb2f);
  return mixed >>> 16;
}
