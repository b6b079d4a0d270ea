/** What the demonstration needs: a pretended model, a real engine in front of it, a project to lose, and an agent. Gone without trace. */

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { agentEnvironment } from '../../../native-config/agents/environment.ts';
import { openCertificateAuthority } from '../../engine/certificates/authority.ts';
import { openKeystore } from '../../engine/certificates/keystore.ts';
import { startEngineProcess } from '../engine-process.ts';
import { NO } from '../io.ts';
import type { ProviderReply, ProviderRequest } from './provider.ts';
import { startScriptedProvider } from './provider.ts';
import { anthropicTurn } from './turns.ts';

export interface Stage {
  readonly dataDir: string;
  /** Where the agent works. */
  readonly thesis: string;
  isThesisThere(): boolean;
  /** Runs the agent to its end and gives its exit code. */
  agentEnds(env: NodeJS.ProcessEnv, signal: AbortSignal, onLine: (line: string) => void): Promise<number>;
}

const HOST = 'api.anthropic.com';

/** `undo` takes all of it down again. */
export async function setStage(undo: AsyncDisposableStack): Promise<Stage> {
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
  return {
    dataDir: engine.ready.dataDir,
    thesis,
    isThesisThere: () => existsSync(chapter),
    agentEnds: (env, signal, onLine) => agentEnds(thesis, agentEnvironment(env, engine.ready), signal, onLine),
  };
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

function agentEnds(cwd: string, env: NodeJS.ProcessEnv, signal: AbortSignal, onLine: (line: string) => void): Promise<number> {
  const agent = spawn(process.execPath, [fileURLToPath(new URL('./agent.ts', import.meta.url))], {
    cwd,
    env,
    signal,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  createInterface({ input: agent.stdout }).on('line', onLine);
  return new Promise((resolve) => {
    agent.once('error', () => resolve(NO));
    agent.once('close', (code) => resolve(code ?? NO));
  });
}
