/** The upload's thread: reads the log, writes requests, waits for the collector. The engine does none of it. */

import { parentPort, workerData } from 'node:worker_threads';
import { createJudge } from './answers.ts';
import { createEncode } from './encode.ts';
import type { FromUpload, ToUpload, UploadSetup } from './messages.ts';
import { createPost } from './post.ts';
import { cursorName, cursorOf, type Progress, progressOf } from './progress.ts';
import { openSource } from './source.ts';
import { createUploader } from './uploader.ts';

const port = parentPort!;
const { file, settings, userAgent, resource, roots, proxy } = workerData as UploadSetup;
const { url, headers, encoding, content, maxBacklogRecords } = settings;

const name = cursorName(url);
const source = openSource(file, content);
const keeping = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
let lastTicket = 0;

const progress = progressOf(source.cursor(name));
const uploader = createUploader({
  source,
  progress,
  keep(next) {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const ticket = ++lastTicket;
    keeping.set(ticket, { resolve, reject });
    say({ kind: 'keep', ticket, cursor: cursorOf(name, next) });
    return promise;
  },
  encode: createEncode(encoding, resource),
  post: createPost({ url, headers, userAgent, roots, proxy }),
  judge: createJudge({ url, secrets: secretsOf(headers) }),
  maxBacklog: maxBacklogRecords,
  clock: {
    now: Date.now,
    after(ms, then) {
      const timer = setTimeout(then, ms);
      return () => clearTimeout(timer);
    },
  },
  random: Math.random,
  tell,
});

port.on('message', (message: ToUpload) => {
  switch (message.kind) {
    case 'wake':
      return uploader.wake();
    case 'flush':
      return void uploader.flush().then(() => say({ kind: 'flushed' }));
    case 'kept': {
      const kept = keeping.get(message.ticket);
      keeping.delete(message.ticket);
      if (message.failed === undefined) kept?.resolve();
      else kept?.reject(new Error(message.failed));
    }
  }
});
tell(progress, null);
uploader.wake();

function tell({ seq, uploaded, confirmedAt }: Progress, problem: string | null): void {
  say({ kind: 'state', state: { seq, uploaded, confirmedAt, problem } });
}

function say(message: FromUpload): void {
  port.postMessage(message);
}

/** Whole, and without the scheme before a key: `Bearer …`. Short words are no secrets, and would be found everywhere. */
function secretsOf(sent: Readonly<Record<string, string>>): string[] {
  return Object.values(sent)
    .flatMap((value) => [value, ...value.split(/\s+/)])
    .filter((value) => value.length >= 6);
}
