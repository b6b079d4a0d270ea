/** Agents that run past the guard: real processes with real connections, and what the kernel would show of others. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { SeenAgent } from '../../../main/contract/seen-agents.ts';
import { type BypassOptions, bypassChecks, mayBeProviders } from '../../../native-config/doctor/bypass.ts';
import { seenChecks } from '../../../native-config/doctor/seen.ts';
import { thisSystem } from '../../../native-config/system.ts';
import { context, folder, resultOf } from './support.ts';

const GUARD = { proxyUrl: 'http://127.0.0.1:4711', caFile: '/none', dataDir: '/none', caPem: '' };
const BEHIND = { HTTPS_PROXY: GUARD.proxyUrl, https_proxy: GUARD.proxyUrl };

function checks(change: Partial<BypassOptions> = {}) {
  return bypassChecks({
    context: context({ guard: GUARD, system: { ...thisSystem(), platform: 'linux' } }),
    bySettings: new Set(),
    hosts: ['api.anthropic.com'],
    proc: '/proc',
    isProviders: mayBeProviders,
    ...change,
  });
}

/** A program of that name that has connected somewhere, and waits. */
async function anAgent(name: string, env: Readonly<Record<string, string>>): Promise<{ child: ChildProcess; port: number }> {
  const server = createServer((socket) => socket.on('error', () => {}));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const script = join(folder(), name);
  writeFileSync(script, `require('node:net').connect(${port}, '127.0.0.1', () => console.log('connected'))`);
  const child = spawn(process.execPath, [script], { env: { PATH: '/usr/bin', ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await once(child, 'close');
    server.close();
  });
  await once(child.stdout!, 'data');
  return { child, port };
}

describe('an agent that runs', () => {
  it('without the guard is told with its name and process', async () => {
    const { child } = await anAgent('claude', {});
    const { state, says } = await resultOf(checks(), 'bypass.running');
    expect(state).toBe('problem');
    expect(says).toContain(`Claude Code (process ${child.pid}) was started without the guard: HTTPS_PROXY is not set for it.`);
  });

  it('with the guard, or led there by its own settings, is none of those', async () => {
    const { child } = await anAgent('claude', BEHIND);
    expect((await resultOf(checks(), 'bypass.running')).says).not.toContain(`process ${child.pid})`);
    const { child: other } = await anAgent('codex', {});
    const bySettings = new Set(['Codex']);
    expect((await resultOf(checks({ bySettings }), 'bypass.running')).says).not.toContain(`process ${other.pid})`);
  });

  it('with a provider excepted is told what excepts it', async () => {
    const { child } = await anAgent('gemini', { ...BEHIND, NO_PROXY: 'anthropic.com' });
    const { says } = await resultOf(checks(), 'bypass.running');
    expect(says).toContain(`Gemini CLI (process ${child.pid}): NO_PROXY excepts api.anthropic.com`);
  });

  it('with a connection of its own is told where it leads, whatever its variables say', async () => {
    const { child, port } = await anAgent('claude', BEHIND);
    const isProviders = (_address: string, to: number) => to === port;
    const { state, says } = await resultOf(checks({ isProviders }), 'bypass.connections');
    expect(state).toBe('problem');
    expect(says).toContain(`Claude Code (process ${child.pid}) is connected to 127.0.0.1:${port} itself, past the guard.`);
  });
});

describe('what the kernel shows', () => {
  it.each([
    ['a connection to a provider', '0100000A:C001 0200000A:01BB 01', [], 'problem', /connected to 10\.0\.0\.2:443 itself/],
    [
      'one over IPv6',
      '',
      ['0000000000000000FFFF00000100000A:C001 B80D0120000000000000000001000000:01BB 01'],
      'problem',
      /\[2001:db8::1\]:443 itself/,
    ],
    ['one that has ended', '0100000A:C001 0200000A:01BB 06', [], 'ok', /No agent/],
    ['one within the machine', '0100007F:C001 0200007F:01BB 01', [], 'ok', /No agent/],
    ['one to another port', '0100000A:C001 0200000A:1F90 01', [], 'ok', /No agent/],
    ['rubbish', 'zz:01BB 01 zz', ['💥'], 'ok', /No agent/],
  ])('of %s', async (_name, tcp, tcp6, state, says) => {
    const proc = aProc([tcp], tcp6);
    expect(await resultOf(checks({ proc }), 'bypass.connections')).toMatchObject({ state, says });
  });

  it('of a connection that the system has led to the guard: it only says of itself that it goes to the provider', async () => {
    // The engine's own end of it, at port 4711.
    const proc = aProc(['0100000A:C001 0200000A:01BB 01', '0100007F:1267 0100000A:C001 01 8'], []);
    expect(await resultOf(checks({ proc }), 'bypass.connections')).toMatchObject({ state: 'ok' });
    expect(await resultOf(checks({ proc }), 'bypass.running')).toMatchObject({ state: 'ok', says: /One agent runs now/ });
  });

  it('of no processes at all', async () => {
    const proc = folder();
    expect(await resultOf(checks({ proc }), 'bypass.running')).toMatchObject({ state: 'ok', says: /No agent runs now/ });
  });
});

describe('whom the engine has seen', () => {
  const row = (change: Partial<SeenAgent>): SeenAgent => ({
    ...{ agent: 'Gemini CLI', known: true, version: null, startedBy: null, program: '/usr/bin/node', user: 'mara', to: 'model' },
    ...{ provider: 'Google', host: 'generativelanguage.googleapis.com', how: 'intercepted', connections: 1, exchanges: 1 },
    ...{ first: '2026-05-01T00:00:00.000Z', last: '2026-05-19T00:00:00.000Z' },
    ...change,
  });
  const found = (id: string, ...rows: SeenAgent[]) =>
    resultOf(seenChecks(context(), { seen: async () => rows, now: () => new Date('2026-05-20T00:00:00Z') }), id);

  it('not trusting the guard is told with its program and host, for a week', async () => {
    const result = await found('bypass.distrusts', row({ how: 'tls-refused' }), row({}));
    expect(result).toMatchObject({ state: 'problem', says: /Gemini CLI \(\/usr\/bin\/node\) to generativelanguage\.googleapis\.com\.$/ });
    expect(await found('bypass.distrusts', row({ how: 'tls-refused', last: '2026-05-02T00:00:00.000Z' }))).toMatchObject({ state: 'ok' });
  });

  it('going through unread is told of agents alone', async () => {
    expect(await found('bypass.unread', row({ how: 'tunnelled', host: 'api2.cursor.sh' }))).toMatchObject({
      state: 'warning',
      says: /api2\.cursor\.sh/,
    });
    expect(await found('bypass.unread', row({ how: 'tunnelled', known: false }))).toMatchObject({ state: 'ok' });
  });
});

it('on other systems it is said that nobody looks', async () => {
  const other = context({ guard: GUARD, system: { ...thisSystem(), platform: 'darwin' } });
  expect(await resultOf(checks({ context: other }), 'bypass.running')).toMatchObject({ state: 'unknown' });
});

/** One process, Claude Code's, that holds the socket of the first row. A row: local, remote, state, and another holder's inode. */
function aProc(tcp: readonly string[], tcp6: readonly string[]): string {
  const proc = folder();
  const own = join(proc, '77');
  mkdirSync(join(own, 'fd'), { recursive: true });
  mkdirSync(join(own, 'task'));
  mkdirSync(join(proc, 'net'));
  writeFileSync(join(own, 'stat'), `77 (claude) S 1 ${'0 '.repeat(17)}5 0\n`);
  writeFileSync(join(own, 'cmdline'), '/usr/bin/claude\0');
  writeFileSync(join(own, 'environ'), 'A=1\0B\0=\0');
  symlinkSync('/usr/bin/claude', join(own, 'exe'));
  symlinkSync('/', join(own, 'cwd'));
  symlinkSync('socket:[7]', join(own, 'fd', '3'));
  const table = (rows: readonly string[]) =>
    [
      'head',
      ...rows
        .map((row) => row.split(' '))
        .map(([local, remote, state, inode = '7']) => ` 0: ${local} ${remote} ${state} 0:0 0:0 0 1000 0 ${inode} 1`),
      '',
    ].join('\n');
  writeFileSync(join(proc, 'net', 'tcp'), table(tcp));
  writeFileSync(join(proc, 'net', 'tcp6'), table(tcp6));
  return proc;
}
