import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GuardProcess, startGuardProcess } from '../../support/guard-process.ts';
import { fetchThrough } from '../../support/proxied-fetch.ts';
import { checked } from '../../unit/engine/detection/tokens.ts';
import { SDK_HOSTS, sdkReply, sdkWays } from './sdk-ways.ts';

const GITHUB_TOKEN = checked('ghp_');

const REDACT = `
@id("test.requests")
permit (principal, action == Action::"send_prompt", resource);
@id("test.calls")
permit (principal, action == Action::"call_tool", resource);
@id("test.redact") @effect("redact")
forbid (principal, action == Action::"send_prompt", resource) when { context.labels.contains("secret") };
`;

/** What the model got, as JSON. */
const got: string[] = [];
let guard: GuardProcess;
let fetchIt: typeof fetch;

/** A model that says back what stands in the token's place, in text and in a call's arguments, in small pieces. */
beforeAll(async () => {
  guard = await startGuardProcess({
    hosts: SDK_HOSTS,
    policy: REDACT,
    reply: (request) =>
      sdkReply(request, (said) => {
        got.push(said);
        const [placeholder = 'nothing'] = /\[secret:[^\]]+\]/.exec(said) ?? [];
        return {
          text: `I use ${placeholder} then.`,
          calls: [{ id: 'call_1', tool: 'Bash', input: { command: `deploy --token "${placeholder}"` } }],
        };
      }),
  });
  fetchIt = await fetchThrough(guard.ready);
}, 60_000);
afterAll(() => guard.stop());

describe.each(sdkWays(() => fetchIt))('a token that a person sends with $name', { timeout: 60_000 }, (way) => {
  it('never reaches the model, and is back in what the model says and calls', async () => {
    const before = got.length;
    const { text, commands } = await way.ask(`Deploy through ${way.name} with ${GITHUB_TOKEN} now`);
    expect(got.slice(before)).toHaveLength(1);
    expect(got[before]).toMatch(/with \[secret:github-token:[a-z2-7]{8}\] now/);
    expect(text).toBe(`I use ${GITHUB_TOKEN} then.`);
    expect(commands).toEqual([`deploy --token "${GITHUB_TOKEN}"`]);
  });
});

describe('the log', () => {
  it('says that something was taken out, once a conversation, and holds none of it', async () => {
    const { stdout } = await guard.cli('audit', 'search', 'Taken', '--json');
    const { records } = JSON.parse(stdout) as { records: { verdict: string; summary: string }[] };
    const taken = records.filter(({ verdict }) => verdict === 'redact');
    expect(taken).toHaveLength(10);
    expect(taken[0]?.summary).toBe('Taken out before it left: secret.github-token');
    await guard.end();
    const files = readdirSync(guard.ready.dataDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(0);
    for (const { parentPath, name } of files) expect(readFileSync(join(parentPath, name)).includes(GITHUB_TOKEN)).toBe(false);
    expect((await guard.cli('audit', 'verify')).code).toBe(0);
  });
});
