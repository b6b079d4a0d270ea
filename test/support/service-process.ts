/** A real engine in service mode, in a process of its own, with places of the test's. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ServicePlaces } from '../../main/contract/service-places.ts';
import type { Ready } from './guard-process.ts';

export interface ServiceProcess {
  readonly ready: Ready;
  /** Tells it to end, and waits until it has. */
  stop(): Promise<void>;
}

export function servicePlacesIn(folder: string): ServicePlaces {
  const configDir = join(folder, 'etc');
  return {
    dataDir: join(folder, 'data'),
    runDir: join(folder, 'run'),
    configDir,
    configFile: join(configDir, 'service.json'),
    journalFile: join(configDir, 'installed.json'),
    user: 'holdpoint',
  };
}

/** `wrap` gives the command that runs another one as the service's user. */
export async function startService(places: ServicePlaces, wrap = (command: readonly string[]) => [...command]): Promise<ServiceProcess> {
  const script = join(import.meta.dirname, 'service-engine.ts');
  const [program = '', ...args] = wrap([process.execPath, script, JSON.stringify(places)]);
  const engine: ChildProcess = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  engine.stderr!.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const ended = once(engine, 'exit');
  const line = await Promise.race([
    once(createInterface({ input: engine.stdout! }), 'line').then(([text]) => text as string),
    ended.then(([code]) => Promise.reject(new Error(`The engine ended with ${code}:\n${errors}`))),
  ]);
  return {
    ready: JSON.parse(line) as Ready,
    async stop() {
      if (engine.exitCode === null) engine.kill('SIGTERM');
      await ended;
    },
  };
}
