/** An engine of a person's own that is kept running: killed, unable to run, stopped and woken; and what its agents meet meanwhile. */

import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { GuardState } from '../../../main/app/channels.ts';
import { startEngine } from '../../../main/app/engine-process.ts';
import { startStandIn } from '../../../main/app/stand-in.ts';
import { type Supervisor, superviseEngine } from '../../../main/app/supervisor.ts';
import { type ScriptedProvider, startScriptedProvider } from '../../../main/cli/demo/provider.ts';
import { anthropicTurn } from '../../../main/cli/demo/turns.ts';
import { type ControlClient, connectControl } from '../../../main/engine/control/client.ts';
import { ASK_ALL, providerAuthority, ROOT } from '../../support/guard-process.ts';
import { fetchThrough } from '../../support/proxied-fetch.ts';

const HOST = 'api.anthropic.com';
const ASKED = JSON.stringify({ model: 'claude-sonnet-4-5', stream: true, max_tokens: 10, messages: [{ role: 'user', content: 'go' }] });

let folder: string;
let dataDir: string;
let provider: ScriptedProvider;
let authority: Awaited<ReturnType<typeof providerAuthority>>;
let network: Awaited<ReturnType<typeof startNetwork>>;
let supervisor: Supervisor;
let states: GuardState[];
let client: ControlClient | undefined;

async function begin(more: object = {}): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'holdpoint-supervised-'));
  dataDir = join(folder, 'data');
  [states, client] = [[], undefined];
  authority = await providerAuthority(join(folder, 'provider'));
  provider = await startProvider();
  network = await startNetwork(provider.port);
  await supervised(more);
}
async function end(): Promise<void> {
  await supervisor.stop();
  await network.stop();
  await provider.close();
  rmSync(folder, { recursive: true });
}

function startProvider(): Promise<ScriptedProvider> {
  const turn = anthropicTurn({ text: 'First, words.', calls: [{ id: 'toolu_1', tool: 'Bash', input: { command: 'make' } }] });
  return startScriptedProvider({ contextFor: authority.contextFor, reply: () => turn });
}

/** The way to a provider: it can go, and come back at the same place. */
async function startNetwork(to: number) {
  const sockets = new Set<Socket>();
  let server = await listening(0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
    async comeBack() {
      server = await listening(port);
    },
  };

  async function listening(wanted: number): Promise<Server> {
    const one = createServer((near) => {
      const far = connect(to, '127.0.0.1');
      for (const socket of [near, far]) sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)));
      near.pipe(far).pipe(near);
    });
    await new Promise<void>((resolve, reject) => void one.once('error', reject).listen(wanted, '127.0.0.1', resolve));
    return one;
  }
}

async function supervised(more: object = {}): Promise<void> {
  const policy = join(folder, 'policy');
  const configFile = join(folder, 'config.json');
  mkdirSync(policy);
  writeFileSync(join(policy, 'test.cedar'), ASK_ALL);
  const upstream = { resolve: { [HOST]: `127.0.0.1:${network.port}` }, extraCaFile: authority.caFile };
  writeFileSync(configFile, JSON.stringify({ dataDir, upstream, policy: { dir: policy }, approvals: { timeoutSeconds: 100 }, ...more }));
  supervisor = superviseEngine({
    connect: () => connectControl(dataDir, { client: 'app', attends: true }),
    start: () => startEngine({ root: ROOT, dataDir, configFile, env: process.env }),
    standIn: () => startStandIn({ root: ROOT, dataDir, env: process.env }),
    onChange(guard, connected) {
      states.push(guard);
      client = connected;
    },
  });
  await running();
}

async function running(): Promise<{ pid: number; proxyUrl: string }> {
  await vi.waitFor(() => expect([states.at(-1)?.state, client !== undefined]).toEqual(['running', true]), { timeout: 60_000 });
  return (await client!.call('status', {})).engine;
}

