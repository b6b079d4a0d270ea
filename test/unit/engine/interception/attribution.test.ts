/** Attribution against process file systems made for the purpose: what the kernel shows, to the byte. */

import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, open, rm, symlink, writeFile } from 'node:fs/promises';
import { endianness, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createUsers } from '../../../../main/engine/interception/attribution/users.ts';
import { createAttribution } from '../../../../main/engine/interception/attribution.ts';

const PORT = 40_001;
const CLIENT = { clientAddress: '127.0.0.1', clientPort: PORT, proxyAddress: '127.0.0.1', proxyPort: 8080 };
const little = endianness() === 'LE';
const LOOPBACK = little ? '0100007F' : '7F000001';
const MAPPED = little ? '0000000000000000FFFF00000100007F' : '00000000000000000000FFFF7F000001';
const LOOPBACK6 = little ? '00000000000000000000000001000000' : '00000000000000000000000000000001';

const OUTSIDE = little ? '0A0B0C0D' : '0D0C0B0A';
const OUTSIDE_MAPPED = little ? '0000000000000000FFFF00000A0B0C0D' : '00000000000000000000FFFF0D0C0B0A';

interface FakeProcess {
  readonly pid: number;
  readonly parent?: number;
  readonly started?: number;
  readonly name?: string;
  readonly executable?: string;
  readonly commandLine?: string;
  readonly sockets?: readonly string[];
}

let proc: string;
afterEach(() => rm(proc, { recursive: true, force: true }));

