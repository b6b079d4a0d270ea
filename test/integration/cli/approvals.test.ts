import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Answered, Missed, Question } from '../../../main/contract/approval.ts';
import { HoldpointError } from '../../../main/contract/errors.ts';
import { type ControlFixture, controlFixture, question } from '../control/fixture.ts';
import { type Running, runCli, startCli } from './process.ts';

let fixture: ControlFixture;
let open: Question[];
let missed: Missed[];
let given: { answered: Answered; by: string }[];
let allowedNext: string[];
let refuse: HoldpointError | undefined;

beforeEach(async () => {
  [open, missed, given, allowedNext, refuse] = [[], [], [], [], undefined];
  fixture = await controlFixture({
    questions: () => open,
    missed: () => missed,
    answer: (answered, { client: by }) => {
      if (refuse) throw refuse;
      given.push({ answered, by });
      open = open.filter(({ id }) => id !== answered.id);
      fixture.control.tell('questions', open);
    },
    allowNext: ({ id }) => {
      allowedNext.push(id);
    },
  });
});
afterEach(() => fixture[Symbol.asyncDispose]());

const approvals = (...args: string[]) => runCli(['approvals', ...args, '--data-dir', fixture.dataDir]);

describe('holdpoint approvals list', () => {
  it('gives programs each question on one line of JSON', async () => {
    open = [question()];
    const { code, out } = await approvals('list', '--json');
    expect(JSON.parse(out)).toEqual({
      approvals: [
        {
          id: 'q1',
          agent: 'Claude Code',
          action: 'call_tool',
          tool: 'Bash',
          summary: 'Claude Code wants to delete files outside this project: rm -rf ~/thesis',
          reason: 'It deletes outside the project.',
          expiresAt: '2026-05-01T09:02:00.000Z',
        },
      ],
    });
    expect(code).toBe(0);
  });

  it('gives programs an empty list where nothing is asked', async () => {
    expect(await approvals('list', '--json')).toMatchObject({ code: 0, out: '{"approvals":[]}\n' });
  });

  it('shows a person what is asked and what was missed', async () => {
    open = [question()];
    missed = [{ question: question({ id: 'm1', title: 'Codex wants to publish' }), missedAt: '2026-05-01T09:00:00.000Z', allowNext: true }];
    const { out } = await approvals('list');
    expect(out).toMatch(/^q1 .*Claude Code wants to delete files outside this project: rm -rf ~\/thesis$/m);
    expect(out).toMatch(/^Missed, and refused:$/m);
    expect(out).toMatch(/^m1 .*Codex wants to publish.*\(allowed next time\)$/m);
  });

  it('is what a pipe gets without a verb', async () => {
    expect(await approvals()).toMatchObject({ code: 0, out: 'Nothing is being asked.\n' });
  });

  it('lets no text of a question steer the terminal', async () => {
    open = [question({ title: 'x\u001b]0;pwned\u0007', action: { ...question().action, text: '\u001b[2Jrm' } })];
    const { out } = await approvals('list');
    expect(out).not.toContain('\u001b');
    expect(out).not.toContain('\u0007');
    expect(out).toContain('⟦U+001B⟧[2Jrm');
  });
});

describe('holdpoint approvals allow and deny', () => {
  it.each<[string[], unknown]>([
    [['allow', 'q1'], { choice: 'allow', for: 'once' }],
    [['allow', 'q1', '--for', 'session'], { choice: 'allow', for: 'session' }],
    [['allow', 'q1', '--for', 'workspace'], { choice: 'allow', for: 'workspace' }],
    [['allow', 'q1', '--for', '8h'], { choice: 'allow', for: 'workspace' }],
    [['deny', 'q1'], { choice: 'deny' }],
    [['deny', 'q1', '--reason', 'Use the trash.'], { choice: 'deny', reason: 'Use the trash.' }],
  ])('%j answers what was displayed', async (args, answer) => {
    open = [question({ id: 'q0', nonce: 'n0' }), question()];
    const { code, out } = await approvals(...args);
    expect(given).toEqual([{ answered: { id: 'q1', nonce: 'n1', shown: 'a'.repeat(64), answer }, by: 'terminal' }]);
    expect(out).toContain('rm -rf ~/thesis');
    expect(code).toBe(0);
  });

  it.each([[['allow', 'q9']], [['deny', 'q9']]])('%j says that there is no such question', async (args) => {
    open = [question()];
    const { code, err } = await approvals(...args);
    expect(err).toMatch(/no question q9/);
    expect(code).toBe(1);
    expect(given).toEqual([]);
  });

  it('tells why the engine does not take an answer', async () => {
    open = [question()];
    refuse = new HoldpointError('control-refused', 'Policy does not permit to allow this for the session.');
    const { code, err } = await approvals('allow', 'q1', '--for', 'session');
    expect(err).toBe('holdpoint: Policy does not permit to allow this for the session.\n');
    expect(code).toBe(1);
  });

  it('allow of a missed question releases its action next time', async () => {
    missed = [{ question: question({ id: 'm1' }), missedAt: '2026-05-01T09:00:00.000Z', allowNext: false }];
    const { code, out } = await approvals('allow', 'm1');
    expect(allowedNext).toEqual(['m1']);
    expect(out).toMatch(/tries again, once, within 8 hours/);
    expect(code).toBe(0);
  });

  it.each<[string[], number]>([
    [['allow', 'm1', '--for', 'session'], 2],
    [['deny', 'm1'], 1],
  ])('%j cannot be done to a missed question', async (args, expected) => {
    missed = [{ question: question({ id: 'm1' }), missedAt: '2026-05-01T09:00:00.000Z', allowNext: false }];
    expect((await approvals(...args)).code).toBe(expected);
    expect(allowedNext).toEqual([]);
  });
});

