/** The guard that the system runs for this machine, as programs of it reach it. */

import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { z } from 'zod';
import { CONTROL_SOCKET } from '../main/contract/control.ts';
import { HoldpointError } from '../main/contract/errors.ts';
import { PUBLISHED_CA, servicePlaces } from '../main/contract/service-places.ts';
import { publishedFile } from './machine-place.ts';
import type { GuardOfMachine } from './part.ts';
import type { System } from './system.ts';

/** Of all that the service's configuration may say, what others must know. */
const configSchema = z.looseObject({ proxy: z.looseObject({ port: z.int().min(1).max(65535) }) });

const POLL_MS = 100;
/** A first start makes keys and compiles policy, on a machine that is busy installing. */
const SERVES_MS = 45_000;

/** What the service has published, whether it runs at this moment or not. Undefined where there is none. */
export function publishedGuard(system: System): GuardOfMachine | undefined {
  const { configFile } = servicePlaces(system.platform, system.env);
  try {
    const { proxy } = configSchema.parse(JSON.parse(readFileSync(system.root + configFile, 'utf8')));
    const caPem = readFileSync(system.root + publishedFile(system, PUBLISHED_CA), 'utf8');
    return { proxyUrl: `http://127.0.0.1:${proxy.port}`, caPem };
  } catch {
    return undefined;
  }
}

/** Where it serves now: its port answers, and so does its control socket. */
export async function servingGuard(system: System): Promise<GuardOfMachine | undefined> {
  const guard = publishedGuard(system);
  if (!guard) return undefined;
  // A named pipe has a name that only its clients are told; there the port must do.
  const doors = [
    { host: '127.0.0.1', port: Number(new URL(guard.proxyUrl).port) },
    ...(system.platform === 'win32' ? [] : [{ path: system.root + publishedFile(system, CONTROL_SOCKET) }]),
  ];
  const open = await Promise.all(doors.map(answers));
  return open.every(Boolean) ? guard : undefined;
}

/** Throws HoldpointError `control-unreachable` where it does not serve in time. */
export async function whenServing(system: System, ms: number = SERVES_MS): Promise<GuardOfMachine> {
  const until = performance.now() + ms;
  for (;;) {
    const guard = await servingGuard(system);
    if (guard) return guard;
    if (performance.now() > until)
      throw new HoldpointError(
        'control-unreachable',
        `The service was started, and does not serve after ${Math.round(ms / 1000)} s. ${hintOf(system)}`,
      );
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function hintOf({ platform }: System): string {
  if (platform === 'darwin') return 'See: launchctl print system/com.holdpoint.engine';
  if (platform === 'win32') return 'See: sc.exe query Holdpoint';
  return 'See: journalctl -u holdpoint';
}

function answers(door: { readonly path: string } | { readonly host: string; readonly port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(door);
    const settle = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => settle(true)).once('error', () => settle(false));
  });
}
