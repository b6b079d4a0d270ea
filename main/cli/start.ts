/** `holdpoint start`: the guard with no desktop: the engine, and its questions in this terminal. */

import { parseArgs } from 'node:util';
import { connectControl } from '../engine/control/client.ts';
import { attendApprovals } from './attend.ts';
import { hintLines } from './hint.ts';
import { type Command, DONE, NO, PLACE_OPTIONS, placeOf, print } from './io.ts';
import { joinOrStart } from './join.ts';

export const start: Command = async (args, io) => {
  const { values } = parseArgs({ args: [...args], options: PLACE_OPTIONS });
  const guard = await joinOrStart(placeOf(values));
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    // With no terminal nobody reads what is asked here: policy's `unattended` rules, and other clients may answer.
    const attends = Boolean(io.input.isTTY && io.output.isTTY);
    const client = await connectControl(guard.dataDir, { client: 'terminal', attends });
    print(
      io,
      guard.started ? `Holdpoint is protecting at ${guard.proxyUrl}.` : `Holdpoint was already protecting at ${guard.proxyUrl}.`,
      '',
      ...hintLines(guard),
      '',
    );
    try {
      if (attends) await attendApprovals({ client, io, signal: interrupted.signal });
      else
        await Promise.race([
          client.closed,
          new Promise((resolve) => interrupted.signal.addEventListener('abort', resolve, { once: true })),
        ]);
    } finally {
      client.close();
    }
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    const others = await guard.leave();
    if (others > 0) print(io, 'The engine goes on: agents run behind it. It ends after the last of them.');
  }
  if (interrupted.signal.aborted) return DONE;
  io.errors.write('holdpoint: The engine has ended; agents behind it cannot reach their models.\n');
  return NO;
};
