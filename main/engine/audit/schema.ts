/** The log's database: its tables, how it is told from another, and how it is opened. */

import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { HoldpointError, messageOf } from '../../contract/errors.ts';
import { CURSORS } from './cursors.ts';
import { foundBy, SESSION_KEY, TALLIES, takeOverTallies } from './tally-tables.ts';

export type Db = Database.Database;

/** In the data folder. */
export const LOG_FILE = 'audit.db';
export const PUBLIC_KEY_FILE = 'audit.pub';
export const LOCK_FILE = 'audit.lock';

/** "HPal" and the version of the format, in SQLite's header fields for this. */
export const APPLICATION_ID = 0x4850616c;
export const FORMAT = 1;

const append = (table: string) => `
  CREATE TRIGGER ${table}_unchanged BEFORE UPDATE ON ${table} BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
  CREATE TRIGGER ${table}_kept BEFORE DELETE ON ${table} BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;`;
const unchanged = (table: string) => `
  CREATE TRIGGER ${table}_unchanged BEFORE UPDATE ON ${table} BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;`;

const TABLES = `
  CREATE TABLE records (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    session TEXT,
    exchange TEXT,
    action TEXT,
    agent TEXT,
    host TEXT,
    verdict TEXT,
    body_hash BLOB NOT NULL,
    hash BLOB NOT NULL
  ) STRICT;
  CREATE INDEX records_holds ON records (seq) WHERE kind = 'hold' AND verdict = 'opened';
  CREATE INDEX records_outcomes ON records (action) WHERE kind = 'outcome';
  CREATE INDEX records_engine ON records (verdict, seq) WHERE kind = 'engine';
  CREATE TABLE bodies (seq INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
  CREATE TABLE content (id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, zstd BLOB NOT NULL) STRICT;
  -- Which record used a content last. In a table of its own, so that using it again does not rewrite the content.
  CREATE TABLE content_use (id INTEGER PRIMARY KEY, seq INTEGER NOT NULL) STRICT;
  CREATE TABLE checkpoints (seq INTEGER PRIMARY KEY, note TEXT NOT NULL) STRICT;
  CREATE TABLE keys (id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE) STRICT;
  CREATE VIRTUAL TABLE search USING fts5 (summary, text, content = '', contentless_delete = 1);
  ${append('records')} ${append('checkpoints')} ${append('keys')} ${unchanged('bodies')} ${unchanged('content')}
`;

/**
 * What came after the format: a log of before gets it when it is opened. The exchanges of a day, and whether a bypass was left open, are
 * looked up at each start; sessions, agents, hosts and kinds whenever somebody looks at the log. Within one value an index grows at its end,
 * so that an append touches few pages.
 */
const INDEXES = `
  CREATE INDEX IF NOT EXISTS records_exchanges ON records (at) WHERE kind = 'exchange';
  CREATE INDEX IF NOT EXISTS records_policy ON records (verdict, seq) WHERE kind = 'policy';
  CREATE INDEX IF NOT EXISTS records_sessions ON records (${SESSION_KEY});
  CREATE INDEX IF NOT EXISTS records_agents ON records (${foundBy('agent')});
  CREATE INDEX IF NOT EXISTS records_hosts ON records (${foundBy('host')});
  CREATE INDEX IF NOT EXISTS records_kinds ON records (${foundBy('kind')});
  ${TALLIES}
`;

/** Opens the log for its one writer, making it where there is none. The caller holds the writer's lock. */
export function openForWriting(file: string): Db {
  return opened(file, { timeout: 1000 }, (db) => {
    const fresh = db.pragma('page_count', { simple: true }) === 0;
    if (!fresh) assertOurs(db, file);
    db.pragma('auto_vacuum = INCREMENTAL');
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('journal_size_limit = 67108864');
    if (!fresh) {
      db.exec(CURSORS);
      db.exec(INDEXES);
      takeOverTallies(db);
      return;
    }
    db.transaction(() => {
      db.exec(TABLES);
      db.exec(CURSORS);
      db.exec(INDEXES);
      db.pragma(`application_id = ${APPLICATION_ID}`);
      db.pragma(`user_version = ${FORMAT}`);
    })();
  });
}

/** Opens the log to read, while an engine may be writing. */
export function openForReading(file: string): Db {
  if (!existsSync(file)) throw new HoldpointError('not-found', `There is no audit log at ${file}. Name the data folder with --data-dir.`);
  return opened(file, { readonly: true, timeout: 5000 }, (db) => assertOurs(db, file));
}

/** What to say of a log that cannot be used. */
export function broken(file: string, what: string, cause?: unknown): HoldpointError {
  return new HoldpointError(
    'audit-unwritable',
    `The audit log ${file} cannot be used: ${what}. Look at it with "holdpoint audit verify"; to start a new log, move the file aside (it is evidence: keep it).`,
    cause,
  );
}

function assertOurs(db: Db, file: string): void {
  if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID) throw broken(file, 'it is not a Holdpoint audit log');
  const format = db.pragma('user_version', { simple: true });
  if (format !== FORMAT) throw broken(file, `its format is ${String(format)} and this version of Holdpoint knows ${FORMAT}`);
}

function opened(file: string, options: Database.Options, prepare: (db: Db) => void): Db {
  let db: Db | undefined;
  try {
    db = new Database(file, options);
    db.pragma('trusted_schema = OFF');
    prepare(db);
    return db;
  } catch (error) {
    db?.close();
    throw error instanceof HoldpointError ? error : broken(file, messageOf(error), error);
  }
}
