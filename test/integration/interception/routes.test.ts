import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDial, type Dial } from '../../../main/engine/interception/dial.ts';
import type { InterceptionEvent } from '../../../main/engine/interception/log.ts';
import { createPac } from '../../../main/engine/interception/routes/pac.ts';
import { type RouteSettings, routeSettings } from '../../../main/engine/interception/routes/route-settings.ts';
import { createRoutes } from '../../../main/engine/interception/routes/routes.ts';
import {
  bodyOf,
  connected,
  listening,
  PROVIDER,
  providerCaPem,
  providerIdentity,
  startProvider,
  startProxy,
  tunnelClient,
} from './support.ts';

const TARGET = { host: 'far.test', port: 443, secure: false };

interface ParentOptions {
  /** Instead of opening a way. */
  readonly answer?: string;
  /** Written in front of what the target says, in the same packet as the head. */
  readonly greeting?: string;
  readonly credentials?: string;
  readonly tls?: boolean;
  readonly leadsTo?: number;
}

interface Parent {
  readonly port: number;
  /** The heads of what it was asked. */
  readonly asked: string[];
}

/** A CONNECT proxy, which takes every name to one server. */
async function startParent(options: ParentOptions = {}): Promise<Parent> {
  const asked: string[] = [];
  const serve = (client: Socket) => {
    client.on('error', () => undefined);
    let heard = '';
    const read = (chunk: Buffer) => {
      heard += chunk.toString('latin1');
      if (!heard.includes('\r\n\r\n')) return;
      client.off('data', read);
      client.pause();
      asked.push(heard);
      const wanted = options.credentials && `Proxy-Authorization: Basic ${Buffer.from(options.credentials).toString('base64')}\r\n`;
      if (options.answer !== undefined) return void client.end(options.answer);
      if (wanted !== undefined && !heard.includes(wanted)) {
        return void client.end('HTTP/1.1 407 Who?\r\nProxy-Authenticate: Basic realm="corp"\r\n\r\n');
      }
      client.write(`HTTP/1.1 200 OK\r\n\r\n${options.greeting ?? ''}`);
      if (options.leadsTo === undefined) return void client.end();
      const server = connect({ port: options.leadsTo, host: '127.0.0.1', allowHalfOpen: true });
      server.on('error', () => client.destroy());
      client.pipe(server).pipe(client);
    };
    client.on('data', read);
  };
  const server = options.tls
    ? createTlsServer({ ...providerIdentity('127.0.0.1'), allowHalfOpen: true }, serve)
    : createServer({ allowHalfOpen: true }, serve);
  return { port: (await listening(server)).port, asked };
}

async function echo(): Promise<number> {
  return (await listening(createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket)))).port;
}

interface Way {
  readonly dial: Dial;
  readonly log: InterceptionEvent[];
}

function way(wanted: Partial<RouteSettings> | string, ownPort?: number): Way {
  const log: InterceptionEvent[] = [];
  const settings = typeof wanted === 'string' ? routeSettings({ parentProxy: wanted }, {}) : { noProxy: [], ...wanted };
  const roots = () => [providerCaPem];
  const routes = createRoutes({ ...settings, ownPort: () => ownPort, roots, log: (event) => void log.push(event) });
  onTestFinished(() => routes.close());
  return { dial: createDial({ resolve: {}, routes, roots }), log };
}

/** All that the other side says to a word, until it ends. */
async function said(dial: Dial, target = TARGET): Promise<string> {
  const socket = await dial(target, true);
  socket.end('hello');
  let heard = '';
  for await (const chunk of socket) heard += String(chunk);
  return heard;
}

async function script(text: string): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'holdpoint-pac-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const file = join(dir, 'proxy.pac');
  await writeFile(file, text);
  return file;
}

