/** `holdpoint run`: an agent behind the guard. */

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { HoldpointError, messageOf } from '../contract/errors.ts';
import { certificatesIn, sameCertificate } from '../engine/certificates/bundle.ts';
import { connectControl } from '../engine/control/client.ts';
import { writeFileAtomically } from '../engine/data-dir.ts';
import { loadSettings } from '../engine/settings.ts';
import { startEngineProcess } from './engine-process.ts';
import { commandFor } from './hint.ts';
import { type Command, type Io, PLACE_OPTIONS, placeOf, UsageError } from './io.ts';

/** How long another engine may take to serve or to end, and how often that is looked at. */
const JOIN_MS = 30_000;
const JOIN_PAUSE_MS = 200;
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
        `Holdpoint guards ${command} with ${guard.started ? 'an engine of its own' : 'the running engine'}. Questions: ${commandFor('approvals', guard.dataDir)}\n`,
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

/** The engine that serves the data folder, started where none does: by one of those who want it at the same time. */
export async function joinOrStart(place: { configFile?: string; dataDir?: string }): Promise<Guarding> {
  const { dataDir } = loadSettings(place);
  const patience = AbortSignal.timeout(JOIN_MS);
  for (;;) {
    const running = await joined(dataDir);
    if (running) return running;
    try {
      const { ready, stop } = await startEngineProcess(place);
      return { ...ready, started: true, stop };
    } catch (thrown) {
      const othersWas = thrown instanceof HoldpointError && thrown.code === 'data-dir-busy';
      if (!othersWas || patience.aborted) throw thrown;
    }
    await pause(JOIN_PAUSE_MS);
  }
}

async function joined(dataDir: string): Promise<Guarding | undefined> {
  try {
    const client = await connectControl(dataDir, { client: 'terminal', attends: false });
    const { engine } = await client.call('status', {}).finally(() => client.close());
    return { ...engine, started: false, stop: () => Promise.resolve() };
  } catch (thrown) {
    if (thrown instanceof HoldpointError && thrown.code === 'control-unreachable') return undefined;
    throw thrown;
  }
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
  const trusting = (name: string, ours: string) => ({ [name]: withTheirs(ours, env[name], dataDir) });
  return {
    ...env,
    HTTPS_PROXY: proxyUrl,
    HTTP_PROXY: proxyUrl,
    https_proxy: proxyUrl,
    http_proxy: proxyUrl,
    // Replaced, not extended: a provider that is excepted there would not be guarded.
    NO_PROXY: local,
    no_proxy: local,
    NODE_USE_ENV_PROXY: '1',
    ...trusting('NODE_EXTRA_CA_CERTS', caFile),
    ...trusting('CODEX_CA_CERTIFICATE', caFile),
    ...(existsSync(bundle) && {
      ...trusting('SSL_CERT_FILE', bundle),
      ...trusting('REQUESTS_CA_BUNDLE', bundle),
      ...trusting('CURL_CA_BUNDLE', bundle),
    }),
  };
}

/**
 * `ours`, or a file in the data folder that holds the certificates of `theirs` too, where those are more: what the user
 * trusted already, a company's authority say, is trusted still. A file that cannot be read had been of no use either.
 */
function withTheirs(ours: string, theirs: string | undefined, dataDir: string): string {
  const own = certificatesOf(ours);
  const more = certificatesOf(theirs).filter((one) => !own.some((other) => sameCertificate(one, other)));
  if (more.length === 0) return ours;
  const pem = `${[...own, ...more].join('\n')}\n`;
  // Named by its content: agents with other variables run on the same data folder at the same time.
  const file = join(dataDir, `trust-${createHash('sha256').update(pem).digest('hex').slice(0, 12)}.pem`);
  if (!existsSync(file)) writeFileAtomically(file, pem);
  return file;
}

function certificatesOf(file: string | undefined): string[] {
  try {
    return file ? certificatesIn(readFileSync(file, 'utf8')) : [];
  } catch {
    return [];
  }
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
