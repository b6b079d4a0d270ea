/** `holdpoint policy replay`: a draft on the log that the guard itself has written. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Origin } from '../../../main/contract/action.ts';
import type { Ending } from '../../../main/contract/approval.ts';
import { type AuditLog, openAudit } from '../../../main/engine/audit/log.ts';
import { createGuard } from '../../../main/engine/guard/guard.ts';
import { createUnderstanding } from '../../../main/engine/guard/understand.ts';
import { createPolicy, type Policy } from '../../../main/engine/policy/engine.ts';
import type { Replay } from '../../../main/engine/policy/replay.ts';
import { optionsFor } from '../audit/support.ts';
import { runCli } from './process.ts';

const ORIGIN: Origin = {
  exchange: 'exchange-1',
  session: 'session-1',
  agent: { name: 'Claude Code', process: { pid: 1, executable: '/usr/bin/claude', commandLine: [], user: 'dev', parents: [] } },
  protocol: 'anthropic-messages',
  provider: 'Anthropic',
  host: 'api.anthropic.com',
  model: 'claude-opus-4-1',
  workspace: { state: 'known', root: '/home/dev/proj', cwd: '/home/dev/proj', source: 'process' },
  home: '/home/dev',
};
const CODEX: Origin = { ...ORIGIN, agent: { name: 'Codex' }, session: 'session-2' };
const YES: Ending = { kind: 'answered', answer: { choice: 'allow', for: 'once' }, by: 'popup' };

const DRAFT = `@id("draft.all") permit (principal, action, resource);
@id("draft.home") @reason("Not there.") forbid (principal, action == Action::"call_tool", resource) when { context.deletesIn.contains("~/Documents") };
@id("draft.git") @effect("ask") @reason("Ask.") forbid (principal, action == Action::"call_tool", resource) when { context.programs.contains("git") };
@id("draft.met") @effect("ask") @reason("Ask.") forbid (principal, action == Action::"call_tool", resource) when { context.untrustedSeen && context.programs.contains("node") };
@id("draft.text") @reason("No.") forbid (principal, action == Action::"call_tool", resource) when { context.text like "*--forbidden*" };
@id("draft.keys") @effect("redact") @reason("Keys.") forbid (principal, action == Action::"send_prompt", resource) when { context.labels.contains("secret") };
@id("draft.watched") @mode("observe") @reason("Watched.") forbid (principal, action == Action::"call_tool", resource) when { context.programs.contains("ls") };
`;

let folder: string;
let draft: string;
let data: string;
let log: AuditLog;
let policy: Policy;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdpoint-replay-'));
  [draft, data] = [join(folder, 'draft'), join(folder, 'data')];
  mkdirSync(draft);
  writeFileSync(join(draft, 'draft.cedar'), DRAFT);
  log = await openAudit(optionsFor(data));
  policy = await createPolicy({});
  const understand = createUnderstanding({ scan: async (texts) => texts.map(() => ({ findings: [] })) });
  let untrusted = false;
  const guard = createGuard({
    world: {
      understand: async (action) => ({
        ...(await understand(action)),
        session: { untrusted, injected: false, sensitive: false, refusals: 0 },
      }),
      decide: policy.decide,
      ask: async () => YES,
      record: async (entry) => void (await log.append(entry)),
    },
  });
  const bash = (command: string, origin = ORIGIN) =>
    guard.judgeCall({
      origin,
      call: { id: command, tool: 'Bash', input: { command } },
      place: command,
      signal: new AbortController().signal,
    });
  await bash('ls -la');
  await bash('rm -rf ~/Documents/thesis');
  await bash('git push --force', CODEX);
  await bash('git status', CODEX);
  await bash('node a.js --forbidden');
  untrusted = true;
  await bash('node a.js');
  const told = (exchange: string) => ({ session: 'session-1', exchange, agent: 'Claude Code', host: 'api.anthropic.com' });
  const data1 = { protocol: 'anthropic-messages', provider: 'Anthropic', model: 'm', workspace: null, startedBy: null, process: null };
  await log.append({ ...told('exchange-1'), kind: 'exchange', verdict: 'complete', summary: 'a prompt', data: data1 });
  await log.append({
    ...told('exchange-2'),
    kind: 'finding',
    verdict: 'secret.x',
    summary: 'found',
    data: { action: 'send_prompt', findings: [{ label: 'secret.x' }] },
  });
  await log.append({ ...told('exchange-2'), kind: 'exchange', verdict: 'complete', summary: 'a prompt with a key', data: data1 });
  await log.append({
    ...told('exchange-2'),
    kind: 'finding',
    verdict: 'secret.x',
    summary: 'a result',
    data: { action: 'receive_result', findings: [] },
  });
  await log.append({
    kind: 'connection',
    verdict: 'tunnelled',
    host: 'example.com',
    summary: 'tunnelled',
    data: { port: 443, startedBy: null, process: null },
  });
  // As an older version wrote it: it knew no session and no home folder.
  await log.append({
    ...told('exchange-3'),
    kind: 'action',
    action: 'old',
    summary: 'old: node b.js',
    data: {
      ...data1,
      action: 'call_tool',
      tool: 'Bash',
      toolKind: 'shell',
      uninspected: null,
      effects: [],
      programs: ['node'],
      paths: [],
      hosts: [],
      findings: [],
    },
    blocks: [{ role: 'tool_call', text: 'node b.js' }],
  });
  await log.append({ ...told('exchange-3'), kind: 'verdict', action: 'old', verdict: 'allow', summary: 'old', data: {} });
  await log.append({ ...told('exchange-3'), kind: 'action', action: 'strange', summary: 'strange', data: { action: 'call_tool' } });
  await log.append({ ...told('exchange-3'), kind: 'verdict', action: 'strange', verdict: 'allow', summary: 'strange', data: {} });
});
afterAll(async () => {
  await log.close();
  await policy.close();
  rmSync(folder, { recursive: true, force: true });
});

/** While the log is still open for its writer. */
async function replayed(...more: string[]): Promise<Replay> {
  const { out, err, code } = await runCli(['policy', 'replay', draft, '--data-dir', data, '--json', ...more]);
  expect([err, code]).toEqual(['', 0]);
  return JSON.parse(out) as Replay;
}

