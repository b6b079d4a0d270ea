/** Reads files that somebody else may have made: regular ones only, and no more of them at once than is right. */

import { closeSync, constants, createReadStream, fstatSync, openSync, readFileSync } from 'node:fs';

/** A body has at most 16 million characters, each up to six in JSON. */
const MAX_LINE = 128 * 1024 * 1024;
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Undefined where it is missing, no regular file, or longer than `max` bytes. */
export function whole(path: string, max: number): Buffer | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, FLAGS);
    const stats = fstatSync(descriptor);
    return stats.isFile() && stats.size <= max ? readFileSync(descriptor) : undefined;
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Lines of UTF-8 without their line feeds. Throws for what is no such file. */
export async function* linesIn(path: string): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const descriptor = openSync(path, FLAGS);
  if (!fstatSync(descriptor).isFile()) {
    closeSync(descriptor);
    throw new Error('it is no file');
  }
  let begun: Buffer[] = [];
  let size = 0;
  for await (const chunk of createReadStream(path, { fd: descriptor }) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      yield decoder.decode(Buffer.concat([...begun, chunk.subarray(from, end)]));
      begun = [];
      size = 0;
      from = end + 1;
    }
    const rest = chunk.subarray(from);
    if (rest.length > 0) begun.push(rest);
    size += rest.length;
    if (size > MAX_LINE) throw new Error(`a line has more than ${MAX_LINE} bytes`);
  }
  if (size > 0) yield decoder.decode(Buffer.concat(begun));
}
