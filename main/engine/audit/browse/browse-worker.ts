/** The thread that reads the log for whoever shows it. SQLite answers while nothing else can run: so it is not the engine's own. */

import { parentPort, workerData } from 'node:worker_threads';
import { HoldpointError, messageOf } from '../../../contract/errors.ts';
import { type Db, openForReading } from '../schema.ts';
import { answer } from './answers.ts';
import type { BrowseAnswer, BrowseQuestion, BrowseSetup } from './messages.ts';

const port = parentPort!;
const { file } = workerData as BrowseSetup;
/** KiB of pages that are kept at hand: a list's next page is near the one before. */
const CACHE = 64 * 1024;

let db: Db | undefined;

port.on('message', (question: BrowseQuestion) => port.postMessage(answerTo(question)));

function answerTo(question: BrowseQuestion): BrowseAnswer {
  try {
    db ??= opened();
    return { kind: 'answer', result: answer(db, question) };
  } catch (error) {
    if (error instanceof HoldpointError) return { kind: 'failed', code: error.code, message: error.message };
    const message = `The audit log ${file} could not be read: ${messageOf(error)}. "holdpoint audit verify" tells whether it is whole.`;
    return { kind: 'failed', code: 'internal', message };
  }
}

function opened(): Db {
  const log = openForReading(file);
  log.pragma(`cache_size = -${CACHE}`);
  return log;
}
