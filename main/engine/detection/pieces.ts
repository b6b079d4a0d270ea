/** A text put together from pieces of another one, which knows where each of its characters came from. */

export interface Pieces {
  /** Copies `from.slice(start, end)`. */
  copy(start: number, end: number): void;
  /** Puts `text` in the place of what stood from `start` to `end`. */
  put(text: string, start: number, end: number): void;
  /** As many characters as have been put together. */
  readonly length: number;
  done(): Origins;
}

export interface Origins {
  readonly text: string;
  /** Where the character at `offset` came from; of a replacement, where what it replaced starts. */
  originOf(offset: number): number;
  /** The same for an end, which is behind its last character. */
  originOfEnd(end: number): number;
  /** Where what stood at `origin` stands now, or what came next. */
  placeOf(origin: number): number;
}

/** `from` is a text, or one that is itself put together: origins then go all the way back. */
export function createPieces(from: string): Pieces {
  const parts: string[] = [];
  const outs: number[] = [];
  const starts: number[] = [];
  /** The source's end of a replacement; -1 of a copy. */
  const ends: number[] = [];
  let length = 0;

  const add = (part: string, start: number, end: number) => {
    if (part === '') return;
    parts.push(part);
    outs.push(length);
    starts.push(start);
    ends.push(end);
    length += part.length;
  };
  return {
    copy: (start, end) => add(from.slice(start, end), start, -1),
    put: (text, start, end) => add(text, start, end),
    get length() {
      return length;
    },
    done() {
      const text = parts.join('');
      return {
        text,
        originOf(offset) {
          if (offset >= text.length) return from.length;
          const at = pieceAt(outs, offset);
          return ends[at] === -1 ? starts[at]! + offset - outs[at]! : starts[at]!;
        },
        originOfEnd(end) {
          if (end <= 0 || outs.length === 0) return 0;
          const at = pieceAt(outs, Math.min(end, text.length) - 1);
          return ends[at] === -1 ? starts[at]! + Math.min(end, text.length) - outs[at]! : ends[at]!;
        },
        placeOf(origin) {
          if (outs.length === 0 || origin <= 0) return 0;
          const at = pieceAt(starts, origin);
          const size = parts[at]!.length;
          if (ends[at] !== -1) return outs[at]! + (origin < ends[at]! ? 0 : size);
          return outs[at]! + Math.min(size, Math.max(0, origin - starts[at]!));
        },
      };
    },
  };
}

function pieceAt(outs: readonly number[], offset: number): number {
  let [low, high] = [0, outs.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (outs[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
