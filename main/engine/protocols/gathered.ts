/** Bytes that come in parts, put together in time that is linear for any cutting. */

export interface Gathered {
  readonly length: number;
  /** Copies them: the caller may use its buffer again. */
  add(bytes: Uint8Array): void;
  /** All of them; then there are none. */
  take(): Uint8Array;
}

export function createGathered(): Gathered {
  let held = new Uint8Array(0);
  let length = 0;

  return {
    get length() {
      return length;
    },
    add(bytes) {
      if (length + bytes.length > held.length) {
        const grown = new Uint8Array(Math.max(512, 2 * held.length, length + bytes.length));
        grown.set(held.subarray(0, length));
        held = grown;
      }
      held.set(bytes, length);
      length += bytes.length;
    },
    take() {
      const all = held.subarray(0, length);
      held = new Uint8Array(0);
      length = 0;
      return all;
    },
  };
}
