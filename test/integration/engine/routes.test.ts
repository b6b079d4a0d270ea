import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { connect as connectTls } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CLI, type Ready } from '../../support/guard-process.ts';
import { listening } from '../interception/support.ts';

interface Engine {
  readonly ready: Ready;
  readonly port: number;
  stderr(): string;
}

async function startEngine(config: object, env: NodeJS.ProcessEnv = {}): Promise<Engine> {
  const dir = await mkdtemp(join(tmpdir(), 'holdpoint-routes-'));
  const file = join(dir, 'config.json');
  await writeFile(file, JSON.stringify({ dataDir: join(dir, 'data'), ...config }));
  const child: ChildProcess = spawn(process.execPath, [CLI, 'engine', '--config', file], {
    env: { PATH: process.env.PATH, HOME: dir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr!.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const exited = once(child, 'exit');
  onTestFinished(async () => {
    child.kill();
    await exited;
    await rm(dir, { recursive: true, force: true });
  });
  const [line] = (await Promise.race([
    once(createInterface({ input: child.stdout! }), 'line'),
    exited.then(([code]) => Promise.reject(new Error(`The engine ended with ${code}:\n${errors}`))),
  ])) as [string];
  const ready = JSON.parse(line) as Ready;
  return { ready, port: Number(new URL(ready.proxyUrl).port), stderr: () => errors };
}

function ask(port: number, authority: string): Promise<{ status: number; socket: Socket; body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', method: 'CONNECT', path: authority });
    asked.once('connect', (response, socket: Socket, head: Buffer) => {
      // What the other side said at once may have come along.
      if (response.statusCode === 200 && head.length > 0) socket.unshift(head);
      if (response.statusCode === 200) return resolve({ status: 200, socket, body: '' });
      let body = head.toString();
      socket
        .on('data', (chunk: Buffer) => (body += chunk.toString()))
        .once('end', () => resolve({ status: response.statusCode ?? 0, socket, body }));
    });
    asked.once('error', reject).end();
  });
}

describe('an engine', () => {
  it('goes through the proxy that its user’s environment names already, and keeps the password to itself', async () => {
    const asked: string[] = [];
    const parent = await listening(
      createServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', (chunk: Buffer) => {
          asked.push(chunk.toString());
          socket.write(chunk.includes('far.test') ? 'HTTP/1.1 200 OK\r\n\r\nhello' : 'HTTP/1.1 407 Who\r\n\r\n');
        });
      }),
    );
    const engine = await startEngine({}, { HTTPS_PROXY: `http://dev:hunter2@127.0.0.1:${parent.port}`, NO_PROXY: 'near.invalid' });
    const { socket, status } = await ask(engine.port, 'far.test:443');
    expect(status).toBe(200);
    expect(String(await once(socket, 'data'))).toBe('hello');
    expect(asked[0]).toContain(`Proxy-Authorization: Basic ${Buffer.from('dev:hunter2').toString('base64')}`);
    expect((await ask(engine.port, 'near.invalid:443')).body).toMatch(/No address could be found for near\.invalid/);
    expect((await ask(engine.port, 'other.test:443')).body).toMatch(/does not accept the user name and the password in HTTPS_PROXY/);
    expect(engine.stderr()).toContain(`"upstream":"proxy 127.0.0.1:${parent.port} (HTTPS_PROXY)"`);
    expect(engine.stderr()).not.toContain('hunter2');
  });

  it('that inherits the variable which sends agents to itself does not go in circles', async () => {
    const first = createServer().listen(0, '127.0.0.1');
    await once(first, 'listening');
    const { port } = first.address() as { port: number };
    first.close();
    await once(first, 'close');
    const engine = await startEngine({ proxy: { port } }, { HTTPS_PROXY: `http://127.0.0.1:${port}` });
    expect((await ask(engine.port, 'far.invalid:443')).body).toMatch(/No address could be found for far\.invalid/);
  });

  it.each([
    ['[::1]', '[::1]', '::1'],
    ['0:0:0:0:0:0:0:1', '[::1]', '::1'],
    ['127.0.0.9', '127.0.0.9', '127.0.0.9'],
  ])('inspects a host that its settings name by the address %s', async (named, asked, host) => {
    const engine = await startEngine({ intercept: { hosts: [named] } });
    const { socket } = await ask(engine.port, `${asked}:8443`);
    const secure = connectTls({ socket, host, ca: await readFile(engine.ready.caFile) });
    await once(secure, 'secureConnect');
    expect(secure.authorized).toBe(true);
    expect(secure.getPeerCertificate().issuer.O).toBe('Holdpoint');
    secure.destroy();
  });
});
