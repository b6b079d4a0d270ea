/** Asks whether to go on. */

import { createInterface } from 'node:readline/promises';
import { type Io, UsageError } from './io.ts';

/** Only a plain yes is one. Throws UsageError where nobody can be asked. */
export async function agreed(io: Io, question = 'Do this?'): Promise<boolean> {
  if (!io.input.isTTY || !io.output.isTTY) throw new UsageError('Nobody can be asked here: add --yes to do it.');
  const asking = createInterface({ input: io.input, output: io.output });
  try {
    return /^y(es)?$/i.test((await asking.question(`${question} [y/N] `)).trim());
  } finally {
    asking.close();
  }
}
