/** The passphrase that opens a publisher's keys: from HOLDPOINT_PASSPHRASE, or asked for unseen. */

import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { type Io, UsageError } from './io.ts';

const LEAST = 8;

/** Throws UsageError where there is none and nobody can be asked. */
export async function passphrase(io: Io): Promise<string> {
  return io.env.HOLDPOINT_PASSPHRASE ?? (await asked(io, 'Passphrase of the keys: '));
}

/** One that is new: long enough, and typed twice where it is typed. */
export async function newPassphrase(io: Io): Promise<string> {
  const given = io.env.HOLDPOINT_PASSPHRASE;
  const first = given ?? (await asked(io, `A passphrase for the keys, ${LEAST} characters or more: `));
  if (first.length < LEAST) throw new UsageError(`The passphrase is too short: ${LEAST} characters or more, better several words.`);
  if (given === undefined && (await asked(io, 'Once more: ')) !== first) throw new UsageError('The two are not the same.');
  return first;
}

async function asked(io: Io, question: string): Promise<string> {
  if (!io.input.isTTY || !io.output.isTTY) throw new UsageError('Nobody can be asked for the passphrase here: set HOLDPOINT_PASSPHRASE.');
  io.output.write(question);
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const asking = createInterface({ input: io.input, output: unseen, terminal: true });
  try {
    return await asking.question('');
  } finally {
    asking.close();
    io.output.write('\n');
  }
}
