import { constants } from 'node:http2';
import { describe, expect, it } from 'vitest';
import type { RequestOutcome, ResponseInspector } from '../../../main/engine/interception/inspection.ts';
import {
  ask,
  bodyOf,
  http2Client,
  PROVIDER,
  type Provider,
  type Proxy as Running,
  startHttp2Provider,
  startProvider,
  startProxy,
  tunnelClient,
} from './support.ts';

/** A request whose answer is read, or is not. */
interface Asked {
  /** All of the body that came so far. */
  text(): string;
  /** Names and values as they came, once they have. */
  head(): readonly string[];
  /** Whether the answer came to its end. */
  readonly over: Promise<'whole' | 'broken'>;
  pause(): void;
  resume(): void;
  leave(): void;
}

const VERSIONS: [string, (answer: string) => Promise<Provider>, (proxy: Running) => Promise<Asked>][] = [
  ['HTTP/1.1', (text) => startProvider((_request, response) => void response.setHeader('x-late', '1').end(text)), askHttp1],
  [
    'HTTP/2',
    (text) =>
      startHttp2Provider((stream) => {
        stream.respond({ ':status': 200, 'x-late': '1' });
        stream.end(text);
      }),
    askHttp2,
  ],
];

async function askHttp1(proxy: Running): Promise<Asked> {
  const { socket, text, over } = await tunnelClient(proxy);
  socket.write(`POST /mcp HTTP/1.1\r\nHost: ${PROVIDER}\r\nContent-Length: 2\r\n\r\n{}`);
  const whole = Promise.withResolvers<'whole'>();
  socket.on('data', (chunk: Buffer) => {
    if (chunk.subarray(-5).equals(Buffer.from('0\r\n\r\n'))) whole.resolve('whole');
  });
  return {
    text: () => bodyOf(text()),
    head: () =>
      text()
        .split('\r\n\r\n', 1)[0]!
        .toLowerCase()
        .split(/\r\n|: | /)
        .slice(1),
    over: Promise.race([whole.promise, over.then(() => 'broken' as const)]),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    leave: () => void socket.destroy(),
  };
}

async function askHttp2(proxy: Running): Promise<Asked> {
  const session = await http2Client(proxy);
  const { stream, text, headers, closed } = ask(session, { path: '/mcp', body: '{}' });
  return {
    text,
    head: () => headers().slice(1),
    over: closed.then((code) => (code === constants.NGHTTP2_NO_ERROR ? 'whole' : 'broken')),
    pause: () => void stream.pause(),
    resume: () => void stream.resume(),
    leave: () => stream.close(constants.NGHTTP2_CANCEL),
  };
}

describe.each(VERSIONS)('an answer whose head leaves before the verdict, in %s', (_version, provider, asking) => {
  type Write = (bytes: Uint8Array) => Promise<void>;

  async function begun(following: Partial<ResponseInspector> = {}) {
    const written = Promise.withResolvers<Write>();
    const verdict = Promise.withResolvers<RequestOutcome>();
    const ended: string[] = [];
    let signal: AbortSignal | undefined;
    const upstream = await provider('late');
    const proxy = await startProxy({
      provider: upstream,
      async request(exchange) {
        signal = exchange.signal;
        return {
          kind: 'early',
          status: 200,
          contentType: 'text/event-stream',
          async settle(write) {
            written.resolve(write);
            return verdict.promise;
          },
        };
      },
    });
    const release: RequestOutcome = {
      kind: 'forward',
      response: {
        start: (_head, write) => ({ kind: 'transform', transform: { push: write, end: async () => undefined, doubt: () => {} } }),
        failed: (_status, message) => ({ status: 502, contentType: 'application/json', body: Buffer.from(`failed: ${message}`) }),
        ended: (how) => void ended.push(how),
        ...following,
      },
    };
    const asked = await asking(proxy);
    const write = await written.promise;
    await expect.poll(() => asked.head()[0]).toBe('200');
    return { proxy, upstream, asked, write, verdict, release, ended, signal: signal! };
  }

  it('goes on with what was written while it waited and then with the provider’s body, under the one head', async () => {
    const { asked, write, verdict, release, ended } = await begun();
    await write(Buffer.from('waiting '));
    await expect.poll(asked.text).toBe('waiting ');
    verdict.resolve(release);
    expect(await asked.over).toBe('whole');
    expect(asked.text()).toBe('waiting late');
    expect(asked.head()).toContain('text/event-stream');
    expect(asked.head()).not.toContain('x-late');
    await expect.poll(() => ended).toEqual(['complete']);
  });

  it('ends with the words of a refusal, and nothing reaches the provider', async () => {
    const { asked, write, verdict, upstream } = await begun();
    await write(Buffer.from('waiting '));
    verdict.resolve({ kind: 'answer', answer: { status: 403, contentType: 'text/plain', body: Buffer.from('refused') } });
    expect(await asked.over).toBe('whole');
    expect(asked.text()).toBe('waiting refused');
    expect(asked.head()[0]).toBe('200');
    expect(upstream.sockets.size).toBeLessThanOrEqual(1);
  });

  it('ends with the inspector’s words where the provider’s answer may not pass', async () => {
    const { asked, verdict, release, ended } = await begun({
      start: () => ({ kind: 'answer', answer: { status: 502, contentType: 'text/plain', body: Buffer.from('led away') } }),
    });
    verdict.resolve(release);
    expect(await asked.over).toBe('whole');
    expect(asked.text()).toBe('led away');
    await expect.poll(() => ended).toEqual(['upstream-failed']);
  });

  it('ends with what went wrong where the provider hangs up', async () => {
    const { asked, verdict, release, ended, upstream } = await begun();
    upstream.close();
    verdict.resolve(release);
    expect(await asked.over).toBe('whole');
    expect(asked.text()).toMatch(/^failed: .*(could not be reached|broke off)/);
    await expect.poll(() => ended).toEqual(['upstream-failed']);
  });

  it('is over when the client goes: the verdict is not waited for, and nothing is sent on', async () => {
    const { asked, write, verdict, release, ended, signal, proxy } = await begun();
    asked.leave();
    // HTTP/1.1 has clients that have only said all they have to say: that nobody reads shows when something is written.
    await expect
      .poll(() =>
        write(Buffer.from('anybody?')).then(
          () => signal.aborted,
          () => signal.aborted,
        ),
      )
      .toBe(true);
    await expect(write(Buffer.from('nobody'))).rejects.toThrow();
    verdict.resolve(release);
    await expect.poll(() => ended).toEqual(['client-gone']);
    expect(proxy.told.log).toEqual([]);
  });

  it('breaks off visibly where no verdict can be had', async () => {
    const { asked, verdict, proxy } = await begun();
    verdict.reject(new Error('no verdict'));
    expect(await asked.over).toBe('broken');
    expect(proxy.told.log).toMatchObject([{ kind: 'inspector-failed' }]);
  });

  it('holds back who writes into it where the client does not read', async () => {
    const { asked, write, verdict, release } = await begun();
    asked.pause();
    const chunk = Buffer.alloc(64 * 1024, 'x');
    let sent = 0;
    const pump = (async () => {
      for (; sent < 256; sent += 1) await write(chunk);
    })();
    let before = -1;
    await expect
      .poll(
        () => {
          const still = before === sent;
          before = sent;
          return still;
        },
        { interval: 200, timeout: 15_000 },
      )
      .toBe(true);
    expect(sent).toBeLessThan(128);
    asked.resume();
    await pump;
    verdict.resolve(release);
    expect(await asked.over).toBe('whole');
    expect(asked.text()).toHaveLength(256 * chunk.length + 'late'.length);
  });
});
