/** A policy server on loopback, and a device that follows it, with a clock and timers that the test turns. */

import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { AuditEntry } from '../../../main/contract/record.ts';
import type { FleetBundle } from '../../../main/engine/fleet/bundle.ts';
import { type FleetIdentity, openFleetIdentity } from '../../../main/engine/fleet/identity.ts';
import { createFleetSync } from '../../../main/engine/fleet/sync.ts';
import type { FleetSync, FleetSyncOptions } from '../../../main/engine/fleet/sync-options.ts';
import { createTestRepository, type TestRepository } from '../../support/tuf-repository.ts';

export interface PolicyServer {
  readonly url: string;
  /** What is served; replace it to serve another state. */
  files: Map<string, Buffer>;
  /** Says how a path is answered, instead of with its file, where it returns true. */
  answer: (path: string, response: ServerResponse, request: IncomingMessage) => boolean;
  readonly asked: { readonly path: string; readonly status: number; readonly bytes: number; readonly authorization: string | undefined }[];
  close(): Promise<void>;
  reopen(): Promise<void>;
}

export async function startPolicyServer(files: Map<string, Buffer>, tls?: { key: string; cert: string }): Promise<PolicyServer> {
  const listener: RequestListener = (request, response) => {
    const path = decodeURIComponent((request.url ?? '').replace(/^\/policy\//, ''));
    response.on('finish', () => {
      const bytes = Number(response.getHeader('content-length') ?? 0);
      told.asked.push({ path, status: response.statusCode, bytes, authorization: request.headers.authorization });
    });
    if (told.answer(path, response, request)) return;
    const file = told.files.get(path);
    if (file === undefined) return void response.writeHead(404).end();
    const etag = `"${createHash('sha256').update(file).digest('hex')}"`;
    if (request.headers['if-none-match'] === etag) return void response.writeHead(304).end();
    response.writeHead(200, { 'content-length': file.byteLength, etag }).end(file);
  };
  const server = tls ? createHttpsServer(tls, listener) : createServer(listener);
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  onTestFinished(close);
  const told: PolicyServer = {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}/policy`,
    files,
    answer: () => false,
    asked: [],
    close,
    reopen: () => listen(port),
  };
  return told;
}

export interface Device {
  readonly sync: FleetSync;
  readonly identity: FleetIdentity;
  /** Revisions that were put in force, in order. */
  readonly activated: FleetBundle[];
  readonly records: AuditEntry[];
  /** Timers that wait, with their time in ms. */
  readonly timers: Map<() => void, number>;
  /** Runs those that wait for at least this long and no longer than that. */
  fire(from: number, to: number): void;
}

/** Everything of a device that outlives a restart. */
export interface World {
  readonly dir: string;
  readonly repository: TestRepository;
  readonly server: PolicyServer;
  /** Milliseconds since 1970. */
  clock: number;
  highest: number;
  machine: string;
  /** Says of a bundle why it cannot be put in force. */
  fault: (bundle: FleetBundle) => string | undefined;
  network: string;
  start(more?: Partial<Omit<FleetSyncOptions, 'settings'>> & { settings?: Partial<FleetSyncOptions['settings']> }): Promise<Device>;
}

const { privateKey: deviceKey } = generateKeyPairSync('ed25519');

/** A repository with revision 1 for the ring "stable", a server, and a device that was never started. */
export async function createWorld(tls?: { key: string; cert: string }): Promise<World> {
  const dir = mkdtempSync(join(tmpdir(), 'holdpoint-fleet-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const time = { clock: Date.now() };
  const repository = createTestRepository({ now: () => time.clock });
  repository.publish(1);
  const server = await startPolicyServer(repository.files, tls);
  const world: World = {
    dir,
    get clock() {
      return time.clock;
    },
    set clock(at) {
      time.clock = at;
    },
    highest: 0,
    machine: 'a'.repeat(32),
    fault: () => undefined,
    network: '192.0.2.1',
    repository,
    server,
    start: (more = {}) => startDevice(world, more),
  };
  return world;
}

async function startDevice(world: World, more: NonNullable<Parameters<World['start']>[0]>): Promise<Device> {
  const activated: FleetBundle[] = [];
  const records: AuditEntry[] = [];
  const timers = new Map<() => void, number>();
  const identity = await openFleetIdentity({ file: join(world.dir, 'identity.json'), deviceKey, machineId: async () => world.machine });
  const sync = createFleetSync({
    dir: join(world.dir, 'fleet'),
    identity,
    engineVersion: '1.2.3',
    activate: async (bundle) => {
      const fault = world.fault(bundle);
      if (fault !== undefined) throw new Error(fault);
      activated.push(bundle);
    },
    highest: {
      get: () => world.highest,
      set: (revision) => {
        world.highest = revision;
      },
    },
    record: (entry) => records.push(entry),
    now: () => world.clock,
    uptime: () => 0,
    random: () => 0.5,
    network: () => world.network,
    setTimer: (run, ms) => {
      timers.set(run, ms);
      return () => timers.delete(run);
    },
    ...more,
    settings: {
      url: world.server.url,
      root: world.repository.root,
      ring: 'stable',
      intervalSeconds: 300,
      maxAgeHours: 48,
      whenStale: 'keep',
      ...more.settings,
    },
  });
  onTestFinished(() => sync.close());
  await sync.start();
  return {
    sync,
    identity,
    activated,
    records,
    timers,
    fire(from, to) {
      for (const [run, ms] of [...timers]) {
        if (ms < from || ms > to) continue;
        timers.delete(run);
        run();
      }
    },
  };
}

/** What a person sees of it, and what is in force. */
export function seen({ sync, activated }: Device): {
  state: string;
  revision: number | null;
  problem: string | null;
  active: number | undefined;
} {
  const { state, revision, problem } = sync.status();
  return { state, revision, problem, active: activated.at(-1)?.revision };
}
