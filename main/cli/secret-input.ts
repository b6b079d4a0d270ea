/** A secret from standard input: typed without being shown, or piped. */

import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { type Io, UsageError } from './io.ts';

const LONGEST = 64 * 1024;

/** The first line typed, or all that is piped. Throws UsageError where it is too long or the person gives up. */
export async function readSecret(io: Io, prompt: string): Promise<string> {
  if (io.input.isTTY) return typed(io, prompt);
  let text = '';
  for await (const chunk of io.input) {
    text += String(chunk);
    if (text.length > LONGEST) throw new UsageError('What came on standard input is too long to be a credential.');
  }
  return text;
}

/** The terminal's own echo is off while a line is read this way; what readline would write in its place goes nowhere. */
function typed(io: Io, prompt: string): Promise<string> {
  io.errors.write(prompt);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reading = createInterface({ input: io.input, output: nowhere, terminal: true });
  return new Promise((resolve, reject) => {
    reading.once('line', (line) => {
      resolve(line);
      reading.close();
    });
    reading.once('close', () => {
      io.errors.write('\n');
      reject(new UsageError('Nothing was typed, so nothing was set.'));
    });
  });
}