describe('holdpoint approvals watch', () => {
  const watch = (): Running => startCli(['approvals', 'watch', '--data-dir', fixture.dataDir]);
  const answers = () => given.map(({ answered }) => answered.answer);

  it('shows a question that comes, takes its answer, and goes on to the next', async () => {
    const running = watch();
    await expect.poll(() => fixture.control.attended()).toBe(true);
    open = [question(), question({ id: 'q2', title: 'Codex wants to publish' })];
    fixture.control.tell('questions', open);
    await expect.poll(running.out).toContain('1 more question waits');
    expect(running.out()).toMatch(
      /Claude Code wants to delete files outside this project[\s\S]*rm -rf ~\/thesis[\s\S]*! deletes ~\/thesis, not in this project[\s\S]*It deletes outside the project\.[\s\S]*ask it@example\.com[\s\S]*claude-opus at Anthropic after CONTRIBUTING\.md/,
    );
    expect(running.out()).not.toContain('\u001b'); // Styles are for terminals.
    expect(running.out()).not.toContain('Codex');
    running.type('d use the trash\n');
    await expect.poll(running.out).toMatch(/Denied, and the agent is told why\.[\s\S]*Codex wants to publish/);
    running.type('s\n');
    await expect.poll(answers).toEqual([
      { choice: 'deny', reason: 'use the trash' },
      { choice: 'allow', for: 'session' },
    ]);
    running.endInput();
    expect((await running.ended).code).toBe(0);
    await expect.poll(() => fixture.control.attended()).toBe(false);
  });

  it.each<[string, string, unknown]>([
    ['a', 'a', { choice: 'allow', for: 'once' }],
    ['w', 'w', { choice: 'allow', for: 'workspace' }],
    ['d', 'd', { choice: 'deny' }],
  ])('takes %s', async (_name, typed, answer) => {
    open = [question()];
    const running = watch();
    await expect.poll(running.out).toContain('d REASON');
    running.type(`${typed}\n`);
    await expect.poll(answers).toEqual([answer]);
    running.endInput();
    await running.ended;
  });

  it.each(['', 'y', 'A', 'allow', 'a now', 's', 'w', 'aa'])('takes %j for no answer where policy permits once only', async (typed) => {
    open = [question({ grants: [] })];
    const running = watch();
    await expect.poll(running.out).toContain('d REASON');
    expect(running.out()).not.toMatch(/^ {2}[sw] /m);
    running.type(`${typed}\n`);
    running.type('?\n');
    await expect.poll(running.out).toContain('none of the choices');
    expect(given).toEqual([]);
    running.endInput();
    await running.ended;
  });

  it('takes nothing typed before there is a question', async () => {
    const running = watch();
    await expect.poll(running.out).toContain('Waiting for questions');
    running.type('a\n');
    await expect.poll(running.out).toContain('Nothing is being asked.');
    open = [question()];
    fixture.control.tell('questions', open);
    await expect.poll(running.out).toContain('d REASON');
    expect(given).toEqual([]);
    running.endInput();
    await running.ended;
  });

  it('says that a question ended elsewhere', async () => {
    open = [question()];
    const running = watch();
    await expect.poll(running.out).toContain('d REASON');
    fixture.control.tell('questions', []);
    await expect.poll(running.out).toContain('It has ended');
    running.endInput();
    await running.ended;
  });

  it('tells why an answer was not taken, and takes another', async () => {
    open = [question()];
    refuse = new HoldpointError('control-refused', 'Not this time.');
    const running = watch();
    await expect.poll(running.out).toContain('d REASON');
    running.type('a\n');
    await expect.poll(running.out).toContain('Not this time.');
    refuse = undefined;
    running.type('d\n');
    await expect.poll(answers).toEqual([{ choice: 'deny' }]);
    running.endInput();
    await running.ended;
  });

  it('ends with its own code when the engine ends', async () => {
    const running = watch();
    await expect.poll(running.out).toContain('Waiting for questions');
    await fixture.control.close();
    expect(await running.ended).toMatchObject({ code: 3, err: expect.stringContaining('The engine has ended') });
  });
});
