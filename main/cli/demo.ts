/** `holdpoint demo`: the main job in under a minute, with a pretended model, a small agent, one question and your answer. */

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openCertificateAuthority } from '../engine/certificates/authority.ts';
import { openKeystore } from '../engine/certificates/keystore.ts';
import { connectControl } from '../engine/control/client.ts';
import { attendApprovals } from './attend.ts';
import type { ProviderReply, ProviderRequest } from './demo/provider.ts';
import { startScriptedProvider } from './demo/provider.ts';
import { anthropicTurn } from './demo/turns.ts';
import { startEngineProcess } from './engine-process.ts';
import { type Command, DONE, type Io, NO, print } from './io.ts';
import { agentEnvironment } from './run.ts';

const HOST = 'api.anthropic.com';

export const runDemo: Command = async (args, io) => {
  parseArgs({ args: [...args], options: {} });
  // Not in the temporary folder: there everything may be deleted without a question.
  const folder = await mkdtemp(join(homedir(), '.holdpoint-demo-'));
  await using undo = new AsyncDisposableStack();
  undo.defer(() => rm(folder, { recursive: true, force: true }));

  const project = join(folder, 'website');
  const thesis = join(folder, 'thesis');
  await mkdir(project);
  await mkdir(thesis);
  await writeFile(join(project, 'package.json'), '{"name":"website"}\n');
  await writeFile(join(thesis, 'chapter-1.md'), '# Three years of work\n');

  const providerFolder = join(folder, 'provider');
  await mkdir(providerFolder);
  const authority = await openCertificateAuthority({
    dir: providerFolder,
    keystore: openKeystore({ dir: providerFolder, system: undefined }),
    crlUrl: () => 'http://127.0.0.1:9/none.crl', // nobody asks: clients of the demonstration do not check revocation
  });
  const provider = await startScriptedProvider({ contextFor: authority.contextFor, reply: script(thesis) });
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
  undo.defer(() => engine.stop());

  print(
    io,
    'A pretended model tells a small agent to tidy up. Nothing leaves this machine.',
    `The agent works in ${project}. Beside it lies ${thesis}.`,
    '',
  );
  const client = await connectControl(engine.ready.dataDir, { client: 'terminal', attends: true });
  undo.defer(() => client.close());
  const over = new AbortController();
  const asking = attendApprovals({ client, io, signal: over.signal });
  const code = await agentEnds(project, agentEnvironment(io.env, engine.ready), io);
  over.abort();
  await asking;

  const { counts } = await client.call('status', {});
  print(
    io,
    '',
    existsSync(thesis)
      ? `The thesis is still there: ${counts.refused} call refused, and the agent never saw it.`
      : 'The thesis is gone, as you allowed.',
    `Every step is in the log (${(await client.call('records', { limit: 500 })).length} records). To guard a real agent: npm start`,
  );
  return code === 0 ? DONE : NO;
};

/** First a harmless call, which passes without a question; then one that deletes outside the project; then goodbye. */
function script(thesis: string): (request: ProviderRequest) => ProviderReply {
  return ({ path, body }) => {
    if (!path.startsWith('/v1/messages')) return { status: 404, chunks: ['{}'] };
    const { messages, stream = false } = JSON.parse(Buffer.from(body).toString()) as { messages: unknown[]; stream?: boolean };
    const call = (text: string, command: string) =>
      anthropicTurn({ text, calls: [{ id: `toolu_${messages.length}`, tool: 'Bash', input: { command } }] }, { stream });
    if (messages.length === 1) return call('First I look at what is here.', 'ls');
    if (messages.length === 3) return call('Those old drafts are in the way.', `rm -rf ${thesis}`);
    return anthropicTurn({ text: 'All tidy now.' }, { stream });
  };
}

function agentEnds(cwd: string, env: NodeJS.ProcessEnv, io: Io): Promise<number> {
  const agent = spawn(process.execPath, [fileURLToPath(new URL('./demo/agent.ts', import.meta.url))], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  createInterface({ input: agent.stdout }).on('line', (line) => print(io, line));
  return new Promise((resolve) => {
    agent.once('error', () => resolve(NO));
    agent.once('exit', (code) => resolve(code ?? NO));
  });
}
