/** `holdpoint demo`: the main job in under a minute, with a pretended model, a small agent, one question and your answer. */

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { agentEnvironment } from '../../native-config/agents/environment.ts';
import { visibleLine } from '../engine/approvals/visible.ts';
import { openCertificateAuthority } from '../engine/certificates/authority.ts';
import { openKeystore } from '../engine/certificates/keystore.ts';
import { type ControlClient, connectControl } from '../engine/control/client.ts';
import { attendApprovals } from './attend.ts';
import type { ProviderReply, ProviderRequest } from './demo/provider.ts';
import { startScriptedProvider } from './demo/provider.ts';
import { anthropicTurn } from './demo/turns.ts';
import { startEngineProcess } from './engine-process.ts';
import { type Command, DONE, type Io, NO, print } from './io.ts';

/** Shows the questions of this data folder's engine in windows until `over`; resolves when it has ended. */
export type Windows = (dataDir: string, over: AbortSignal) => Promise<void>;

const HOST = 'api.anthropic.com';
const WINDOWS_MS = 20_000;

export const runDemo: Command = (args, io) => {
  parseArgs({ args: [...args], options: {} });
  return demonstrate(io);
};

/** The demonstration in this terminal, and in `windows` as well where there are any. Leaves nothing behind, also after Ctrl+C. */
export async function demonstrate(io: Io, windows?: Windows): Promise<number> {
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  await using undo = new AsyncDisposableStack();
  undo.defer(() => void process.off('SIGINT', interrupt).off('SIGTERM', interrupt));
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-demo-'));
  undo.defer(() => rm(folder, { recursive: true, force: true }));

  const thesis = join(folder, 'thesis');
  const chapter = join(thesis, 'chapter-1.md');
  await mkdir(thesis);
  await writeFile(join(thesis, 'package.json'), '{"name":"thesis"}\n'); // makes it a project
  await writeFile(chapter, '# Three years of work\n');

  const providerDir = join(folder, 'provider');
  await mkdir(providerDir);
  const authority = await openCertificateAuthority({
    dir: providerDir,
    keystore: openKeystore({ dir: providerDir, system: undefined }),
    crlUrl: () => 'http://127.0.0.1:9/none.crl', // nobody asks: clients of the demonstration do not check revocation
  });
  const provider = await startScriptedProvider({ contextFor: authority.contextFor, reply: script });
  undo.defer(() => provider.close());

  const configFile = join(folder, 'config.json');
  await writeFile(
    configFile,
    JSON.stringify({
      dataDir: 'data',
      upstream: { resolve: { [HOST]: `127.0.0.1:${provider.port}` }, extraCaFile: authority.caFile },
      approvals: { unattended: 'wait' },
    }),
  );
  const engine = await startEngineProcess({ configFile });
  undo.defer(async () => void (await engine.stop()));
  const { dataDir } = engine.ready;

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
  const agent = agentEnds(thesis, agentEnvironment(io.env, engine.ready), io, interrupted.signal).finally(() => answered.abort());
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
    existsSync(chapter)
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

/** First a harmless call, which passes without a question; then one that deletes everything; then goodbye. */
function script({ path, body }: ProviderRequest): ProviderReply {
  if (!path.startsWith('/v1/messages')) return { status: 404, chunks: ['{}'] };
  const { messages, stream = false } = JSON.parse(Buffer.from(body).toString()) as { messages: unknown[]; stream?: boolean };
  const call = (text: string, command: string) =>
    anthropicTurn({ text, calls: [{ id: `toolu_${messages.length}`, tool: 'Bash', input: { command } }] }, { stream });
  if (messages.length === 1) return call('First I look at what is here.', 'ls');
  if (messages.length === 3) return call('Those old drafts are in the way.', 'rm -rf *');
  return anthropicTurn({ text: 'That is all.' }, { stream });
}

function asked(client: ControlClient): Promise<true> {
  return new Promise((resolve) => {
    client.on('questions', (questions) => {
      if (questions.length > 0) resolve(true);
    });
  });
}

function attended(client: ControlClient): Promise<void> {
  return new Promise((resolve) => {
    client.on('status', ({ approvals }) => {
      if (approvals.attended) resolve();
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

function agentEnds(cwd: string, env: NodeJS.ProcessEnv, io: Io, signal: AbortSignal): Promise<number> {
  const agent = spawn(process.execPath, [fileURLToPath(new URL('./demo/agent.ts', import.meta.url))], {
    cwd,
    env,
    signal,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  createInterface({ input: agent.stdout }).on('line', (line) => print(io, line));
  return new Promise((resolve) => {
    agent.once('error', () => resolve(NO));
    agent.once('close', (code) => resolve(code ?? NO));
  });
}
