import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AuditEntry } from '../../../../main/contract/record.ts';
import { createApprovals } from '../../../../main/engine/approvals/approvals.ts';
import { createGuard } from '../../../../main/engine/guard/guard.ts';
import { limitsWith, originOf, says, understanding } from './support.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Guard, approvals and limits as the engine joins them; policy asks about every call. */
function holding() {
  const { limits, set, state } = limitsWith({});
  const folder = mkdtempSync(join(tmpdir(), 'holdpoint-limits-'));
  folders.push(folder);
  const approvals = createApprovals({
    ...{ timeoutMs: 60_000, unattended: 'wait', attended: () => true, store: join(folder, 'grants.json') },
    redact: (text) => text,
  });
  const entries: AuditEntry[] = [];
  state.decision = says('ask', { policies: [{ id: 'test.ask', effect: 'ask', remember: 'session' }] });
  const guard = createGuard({
    world: {
      understand: async () => understanding(),
      decide: limits.deciding(async (_action, _understanding, approved) => (approved ? says('allow') : state.decision)),
      ask: approvals.ask,
      record: async (entry) => void entries.push(entry),
    },
  });
  const origin = originOf();
  const judge = () =>
    guard.judgeCall({
      ...{ origin, place: 'here', signal: new AbortController().signal },
      call: { id: 'toolu_1', tool: 'Bash', input: { command: 'rm -rf build' } },
    });
  const allow = () => {
    const [question] = approvals.open();
    if (!question) throw new Error('nothing is asked');
    const { id, nonce, shown } = question;
    approvals.answer({ id, nonce, shown, answer: { choice: 'allow', for: 'once' } }, 'app');
  };
  return { approvals, guard, set, judge, allow, entries };
}

const OFF = { off: { agents: ['Claude Code'], reason: 'An incident' } };

describe('a call that is held when the off switch is set', () => {
  it('is refused at once, for that reason, and its question is gone', async () => {
    const { approvals, guard, set, judge, entries } = holding();
    const outcome = judge();
    await vi.waitFor(() => expect(approvals.open()).toHaveLength(1));
    set(OFF);
    await guard.reconsider();
    expect(await outcome).toEqual({
      kind: 'refuse',
      why: { policy: 'off-switch', reason: 'The off switch is set for the agent Claude Code: An incident.', contact: '#help' },
    });
    expect(approvals.open()).toEqual([]);
    expect(entries.at(-1)).toMatchObject({ kind: 'outcome', verdict: 'refused', data: { policy: 'off-switch' } });
  });

  it('is not released by a person’s yes that comes later', async () => {
    const { approvals, set, judge, allow } = holding();
    const outcome = judge();
    await vi.waitFor(() => expect(approvals.open()).toHaveLength(1));
    set(OFF);
    allow();
    expect(await outcome).toMatchObject({ kind: 'refuse', why: { policy: 'off-switch' } });
  });

  it('is not released by an earlier yes when its agent sends it again', async () => {
    const { approvals, set, judge, allow, entries } = holding();
    const outcome = judge();
    await vi.waitFor(() => expect(approvals.open()).toHaveLength(1));
    allow();
    expect(await outcome).toEqual({ kind: 'release' });
    expect(await judge()).toEqual({ kind: 'release' });
    set(OFF);
    expect(await judge()).toMatchObject({ kind: 'refuse', why: { policy: 'off-switch' } });
    expect(entries.at(-1)).toMatchObject({ kind: 'verdict', verdict: 'deny', data: { policies: ['off-switch'] } });
  });

  it('stays open where the switch is for another agent', async () => {
    const { approvals, guard, set, judge, allow } = holding();
    const outcome = judge();
    await vi.waitFor(() => expect(approvals.open()).toHaveLength(1));
    set({ off: { agents: ['Codex'] } });
    await guard.reconsider();
    expect(approvals.open()).toHaveLength(1);
    allow();
    expect(await outcome).toEqual({ kind: 'release' });
  });
});