// Windows has neither these links nor these files.
describe.runIf(process.platform !== 'win32')('attribution', () => {
  it.each([
    ['an IPv4 socket', 'tcp', LOOPBACK, CLIENT],
    ['an IPv6 socket that speaks IPv4', 'tcp6', MAPPED, CLIENT],
    [
      'an address that Node writes mapped',
      'tcp',
      LOOPBACK,
      { ...CLIENT, clientAddress: '::ffff:127.0.0.1', proxyAddress: '::ffff:127.0.0.1' },
    ],
    ['an IPv6 socket', 'tcp6', LOOPBACK6, { ...CLIENT, clientAddress: '::1', proxyAddress: '::1' }],
  ] as const)('finds the process of %s', async (_what, table, address, endpoints) => {
    await fake({ [table]: [row(address, 'A1', 1000)], processes: [{ pid: 50, sockets: ['A1'], commandLine: 'claude\0-p\0two words\0' }] });
    expect(await attribution().processOf(endpoints)).toEqual({
      pid: 50,
      executable: '/opt/p50',
      commandLine: ['claude', '-p', 'two words'],
      user: 'dev',
      cwd: '/home/dev/p50',
      parents: [],
    });
  });

  it('names the parents from the nearest upwards, without init', async () => {
    const processes: FakeProcess[] = [
      { pid: 50, parent: 40, sockets: ['A1'] },
      { pid: 40, parent: 30, executable: '/usr/bin/zsh' },
      { pid: 30, parent: 20, name: 'a) name (like (this' },
      { pid: 20, parent: 1, name: 'in memory', executable: '/memfd:x1 (deleted)' },
      { pid: 1, parent: 0 },
    ];
    await fake({ tcp: [row(LOOPBACK, 'A1', 1000)], processes });
    expect((await attribution().processOf(CLIENT))?.parents).toEqual([
      { pid: 40, name: 'zsh', executable: '/usr/bin/zsh' },
      { pid: 30, name: 'p30', executable: '/opt/p30' },
      { pid: 20, name: 'in memory' },
    ]);
  });

  it('ends when parents go in a circle, or never end', async () => {
    const chain = Array.from({ length: 40 }, (_, i): FakeProcess => ({ pid: 100 + i, parent: 101 + i }));
    const circle: FakeProcess[] = [
      { pid: 60, parent: 61, sockets: ['B2'] },
      { pid: 61, parent: 60 },
    ];
    await fake({
      tcp: [row(LOOPBACK, 'A1', 1000), row(LOOPBACK, 'B2', 1000, PORT + 1)],
      processes: [{ pid: 50, parent: 100, sockets: ['A1'] }, ...chain, ...circle],
    });
    expect((await attribution().processOf(CLIENT))?.parents).toHaveLength(16);
    expect((await attribution().processOf({ ...CLIENT, clientPort: PORT + 1 }))?.parents).toEqual([
      { pid: 61, name: 'p61', executable: '/opt/p61' },
    ]);
  });

  it('takes the child where a parent and the child that it forked hold the same socket, whoever was met before', async () => {
    const processes: FakeProcess[] = [
      { pid: 70, started: 5, sockets: ['A1', 'B2'] },
      // Process ids start again from below: the child's can be the smaller one.
      { pid: 40, parent: 70, started: 9, sockets: ['A1'] },
      { pid: 90, parent: 1, started: 3 },
    ];
    await fake({ tcp: [row(LOOPBACK, 'A1', 1000), row(LOOPBACK, 'B2', 1000, PORT + 1)], processes });
    const met = attribution();
    expect((await met.processOf({ ...CLIENT, clientPort: PORT + 1 }))?.pid).toBe(70);
    expect((await met.processOf(CLIENT))?.pid).toBe(40);
    expect((await attribution().processOf(CLIENT))?.pid).toBe(40);
  });

  it('names a program that was replaced while it ran by its name', async () => {
    await fake({ tcp: [row(LOOPBACK, 'A1', 1000)], processes: [{ pid: 50, sockets: ['A1'], executable: '/opt/claude (deleted)' }] });
    expect((await attribution().processOf(CLIENT))?.executable).toBe('/opt/claude');
  });

  it('gives the user’s number where there is no name', async () => {
    await fake({ tcp: [row(LOOPBACK, 'A1', 4711)], processes: [{ pid: 50, sockets: ['A1'] }] });
    expect((await attribution().processOf(CLIENT))?.user).toBe('4711');
  });

  it.each<[string, Parameters<typeof fake>[0], Partial<typeof CLIENT>?]>([
    ['a connection that is in no table', { tcp: [row(LOOPBACK, 'A1', 1000, 1)], processes: [{ pid: 50, sockets: ['A1'] }] }],
    ['a socket that nobody holds any more', { tcp: [row(LOOPBACK, '0', 0)], processes: [{ pid: 50, sockets: ['0'] }] }],
    ['a socket whose process is gone', { tcp: [row(LOOPBACK, 'A1', 1000)], processes: [{ pid: 50 }] }],
    ['a torn table', { tcp: [row(LOOPBACK, 'A1', 1000).slice(0, 60)], processes: [{ pid: 50, sockets: ['A1'] }] }],
    ['no process file system', { processes: [] }],
    [
      'an address that is none',
      { tcp: [row(LOOPBACK, 'A1', 1000)], processes: [{ pid: 50, sockets: ['A1'] }] },
      { clientAddress: 'localhost' },
    ],
    ['our own process', { tcp: [row(LOOPBACK, 'A1', 1000)], processes: [{ pid: process.pid, sockets: ['A1'] }] }],
  ])('does not know the process of %s', async (_what, machine, endpoints) => {
    await fake(machine);
    expect(await attribution().processOf({ ...CLIENT, ...endpoints })).toBeUndefined();
  });

  it('says which script an ancestor runs, where that is an interpreter', async () => {
    const processes: FakeProcess[] = [
      { pid: 50, parent: 40, sockets: ['A1'] },
      { pid: 40, executable: '/usr/bin/node', commandLine: 'node\0--no-warnings\0/usr/bin/gemini\0' },
    ];
    await fake({ tcp: [row(LOOPBACK, 'A1', 1000)], processes });
    expect((await attribution().processOf(CLIENT))?.parents).toEqual([
      { pid: 40, name: 'node', executable: '/usr/bin/node', script: '/usr/bin/gemini' },
    ]);
  });

  it.each([
    ['IPv4', 'tcp', OUTSIDE],
    ['an IPv6 socket that speaks IPv4', 'tcp6', OUTSIDE_MAPPED],
  ] as const)('finds the process of a redirected connection, whose row says where it was going to: %s', async (_what, table, outside) => {
    const listens = row(table === 'tcp' ? LOOPBACK : MAPPED, 'L9', 1000).replaceAll(' 01 ', ' 0A ');
    const going = client(table === 'tcp' ? LOOPBACK : MAPPED, outside, 'A1');
    await fake({
      [table]: [listens.split('\n')[1]!, going],
      processes: [
        { pid: 50, sockets: ['A1'] },
        { pid: 60, sockets: ['L9'] },
      ],
    });
    expect((await attribution().processOf({ ...CLIENT, proxyPort: 9999 }))?.pid).toBe(50);
  });

  it('takes nobody for a redirected connection’s process where several have its address', async () => {
    const rows = [client(LOOPBACK, OUTSIDE, 'A1'), client(LOOPBACK, LOOPBACK, 'B2')];
    await fake({
      tcp: rows,
      processes: [
        { pid: 50, sockets: ['A1'] },
        { pid: 60, sockets: ['B2'] },
      ],
    });
    expect(await attribution().processOf(CLIENT)).toBeUndefined();
  });

  it('answers many that ask at the same time', async () => {
    const many = Array.from({ length: 40 }, (_, i) => i);
    await fake({
      tcp: many.map((i) => row(LOOPBACK, `S${i}`, 1000, PORT + i)),
      processes: many.map((i) => ({ pid: 100 + i, sockets: [`S${i}`] })),
    });
    const { processOf } = attribution();
    const found = await Promise.all(many.map((i) => processOf({ ...CLIENT, clientPort: PORT + i })));
    expect(found.map((process) => process?.pid)).toEqual(many.map((i) => 100 + i));
  });

  it('knows no process on a platform that it does not know', async () => {
    await fake({ tcp: [row(LOOPBACK, 'A1', 1000)], processes: [{ pid: 50, sockets: ['A1'] }] });
    expect(await createAttribution({ proc, platform: 'freebsd' }).processOf(CLIENT)).toBeUndefined();
  });

  it('knows whose a connection is where its program cannot be seen', async () => {
    await fake({ tcp: [row(LOOPBACK, 'A1', 1000)], processes: [{ pid: 50, sockets: ['OTHER'] }] });
    expect(await attribution().holderOf(CLIENT)).toEqual({ process: undefined, user: 'dev' });
    await fake({ tcp: [row(LOOPBACK, 'A1', 77)], processes: [] });
    expect(await attribution().holderOf(CLIENT)).toEqual({ process: undefined, user: '77' });
    await fake({ tcp: [], processes: [] });
    expect(await attribution().holderOf(CLIENT)).toEqual({ process: undefined, user: undefined });
  });

  it('gives up in time when the kernel does not answer', async () => {
    await fake({ processes: [{ pid: 50, sockets: ['A1'] }] });
    const silent = join(proc, 'net/tcp');
    execFileSync('mkfifo', [silent]); // nobody writes to it, so that reading it waits
    expect(await createAttribution({ proc, platform: 'linux', timeoutMs: 20 }).processOf(CLIENT)).toBeUndefined();
    await (await open(silent, 'r+')).close();
  });
});