/** A port that nobody listens on. */
async function deadPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('a parent proxy', () => {
  it('is asked for the target by name, with the credentials, and carries each direction to its own end', async () => {
    const parent = await startParent({ leadsTo: await echo(), credentials: 'dev:p@ss:wörd', greeting: 'first: ' });
    const { dial } = way(`http://dev:p%40ss%3Aw%C3%B6rd@127.0.0.1:${parent.port}`);
    expect(await said(dial)).toBe('first: hello');
    expect(parent.asked[0]).toMatch(/^CONNECT far\.test:443 HTTP\/1\.1\r\nHost: far\.test:443\r\nProxy-Authorization: Basic /);
  });

  it('is asked for IPv6 addresses in brackets', async () => {
    const parent = await startParent({ leadsTo: await echo() });
    expect(await said(way(`http://127.0.0.1:${parent.port}`).dial, { ...TARGET, host: '2001:db8::7', port: 8443 })).toBe('hello');
    expect(parent.asked[0]).toMatch(/^CONNECT \[2001:db8::7\]:8443 HTTP/);
  });

  it('may itself speak TLS', async () => {
    const parent = await startParent({ leadsTo: await echo(), tls: true });
    expect(await said(way(`https://127.0.0.1:${parent.port}`).dial)).toBe('hello');
  });

  it('carries tunnels and intercepted traffic alike', async () => {
    const provider = await startProvider((_request, response) => response.end('from the provider'));
    const parent = await startParent({ leadsTo: provider.port });
    const routes = routeSettings({ parentProxy: `http://127.0.0.1:${parent.port}` }, {});
    const proxy = await startProxy({ routes });
    const intercepted = await tunnelClient(proxy);
    intercepted.socket.write(`GET / HTTP/1.1\r\nHost: ${PROVIDER}\r\nConnection: close\r\n\r\n`);
    await intercepted.over;
    expect(bodyOf(intercepted.text())).toBe('from the provider');
    (await connected(proxy, 'bank.test:443')).destroy();
    expect(parent.asked.map((head) => head.split('\r\n', 1)[0])).toEqual([
      `CONNECT ${PROVIDER}:443 HTTP/1.1`,
      'CONNECT bank.test:443 HTTP/1.1',
    ]);
  });

  it.each<[string, ParentOptions, RegExp]>([
    ['wants credentials', { credentials: 'a:b' }, /wants a user name and a password for far\.test:443 \(407\)\. Set upstream\.parentProxy/],
    [
      'speaks only NTLM',
      { answer: 'HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM\r\n\r\n' },
      /wants Negotiate or NTLM, which Holdpoint does not speak/,
    ],
    ['does not permit it', { answer: 'HTTP/1.1 403 Forbidden\r\n\r\n<html>' }, /does not permit connections to far\.test:443 \(403\)/],
    ['cannot reach it', { answer: 'HTTP/1.0 503 Down\r\n\r\n' }, /could not reach far\.test:443 \(503\)/],
    ['redirects', { answer: 'HTTP/1.1 302 Found\r\nLocation: http://login\r\n\r\n' }, /answered 302 instead of opening a way/],
    ['is none', { answer: 'SSH-2.0-OpenSSH_9\r\n\r\n' }, /is no HTTP proxy\. Check upstream\.parentProxy\./],
    ['hangs up', { answer: '' }, /did not open a way to far\.test:443: it closed the connection/],
    ['talks without end', { answer: `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(40_000)}` }, /its answer is longer than 16384 bytes/],
  ])('that %s is told in a sentence without its credentials', async (what, options, message) => {
    const parent = await startParent(options);
    const login = what === 'wants credentials' ? '' : 'me:hunter2@';
    const failure: unknown = await way(`http://${login}127.0.0.1:${parent.port}`)
      .dial(TARGET, false)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'upstream-unreachable', message: expect.stringMatching(message) });
    expect(JSON.stringify([failure, String(failure)])).not.toMatch(/hunter2|me:|bWU6/);
  });

  it('that refuses the credentials is told as that', async () => {
    const parent = await startParent({ credentials: 'a:b' });
    await expect(way(`http://me:hunter2@127.0.0.1:${parent.port}`).dial(TARGET, false)).rejects.toThrow(
      /does not accept the user name and the password in upstream\.parentProxy \(407\)\. Correct them\.$/,
    );
  });

  it('that is down is told with the setting that names it', async () => {
    const port = await deadPort();
    await expect(way(`http://127.0.0.1:${port}`).dial(TARGET, false)).rejects.toThrow(
      new RegExp(
        `The proxy 127\\.0\\.0\\.1:${port}, through which far\\.test:443 is reached, could not be reached itself: .*upstream\\.parentProxy`,
      ),
    );
  });

  it.each([
    ['a cloud’s metadata service', '169.254.169.254'],
    ['its name', 'metadata.google.internal'],
    ['it through IPv6', '::ffff:169.254.169.254'],
  ])('is not asked for %s', async (_what, host) => {
    const parent = await startParent({ leadsTo: await echo() });
    await expect(way(`http://127.0.0.1:${parent.port}`).dial({ ...TARGET, host }, true)).rejects.toMatchObject({
      code: 'upstream-refused',
    });
    expect(parent.asked).toEqual([]);
  });

  it('is not asked for this machine, nor for what is excepted', async () => {
    const parent = await startParent({ answer: 'HTTP/1.1 403 No\r\n\r\n' });
    const port = await echo();
    const { dial } = way(routeSettings({ parentProxy: `http://127.0.0.1:${parent.port}`, noProxy: ['*.invalid'] }, {}));
    expect(await said(dial, { host: 'localhost', port, secure: false })).toBe('hello');
    await expect(dial({ ...TARGET, host: 'git.invalid' }, true)).rejects.toThrow(/No address could be found for git\.invalid/);
    expect(parent.asked).toEqual([]);
  });

  it('that is ourselves is refused in a setting, and passed over in the environment', async () => {
    const port = await deadPort();
    const target = { ...TARGET, host: 'x.invalid' };
    await expect(way(`http://localhost:${port}`, port).dial(target, true)).rejects.toThrow(/which is Holdpoint's own port/);
    const inherited = way(routeSettings({}, { HTTPS_PROXY: `http://127.0.0.1:${port}` }), port);
    await expect(inherited.dial(target, true)).rejects.toThrow(/No address could be found for x\.invalid/);
  });
});

