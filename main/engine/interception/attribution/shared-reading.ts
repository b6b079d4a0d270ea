/** One read of a kernel's table at a time, shared by all who look for something in it, and ended as soon as all have found theirs. */

import { type FileHandle, open } from 'node:fs/promises';

export interface SharedReading {
  /**
   * Calls `look` with the text so far, and `from`, where the lines begin that it has not seen, until it gives something or the end is
   * reached. Its last text is given to `atEnd`. Never rejects: a file that cannot be read is empty.
   */
  search<T>(look: (text: string, from: number) => T | undefined, atEnd: (text: string) => T | undefined): Promise<T | undefined>;
}

const CHUNK_BYTES = 64 * 1024;
const MAX_TEXT = 32 * 1024 * 1024;

interface Reading {
  text: string;
  ended: boolean;
  users: number;
  more?: Promise<void> | undefined;
  readonly file: Promise<FileHandle | undefined>;
}

/**
 * The kernel walks its hash table of sockets for every piece that is read, and once more only to say that there is no more: a millisecond
 * each time.
 */
export function createSharedReading(path: string): SharedReading {
  let current: Reading | undefined;

  return {
    async search(look, atEnd) {
      const joined = current;
      // One that was under way may have passed the place before what is sought was there: then only a later one counts.
      const found = joined && (await searchIn(joined, look));
      if (found !== undefined) return found;
      const fresh = current !== undefined && current !== joined ? current : begin();
      return (await searchIn(fresh, look)) ?? atEnd(fresh.text);
    },
  };

  function begin(): Reading {
    current = { text: '', ended: false, users: 0, file: open(path).catch(() => undefined) };
    return current;
  }

  async function searchIn<T>(reading: Reading, look: (text: string, from: number) => T | undefined): Promise<T | undefined> {
    reading.users += 1;
    try {
      for (let from = 0; ; ) {
        const { text } = reading;
        const found = look(text, from);
        if (found !== undefined || reading.ended) return found;
        from = text.lastIndexOf('\n') + 1;
        reading.more ??= readMore(reading);
        await reading.more;
      }
    } finally {
      reading.users -= 1;
      if (reading.users === 0) {
        if (current === reading) current = undefined;
        void reading.file.then((file) => file?.close()).catch(() => {});
      }
    }
  }

  async function readMore(reading: Reading): Promise<void> {
    try {
      const { bytesRead, buffer } = (await (await reading.file)?.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, null)) ?? {};
      reading.text += buffer?.toString('latin1', 0, bytesRead) ?? '';
      reading.ended = !bytesRead || reading.text.length > MAX_TEXT;
    } catch {
      reading.ended = true;
    }
    reading.more = undefined;
  }
}
