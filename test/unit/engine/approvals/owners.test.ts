/** Several users, one engine: what is asked, answered, missed and remembered is each one's own. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createApprovals } from '../../../../main/engine/approvals/approvals.ts';
import type { Inquiry } from '../../../../main/engine/guard/world.ts';
import { inquiry } from './inquiry.ts';

function setup({ there = ['dev', 'eve', undefined] as (string | undefined)[], unattended = 'deny' as const } = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'holdpoint-owners-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const open = () =>
    createApprovals({
      timeoutMs: 120_000,
      unattended,
      attended: (user) => there.includes(user),
      store: join(dir, 'grants.json'),
      redact: (text) => text,
      setTimer: () => () => {},
    });
  return { approvals: open(), restarted: open };
}

const of = (user: string, more: Parameters<typeof inquiry>[0] = {}) => inquiry({ user, session: `session of ${user}`, ...more });
/** Nobody found its process; `user`: whose connection it was, where that is known. */
function unattributed(user?: string): Inquiry {
  const asked = inquiry({ session: `session of ${user}` });
  const { process: _gone, ...agent } = asked.action.origin.agent;
  const origin = { ...asked.action.origin, agent: { ...agent, ...(user !== undefined && { user }) } };
  return { ...asked, action: { ...asked.action, origin } };
}
const titles = (questions: readonly { details: { session: string } }[]) => questions.map(({ details }) => details.session);

describe('a question', () => {
  it('is seen and answered by the user whose program asks, and by whoever answers for all', async () => {
    const { approvals } = setup();
    const asked = approvals.ask(of('dev'));
    void approvals.ask(of('eve'));
    expect(titles(approvals.open('dev'))).toEqual(['session of dev']);
    expect(titles(approvals.open('eve'))).toEqual(['session of eve']);
    expect(approvals.open()).toHaveLength(2);

    const [{ id, nonce, shown }] = approvals.open('dev') as [ReturnType<typeof approvals.open>[0]];
    const answered = { id, nonce, shown, answer: { choice: 'allow' as const, for: 'once' as const } };
    expect(() => approvals.answer(answered, 'app of eve', 'eve')).toThrow(expect.objectContaining({ code: 'not-found' }));
    approvals.answer(answered, 'app of dev', 'dev');
    expect(await asked).toEqual({ kind: 'answered', answer: answered.answer, by: 'app of dev' });
    // That it was there is nobody else's to know, either.
    expect(() => approvals.answer(answered, 'app of eve', 'eve')).toThrow(expect.objectContaining({ code: 'not-found' }));
    expect(() => approvals.answer(answered, 'app of dev', 'dev')).toThrow(expect.objectContaining({ code: 'control-refused' }));
  });

  it('waits for its own user, not for another who is there', async () => {
    const { approvals } = setup({ there: ['eve'] });
    expect(await approvals.ask(of('dev'))).toEqual({ kind: 'unattended' });
    void approvals.ask(of('eve'));
    expect(titles(approvals.open('eve'))).toEqual(['session of eve']);
    expect([approvals.missed('dev').length, approvals.missed('eve').length, approvals.missed().length]).toEqual([1, 0, 1]);
    const id = approvals.missed('dev')[0]!.question.id;
    expect(() => approvals.allowNext(id, 'eve')).toThrow(expect.objectContaining({ code: 'not-found' }));
    approvals.allowNext(id, 'dev');
    expect([approvals.grants('dev').length, approvals.grants('eve').length]).toEqual([1, 0]);
  });

  it('is the user’s whose connection it was, where its program was not found', () => {
    const { approvals } = setup();
    void approvals.ask(unattributed('dev'));
    expect([approvals.open('dev').length, approvals.open('eve').length]).toEqual([1, 0]);
  });

  it('is nobody’s where nobody can tell whose it is: only who answers for all sees it', async () => {
    const { approvals } = setup();
    void approvals.ask(unattributed());
    expect([approvals.open('dev').length, approvals.open('eve').length, approvals.open().length]).toEqual([0, 0, 1]);
    const alone = setup({ there: ['dev'] });
    expect(await alone.approvals.ask(unattributed())).toEqual({ kind: 'unattended' });
  });

  it('of one user leaves room for those of others', async () => {
    const { approvals } = setup();
    for (let i = 0; i < 64; i++) void approvals.ask(of('eve', { content: `eve ${i}` }));
    expect(await approvals.ask(of('eve', { content: 'one more' }))).toEqual({ kind: 'missed' });
    void approvals.ask(of('dev'));
    expect(approvals.open('dev')).toHaveLength(1);
  });
});

describe('a remembered answer', () => {
  it('releases nothing of another user’s, not even after a restart, and is nobody else’s to revoke', async () => {
    const { approvals, restarted } = setup();
    void approvals.ask(of('dev'));
    const [{ id, nonce, shown }] = approvals.open('dev') as [ReturnType<typeof approvals.open>[0]];
    approvals.answer({ id, nonce, shown, answer: { choice: 'allow', for: 'workspace' } }, 'app of dev', 'dev');
    const [grant] = approvals.grants('dev');
    expect(() => approvals.revoke(grant!.id, 'eve')).toThrow(expect.objectContaining({ code: 'not-found' }));

    const later = restarted();
    expect(await later.ask(of('dev'))).toEqual({ kind: 'remembered', grant: grant!.id });
    // The same folder, agent and call.
    void later.ask(of('eve'));
    expect(later.open('eve')).toHaveLength(1);
    later.revoke(grant!.id, 'dev');
    expect(later.grants()).toEqual([]);
  });
});
