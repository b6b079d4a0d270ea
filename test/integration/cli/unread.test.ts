/** What could not be read on a provider's host, from the wire to `holdpoint status`. */

import { afterEach, expect, it } from 'vitest';
import type { Status } from '../../../main/contract/control.ts';
import { type GuardProcess, startGuardProcess } from '../../support/guard-process.ts';
import { fetchThrough } from '../../support/proxied-fetch.ts';

let guard: GuardProcess | undefined;
afterEach(async () => {
  await guard?.stop();
  guard = undefined;
});

const LETS_MOST = `
@id("test.requests") @effect("allow")
permit (principal, action == Action::"send_prompt", resource);
@id("test.unknown") @effect("deny") @reason("Nobody knows this path.")
forbid (principal, action == Action::"send_prompt", resource) when { context.uninspected == "malformed" };
`;

it('is counted by place and reason, with what became of it, and told in words', async () => {
  guard = await startGuardProcess({ reply: () => ({ chunks: ['{}'] }), policy: LETS_MOST });
  const ask = await fetchThrough(guard.ready);
  for (const id of ['1234567890', '2345678901']) await ask(`https://api.openai.com/v1/novelty/${id}`, { method: 'POST', body: '{"x":1}' });
  const refused = await ask('https://api.anthropic.com/v1/messages', { method: 'POST', body: '{"messages":' });
  expect(refused.status).toBe(400);

  const { counts, uninspected } = JSON.parse((await guard.cli('status', '--json')).stdout) as Status;
  expect(counts.uninspected).toBe(3);
  expect(uninspected).toMatchObject([
    { host: 'api.anthropic.com', path: '/v1/messages', what: 'request', why: 'malformed', count: 1, passed: 0, refused: 1 },
    { host: 'api.openai.com', what: 'request', why: 'unknown-path', count: 2, passed: 2, refused: 0 },
  ]);
  const { stdout } = await guard.cli('status');
  expect(stdout).toMatch(/on api\.openai\.com: 2 requests to a path that Holdpoint does not know \(.*\), let through/);
  expect(stdout).toMatch(/on api\.anthropic\.com: 1 request with faulty syntax \(.*\), refused/);
});
