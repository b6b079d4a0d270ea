import { describe, expect, it } from 'vitest';
import { createNoProxy } from '../../../../../main/engine/interception/routes/no-proxy.ts';

describe('an exception from the parent proxy', () => {
  it.each<[entry: string, host: string, port: number, excepted: boolean]>([
    ['*', 'anything.test', 443, true],
    ['example.com', 'example.com', 443, true],
    ['example.com', 'api.example.com', 443, true],
    ['example.com', 'notexample.com', 443, false],
    ['example.com', 'example.com.evil.test', 443, false],
    ['Example.COM.', 'example.com', 443, true],
    ['.example.com', 'api.example.com', 443, true],
    ['.example.com', 'example.com', 443, false],
    ['*.example.com', 'a.b.example.com', 443, true],
    ['*.example.com', 'example.com', 443, false],
    ['example.com:8443', 'example.com', 8443, true],
    ['example.com:8443', 'api.example.com', 8443, true],
    ['example.com:8443', 'example.com', 443, false],
    ['10.1.2.3', '10.1.2.3', 443, true],
    ['10.1.2.3', '10.1.2.30', 443, false],
    ['10.1.2.3:80', '10.1.2.3', 80, true],
    ['10.1.2.3:80', '10.1.2.3', 443, false],
    ['10.0.0.0/8', '10.200.1.1', 443, true],
    ['10.0.0.0/8', '11.0.0.1', 443, false],
    ['10.0.0.0/8', 'ten.test', 443, false],
    ['10.0.0.0/8', '::ffff:10.1.1.1', 443, true],
    ['fd00::/8', 'fd12::1', 443, true],
    ['fd00::/8', 'fe12::1', 443, false],
    ['FD00:0::7', 'fd00::7', 443, true],
    ['[fd00::7]:8080', 'fd00::7', 8080, true],
    ['[fd00::7]:8080', 'fd00::7', 443, false],
    ['10.0.0.0/33', '10.0.0.1', 443, false],
    ['not a host', 'host', 443, false],
    ['', 'host', 443, false],
    ['.', 'host', 443, false],
  ])('%j for %s:%i: %s', (entry, host, port, excepted) => {
    expect(createNoProxy(['other.test', ` ${entry} `])(host, port)).toBe(excepted);
  });
});
