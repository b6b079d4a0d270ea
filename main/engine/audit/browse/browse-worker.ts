/** The thread that reads the log for whoever shows it. SQLite answers while nothing else can run: so it is not the engine's own. */

import { parentPort, workerData } from 'node:worker_threads';
import { HoldpointError, messageOf } from '../../../contract/errors.ts';
import { answer } from './answers.ts';
import type { BrowseAnswer, BrowseQuestion, BrowseSetup } from './messages.ts';
import { createLogReader } from './own-part.ts';

const port = parentPort!;
const { file } = workerData as BrowseSetup;
const reader = createLogReader(file);

port.on('message', (question: BrowseQuestion) => port.postMessage(answerTo(question)));

function answerTo(question: BrowseQuestion): BrowseAnswer {
  try {
    return { kind: 'answer', result: answer(reader.of(question.user), question) };
  } catch (error) {
    if (error instanceof HoldpointError) return { kind: 'failed', code: error.code, message: error.message };
    const message = `The audit log ${file} could not be read: ${messageOf(error)}. "holdpoint audit verify" tells whether it is whole.`;
    return { kind: 'failed', code: 'internal', message };
  }
}
