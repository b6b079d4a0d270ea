/** What a machine's programs meet while the engine cannot run: a real failsafe on the port of a real engine that was killed. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { connect as connectTcp, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { connect } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { failsafeStateSchema } from '../../../main/contract/failsafe.ts';
import { CLI, type GuardProcess, run, startGuardProcess } from '../../support/guard-process.ts';

let guard: GuardProcess;
let failsafe: ChildProcess | undefined;

afterEach(async () => {
  await endFailsafe();
  await guard?.stop();
});

/** A provider and a host that is none are served by the same program here: what counts is which name was asked for. */
async function brokenEngine(crashLoop?: 'block' | 'bypass'): Promise<void> {
  guard = await startGuardProcess({
    reply: () => ({ chunks: ['the host itself'] }),
    hosts: ['api.openai.com', 'files.example.com'],
    config: crashLoop ? { supervision: { crashLoop } } : {},
  });
  await guard.kill();
  failsafe = spawn(process.execPath, [CLI, 'failsafe', '--data-dir', guard.ready.dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(createInterface({ input: failsafe.stdout! }), 'line');
}

async function endFailsafe(): Promise<void> {
  if (failsafe?.exitCode !== null) return;
  failsafe.kill('SIGTERM');
  await once(failsafe, 'exit');
}

interface Answered {
  readonly status: number;
  readonly body: string;
}

/** As an agent does: CONNECT, TLS with the host's own certificate, and a request. */
async function ask(host: string, servername = host): Promise<Answered> {
  const { hostname, port } = new URL(guard.ready.proxyUrl);
  const connecting = request({ host: hostname, port, method: 'CONNECT', path: `${host}:443` }).end();
  const [response, socket, head] = await Promise.race([
    once(connecting, 'connect') as Promise<[{ statusCode: number }, Socket, Buffer]>,
    once(connecting, 'response').then(() => Promise.reject(new Error('no answer to CONNECT'))),
  ]);
  if (response.statusCode !== 200) return { status: response.statusCode, body: `${head}${await textOf(socket)}` };
  const secure = connect({ socket, servername, ca: readFileSync(guard.agentEnv.NODE_EXTRA_CA_CERTS!) });
  const sent = request({ createConnection: () => secure, headers: { host: servername, connection: 'close' } }).end();
  const [answer] = (await once(sent, 'response')) as [{ statusCode: number } & NodeJS.ReadableStream];
  return { status: answer.statusCode, body: await textOf(answer) };
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}

const state = () => failsafeStateSchema.parse(JSON.parse(readFileSync(join(guard.ready.dataDir, 'failsafe-state.json'), 'utf8')));

const connections = () => state().connections;

async function gap() {
  const control = await guard.control();
  const records = await control.call('records', { limit: 20 });
  return records.find(({ kind }) => kind === 'gap');
}

describe('while the engine cannot run', { timeout: 60_000 }, () => {
  it('providers are refused in words, all else goes on, and the next engine puts that on record', async () => {
    await brokenEngine();
    const refused = await ask('api.openai.com');
    expect(refused.status).toBe(503);
    expect(refused.body).toMatch(/api\.openai\.com is out of reach: the guard of this computer's AI agents cannot run/);
    expect(await ask('files.example.com')).toEqual({ status: 200, body: 'the host itself' });
    await expect.poll(connections).toBe(1);
    const { stderr, code } = await guard.cli('status');
    expect([code, stderr]).toEqual([3, expect.stringMatching(/The guard cannot run since .* \(1 connection refused\)/)]);

    // Under another host's name.
    await expect(ask('files.example.com', 'api.openai.com')).rejects.toThrow();
    await expect.poll(connections).toBe(2);

    // Without TLS.
    const { hostname, port } = new URL(guard.ready.proxyUrl);
    const plain = request({ host: hostname, port, path: 'http://api.openai.com/v1/models', headers: { host: 'api.openai.com' } }).end();
    const [answer] = (await once(plain, 'response')) as [{ statusCode: number } & NodeJS.ReadableStream];
    expect([answer.statusCode, await textOf(answer)]).toEqual([503, expect.stringContaining('out of reach')]);

    // Asked how providers are reached, it still says: by this port.
    const script = request({ host: hostname, port, path: '/holdpoint.pac' }).end();
    const [given] = (await once(script, 'response')) as [{ statusCode: number } & NodeJS.ReadableStream];
    expect([given.statusCode, await textOf(given)]).toEqual([200, expect.stringContaining(`PROXY 127.0.0.1:${port}`)]);

    // Led here by the system.
    const secure = connect({
      socket: connectTcp({ host: hostname, port: Number(port) }),
      servername: 'api.openai.com',
      rejectUnauthorized: false,
    });
    await new Promise((resolve) => secure.once('error', resolve));
    await expect.poll(connections).toBe(4);

    await endFailsafe();
    await guard.restart();
    expect(await gap()).toMatchObject({
      verdict: 'refused',
      summary: expect.stringContaining('4 connections to providers were refused'),
      data: { mode: 'block', connections: 4, hosts: { 'api.openai.com': 4 } },
    });
  });

  it('providers are let through unread where the settings say so, counted, and told of', async () => {
    await brokenEngine('bypass');
    expect(await ask('api.openai.com')).toEqual({ status: 200, body: 'the host itself' });
    await expect.poll(connections).toBe(1);
    expect((await guard.cli('status')).stderr).toContain('NOTHING IS GUARDED meanwhile: 1 connection to AI providers went through unread');
    await endFailsafe();
    await guard.restart();
    expect(await gap()).toMatchObject({ verdict: 'unguarded', data: { mode: 'bypass', hosts: { 'api.openai.com': 1 } } });
    expect(existsSync(join(guard.ready.dataDir, 'failsafe-gaps.json'))).toBe(false);
  });
});

it('nothing stands in where there never was an engine, and that is said', async () => {
  const none = mkdtempSync(join(tmpdir(), 'holdpoint-failsafe-'));
  const { code, stderr } = await run(process.execPath, [CLI, 'failsafe', '--data-dir', none]);
  expect([code, stderr]).toEqual([1, expect.stringContaining('no engine has served this data folder yet')]);
  rmSync(none, { recursive: true });
});