describe('holdpoint policy replay', () => {
  it('says what the draft would have said, where that is something else, and of whom', async () => {
    const { replayed: count, would, was, policies, observed, agents, users, changes } = await replayed();
    expect(count).toBe(9);
    expect(was).toEqual({ allow: 7, ask: 2, redact: 0, deny: 0 });
    expect(would).toEqual({ allow: 3, ask: 3, redact: 1, deny: 2 });
    expect(Object.fromEntries(policies.map(({ id, actions }) => [id, actions]))).toEqual({
      'draft.git': 2,
      'draft.home': 1,
      'draft.text': 1,
      'draft.met': 1,
      'draft.keys': 1,
    });
    expect(observed).toEqual([{ id: 'draft.watched', effect: 'deny', actions: 1 }]);
    expect(agents.find(({ name }) => name === 'Codex')).toMatchObject({ would: { ask: 2 }, was: { allow: 1, ask: 1 } });
    expect(users.find(({ name }) => name === 'dev')).toMatchObject({ would: { deny: 2, ask: 1 } });
    expect(changes.map(({ summary, was, would }) => [summary.replace(/^.*?: /, ''), was, would])).toEqual([
      ['Bash: rm -rf ~/Documents/thesis', 'ask', 'deny'],
      ['Bash: git status', 'allow', 'ask'],
      ['Bash: node a.js --forbidden', 'allow', 'deny'],
      ['Bash: node a.js', 'allow', 'ask'],
      ['a prompt with a key', 'allow', 'redact'],
    ]);
    expect(changes[0]).toMatchObject({ record: 3, agent: 'Claude Code', user: 'dev', policies: ['draft.home'], ended: 'released' });
  });

  it('counts and names what cannot be replayed', async () => {
    const { notReplayed } = await replayed();
    expect(notReplayed.map(({ why, records }) => [why, records.length])).toEqual(
      expect.arrayContaining([
        [expect.stringMatching(/does not tell context\.untrustedSeen, which policy draft\.met speaks of/), 1],
        [expect.stringMatching(/another version has written it/), 1],
        [expect.stringMatching(/What a tool has given back/), 1],
      ]),
    );
    expect(notReplayed).toHaveLength(3);
  });

  it('changes nothing with the policy that was in force', async () => {
    const { out } = await runCli(['policy', 'replay', 'starter', '--data-dir', data, '--json']);
    const { changes } = JSON.parse(out) as Replay;
    expect(changes.map(({ summary }) => summary)).toEqual(['a prompt with a key']);
  });

  it('reads from a time on', async () => {
    expect((await replayed('--since', new Date(Date.now() + 86_400_000).toISOString())).replayed).toBe(0);
  });

  it('tells it in words', async () => {
    const { out, code } = await runCli(['policy', 'replay', draft, '--since', '30d', '--data-dir', data]);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^9 actions since .*: would have refused 2, asked 3 times, redacted 1, allowed 3 \(was: refused 0, asked 2 times, allowed 7\)\./,
    );
    expect(out).toMatch(/draft\.git: ask, 2 times/);
    expect(out).toMatch(
      /5 verdicts would have been another:\n +3 {2}.* was ask, then released, would deny \(draft\.home\) {2}Claude Code: Bash: rm/,
    );
    expect(out).toMatch(/3 records could not be replayed:/);
  });

  it('says so where there is no log', async () => {
    const { code, err } = await runCli(['policy', 'replay', draft, '--data-dir', join(folder, 'none')]);
    expect(err).toMatch(/no audit log/);
    expect(code).toBe(1);
  });
});

describe('a log that keeps no text', () => {
  it('leaves out only what a policy would need the text for', async () => {
    const dir = join(folder, 'metadata');
    const bare = await openAudit(optionsFor(dir, { capture: 'metadata' }));
    const understand = createUnderstanding({ scan: async (texts) => texts.map(() => ({ findings: [] })) });
    const guard = createGuard({
      world: { understand, decide: policy.decide, ask: async () => YES, record: async (entry) => void (await bare.append(entry)) },
    });
    await guard.judgeCall({
      origin: ORIGIN,
      call: { id: '1', tool: 'Bash', input: { command: 'git status' } },
      place: '1',
      signal: new AbortController().signal,
    });
    await bare.close();
    const starter = await runCli(['policy', 'replay', 'starter', '--data-dir', dir, '--json']);
    expect(JSON.parse(starter.out)).toMatchObject({ replayed: 1, notReplayed: [] });
    const own = await runCli(['policy', 'replay', draft, '--data-dir', dir, '--json']);
    expect(JSON.parse(own.out)).toMatchObject({
      replayed: 0,
      notReplayed: [{ why: expect.stringContaining('context.text'), records: [1] }],
    });
  });
});
