import { createServer } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connectThrough } from '../../main/engine/interception/routes/http-connect.ts';
import { createNoProxy } from '../../main/engine/interception/routes/no-proxy.ts';
import { parsePacAnswer } from '../../main/engine/interception/routes/pac-answer.ts';
import { parseParentProxy } from '../../main/engine/interception/routes/parent-proxy.ts';
import { routeSettings } from '../../main/engine/interception/routes/route-settings.ts';
import { listening } from '../integration/interception/support.ts';
import { runs } from './runs.ts';

const piece = fc.oneof(
  fc.string(),
  fc.constantFrom(
    'PROXY ',
    'HTTPS ',
    'DIRECT',
    ';',
    'a.test:80',
    '[::1]',
    ':',
    '/',
    '%',
    '@',
    'http://',
    '*.',
    '10.0.0.0/8',
    '::ffff:1.2.3.4',
  ),
);
const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));

const answer = fc
  .array(
    fc.oneof(
      fc.string(),
      fc.constantFrom(
        'HTTP/1.1 200',
        ' OK',
        'HTTP/1.0 ',
        '407',
        '\r\n',
        '\r\n\r\n',
        'Proxy-Authenticate: ',
        'Basic',
        '\0',
        'x'.repeat(9000),
      ),
    ),
    { maxLength: 8 },
  )
  .map((pieces) => pieces.join(''));

describe('whatever a route is named by', () => {
  it('is read or left, and nothing is thrown', () => {
    fc.assert(
      fc.property(text, text, (some, other) => {
        for (const route of parsePacAnswer(some)) {
          if (route.kind === 'proxy') expect(route.proxy.port).toBeGreaterThan(0);
        }
        parseParentProxy(some, 'x');
        routeSettings({}, { HTTPS_PROXY: some, NO_PROXY: other });
        expect(typeof createNoProxy([some, other])('a.test', 443)).toBe('boolean');
      }),
      { numRuns: runs(500) },
    );
  });
});

describe('whatever a proxy answers', () => {
  it('opens a way or is an error that holds no credentials', async () => {
    let next = '';
    const server = await listening(
      createServer((socket) => {
        socket.once('data', () => socket.end(next));
      }),
    );
    const proxy = { host: '127.0.0.1', port: server.port, secure: false, credentials: 'me:hunter2', from: 'upstream.parentProxy' };
    const target = { host: 'far.test', port: 443, secure: true };
    await fc.assert(
      fc.asyncProperty(answer, async (said) => {
        next = said;
        const result: unknown = await connectThrough(proxy, target, { allowHalfOpen: false, ms: 5_000, roots: () => [] }).then(
          (socket) => void socket.destroy(),
          (error: unknown) => error,
        );
        if (result === undefined) expect(said).toMatch(/^HTTP\/1\.[01] 2\d\d/);
        else expect(result).toMatchObject({ code: 'upstream-unreachable' });
        expect(String(result)).not.toMatch(/hunter2|bWU6/);
      }),
      { numRuns: runs(150) },
    );
  });
});
