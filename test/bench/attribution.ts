/** How long it takes from a connection's acceptance until its process is known, on a machine with some 200 processes. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createAttribution } from '../../main/engine/interception/attribution.ts';
import { median } from './load.ts';

const PROCESSES = 200;
const WARM_UP = 10;
/** Connects, and again when it is closed. */
const CLIENT = `
const connect = () => require('node:net').connect(Number(process.argv[1]), '127.0.0.1').on('close', connect).on('error', () => process.exit()).resume();
connect();`;

export interface AttributionMedians {
  readonly processes: number;
  /** Of connections of a process that had one before, in ms. */
  readonly known: number;
  /** Of the first connections of new processes, in ms. */
  readonly fresh: number;
}

export async function attributionMedians(rounds: number): Promise<AttributionMedians> {
  const children: ChildProcess[] = [];
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const attribution = createAttribution();
  try {
    for (let count = processes(); count < PROCESSES; count += 1) children.push(spawn('sleep', ['600'], { stdio: 'ignore' }));
    const child = client();
    const known: number[] = [];
    for (let i = -WARM_UP; i < rounds; i += 1) {
      const taken = await next(child);
      if (i >= 0) known.push(taken);
    }
    child.kill();
    await once(child, 'exit');
    const fresh: number[] = [];
    for (let i = 0; i < Math.ceil(rounds / 3); i += 1) {
      const another = client();
      fresh.push(await next(another));
      another.kill();
      await once(another, 'exit');
    }
    return { processes: processes(), known: median(known), fresh: median(fresh) };
  } finally {
    for (const child of children) child.kill();
    server.close();
  }

  function client(): ChildProcess {
    const child = spawn(process.execPath, ['-e', CLIENT, String(port)], { stdio: 'ignore' });
    children.push(child);
    return child;
  }

  async function next(child: ChildProcess): Promise<number> {
    const [socket] = (await once(server, 'connection')) as [Socket];
    const { remoteAddress = '', remotePort = 0, localAddress = '', localPort = 0 } = socket;
    const start = performance.now();
    const found = await attribution.processOf({
      clientAddress: remoteAddress,
      clientPort: remotePort,
      proxyAddress: localAddress,
      proxyPort: localPort,
    });
    const taken = performance.now() - start;
    if (found?.pid !== child.pid) throw new Error(`Attributed to ${found?.pid ?? 'nobody'} and not to ${child.pid}.`);
    socket.on('error', () => {}).destroy();
    return taken;
  }
}

function processes(): number {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length;
}