async function ask(proxyUrl: string): Promise<Response> {
  const fetchIt = await fetchThrough({ proxyUrl, caFile: join(dataDir, 'ca.pem') });
  return fetchIt(`https://${HOST}/v1/messages`, { method: 'POST', body: ASKED, headers: { 'content-type': 'application/json' } });
}

/** As SDKs do: what could not be connected to is tried again. */
async function askAgain(proxyUrl: string): Promise<Response> {
  for (;;) {
    try {
      return await ask(proxyUrl);
    } catch (thrown) {
      if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ECONNREFUSED')) throw thrown;
      await pause(50);
    }
  }
}

/** A question for the call of an answer; allowed, the rest of it. */
async function allowed(response: Response): Promise<string> {
  await expect.poll(async () => (await client!.call('questions', {})).length).toBe(1);
  const [question] = await client!.call('questions', {});
  const { id, nonce, shown } = question!;
  await client!.call('answer', { id, nonce, shown, answer: { choice: 'allow', for: 'once' } });
  return await response.text();
}

describe('an engine that is kept running', { timeout: 120_000 }, () => {
  beforeAll(() => begin(), 120_000);
  afterAll(end);

  it('goes on where it was when the machine sleeps while a question is open', async () => {
    const { pid, proxyUrl } = await running();
    const response = await ask(proxyUrl);
    await expect.poll(async () => (await client!.call('questions', {})).length).toBe(1);
    process.kill(pid, 'SIGSTOP');
    // Asleep for the kernel: it takes nothing more.
    await expect.poll(() => /^State:\s+T/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))).toBe(true);
    process.kill(pid, 'SIGCONT');
    expect(await allowed(response)).toContain('toolu_1');
    expect(await running()).toMatchObject({ pid });
  });

  it('reaches a provider again after the network was gone', async () => {
    const { proxyUrl } = await running();
    await network.stop();
    expect((await ask(proxyUrl)).status).toBe(502);
    await network.comeBack();
    const response = await ask(proxyUrl);
    expect(response.status).toBe(200);
    // Asked about before, in the same conversation.
    expect(await response.text()).toContain('toolu_1');
  });

  it('is started again at once when it is killed, and its agents’ next try gets through', async () => {
    const { pid, proxyUrl } = await running();
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => states.some(({ state }) => state === 'restarting')).toBe(true);
    const again = askAgain(proxyUrl);
    const now = await running();
    expect([now.proxyUrl, now.pid === pid]).toEqual([proxyUrl, false]);
    const response = await again;
    expect(response.status).toBe(200);
    expect(states.at(-1)).toMatchObject({ state: 'running', restarted: { stoppedAt: expect.any(String) } });
    expect(await allowed(response)).toContain('toolu_1');
  });
});

describe('an engine that cannot run', { timeout: 120_000 }, () => {
  beforeAll(() => begin({ supervision: { crashLoop: 'block' } }), 120_000);
  afterAll(end);

  it('has a stand-in when it cannot run, and is there again when it can', async () => {
    const { pid, proxyUrl } = await running();
    const key = join(dataDir, 'device.key');
    copyFileSync(key, join(folder, 'kept.key'));
    writeFileSync(key, 'damaged');
    process.kill(pid, 'SIGKILL');
    await expect
      .poll(() => states.at(-1), { timeout: 60_000 })
      .toMatchObject({
        state: 'stopped',
        why: expect.stringContaining('device key'),
        meanwhile: expect.stringContaining('AI providers are out of reach meanwhile'),
      });
    await expect(askAgain(proxyUrl)).rejects.toThrow('CONNECT was answered 503');
    copyFileSync(join(folder, 'kept.key'), key);
    supervisor.retry();
    expect((await running()).proxyUrl).toBe(proxyUrl);
    const records = await client!.call('records', { limit: 20 });
    expect(records.find(({ kind }) => kind === 'gap')).toMatchObject({ verdict: 'refused', data: { hosts: { [HOST]: 1 } } });
  });
});
