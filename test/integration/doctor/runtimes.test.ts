/** Real runtimes, asked by way of a real engine: with what an agent has, and with each thing broken that people break. */

import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { agentEnvironment } from '../../../native-config/agents/environment.ts';
import { askProbe } from '../../../native-config/doctor/ask-probe.ts';
import type { GuardHere } from '../../../native-config/doctor/context.ts';
import { trustChecks } from '../../../native-config/doctor/trust/trust.ts';
import { thisSystem } from '../../../native-config/system.ts';
import { type GuardProcess, startGuardProcess } from '../../support/guard-process.ts';
import { context, folder, guardHere, resultOf } from './support.ts';

let process_: GuardProcess;
let guard: GuardHere;
let nonce: string;
beforeAll(async () => {
  process_ = await startGuardProcess({ reply: () => ({ status: 200, contentType: 'application/json', chunks: ['{}'] }) });
  guard = guardHere(process_.ready);
  nonce = await askProbe(guard);
});
afterAll(() => process_.stop());

/** This project's own Node, and the system's tools. */
const PATH = [dirname(process.execPath), '/usr/bin', '/bin'].join(':');
const bare = () => ({ PATH, HOME: process_.home, LANG: 'C.UTF-8' });
const whole = () => agentEnvironment(bare(), guard);
const NO_TRUST = /ca_|_ca|cert|cainfo/i;

function asked(id: string, env: NodeJS.ProcessEnv, given: { path?: string; nonce?: string } = {}) {
  const system = { ...thisSystem(), env: { ...env, PATH: given.path ?? PATH }, home: process_.home };
  return resultOf(trustChecks({ context: context({ guard, system }), nonce: given.nonce ?? nonce, env: system.env }), id);
}

async function nobodysPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe.each(['trust.node', 'trust.python.urllib', 'trust.curl', 'trust.git'])('%s', (id) => {
  it('goes through the guard and trusts it, with what an agent has', async () => {
    expect(await asked(id, whole())).toMatchObject({ state: 'ok', says: /goes through the guard and trusts/ });
  });

  it('goes past the guard where no proxy is set', async () => {
    const env = Object.fromEntries(Object.entries(whole()).filter(([name]) => !/^https?_proxy$/i.test(name)));
    expect(await asked(id, env)).toMatchObject({
      state: 'problem',
      says: /does not use the proxy/,
      fix: { command: 'holdpoint run -- COMMAND' },
    });
  });

  it('finds nobody where the proxy is another port', async () => {
    const elsewhere = `http://127.0.0.1:${await nobodysPort()}`;
    const env = Object.fromEntries(
      Object.entries(whole()).map(([name, value]) => [name, /^https?_proxy$/i.test(name) ? elsewhere : value]),
    );
    expect(await asked(id, env)).toMatchObject({ state: 'problem', says: /a proxy that does not answer/ });
  });

  it('does not trust the guard where nothing names its certificate', async () => {
    const env = Object.fromEntries(Object.entries(whole()).filter(([name]) => !NO_TRUST.test(name)));
    expect(await asked(id, env)).toMatchObject({ state: 'problem', says: /does not trust its certificate/ });
  });

  it('is led past the guard by NO_PROXY', async () => {
    expect(await asked(id, { ...whole(), NO_PROXY: '*', no_proxy: '*' })).toMatchObject({
      state: 'problem',
      says: /does not use the proxy/,
    });
  });
});

it('another guard’s answer is not this one’s', async () => {
  expect(await asked('trust.curl', whole(), { nonce: '0'.repeat(32) })).toMatchObject({ state: 'problem', says: /another guard/ });
});

it('what is not here is said to be so', async () => {
  expect(await asked('trust.curl', whole(), { path: folder() })).toMatchObject({ state: 'absent', says: 'There is no curl here.' });
});

it('no connection of an agent is recorded for it', async () => {
  await asked('trust.curl', whole());
  const { stdout } = await process_.cli('audit', 'tail', '--limit', '200', '--json');
  expect(JSON.parse(stdout).records.filter(({ kind }: { kind: string }) => kind === 'connection')).toEqual([]);
});

describe('a program that means harm', () => {
  function aCurl(script: string): string {
    const bin = folder();
    writeFileSync(join(bin, 'curl'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, 'curl'), 0o755);
    return bin;
  }

  it('is heard no longer than it takes to see that it says too much', async () => {
    const bin = aCurl('while :; do echo "0123456789012345678901234567890123456789"; done');
    const { state, says } = await asked('trust.curl', whole(), { path: bin });
    expect(state).toBe('unknown');
    expect(says.length).toBeLessThan(400);
  });

  it('does not get a password shown that stands in an address', async () => {
    const bin = aCurl('echo "error: http://mara:hunter2@proxy.corp is down" >&2; exit 9');
    const { says } = await asked('trust.curl', whole(), { path: bin });
    expect(says).toContain('http://proxy.corp is down');
  });

  it('is ended with all that it started, when nobody waits any more', async () => {
    const note = join(folder(), 'pid');
    const bin = aCurl(`/bin/sleep 1000 & echo $! > ${note}; wait`);
    const system = { ...thisSystem(), env: { ...whole(), PATH: bin } };
    const checks = trustChecks({ context: context({ guard, system }), nonce, env: system.env });
    const curl = checks.find(({ id }) => id === 'trust.curl')!;
    const over = new AbortController();
    const finding = curl.run(over.signal);
    await expect.poll(() => existsSync(note) && readFileSync(note, 'utf8')).toMatch(/\d\n/);
    over.abort();
    expect(await finding).toMatchObject({ state: 'unknown', says: /did not answer in time/ });
    await expect.poll(() => isRunning(Number(readFileSync(note, 'utf8')))).toBe(false);
  });
});

it('an engine that does not answer as one is told from one that does', async () => {
  const server = createServer().on('connect', (_request, socket) => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const proxyUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await expect(askProbe({ proxyUrl, caPem: guard.caPem })).rejects.toThrow(/does not answer as the guard does.*403.*Restart the guard/);
});

/** One that has ended and that nobody has waited for is no more. */
function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
