/** `holdpoint run`: an agent behind the guard. */

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { HoldpointError, messageOf } from '../contract/errors.ts';
import { connectControl } from '../engine/control/client.ts';
import { loadSettings } from '../engine/settings.ts';
import { startEngineProcess } from './engine-process.ts';
import { type Command, type Io, PLACE_OPTIONS, placeOf, UsageError } from './io.ts';

/** As shells have it. */
const NOT_FOUND = 127;
const KILLED_BY = 128;

export const run: Command = async (args, io) => {
  const split = args.indexOf('--');
  const [command, ...commandArgs] = split < 0 ? [] : args.slice(split + 1);
  if (command === undefined) throw new UsageError('The agent’s command is missing: put it behind --, as in: holdpoint run -- claude.');
  const { values } = parseArgs({ args: args.slice(0, split), options: PLACE_OPTIONS });
  const guard = await joinOrStart(placeOf(values));
  try {
    if (io.errors.isTTY) {
      io.errors.write(
        `Holdpoint guards ${command} with ${guard.started ? 'an engine of its own' : 'the running engine'}. Questions: holdpoint approvals --data-dir ${guard.dataDir}\n`,
      );
    }
    return await runAgent(command, commandArgs, agentEnvironment(io.env, guard), io);
  } finally {
    await guard.stop();
  }
};

interface Guarding {
  readonly proxyUrl: string;
  readonly caFile: string;
  readonly dataDir: string;
  readonly started: boolean;
  /** Ends the engine if it was started here. */
  stop(): Promise<void>;
}

/** The engine that serves the data folder, started where none does. */
export async function joinOrStart(place: { configFile?: string; dataDir?: string }): Promise<Guarding> {
  const { dataDir } = loadSettings(place);
  try {
    const client = await connectControl(dataDir, { client: 'terminal', attends: false });
    const { engine } = await client.call('status', {}).finally(() => client.close());
    return { ...engine, started: false, stop: () => Promise.resolve() };
  } catch (thrown) {
    if (!(thrown instanceof HoldpointError && thrown.code === 'control-unreachable')) throw thrown;
  }
  const { ready, stop } = await startEngineProcess(place);
  return { ...ready, started: true, stop };
}

/**
 * What makes agents use the proxy and trust its certificates. Agents differ in which variable they obey, and in whether
 * SSL_CERT_FILE replaces their store: so that one names a bundle that holds the platform's roots too.
 */
export function agentEnvironment(
  env: NodeJS.ProcessEnv,
  { proxyUrl, caFile, dataDir }: { proxyUrl: string; caFile: string; dataDir: string },
): NodeJS.ProcessEnv {
  const local = 'localhost,127.0.0.1,::1';
  const bundle = join(dataDir, 'bundle.pem');
  return {
    ...env,
    HTTPS_PROXY: proxyUrl,
    HTTP_PROXY: proxyUrl,
    https_proxy: proxyUrl,
    http_proxy: proxyUrl,
    // Replaced, not extended: a provider that is excepted there would not be guarded.
    NO_PROXY: local,
    no_proxy: local,
    NODE_EXTRA_CA_CERTS: caFile,
    CODEX_CA_CERTIFICATE: caFile,
    NODE_USE_ENV_PROXY: '1',
    ...(existsSync(bundle) && { SSL_CERT_FILE: bundle, REQUESTS_CA_BUNDLE: bundle, CURL_CA_BUNDLE: bundle }),
  };
}

function runAgent(command: string, args: readonly string[], env: NodeJS.ProcessEnv, io: Io): Promise<number> {
  return new Promise((resolve) => {
    const agent = spawn(command, args, { stdio: 'inherit', env });
    // The terminal sends Ctrl+C to the agent as well, which decides what it means.
    const stay = () => {};
    const pass = (signal: NodeJS.Signals) => agent.kill(signal);
    process.on('SIGINT', stay).on('SIGQUIT', stay).on('SIGTERM', pass).on('SIGHUP', pass);
    const settle = (code: number) => {
      process.off('SIGINT', stay).off('SIGQUIT', stay).off('SIGTERM', pass).off('SIGHUP', pass);
      resolve(code);
    };
    agent.once('error', (error) => {
      io.errors.write(`holdpoint: ${command} cannot be run: ${messageOf(error)}\n`);
      settle(NOT_FOUND);
    });
    agent.once('exit', (code, signal) => settle(code ?? KILLED_BY + (signal ? constants.signals[signal] : 0)));
  });
}
