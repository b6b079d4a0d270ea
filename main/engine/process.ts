/** The engine as a process: says in one line of JSON when it serves, and ends cleanly on SIGTERM. */

import { HoldpointError, messageOf } from '../contract/errors.ts';
import { startEngine } from './engine.ts';
import { loadSettings } from './settings.ts';

export interface EngineArguments {
  readonly configFile?: string;
  readonly dataDir?: string;
}

/**
 * Resolves with the exit code when the engine has ended: 0 after SIGTERM or SIGINT, 2 where its configuration is wrong,
 * 1 where it could not start for another reason or failed.
 */
export async function runEngine(args: EngineArguments): Promise<number> {
  const ended = Promise.withResolvers<number>();
  const stop = () => ended.resolve(0);
  process.once('SIGTERM', stop).once('SIGINT', stop);
  // A fault of ours must not leave a guard that runs but does not guard: it ends, and whoever supervises it starts it anew.
  process.once('uncaughtException', (error) => fail(error)).once('unhandledRejection', (error) => fail(error));

  try {
    const { proxyUrl, caFile, dataDir, stop: stopEngine } = await startEngine(loadSettings(args), (line) => process.stderr.write(line));
    console.log(JSON.stringify({ event: 'ready', proxyUrl, caFile, dataDir, pid: process.pid }));
    const code = await ended.promise;
    await stopEngine();
    return code;
  } catch (thrown) {
    process.stderr.write(`${messageOf(thrown)}\n`);
    return thrown instanceof HoldpointError && thrown.code === 'config-invalid' ? 2 : 1;
  }

  function fail(error: unknown): void {
    process.stderr.write(
      `${JSON.stringify({ level: 'error', event: 'fault', message: error instanceof HoldpointError ? error.message : 'A fault in Holdpoint', stack: error instanceof Error ? error.stack : undefined })}\n`,
    );
    ended.resolve(1);
  }
}
