/** A policy repository in a folder of its own, made and changed by the publisher's own code, and served over HTTP. */

import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryServer } from '../../main/cli/fleet-serve.ts';
import type { BundleContent } from '../../main/engine/fleet/publish/content.ts';
import type { Days } from '../../main/engine/fleet/publish/folder.ts';
import { initRepository, type PublishResult, publish, refresh, rotate } from '../../main/engine/fleet/publish/repository.ts';

export const PASSPHRASE = 'only for tests';

export interface TestRepository extends AsyncDisposable {
  readonly dir: string;
  /** The first root of trust: what a device is enrolled with. */
  readonly root: string;
  publish(what: Partial<BundleContent> & { readonly ring?: string; readonly rollout?: number }): Promise<PublishResult>;
  rotate(role: string): Promise<void>;
  refresh(): Promise<void>;
  serve(port?: number): Promise<ServedRepository>;
}

export interface ServedRepository {
  readonly url: string;
  readonly port: number;
  /** Of every request so far: its method and path, and what was sent of bodies. */
  readonly requests: readonly { readonly line: string; readonly bytes: number }[];
  /** Ends all connections: the server is not reached any more. */
  close(): Promise<void>;
}

export async function aRepository(options: { readonly days?: Days } = {}): Promise<TestRepository> {
  const folder = mkdtempSync(join(tmpdir(), 'holdpoint-repository-'));
  const dir = join(folder, 'repository');
  const signing = { dir, passphrase: PASSPHRASE };
  const root = await initRepository({ ...signing, rings: ['stable', 'canary'], ...options });
  const servers: ServedRepository[] = [];
  return {
    dir,
    root,
    publish: ({ ring = 'stable', rollout = 100, policies = {}, tests = {}, settings = {} }) =>
      publish({ ...signing, ring, rollout, content: { policies, tests, settings }, sameAsNewest: false }),
    rotate: (role) => rotate({ ...signing, role }),
    refresh: async () => void (await refresh(signing)),
    async serve(port = 0) {
      const served = await serve(join(dir, 'public'), port);
      servers.push(served);
      return served;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(servers.map((server) => server.close()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function serve(root: string, wanted: number): Promise<ServedRepository> {
  const requests: { line: string; bytes: number }[] = [];
  const server = repositoryServer(root);
  server.prependListener('request', ({ method, url }: IncomingMessage, response) => {
    response.once('finish', () => {
      const length = response.statusCode === 200 ? Number(response.getHeader('content-length') ?? 0) : 0;
      requests.push({ line: `${method} ${url} ${response.statusCode}`, bytes: length });
    });
  });
  server.listen(wanted, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
