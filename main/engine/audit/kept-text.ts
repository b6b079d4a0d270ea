/** Message content as it is read back. */

import { zstdDecompressSync } from 'node:zlib';
import { sha256 } from './chain.ts';
import type { Db } from './schema.ts';

const MAX_BYTES = 256 * 1024 * 1024;

/** Gives the text of a hash (hex); null where the log has not kept it, retention has purged it, or somebody has put another in its place. */
export function keptTexts(db: Db): (hash: string) => string | null {
  const find = db.prepare<[Buffer], Buffer>(`SELECT zstd FROM content WHERE hash = ?`).pluck();
  return (hash) => {
    try {
      const packed = find.get(Buffer.from(hash, 'hex'));
      const text = packed && zstdDecompressSync(packed, { maxOutputLength: MAX_BYTES }).toString('utf8');
      return text !== undefined && sha256(text) === hash ? text : null;
    } catch {
      return null;
    }
  };
}
