/** A real agent that is set up for all users of a machine: nothing but its managed settings says where the guard is. */

import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { claudeCode } from '../../support/agents-cache.ts';
import { type GuardProcess, startGuardProcess } from '../../support/guard-process.ts';
import { inOwnEtc } from '../../support/own-etc.ts';

const REFUSAL = '{"type":"error","error":{"type":"invalid_request_error","message":"not today"}}';

let guard: GuardProcess;
beforeAll(async () => {
  guard = await startGuardProcess({ reply: () => ({ status: 400, contentType: 'application/json', chunks: [REFUSAL] }) });
});
afterAll(() => guard.stop());

it('Claude Code, started by nobody’s shell, asks its model through the guard, beside a company’s own managed settings', async () => {
  const { ready, home, project, provider } = guard;
  const seen = await inOwnEtc<{ ended: { stdout: string; stderr: string } }>(
    join(import.meta.dirname, 'machine-scenario.ts'),
    ['/usr/local/share/ca-certificates'],
    [ready.proxyUrl, ready.caFile, home, project, ...(await claudeCode())],
  );
  expect(provider.requests.map(({ path }) => path)).toContainEqual(expect.stringMatching(/^\/v1\/messages/));
  expect(seen.ended.stdout + seen.ended.stderr).toContain('not today');
  expect(seen).toMatchObject({ before: ['no'], after: ['yes'], left: [], kept: true });
});
