/** Attribution of real connections of real processes. Linux only: the other platforms' tools are not here. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createAttribution } from '../../../main/engine/interception/attribution.ts';

const CONNECT = `require('node:net').connect(Number(process.argv[1]), process.argv[2]); process.stdin.on('end', () => process.exit()).resume();`;
const FORK_AFTER_CONNECT = `
import os, socket, sys
s = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
child = os.fork()
if child: print(child, flush=True)
sys.stdin.read()
`;
const CONNECT_IN_THREAD = `
import socket, sys, threading
kept = []
threading.Thread(target=lambda: kept.append(socket.create_connection(('127.0.0.1', int(sys.argv[1]))))).start()
sys.stdin.read()
`;

let folder: string;
let server: Server;
const started: ChildProcess[] = [];
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'holdpoint-attribution-')));
});
afterEach(async () => {
  for (const child of started.splice(0)) {
    const exit = child.exitCode ?? child.signalCode ?? once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }
  server.close();
  await rm(folder, { recursive: true });
});

describe.runIf(process.platform === 'linux')('a connection of a process', () => {
  it.each(['127.0.0.1', '::1'])('is attributed to it, over %s', async (address) => {
    const { port, accepted } = await listen(address);
    const child = start(process.execPath, '-e', CONNECT, String(port), address);
    const found = await createAttribution().processOf(endpoints(await accepted));
    expect(found).toMatchObject({
      pid: child.pid,
      executable: await realpath(process.execPath),
      commandLine: [process.execPath, '-e', CONNECT, String(port), address],
      cwd: folder,
      user: userInfo().username,
    });
    expect(found?.parents[0]).toMatchObject({ pid: process.pid, name: 'node' });
  });

  it('is attributed to it through a listener for both kinds of address', async () => {
    const { port, accepted } = await listen('::');
    const child = start(process.execPath, '-e', CONNECT, String(port), '127.0.0.1');
    expect((await createAttribution().processOf(endpoints(await accepted)))?.pid).toBe(child.pid);
  });

  it('is attributed to the child, where a program forked after it connected', async () => {
    const { port, accepted } = await listen('127.0.0.1');
    const parent = start('python3', '-c', FORK_AFTER_CONNECT, String(port));
    const socket = await accepted;
    const [line] = (await once(parent.stdout!, 'data')) as [Buffer];
    const child = Number(String(line));
    onTestFinished(() => void process.kill(child, 'SIGKILL'));
    const attribution = createAttribution();
    for (let time = 0; time < 3; time++) {
      const found = await attribution.processOf(endpoints(socket));
      expect(found).toMatchObject({ pid: child, parents: [{ pid: parent.pid }, { pid: process.pid }, ...(found?.parents.slice(2) ?? [])] });
    }
  });

  it('is attributed to the process whose thread made it', async () => {
    const { port, accepted } = await listen('127.0.0.1');
    const child = start('python3', '-c', CONNECT_IN_THREAD, String(port));
    expect((await createAttribution().processOf(endpoints(await accepted)))?.pid).toBe(child.pid);
  });

  it('has no process once that is gone, and none that is ours', async () => {
    const { port, accepted } = await listen('127.0.0.1');
    const child = start(process.execPath, '-e', CONNECT, String(port), '127.0.0.1');
    const socket = await accepted;
    const where = endpoints(socket);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await createAttribution().processOf(where)).toBeUndefined();
    const back = {
      clientPort: where.proxyPort,
      clientAddress: where.proxyAddress,
      proxyPort: where.clientPort,
      proxyAddress: where.clientAddress,
    };
    expect(await createAttribution().processOf(back)).toBeUndefined();
  });
});

async function listen(address: string): Promise<{ port: number; accepted: Promise<Socket> }> {
  server = createServer();
  const accepted = once(server, 'connection').then(([socket]) => (socket as Socket).on('error', () => {}));
  server.listen(0, address);
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, accepted };
}

function start(command: string, ...args: string[]): ChildProcess {
  const child = spawn(command, args, { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
  started.push(child);
  return child;
}

function endpoints(socket: Socket) {
  return {
    clientAddress: socket.remoteAddress ?? '',
    clientPort: socket.remotePort ?? 0,
    proxyAddress: socket.localAddress ?? '',
    proxyPort: socket.localPort ?? 0,
  };
}
