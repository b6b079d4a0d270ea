/**
 * What search finds a record by: the texts that it is the first of its owner's to say. Were it the first of anybody's, somebody could learn
 * what others have said from what is not found, and would not find their own words where another said the same before.
 */

import { zstdDecompressSync } from 'node:zlib';
import type { Db } from './schema.ts';

export interface FirstSaid {
  /** The text of a content that the log has just got. */
  now(id: number, owner: number, text: string): string;
  /** Of one that it had: its text where the owner says it for the first time, else nothing. */
  again(id: number, owner: number): string;
  /** Those of which the last record is not after `through`. Before they go. */
  forget(through: number): void;
}

const MAX_BYTES = 256 * 1024 * 1024;

export function createFirstSaid(db: Db): FirstSaid {
  const add = db.prepare<[number, number]>(`INSERT OR IGNORE INTO said VALUES (?, ?)`);
  const isKnown = db.prepare<[number], number>(`SELECT 1 FROM said WHERE id = ? LIMIT 1`).pluck();
  const packed = db.prepare<[number], Buffer>(`SELECT zstd FROM content WHERE id = ?`).pluck();

  return {
    now(id, owner, text) {
      add.run(id, owner);
      return text;
    },
    again(id, owner) {
      // Of what an earlier version has kept it is not known who said it: it is found as it was.
      const wasKnown = isKnown.get(id) !== undefined;
      return add.run(id, owner).changes === 1 && wasKnown ? textOf(id) : '';
    },
    forget(through) {
      db.prepare(`DELETE FROM said WHERE id IN (SELECT id FROM content_use WHERE seq <= ?)`).run(through);
    },
  };

  /** Empty where somebody has put something else in its place: the record is kept all the same. */
  function textOf(id: number): string {
    try {
      return zstdDecompressSync(packed.get(id) ?? Buffer.alloc(0), { maxOutputLength: MAX_BYTES }).toString('utf8');
    } catch {
      return '';
    }
  }
}
