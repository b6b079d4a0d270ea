/** A real engine in a process of its own, on a data folder of its own, with a scripted provider as its upstream. */

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import {
  type ProviderReply,
  type ProviderRequest,
  type ScriptedProvider,
  type ScriptedProviderOptions,
  startScriptedProvider,
} from '../../main/cli/demo/provider.ts';
import { type CertificateAuthority, openCertificateAuthority } from '../../main/engine/certificates/authority.ts';
import { openKeystore } from '../../main/engine/certificates/keystore.ts';
import { type ControlClient, connectControl } from '../../main/engine/control/client.ts';

export const ROOT = resolve(import.meta.dirname, '../..');
export const CLI = join(ROOT, 'main/cli/holdpoint.ts');

/** Everything of a call asks; nothing else is said. */
export const ASK_ALL = `
@id("test.requests") @effect("allow")
permit (principal, action == Action::"send_prompt", resource);
@id("test.calls") @effect("allow")
permit (principal, action == Action::"call_tool", resource);
@id("test.ask") @effect("ask") @reason("The test asks about every call.") @remember("workspace")
forbid (principal, action == Action::"call_tool", resource);
`;

export interface Ready {
  readonly event: 'ready';
  readonly proxyUrl: string;
  readonly caFile: string;
  readonly dataDir: string;
  readonly pid: number;
}

export interface GuardProcess {
  readonly ready: Ready;
  readonly provider: ScriptedProvider;
  /** A folder for the agent's project, and one for its HOME. */
  readonly project: string;
  readonly home: string;
  /** What an agent needs to go through the guard, and nothing else of this machine. */
  readonly agentEnv: Readonly<Record<string, string>>;
  /** Everything that the engine wrote to stderr so far. */
  stderr(): string;
  /** The `holdpoint` command on this engine's data folder. */
  cli(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }>;
  control(attends?: boolean): Promise<ControlClient>;
  /** Starts an engine again on the same data folder. */
  restart(): Promise<void>;
  kill(): Promise<void>;
  /** Tells the engine to stop; what it left stays. */
  end(): Promise<void>;
  stop(): Promise<void>;
}

export interface GuardProcessOptions {
  readonly reply: (request: ProviderRequest) => ProviderReply | Promise<ProviderReply>;
  /** Has the requests for a WebSocket. */
  readonly upgrade?: ScriptedProviderOptions['upgrade'];
  /** Cedar text; the starter policy where absent. */
  readonly policy?: string;
  readonly config?: { readonly [key: string]: unknown };
  readonly hosts?: readonly string[];
}

const HOSTS = ['api.anthropic.com', 'api.openai.com'];

export async function startGuardProcess(options: GuardProcessOptions): Promise<GuardProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-test-'));
  const [dataDir, project, home, policyDir] = ['data', 'home/project', 'home', 'policy'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
    string,
  ];
  await mkdir(project, { recursive: true });
  await mkdir(policyDir);
  await writeFile(join(project, 'package.json'), '{}');
  const authority = await providerAuthority(join(folder, 'provider'));
  const { reply, upgrade } = options;
  const provider = await startScriptedProvider({ contextFor: authority.contextFor, reply, ...(upgrade && { upgrade }) });
  if (options.policy !== undefined) await writeFile(join(policyDir, 'test.cedar'), options.policy);
  const configFile = join(folder, 'config.json');
  await writeFile(
    configFile,
    JSON.stringify({
      dataDir,
      upstream: {
        resolve: Object.fromEntries((options.hosts ?? HOSTS).map((host) => [host, `127.0.0.1:${provider.port}`])),
        extraCaFile: authority.caFile,
      },
      ...(options.policy !== undefined && { policy: { dir: policyDir } }),
      ...options.config,
    }),
  );

  let engine = await startEngine(configFile);
  // Besides the guard's authority an agent trusts those that everybody does: here the provider's, for what is only tunnelled.
  const trusted = join(folder, 'trusted.pem');
  const trust = async () =>
    writeFile(trusted, `${await readFile(engine.ready.caFile, 'utf8')}\n${await readFile(authority.caFile, 'utf8')}`);
  await trust();
  const clients: ControlClient[] = [];

  return {
    get ready() {
      return engine.ready;
    },
    provider,
    project,
    home,
    get agentEnv() {
      const { proxyUrl } = engine.ready;
      return {
        PATH: process.env.PATH ?? '',
        HOME: home,
        LANG: 'C.UTF-8',
        TERM: 'dumb',
        NO_COLOR: '1',
        CI: '1',
        HTTPS_PROXY: proxyUrl,
        HTTP_PROXY: proxyUrl,
        NO_PROXY: 'localhost,127.0.0.1,::1',
        NODE_EXTRA_CA_CERTS: trusted,
        CODEX_CA_CERTIFICATE: trusted,
        NODE_USE_ENV_PROXY: '1',
      };
    },
    stderr: () => engine.stderr(),
    cli: (...args) => run(process.execPath, [CLI, ...args, '--data-dir', dataDir]),
    async control(attends = false) {
      const client = await connectControl(dataDir, { client: 'test', attends });
      clients.push(client);
      return client;
    },
    async restart() {
      engine = await startEngine(configFile);
    },
    async kill() {
      await engine.end('SIGKILL');
    },
    async end() {
      await engine.end('SIGTERM');
    },
    async stop() {
      for (const client of clients) client.close();
      await engine.end('SIGTERM');
      await provider.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Runs a command to its end; never rejects for its exit code. */
export async function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: Readonly<Record<string, string>>; timeout?: number } = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    const pending = promisify(execFile)(command, [...args], { ...options, killSignal: 'SIGKILL', maxBuffer: 64 * 1024 * 1024 });
    pending.child.stdin?.end();
    return { code: 0, ...(await pending) };
  } catch (thrown) {
    const { code, stdout = '', stderr = '' } = thrown as { code?: number; stdout?: string; stderr?: string };
    return { code: typeof code === 'number' ? code : -1, stdout, stderr: stderr || String(thrown) };
  }
}

async function startEngine(configFile: string) {
  const child: ChildProcess = spawn(process.execPath, [CLI, 'engine', '--config', configFile], { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const exited = once(child, 'exit');
  const line = await Promise.race([
    once(createInterface({ input: child.stdout! }), 'line').then(([text]) => text as string),
    exited.then(([code]) => Promise.reject(new Error(`The engine ended with ${code} before it was ready:\n${errors}`))),
  ]);
  return {
    ready: JSON.parse(line) as Ready,
    stderr: () => errors,
    async end(signal: NodeJS.Signals) {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await exited;
    },
  };
}

/** The provider's own certificate authority, which the engine is told to trust. */
export async function providerAuthority(dir: string): Promise<CertificateAuthority> {
  await mkdir(dir);
  return openCertificateAuthority({ dir, keystore: openKeystore({ dir, system: undefined }), crlUrl: () => 'http://127.0.0.1:9/none.crl' });
}