function attribution() {
  return createAttribution({ proc, users: createUsers(join(proc, 'passwd')), platform: 'linux' });
}

/** Also the other end, which has the same addresses the other way round. */
function row(address: string, inode: string, uid: number, port = PORT): string {
  const hex = (n: number) => n.toString(16).toUpperCase().padStart(4, '0');
  const line = (from: number, to: number, ino: string) =>
    `   1: ${address}:${hex(from)} ${address}:${hex(to)} 01 00000000:00000000 00:00000000 00000000  ${uid}        0 ${ino} 1 0000000000000000 20 4 30 10 -1`;
  return `${line(8080, port, 'PROXY')}\n${line(port, 8080, inode)}`;
}

/** One end only: that of a connection to somewhere else. */
function client(address: string, to: string, inode: string): string {
  return `   1: ${address}:${PORT.toString(16).toUpperCase()} ${to}:01BB 01 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1 0000000000000000 20 4 30 10 -1`;
}

async function fake(machine: { tcp?: string[]; tcp6?: string[]; processes: FakeProcess[] }): Promise<void> {
  proc = await mkdtemp(join(tmpdir(), 'holdpoint-proc-'));
  await mkdir(join(proc, 'net'));
  const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
  for (const table of ['tcp', 'tcp6'] as const) {
    if (machine[table]) await writeFile(join(proc, 'net', table), `${head}${machine[table].join('\n')}\n`);
  }
  await writeFile(join(proc, 'passwd'), 'root:x:0:0:root:/root:/bin/sh\ndev:x:1000:1000::/home/dev:/bin/zsh\n');
  for (const one of machine.processes) await addProcess(one, machine.processes);
}

async function addProcess(
  { pid, parent = 1, started = pid, sockets = [], ...one }: FakeProcess,
  all: readonly FakeProcess[],
): Promise<void> {
  const folder = join(proc, String(pid));
  await mkdir(join(folder, 'fd'), { recursive: true });
  await mkdir(join(folder, 'task', String(pid)), { recursive: true });
  const fields = ['S', parent, ...new Array<number>(17).fill(0), started, 0, 0];
  await writeFile(join(folder, 'stat'), `${pid} (${one.name ?? 'main'}) ${fields.join(' ')}\n`);
  await writeFile(join(folder, 'cmdline'), one.commandLine ?? 'x\0');
  const children = all.filter((other) => other.parent === pid).map((child) => `${child.pid} `);
  await writeFile(join(folder, 'task', String(pid), 'children'), children.join(''));
  await symlink(one.executable ?? `/opt/p${pid}`, join(folder, 'exe'));
  await symlink(`/home/dev/p${pid}`, join(folder, 'cwd'));
  await symlink('/dev/null', join(folder, 'fd', '0'));
  for (const [at, inode] of sockets.entries()) await symlink(`socket:[${inode}]`, join(folder, 'fd', String(3 + at)));
}
