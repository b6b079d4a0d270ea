import { request } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { type GuardProcess, startGuardProcess } from '../../support/guard-process.ts';

let guard: GuardProcess | undefined;
afterEach(async () => {
  await guard?.stop();
  guard = undefined;
});

const CALLS = '@id("test.rest") permit (principal, action in [Action::"call_tool", Action::"send_prompt"], resource);\n';

async function start(policy: string): Promise<GuardProcess> {
  return startGuardProcess({ reply: () => ({ chunks: ['{}'] }), policy: CALLS + policy, hosts: ['one.test', 'two.test'] });
}

/** The proxy's answer to CONNECT. */
function connecting(proxyUrl: string, host: string): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(proxyUrl);
  return new Promise((resolve, reject) => {
    const asked = request({ host: hostname, port, method: 'CONNECT', path: `${host}:443` });
    asked.once('error', reject);
    asked.once('connect', (response, socket, head) => {
      let body = head.toString();
      const settle = () => resolve({ status: response.statusCode ?? 0, body });
      socket.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      socket.once('close', settle);
      if (response.statusCode === 200) socket.destroy();
    });
    asked.end();
  });
}

it('every connection passes where no policy is about connections', async () => {
  guard = await start('');
  expect((await connecting(guard.ready.proxyUrl, 'one.test')).status).toBe(200);
});

it('a connection that policy refuses is not made, and the program and the log are told why', async () => {
  guard = await start(
    '@id("test.connect") permit (principal, action == Action::"connect", resource);\n' +
      '@id("test.two") @reason("Not there.") forbid (principal, action == Action::"connect", resource == Host::"two.test") when { context.port == 443 };\n',
  );
  expect((await connecting(guard.ready.proxyUrl, 'one.test')).status).toBe(200);
  const refused = await connecting(guard.ready.proxyUrl, 'two.test');
  expect(refused.status).toBe(403);
  expect(refused.body).toContain('Not there.');
  expect(guard.provider.requests).toEqual([]);
  const records = await (await guard.control()).call('records', { limit: 50 });
  expect(records.find(({ kind }) => kind === 'verdict')).toMatchObject({
    verdict: 'deny',
    host: 'two.test',
    data: { policies: ['test.two'] },
  });
});
