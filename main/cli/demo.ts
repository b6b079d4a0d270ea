/** `holdpoint demo`: the main job in under a minute, with a pretended model, a small agent, one question and your answer. */

import { parseArgs } from 'node:util';
import { visibleLine } from '../engine/approvals/visible.ts';
import { type ControlClient, connectControl } from '../engine/control/client.ts';
import { attendApprovals } from './attend.ts';
import { attended } from './demo/attended.ts';
import { setStage } from './demo/stage.ts';
import { tellDemonstration } from './demo/told.ts';
import { type Command, DONE, type Io, NO, print } from './io.ts';

/** Shows the questions of this data folder's engine in windows until `over`; resolves when it has ended. */
export type Windows = (dataDir: string, over: AbortSignal) => Promise<void>;

const WINDOWS_MS = 20_000;

export const runDemo: Command = (args, io) => {
  const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean' } } });
  return values.json ? tellDemonstration(io) : demonstrate(io);
};

/** The demonstration in this terminal, and in `windows` as well where there are any. Leaves nothing behind, also after Ctrl+C. */
export async function demonstrate(io: Io, windows?: Windows): Promise<number> {
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  await using undo = new AsyncDisposableStack();
  undo.defer(() => void process.off('SIGINT', interrupt).off('SIGTERM', interrupt));
  const stage = await setStage(undo);
  const { dataDir, thesis } = stage;

  print(io, 'A pretended model tells a small agent to tidy up. Nothing leaves this machine.', `The agent works in ${thesis}.`, '');
  const client = await connectControl(dataDir, { client: 'terminal', attends: windows === undefined });
  undo.defer(() => client.close());
  if (windows) {
    const over = new AbortController();
    const ended = windows(dataDir, AbortSignal.any([over.signal, interrupted.signal]));
    undo.defer(async () => {
      over.abort();
      await ended;
    });
    await Promise.race([attended(client), ended, new Promise((resolve) => setTimeout(resolve, WINDOWS_MS).unref())]);
  }

  const answered = new AbortController();
  const question = asked(client);
  const agent = stage.agentEnds(io.env, interrupted.signal, (line) => print(io, line)).finally(() => answered.abort());
  if (await Promise.race([question, agent.then(() => false)])) {
    const how = await attendApprovals({ client, io, signal: answered.signal });
    if (how === 'input-ended' && !windows && !answered.signal.aborted) await refuseOpen(client, io);
  }
  const code = await agent;
  if (interrupted.signal.aborted) return NO;

  const { counts } = await client.call('status', {});
  const records = await client.call('records', { limit: 100 });
  print(
    io,
    '',
    stage.isThesisThere()
      ? `The thesis is still there: ${counts.refused} call refused, and the agent never saw it.`
      : 'The thesis is gone, as you allowed.',
    '',
    'What the log says of the calls:',
    ...records
      .toReversed()
      .filter(({ kind }) => kind === 'verdict' || kind === 'approval' || kind === 'outcome')
      .map(({ kind, summary }) => `  ${kind.padEnd(9)} ${visibleLine(summary, 120)}`),
    '',
    'The demonstration’s folder and log are removed. To guard a real agent: npm start',
  );
  return code === 0 ? DONE : NO;
}

function asked(client: ControlClient): Promise<true> {
  return new Promise((resolve) => {
    client.on('questions', (questions) => {
      if (questions.length > 0) resolve(true);
    });
  });
}

/** The input has ended, and with it whoever could have answered. */
async function refuseOpen(client: ControlClient, io: Io): Promise<void> {
  for (const { id, nonce, shown } of await client.call('questions', {})) {
    print(io, 'Nobody is there to answer: denied.', '');
    await client.call('answer', { id, nonce, shown, answer: { choice: 'deny' } });
  }
}
