import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Answer, Ending, Question } from '../../../../main/contract/approval.ts';
import type { AuditEntry } from '../../../../main/contract/record.ts';
import { type Approvals, createApprovals } from '../../../../main/engine/approvals/approvals.ts';
import { type InquirySketch, inquiry } from './inquiry.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 4, 1);
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

interface Setup {
  readonly approvals: Approvals;
  readonly entries: AuditEntry[];
  readonly store: string;
  attended: boolean;
  /** Moves the clock and rings what is due. */
  pass(ms: number): void;
  /** Moves the clock only, as after a sleep. */
  sleep(ms: number): void;
  /** Another engine on the same data folder. */
  restarted(): Setup;
}

function setup({ unattended = 'deny' as 'deny' | 'wait', store = join(temporary(), 'grants.json'), at = START } = {}): Setup {
  let now = at;
  const timers = new Set<{ due: number; ring: () => void }>();
  const entries: AuditEntry[] = [];
  const state = { attended: true };
  const approvals = createApprovals({
    timeoutMs: 120_000,
    unattended,
    attended: () => state.attended,
    store,
    redact: (text) => text.replaceAll('hunter2', '[secret]'),
    record: (entry) => void entries.push(entry),
    now: () => now,
    setTimer: (ring, ms) => {
      const timer = { due: now + ms, ring };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  });
  return {
    approvals,
    entries,
    store,
    get attended() {
      return state.attended;
    },
    set attended(value) {
      state.attended = value;
    },
    pass(ms) {
      now += ms;
      for (const timer of [...timers]) if (timer.due <= now && timers.delete(timer)) timer.ring();
    },
    sleep: (ms) => {
      now += ms;
    },
    restarted: () => setup({ unattended, store, at: now }),
  };
}

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdpoint-approvals-'));
  folders.push(folder);
  return folder;
}

function answer(approvals: Approvals, given: Answer, question: Question = approvals.open()[0]!): void {
  approvals.answer({ id: question.id, nonce: question.nonce, shown: question.shown, answer: given }, 'app');
}

/** Asks and answers at once. */
async function grant({ approvals }: Setup, scope: 'once' | 'session' | 'workspace', sketch: InquirySketch = {}): Promise<Ending> {
  const ending = approvals.ask(inquiry(sketch));
  answer(approvals, { choice: 'allow', for: scope });
  return ending;
}

const asked = ({ approvals }: Setup, sketch: InquirySketch = {}): boolean => {
  const before = approvals.open().length;
  void approvals.ask(inquiry(sketch));
  return approvals.open().length > before;
};