describe('a proxy script', () => {
  it('chooses by host, is told no path, and its answers are tried in order', async () => {
    const parent = await startParent({ leadsTo: await echo() });
    const dead = await deadPort();
    const pac = await script(`
      var seen = [];
      function FindProxyForURL(url, host) {
        if (url !== 'https://far.test/' && url !== 'http://plain.test/') return 'PROXY wrong.invalid:1';
        if (['11.0.0.0', '12.0.0.0'].some(function (net) { return isInNet('10.1.2.3', net, '255.0.0.0'); })) return 'PROXY wrong.invalid:2';
        if (!isInNet('10.1.2.3', '10.0.0.0', '255.0.0.0') || !isInNet('localhost', '127.0.0.0', '255.0.0.0')) return 'PROXY wrong.invalid:3';
        if (!/^\\d+\\.\\d+\\.\\d+\\.\\d+$/.test(myIpAddress()) || isResolvable('x.invalid')) return 'PROXY wrong.invalid:4';
        if (typeof process !== 'undefined' || typeof require !== 'undefined') return 'PROXY wrong.invalid:5';
        alert('never on standard output');
        return shExpMatch(host, 'far.*') ? 'SOCKS s:1; PROXY 127.0.0.1:${dead}; PROXY 127.0.0.1:${parent.port}' : 'DIRECT';
      }`);
    const { dial } = way({ pac });
    expect(await said(dial)).toBe('hello');
    expect(await said(dial)).toBe('hello');
    expect(parent.asked).toHaveLength(2);
    await expect(dial({ host: 'plain.test', port: 80, secure: false }, false)).rejects.toThrow(/No address could be found for plain\.test/);
  });

  it('has the credentials that the settings give for the proxy it names, and those for no other', async () => {
    const known = await startParent({ leadsTo: await echo(), credentials: 'me:hunter2' });
    const other = await startParent({ leadsTo: await echo() });
    const pac = await script(
      `function FindProxyForURL(url, host) { return host === 'far.test' ? 'PROXY 127.0.0.1:${known.port}' : 'PROXY 127.0.0.1:${other.port}'; }`,
    );
    const { dial } = way(routeSettings({ pac, parentProxy: `http://me:hunter2@127.0.0.1:${known.port}` }, {}));
    expect(await said(dial)).toBe('hello');
    expect(await said(dial, { ...TARGET, host: 'other.test' })).toBe('hello');
    expect(other.asked[0]).not.toMatch(/authorization/i);
  });

  it('is fetched from its server directly', async () => {
    const parent = await startParent({ leadsTo: await echo() });
    const server = createHttpServer((request, response) =>
      request.url === '/proxy.pac?k=1'
        ? response.end(`function FindProxyForURL() { return 'PROXY 127.0.0.1:${parent.port}'; }`)
        : response.writeHead(404).end(),
    );
    const { port } = await listening(server);
    expect(await said(way({ pac: `http://127.0.0.1:${port}/proxy.pac?k=1` }).dial)).toBe('hello');
    await expect(way({ pac: `http://127.0.0.1:${port}/gone?k=hunter2` }).dial(TARGET, true)).rejects.toThrow(
      `The proxy script http://127.0.0.1:${port}/gone cannot be used: its server answered 404.`,
    );
  });

  it.each<[string, string, RegExp]>([
    ['is no script', 'this is not (', /cannot be used: it is not a script that can be run/],
    ['has no such function', 'var x = 1;', /cannot be used: it is not a script that can be run/],
    ['throws', 'function FindProxyForURL() { throw new Error("boo\\x1b[2J" + "o".repeat(1e6)); }', /cannot be used: boo \[2Jo{100,200}\. /],
    ['takes all memory', 'function FindProxyForURL() { var a = [1]; for (;;) a = a.concat(a); }', /cannot be used: .*memory/],
    ['answers nothing', 'function FindProxyForURL() {}', /names no way to far\.test:443 that Holdpoint can go/],
    ['knows only SOCKS', 'function FindProxyForURL() { return "SOCKS a:1"; }', /names no way to far\.test:443/],
    ['is too long', `//${'x'.repeat(1_100_000)}`, /longer than 1048576 bytes/],
  ])('that %s refuses, unless there is a parent proxy', async (_what, text, message) => {
    const pac = await script(text);
    await expect(way({ pac }).dial(TARGET, true)).rejects.toMatchObject({
      code: 'upstream-unreachable',
      message: expect.stringMatching(message),
    });
    const parent = await startParent({ leadsTo: await echo() });
    const { dial, log } = way(routeSettings({ pac, parentProxy: `http://127.0.0.1:${parent.port}` }, {}));
    expect(await said(dial)).toBe('hello');
    expect(log).toMatchObject([{ kind: 'route-failed', message: expect.stringMatching(message) }]);
  });

  it('that never ends stalls nobody else, and is asked anew the next time', async () => {
    const pac = createPac({
      source: await script('function FindProxyForURL(url, host) { while (host === "stuck.test") {} return "DIRECT"; }'),
      roots: () => [],
      answerMs: 1_500,
    });
    onTestFinished(() => pac.close());
    let turns = 0;
    const ticking = setInterval(() => turns++, 10);
    onTestFinished(() => clearInterval(ticking));
    await expect(pac.findProxy('https://stuck.test/', 'stuck.test')).rejects.toThrow(/did not answer within 1\.5 s/);
    expect(turns).toBeGreaterThan(10);
    expect(await pac.findProxy('https://fine.test/', 'fine.test')).toBe('DIRECT');
  });

  it('is renewed once it is old, and used on when it cannot be had again', async () => {
    let now = 0;
    const source = await script('function FindProxyForURL() { return "PROXY old:1"; }');
    const pac = createPac({ source, roots: () => [], now: () => now });
    onTestFinished(() => pac.close());
    const ask = () => pac.findProxy('https://x.test/', 'x.test');
    expect(await ask()).toBe('PROXY old:1');
    await writeFile(source, 'function FindProxyForURL() { return "PROXY new:1"; }');
    expect(await ask()).toBe('PROXY old:1');
    now += 6 * 60_000;
    await expect.poll(ask).toBe('PROXY new:1');
    await rm(source);
    now += 6 * 60_000;
    expect(await ask()).toBe('PROXY new:1');
  });
});
