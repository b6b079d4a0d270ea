import { describe, expect, it } from 'vitest';
import { parsePacAnswer } from '../../../../../main/engine/interception/routes/pac-answer.ts';
import { proxyName } from '../../../../../main/engine/interception/routes/parent-proxy.ts';

function told(answer: string): string[] {
  return parsePacAnswer(answer).map((route) =>
    route.kind === 'direct' ? 'direct' : `${route.proxy.secure ? 'https' : 'http'} ${proxyName(route.proxy)}`,
  );
}

describe('a proxy script’s answer', () => {
  it.each<[string, string[]]>([
    ['DIRECT', ['direct']],
    ['PROXY a.corp:8080', ['http a.corp:8080']],
    ['proxy A.corp:8080;  PROXY b:3128 ; DIRECT', ['http a.corp:8080', 'http b:3128', 'direct']],
    ['HTTPS s.corp; HTTP h.corp', ['https s.corp:443', 'http h.corp:80']],
    ['PROXY [fd00::1]:8080', ['http [fd00::1]:8080']],
    ['SOCKS s:1080; PROXY a:1', ['http a:1']],
    ['SOCKS5 s:1080', []],
    ['PROXY', []],
    ['PROXY a:0; PROXY a:70000; PROXY a b:1; PROXY me@a:1', []],
    ['undefined', []],
    ['', []],
    [Array(50).fill('PROXY a:1').join(';'), Array(10).fill('http a:1')],
  ])('%j leads by %j', (answer, routes) => {
    expect(told(answer)).toEqual(routes);
  });
});