describe('a question', () => {
  it('stays open until it is answered, and ends with the answer', async () => {
    const { approvals } = setup();
    const ending = approvals.ask(inquiry());
    expect(approvals.open()).toHaveLength(1);
    answer(approvals, { choice: 'deny', reason: 'Use the trash.' });
    expect(await ending).toEqual({ kind: 'answered', answer: { choice: 'deny', reason: 'Use the trash.' }, by: 'app' });
    expect(approvals.open()).toEqual([]);
  });

  it('is asked once when the same action comes twice in a session, and both get its ending', async () => {
    const { approvals } = setup();
    const endings = [approvals.ask(inquiry()), approvals.ask(inquiry())];
    expect(approvals.open()).toHaveLength(1);
    answer(approvals, { choice: 'allow', for: 'once' });
    expect((await Promise.all(endings)).map(({ kind }) => kind)).toEqual(['answered', 'answered']);
  });

  it.each<[string, InquirySketch]>([
    ['another session', { session: 'session-2' }],
    ['another action', { content: 'other' }],
    ['another folder, where the same words mean another thing', { cwd: '/home/dev/proj/src' }],
  ])('is another one for %s', (_what, sketch) => {
    const all = setup();
    asked(all);
    expect(asked(all, sketch)).toBe(true);
  });

  it('is withdrawn when the agent that caused it goes away', async () => {
    const { approvals } = setup();
    const gone = new AbortController();
    const ending = approvals.ask(inquiry({ signal: gone.signal }));
    gone.abort();
    expect(await ending).toEqual({ kind: 'withdrawn' });
    expect(approvals.open()).toEqual([]);
    expect(approvals.missed()).toEqual([]);
  });

  it('stays while one of two askers is still there', async () => {
    const { approvals } = setup();
    const gone = new AbortController();
    const first = approvals.ask(inquiry({ signal: gone.signal }));
    const second = approvals.ask(inquiry());
    gone.abort();
    expect(await first).toEqual({ kind: 'withdrawn' });
    expect(approvals.open()).toHaveLength(1);
    answer(approvals, { choice: 'allow', for: 'once' });
    expect(await second).toMatchObject({ kind: 'answered' });
  });

  it('is missed when its time is over', async () => {
    const all = setup();
    const ending = all.approvals.ask(inquiry());
    all.pass(119_999);
    expect(all.approvals.open()).toHaveLength(1);
    all.pass(1);
    expect(await ending).toEqual({ kind: 'missed' });
    expect(all.approvals.missed()).toMatchObject([{ question: { title: 'Claude Code wants to delete files' }, allowNext: false }]);
  });

  it('takes no answer after its time, even where the timer slept with the laptop', async () => {
    const all = setup();
    const ending = all.approvals.ask(inquiry());
    all.sleep(HOUR);
    expect(() => answer(all.approvals, { choice: 'allow', for: 'once' })).toThrow(expect.objectContaining({ code: 'control-refused' }));
    expect(await ending).toEqual({ kind: 'missed' });
  });

  it('is refused at once, and listed, when nobody is there', async () => {
    const all = setup();
    all.attended = false;
    expect(await all.approvals.ask(inquiry())).toEqual({ kind: 'unattended' });
    expect(all.approvals.missed()).toHaveLength(1);
  });

  it('waits for somebody to come where settings say so', () => {
    const all = setup({ unattended: 'wait' });
    all.attended = false;
    expect(asked(all)).toBe(true);
  });

  it('stays until the time-out when the last person leaves', async () => {
    const all = setup();
    const ending = all.approvals.ask(inquiry());
    all.attended = false;
    all.pass(60_000);
    expect(all.approvals.open()).toHaveLength(1);
    all.pass(60_000);
    expect(await ending).toEqual({ kind: 'missed' });
  });

  it('is refused where more are open than a person could read', async () => {
    const all = setup();
    for (let i = 0; i < 64; i++) asked(all, { content: `${i}` });
    expect(await all.approvals.ask(inquiry({ content: 'one too many' }))).toEqual({ kind: 'missed' });
    expect(all.approvals.open()).toHaveLength(64);
  });

  it('is withdrawn when the engine stops, and so is every later one', async () => {
    const { approvals } = setup();
    const ending = approvals.ask(inquiry());
    approvals.close();
    expect(await ending).toEqual({ kind: 'withdrawn' });
    expect(await approvals.ask(inquiry())).toEqual({ kind: 'withdrawn' });
  });
});

describe('an answer', () => {
  it.each<[string, (question: Question) => Partial<Question>, string]>([
    ['to another display', () => ({ shown: '0'.repeat(64) }), 'control-refused'],
    ['with another nonce', () => ({ nonce: 'guessed' }), 'control-refused'],
    ['to no question', () => ({ id: 'nothing' }), 'not-found'],
  ])('%s changes nothing', (_what, change, code) => {
    const { approvals } = setup();
    void approvals.ask(inquiry());
    const question = approvals.open()[0]!;
    expect(() => answer(approvals, { choice: 'allow', for: 'once' }, { ...question, ...change(question) })).toThrow(
      expect.objectContaining({ code }),
    );
    expect(approvals.open()).toHaveLength(1);
  });

  it('cannot be given twice', async () => {
    const { approvals } = setup();
    void approvals.ask(inquiry());
    const question = approvals.open()[0]!;
    answer(approvals, { choice: 'deny' }, question);
    expect(() => answer(approvals, { choice: 'allow', for: 'once' }, question)).toThrow(
      expect.objectContaining({ code: 'control-refused' }),
    );
  });

  it.each(['session', 'workspace'] as const)('cannot allow for the %s where policy lets nothing be remembered', (scope) => {
    const { approvals } = setup();
    void approvals.ask(inquiry({ remember: 'never' }));
    expect(() => answer(approvals, { choice: 'allow', for: scope })).toThrow(expect.objectContaining({ code: 'control-refused' }));
    expect(approvals.open()).toHaveLength(1);
    expect(approvals.grants()).toEqual([]);
  });
});

describe('an answer for once', () => {
  it('does not count a second time', async () => {
    const all = setup();
    await grant(all, 'once');
    expect(asked(all)).toBe(true);
  });
});

