import { describe, expect, it } from 'vitest';
import { requestFraming, requestHeaders, responseHeaders } from '../../../../main/engine/interception/headers.ts';

const forwarded = (rawHeaders: string[], more: { inspected?: boolean; method?: string } = {}) =>
  requestHeaders({ rawHeaders, framing: requestFraming(rawHeaders, '1.1')!, method: 'GET', host: 'a.test', inspected: true, ...more });

describe('request headers', () => {
  it('keep order, case and repetition', () => {
    const raw = ['Host', 'a.test', 'x-B', '1', 'X-a', '2', 'x-B', '3', 'Content-Length', '4'];
    expect(forwarded(raw)).toEqual(raw);
  });

  it('lose what is between client and proxy, also what Connection names', () => {
    const raw = [
      'Host',
      'a.test',
      'Connection',
      'close, X-Hop',
      'X-Hop',
      '1',
      'Proxy-Authorization',
      'x',
      'Proxy-Connection',
      'x',
      'Keep-Alive',
      'x',
      'Upgrade',
      'h2c',
      'Expect',
      '100-continue',
    ];
    expect(forwarded(raw)).toEqual(['Host', 'a.test']);
  });

  it('keep what frames the message, whatever Connection names', () => {
    const raw = [
      'Host',
      'a.test',
      'Content-Length',
      '4',
      'Content-Encoding',
      'gzip',
      'Connection',
      'Host, Content-Length, content-encoding',
    ];
    expect(forwarded(raw)).toEqual(raw.slice(0, 6));
  });

  it('name the host where the client did not', () => {
    expect(forwarded(['A', '1'])).toEqual(['Host', 'a.test', 'A', '1']);
  });

  it('say that a POST without a body has none', () => {
    expect(forwarded(['Host', 'a.test'], { method: 'POST' })).toEqual(['Host', 'a.test', 'Content-Length', '0']);
  });

  it.each([
    ['gzip, br', 'gzip, br'],
    ['gzip;q=1.0, snappy, br;q=0.5', 'gzip;q=1.0, br;q=0.5'],
    ['*', 'identity'],
    ['dcz, dcb', 'identity'],
  ])('ask for no encoding that cannot be inspected: %s becomes %s, unless the exchange is not inspected', (asked, becomes) => {
    const raw = ['Host', 'a.test', 'accept-Encoding', asked];
    expect(forwarded(raw)).toEqual(['Host', 'a.test', 'accept-Encoding', becomes]);
    expect(forwarded(raw, { inspected: false })).toEqual(raw);
  });
});

describe('framing', () => {
  it.each([
    [[], '1.1', 'none'],
    [['Content-Length', '5'], '1.1', 'length'],
    [['Content-Length', '5'], '1.0', 'length'],
    [['Transfer-Encoding', 'Chunked'], '1.1', 'chunked'],
    [['Transfer-Encoding', 'chunked'], '1.0', undefined],
    [['Transfer-Encoding', 'gzip, chunked'], '1.1', undefined],
    [['Transfer-Encoding', 'chunked', 'Content-Length', '5'], '1.1', undefined],
    [['Content-Length', '5', 'content-length', '5'], '1.1', undefined],
    [['Content-Length', '+5'], '1.1', undefined],
    [['Content-Length', ''], '1.1', undefined],
  ] as const)('of %j in HTTP/%s is %s', (rawHeaders, version, framing) => {
    expect(requestFraming(rawHeaders, version)).toBe(framing);
  });
});

describe('response headers', () => {
  const raw = [
    'Content-Type',
    'text/event-stream',
    'content-encoding',
    'gzip',
    'Content-Length',
    '9',
    'Connection',
    'keep-alive',
    'Keep-Alive',
    'timeout=5',
    'Trailer',
    'X',
    'Set-Cookie',
    'a',
    'set-cookie',
    'b',
  ];

  it('lose encoding and length where the body goes out decoded', () => {
    expect(responseHeaders(raw, true)).toEqual(['Content-Type', 'text/event-stream', 'Trailer', 'X', 'Set-Cookie', 'a', 'set-cookie', 'b']);
  });

  it('keep both where it goes out as it came', () => {
    expect(responseHeaders(raw, false)).toEqual([
      'Content-Type',
      'text/event-stream',
      'content-encoding',
      'gzip',
      'Content-Length',
      '9',
      'Trailer',
      'X',
      'Set-Cookie',
      'a',
      'set-cookie',
      'b',
    ]);
  });

  it('offer no other way to the provider, where nothing would be inspected', () => {
    expect(responseHeaders(['Alt-Svc', 'h3=":443"', 'X', '1'], true)).toEqual(['X', '1']);
  });

  it('believe chunks rather than a length, where a provider sends both', () => {
    expect(responseHeaders(['Transfer-Encoding', 'chunked', 'Content-Length', '9'], false)).toEqual([]);
  });
});
