/** The service's configuration, as far as the set-up of a machine is concerned: a port that stays, since everything is led to it. */

import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { z } from 'zod';
import { HoldpointError, messageOf } from '../../main/contract/errors.ts';
import { servicePlaces } from '../../main/contract/service-places.ts';
import type { WriteStep } from '../steps/step.ts';
import type { System } from '../system.ts';

/** Below all ranges that systems take ports for outgoing connections from (32768, 49152), and assigned to nobody. */
const PREFERRED_PORT = 18_377;
const TRIES = 100;

const configSchema = z.looseObject({ proxy: z.looseObject({ port: z.int().min(0).max(65535).optional() }).optional() });

/** Undefined where the configuration has a fixed port already: an administrator's file stays as it is. Throws HoldpointError `config-invalid`. */
export async function configurationStep(system: System): Promise<WriteStep | undefined> {
  const { configFile } = servicePlaces(system.platform, system.env);
  const now = readConfiguration(system.root + configFile);
  if (now?.proxy?.port) return undefined;
  const port = await freePort();
  return {
    kind: 'write',
    says: `Gives the service port ${port} for good`,
    file: configFile,
    text: `${JSON.stringify({ ...now, proxy: { ...now?.proxy, port } }, null, 2)}\n`,
    mode: 0o644,
  };
}

function readConfiguration(file: string): z.infer<typeof configSchema> | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined;
    throw new HoldpointError('config-invalid', `The service’s configuration ${file} cannot be read: ${messageOf(thrown)}.`, thrown);
  }
  try {
    return configSchema.parse(JSON.parse(text));
  } catch (thrown) {
    throw new HoldpointError('config-invalid', `The service’s configuration ${file} is damaged. Correct or remove it.`, thrown);
  }
}

async function freePort(): Promise<number> {
  for (let port = PREFERRED_PORT; port < PREFERRED_PORT + TRIES; port++) if (await isFree(port)) return port;
  throw new HoldpointError(
    'port-busy',
    `None of the ports ${PREFERRED_PORT} to ${PREFERRED_PORT + TRIES - 1} is free on this machine. Set proxy.port in the service’s configuration.`,
  );
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port }, () => server.close(() => resolve(true)));
  });
}