describe('an answer for the session', () => {
  it('counts for the same action in it', async () => {
    const all = setup();
    await grant(all, 'session');
    const id = all.approvals.grants()[0]!.id;
    expect(await all.approvals.ask(inquiry())).toEqual({ kind: 'remembered', grant: id });
  });

  it.each<[string, InquirySketch]>([
    ['another session', { session: 'session-2' }],
    ['another action', { content: 'other' }],
    ['another folder', { cwd: '/home/dev/proj/src' }],
    ['another agent', { agent: 'Codex' }],
    ['a policy that no longer permits it', { remember: 'never' }],
  ])('does not count for %s', async (_what, sketch) => {
    const all = setup();
    await grant(all, 'session');
    expect(asked(all, sketch)).toBe(true);
  });

  it('ends with the engine', async () => {
    const all = setup();
    await grant(all, 'session');
    expect(asked(all.restarted())).toBe(true);
  });
});

describe('an answer for the workspace', () => {
  it('counts in later sessions and after a restart, for eight hours', async () => {
    const all = setup();
    await grant(all, 'workspace');
    const later = all.restarted();
    later.sleep(8 * HOUR - 1);
    expect(await later.approvals.ask(inquiry({ session: 'session-2' }))).toMatchObject({ kind: 'remembered' });
    later.sleep(1);
    expect(asked(later)).toBe(true);
    expect(later.approvals.grants()).toEqual([]);
  });

  it.each<[string, InquirySketch]>([
    ['another project', { root: '/home/dev/other' }],
    ['a project that is not known', { root: null }],
    ['a policy that now only permits the session', { remember: 'session' }],
    ['another agent', { agent: 'Codex' }],
  ])('does not count for %s', async (_what, sketch) => {
    const all = setup();
    await grant(all, 'workspace');
    expect(asked(all, { session: 'session-2', ...sketch })).toBe(true);
  });

  it('does not last longer when the clock is set back', async () => {
    const all = setup();
    await grant(all, 'workspace');
    all.sleep(-HOUR);
    expect(asked(all)).toBe(true);
  });

  it('is kept where only this user can read it, without credentials', async () => {
    const all = setup();
    await grant(all, 'workspace', { text: 'curl -u me:hunter2 example.com', content: 'hash' });
    expect(statSync(all.store).mode & 0o777).toBe(0o600);
    expect(readFileSync(all.store, 'utf8')).toContain('curl -u me:[secret] example.com');
    expect(readFileSync(all.store, 'utf8')).not.toContain('hunter2');
  });

  it.each<[string, (text: string) => string]>([
    ['cut off', (text) => text.slice(0, -10)],
    ['empty', () => ''],
    ['of another form', () => '{"version":1,"grants":[{"any":true}]}'],
    ['given more time', (text) => text.replace(/"expiresAt":"2026/, '"expiresAt":"2030')],
    ['made a grant for the next time', (text) => text.replace('"workspace"', '"next"')],
  ])('does not count when its file was %s', async (_what, change) => {
    const all = setup();
    await grant(all, 'workspace');
    writeFileSync(all.store, change(readFileSync(all.store, 'utf8')));
    expect(asked(all.restarted())).toBe(true);
  });

  it('is reported when its file cannot be read', () => {
    const store = join(temporary(), 'grants.json');
    writeFileSync(store, 'nonsense');
    expect(setup({ store }).entries).toMatchObject([{ verdict: 'grants-unreadable', summary: expect.stringContaining(store) }]);
  });

  it('still counts in this engine when it cannot be kept', async () => {
    const all = setup({ store: join(temporary(), 'missing', 'grants.json') });
    await grant(all, 'workspace');
    expect(all.entries).toMatchObject([{ verdict: 'grants-unreadable' }]);
    expect(asked(all)).toBe(false);
  });
});

describe('a remembered answer', () => {
  it('is listed with its end, and no longer counts once revoked, not even after a restart', async () => {
    const all = setup();
    await grant(all, 'workspace');
    const [listed] = all.approvals.grants();
    expect(listed).toMatchObject({
      scope: 'workspace',
      within: '/home/dev/proj',
      text: 'rm -rf build',
      expiresAt: '2026-05-01T08:00:00.000Z',
    });
    all.approvals.revoke(listed!.id);
    expect(all.approvals.grants()).toEqual([]);
    expect(asked(all)).toBe(true);
    expect(asked(all.restarted())).toBe(true);
    expect(all.entries).toMatchObject([{ verdict: 'revoked' }]);
  });

  it('stays listed where it could not be revoked for good', async () => {
    const all = setup();
    await grant(all, 'workspace');
    rmSync(join(all.store, '..'), { recursive: true });
    folders.length = 0;
    expect(() => all.approvals.revoke(all.approvals.grants()[0]!.id)).toThrow(expect.objectContaining({ code: 'data-dir-unusable' }));
    expect(all.approvals.grants()).toHaveLength(1);
  });

  it('cannot be revoked twice', () => {
    expect(() => setup().approvals.revoke('nothing')).toThrow(expect.objectContaining({ code: 'not-found' }));
  });
});

describe('a missed question', () => {
  async function missed(all: Setup, sketch: InquirySketch = {}): Promise<string> {
    const ending = all.approvals.ask(inquiry(sketch));
    all.pass(120_000);
    await ending;
    return all.approvals.missed()[0]!.question.id;
  }

  it('that is allowed next time releases the same action once, also in a new session of the project', async () => {
    const all = setup();
    all.approvals.allowNext(await missed(all));
    expect(all.approvals.missed()).toMatchObject([{ allowNext: true }]);
    expect(await all.approvals.ask(inquiry({ session: 'session-2' }))).toMatchObject({ kind: 'remembered' });
    expect(all.approvals.missed()).toEqual([]);
    expect(asked(all)).toBe(true);
    expect(all.entries).toMatchObject([{ verdict: 'allowed-next', action: 'action-1' }]);
  });

  it.each<[string, InquirySketch]>([
    ['another action', { content: 'other' }],
    ['another project', { root: '/home/dev/other' }],
    ['another agent', { agent: 'Codex' }],
  ])('does not release %s', async (_what, sketch) => {
    const all = setup();
    all.approvals.allowNext(await missed(all));
    expect(asked(all, sketch)).toBe(true);
  });

  it('counts in its own session only where the project is not known', async () => {
    const all = setup();
    all.approvals.allowNext(await missed(all, { root: null }));
    expect(asked(all, { root: null, session: 'session-2' })).toBe(true);
    expect(await all.approvals.ask(inquiry({ root: null }))).toMatchObject({ kind: 'remembered' });
  });

  it('is no longer allowed after eight hours, and can be allowed again', async () => {
    const all = setup();
    const id = await missed(all);
    all.approvals.allowNext(id);
    all.approvals.allowNext(id);
    expect(all.approvals.grants()).toHaveLength(1);
    all.sleep(8 * HOUR);
    expect(asked(all)).toBe(true);
    expect(all.approvals.missed()).toMatchObject([{ allowNext: false }]);
    all.approvals.allowNext(id);
    expect(all.approvals.missed()).toMatchObject([{ allowNext: true }]);
  });

  it('is no longer allowed once that is revoked', async () => {
    const all = setup();
    all.approvals.allowNext(await missed(all));
    all.approvals.revoke(all.approvals.grants()[0]!.id);
    expect(all.approvals.missed()).toMatchObject([{ allowNext: false }]);
    expect(asked(all)).toBe(true);
  });

  it('is listed once however often the agent tries, the newest first, and no more than 200', async () => {
    const all = setup();
    all.attended = false;
    for (let i = 0; i < 210; i++) await all.approvals.ask(inquiry({ content: `${i}` }));
    for (let i = 0; i < 3; i++) await all.approvals.ask(inquiry({ content: 'again', title: 'again' }));
    expect(all.approvals.missed()).toHaveLength(200);
    expect(
      all.approvals
        .missed()
        .map(({ question }) => question.title)
        .indexOf('again'),
    ).toBe(0);
    expect(all.approvals.missed().filter(({ question }) => question.title === 'again')).toHaveLength(1);
  });

  it('cannot be allowed when there is none', () => {
    expect(() => setup().approvals.allowNext('nothing')).toThrow(expect.objectContaining({ code: 'not-found' }));
  });
});

describe('listeners', () => {
  it('are told of what changed, until they stop listening', async () => {
    const all = setup();
    const told: string[] = [];
    const stop = all.approvals.onChange((changed) => told.push(changed));
    await grant(all, 'session');
    expect(told).toEqual(['questions', 'grants', 'questions']);
    stop();
    asked(all, { content: 'other' });
    expect(told).toHaveLength(3);
  });
});
