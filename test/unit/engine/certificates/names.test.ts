import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostName, ipBytes } from '../../../../main/engine/certificates/names.ts';

describe('a host name', () => {
  it.each([
    ['API.Anthropic.com', 'api.anthropic.com'],
    ['api.anthropic.com.', 'api.anthropic.com'],
    ['a_b.example', 'a_b.example'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['127.0.0.1', '127.0.0.1'],
    ['[::1]', '::1'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['::ffff:127.0.0.1', '::ffff:7f00:1'],
  ])('%s is spelled %s', (written, spelled) => {
    expect(hostName(written)).toBe(spelled);
  });

  it.each([
    '',
    '.',
    'a..b',
    '-a.example',
    'a b',
    'a\0b',
    'a/b',
    'a:b',
    'user@a',
    '127.1',
    '0x7f.0.0.1',
    '2130706433',
    '1.2.3.256',
    'fe80::1%eth0',
    '[127.0.0.1]',
    '[a]',
    `${'a'.repeat(64)}.example`,
    `${'a.'.repeat(127)}a`,
    '*.example',
    'a.example..',
  ])('%j is none', (written) => {
    expect(hostName(written)).toBeUndefined();
  });

  it('has one spelling only, whatever was written', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.domain(), fc.ipV4(), fc.ipV6(), fc.string({ unit: 'grapheme' })), (written) => {
        const spelled = hostName(written);
        if (spelled === undefined) return;
        expect(hostName(spelled)).toBe(spelled);
        expect(spelled).toMatch(/^[a-z0-9._:-]+$/);
      }),
    );
  });

  it('that is an address has its bytes', () => {
    expect(ipBytes('192.0.2.7')).toEqual(Buffer.from([192, 0, 2, 7]));
    expect(ipBytes('2001:db8::1')?.toString('hex')).toBe('20010db8000000000000000000000001');
    expect(ipBytes('::')?.toString('hex')).toBe('0'.repeat(32));
    expect(ipBytes('a.example')).toBeUndefined();
    fc.assert(
      fc.property(fc.ipV6(), (written) => {
        const address = hostName(written)!;
        const hex = ipBytes(address)!.toString('hex');
        expect(hostName(hex.match(/..../g)!.join(':'))).toBe(address);
        expect(isIP(address)).toBe(6);
      }),
    );
  });
});
