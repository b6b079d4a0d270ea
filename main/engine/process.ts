/** The engine as a process: says in one line of JSON when it serves, and ends cleanly on SIGTERM. */

import { lstatSync, writeSync } from 'node:fs';
import { createManagedReader } from '../../native-config/managed/managed.ts';
import { HoldpointError, messageOf } from '../contract/errors.ts';
import type { ServicePlaces } from '../contract/service-places.ts';
import { startEngine } from './engine.ts';
import { createLog } from './log.ts';
import { createServiceNotice } from './service-notify.ts';
import { openSettings, watchManaged } from './settings/open.ts';

export interface EngineArguments {
  readonly configFile?: string;
  readonly dataDir?: string;
  /** It serves all of a machine's users, at these places. */
  readonly service?: ServicePlaces;
  /** Resolves when whoever started this engine has ended: then it ends as well, once no other agent needs it. */
  readonly starterEnded?: Promise<void>;
}

/**
 * Resolves with the exit code when the engine has ended: 0 after SIGTERM or SIGINT, 2 where its configuration is wrong,
 * 1 where it could not start for another reason or failed.
 */
export async function runEngine(args: EngineArguments): Promise<number> {
  const ended = Promise.withResolvers<number>();
  const stop = () => ended.resolve(0);
  // Node would open its debugger to whoever sends this: that is a way into the engine's memory, keys and all.
  process.on('SIGUSR1', () => {});
  process.once('SIGTERM', stop).once('SIGINT', stop);
  // A fault of ours must not leave a guard that runs but does not guard: it ends, and whoever supervises it starts it anew.
  process.once('uncaughtException', (error) => fail(error)).once('unhandledRejection', (error) => fail(error));

  try {
    const readManaged = createManagedReader();
    const writeLog = (line: string) => process.stderr.write(line);
    if (args.service) process.umask(0o077);
    const settings = await openSettings({
      ...args,
      ...(args.service && serviceFiles(args.service)),
      readManaged,
      log: (message) => createLog(writeLog, (text) => text).warn('settings', { message }),
    });
    const engine = await startEngine(settings.current(), writeLog, settings, args);
    void engine.failed.then((why) => fail(new HoldpointError('audit-unwritable', why)));
    const watch = watchManaged({ stack: settings, readManaged });
    const { proxyUrl, caFile, dataDir } = engine;
    const notTold = (thrown: unknown) => createLog(writeLog, (text) => text).warn('service', { message: messageOf(thrown) });
    const notice = createServiceNotice({ env: process.env, alive: engine.alive, log: notTold });
    console.log(JSON.stringify({ event: 'ready', proxyUrl, caFile, dataDir, pid: process.pid }));
    void args.starterEnded?.then(async () => {
      if (engine.keepers() > 0) sayToStarter({ event: 'kept', by: engine.keepers() });
      await engine.unneeded();
      stop();
    });
    await notice?.ready(`Guarding at ${proxyUrl}`).catch(notTold);
    const code = await ended.promise;
    watch.close();
    await notice?.stopping().catch(notTold);
    await engine.stop();
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

/** An administrator need not write a configuration; where the data is nobody may choose. */
function serviceFiles({ configFile, dataDir }: ServicePlaces): { readonly configFile?: string; readonly dataDir: string } {
  // One that is there and cannot be looked at is refused, not left out.
  const isThere = lstatSync(configFile, { throwIfNoEntry: false }) !== undefined;
  return { dataDir, ...(isThere && { configFile }) };
}

/** It waits for our end, unless it hears that others need us. It may be gone already, and a stream to nobody would end us. */
function sayToStarter(what: object): void {
  try {
    writeSync(1, `${JSON.stringify(what)}\n`);
  } catch {
    // Nobody is there to be told.
  }
}
