/** `holdpoint demo --json`: the demonstration for a program that shows the question itself, told line by line. */

import { connectControl } from '../../engine/control/client.ts';
import { DONE, type Io, NO, printJson } from '../io.ts';
import { attended } from './attended.ts';
import { setStage } from './stage.ts';

/**
 * Lines of JSON: `ready` with the engine's data folder, for whoever will show the question; `said` for each line of the agent's, which
 * begins when somebody shows questions; `ended` with what came of it. Ends early when the input ends: whoever started it has gone.
 */
export async function tellDemonstration(io: Io): Promise<number> {
  const over = new AbortController();
  const end = () => over.abort();
  process.once('SIGINT', end).once('SIGTERM', end);
  io.input.once('end', end).once('close', end).resume();
  await using undo = new AsyncDisposableStack();
  undo.defer(() => void process.off('SIGINT', end).off('SIGTERM', end));
  const isOver = new Promise<'over'>((resolve) => over.signal.addEventListener('abort', () => resolve('over'), { once: true }));

  const stage = await setStage(undo);
  if (over.signal.aborted) return NO;
  const client = await connectControl(stage.dataDir, { client: 'terminal', attends: false });
  undo.defer(() => client.close());
  printJson(io, { event: 'ready', dataDir: stage.dataDir, folder: stage.thesis });
  if ((await Promise.race([attended(client), isOver])) === 'over') return NO;

  const code = await stage.agentEnds(io.env, over.signal, (line) => {
    printJson(io, { event: 'said', text: line.replace(/^ *agent │ /, '') });
  });
  if (over.signal.aborted) return NO;
  const { counts } = await client.call('status', {});
  printJson(io, { event: 'ended', refused: counts.refused, isThesisThere: stage.isThesisThere() });
  return code === 0 ? DONE : NO;
}
