/** Real agents that are set up for all users of a machine: nothing but what the machine says tells them where the guard is. */

import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { claudeCode, codex, type Program } from '../../support/agents-cache.ts';
import { type GuardProcess, startGuardProcess } from '../../support/guard-process.ts';
import { inOwnEtc } from '../../support/own-etc.ts';

const REFUSAL = '{"type":"error","error":{"type":"invalid_request_error","message":"not today"}}';

let guard: GuardProcess;
beforeAll(async () => {
  guard = await startGuardProcess({
    hosts: ['api.anthropic.com', 'api.openai.com', 'chatgpt.com', 'api.github.com'],
    reply: () => ({ status: 400, contentType: 'application/json', chunks: [REFUSAL] }),
  });
});
afterAll(() => guard.stop());

it('Claude Code, started by nobody’s shell, asks its model through the guard, beside a company’s own managed settings', async () => {
  const seen = await story('settings', await claudeCode());
  expect(guard.provider.requests.map(({ path }) => path)).toContainEqual(expect.stringMatching(/^\/v1\/messages/));
  expect(seen.ended.stdout + seen.ended.stderr).toContain('not today');
  expect(seen).toMatchObject({ before: ['no'], after: ['yes'], left: [], kept: true });
});

it('Codex, started by somebody who has logged in, asks its model through the guard', async () => {
  const seen = await story('shell', await codex());
  expect(guard.provider.requests.map(({ path }) => path)).toContainEqual(expect.stringMatching(/^\/v1\/responses/));
  expect(seen.ended.stdout + seen.ended.stderr).toContain('not today');
  expect(seen.left).toEqual([]);
});

function story(kind: 'settings' | 'shell', program: Program) {
  const { ready, home, project } = guard;
  return inOwnEtc<{ ended: { stdout: string; stderr: string }; left: readonly string[] }>(
    join(import.meta.dirname, 'machine-scenario.ts'),
    ['/usr/local/share/ca-certificates'],
    [kind, ready.proxyUrl, ready.caFile, home, project, ...program],
  );
}
