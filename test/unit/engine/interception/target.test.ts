import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { authorityOf, namesTarget, parseAbsoluteForm, parseAuthority } from '../../../../main/engine/interception/target.ts';

describe('a target', () => {
  it.each([
    ['api.anthropic.com:443', { host: 'api.anthropic.com', port: 443 }],
    ['API.Anthropic.com.:443', { host: 'api.anthropic.com', port: 443 }],
    ['[2001:DB8::1]:8443', { host: '2001:db8::1', port: 8443 }],
    ['10.0.0.1:1', { host: '10.0.0.1', port: 1 }],
  ])('is read from CONNECT %s', (text, target) => {
    expect(parseAuthority(text)).toEqual(target);
  });

  it.each([
    '',
    ':443',
    'a',
    'a:',
    'a:0',
    'a:65536',
    'a:443:443',
    'a:443/',
    'a:443?',
    'me@a:443',
    'http://a:443',
    '::1:443',
    '[::1',
    'a:+1',
    'a: 1',
    'a:1e2',
    '[::1]x:1',
  ])('is not read from CONNECT %j', (text) => {
    expect(parseAuthority(text)).toBeUndefined();
  });

  it.each([
    ['http://a.test', 80, '/'],
    ['HTTP://A.test:81/x?y', 81, '/x?y'],
    ['http://a.test?y', 80, '/?y'],
  ])('is read from absolute-form %s', (text, port, path) => {
    expect(parseAbsoluteForm(text)).toEqual({ target: { host: 'a.test', port, secure: false }, path });
  });

  it.each([
    '/',
    '*',
    'http://a.test/#z',
    'https://a.test/',
    'http://',
    'http://me:pw@a.test/',
    'http:/a.test',
    'a.test:80',
    'http://a.test\\@b.test/',
  ])('is not read from absolute-form %j', (text) => {
    expect(parseAbsoluteForm(text)).toBeUndefined();
  });

  it('is named by a Host header of the same host, with its port or none', () => {
    const target = { host: 'a.test', port: 443, secure: true };
    for (const host of ['a.test', 'A.TEST', 'a.test.', 'a.test:443']) expect(namesTarget(host, target)).toBe(true);
    for (const host of ['', 'b.test', 'a.test:80', 'a.test@b.test', 'a.test, b.test', 'xa.test'])
      expect(namesTarget(host, target)).toBe(false);
  });

  it('is written as it is read', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.domain(),
          fc.ipV4(),
          fc.ipV6().map((ip) => `[${ip}]`),
        ),
        fc.integer({ min: 1, max: 65535 }),
        fc.boolean(),
        (host, port, secure) => {
          const read = parseAuthority(`${host}:${port}`);
          if (!read) return;
          expect(parseAuthority(authorityOf({ ...read, secure }), secure ? 443 : 80)).toEqual(read);
        },
      ),
    );
  });
});
