import { describe, expect, it } from 'vitest';
import type { Action, Facts, Origin, ToolCall } from '../../../../main/contract/action.ts';
import type { Ending } from '../../../../main/contract/approval.ts';
import type { AuditEntry } from '../../../../main/contract/record.ts';
import type { Decision, VerdictKind } from '../../../../main/contract/verdict.ts';
import { CANCELLED, contentOf, createGuard, type GuardOptions, type McpCall } from '../../../../main/engine/guard/guard.ts';
import type { Inquiry, World } from '../../../../main/engine/guard/world.ts';

const origin: Origin = {
  exchange: 'ex-1',
  session: 'session-1',
  agent: { name: 'Claude Code' },
  protocol: 'anthropic-messages',
  provider: 'Anthropic',
  host: 'api.anthropic.com',
  workspace: { state: 'known', root: '/home/dev/proj', cwd: '/home/dev/proj', source: 'process' },
};
const facts: Facts = { tool: 'Bash', toolKind: 'shell', text: 'rm -rf ~/thesis', effects: [], programs: ['rm'], paths: [], hosts: [] };
const call = (id: string, command = 'rm -rf ~/thesis'): ToolCall => ({ id, tool: 'Bash', input: { command } });
const verdict = (kind: VerdictKind, more: Partial<Decision> = {}): Decision => ({
  verdict: kind,
  reason: 'It deletes outside the project, so a person decides.',
  policies: [{ id: 'starter.delete-outside', effect: kind, remember: 'session', contact: '#help' }],
  ...more,
});
const yes: Ending = { kind: 'answered', answer: { choice: 'allow', for: 'once' }, by: 'popup' };
const no: Ending = { kind: 'answered', answer: { choice: 'deny', reason: 'use git clean' }, by: 'popup' };

const untilWithdrawn = ({ signal }: Inquiry) =>
  new Promise<Ending>((resolve) => signal.addEventListener('abort', () => resolve({ kind: 'withdrawn' })));

/** A world that says `decision`, and gives `endings` to the questions in turn. */
function world(
  decision: Decision,
  endings: readonly (Ending | ((inquiry: Inquiry) => Promise<Ending>))[] = [],
  overrides: Partial<World> = {},
) {
  const entries: AuditEntry[] = [];
  const questions: Inquiry[] = [];
  const it: World = {
    understand: async () => ({ facts, findings: [] }),
    decide: async (_action, _understanding, approved) => (approved && decision.verdict === 'ask' ? verdict('allow') : decision),
    ask: async (inquiry) => {
      const ending = endings[questions.length];
      questions.push(inquiry);
      if (!ending) throw new Error('asked once too often');
      return typeof ending === 'function' ? await ending(inquiry) : ending;
    },
    record: async (entry) => void entries.push(entry),
    ...overrides,
  };
  return { world: it, entries, questions, kinds: () => entries.map(({ kind, verdict }) => `${kind}:${verdict ?? ''}`) };
}

const judge = (options: GuardOptions, which = call('toolu_1'), signal = new AbortController().signal, place = 'here') =>
  createGuard(options).judgeCall({ origin, call: which, place, signal });

describe('a tool call', () => {
  it('is released when policy allows it, and the record is durable before that', async () => {
    let durable = 0;
    const { world: w } = world(verdict('allow'), [], {
      record: async () => {
        await Promise.resolve();
        durable += 1;
      },
    });
    expect(await judge({ world: w })).toEqual({ kind: 'release' });
    expect(durable).toBe(2);
  });

  it('is refused when policy denies it, with the policy, its reason and whom to ask', async () => {
    const { world: w, kinds } = world(verdict('deny'));
    expect(await judge({ world: w })).toEqual({
      kind: 'refuse',
      why: { policy: 'starter.delete-outside', reason: 'It deletes outside the project, so a person decides.', contact: '#help' },
    });
    expect(kinds()).toEqual(['action:', 'verdict:deny']);
  });

  it('is released when a person allows it, and the whole story is recorded in order', async () => {
    const { world: w, kinds, questions } = world(verdict('ask'), [yes]);
    expect(await judge({ world: w })).toEqual({ kind: 'release' });
    expect(kinds()).toEqual(['action:', 'verdict:ask', 'hold:opened', 'approval:answered', 'outcome:released']);
    expect(questions[0]?.remember).toBe('session');
  });

  it('is told of, in all of its story, as that of the person whose agent made it', async () => {
    const process = { pid: 1, executable: '/usr/bin/node', commandLine: [], user: 'ann', parents: [] };
    const owned = { ...origin, agent: { ...origin.agent, process } };
    const found: Partial<World> = {
      understand: async () => ({ facts, findings: [{ detector: 'test', label: 'secret.token', severity: 'high', where: [] }] as never }),
    };
    const { world: w, entries } = world(verdict('ask'), [yes], found);
    await createGuard({ world: w }).judgeCall({
      origin: owned,
      call: call('toolu_1'),
      place: 'here',
      signal: new AbortController().signal,
    });
    expect(entries.map(({ user }) => user)).toEqual(entries.map(() => 'ann'));
    expect(entries.length).toBeGreaterThanOrEqual(5);
  });

  it.each<[string, Ending, RegExp]>([
    ['a person says no and why', no, /said no: use git clean/],
    ['nobody answers', { kind: 'missed' }, /Nobody answered in time/],
    ['nobody is there', { kind: 'unattended' }, /Nobody was there/],
    ['the question is withdrawn', { kind: 'withdrawn' }, /withdrawn/],
  ])('is refused when %s', async (_name, ending, reason) => {
    const { world: w } = world(verdict('ask'), [ending]);
    expect(await judge({ world: w })).toMatchObject({ kind: 'refuse', why: { reason: expect.stringMatching(reason) } });
  });

  it('stays refused after a person’s yes when policy denies it all the same', async () => {
    const { world: w } = world(verdict('ask'), [yes], {
      decide: async (_a, _u, approved) => (approved ? verdict('deny', { reason: 'Never.' }) : verdict('ask')),
    });
    expect(await judge({ world: w })).toMatchObject({ kind: 'refuse', why: { reason: 'Never.' } });
  });

  it('is refused while it is held, when policy comes to refuse it', async () => {
    let said = verdict('allow');
    const { world: w, kinds } = world(verdict('ask'), [untilWithdrawn], {
      decide: async (_a, _u, approved) => (approved ? said : verdict('ask')),
    });
    const guard = createGuard({ world: w });
    const outcome = guard.judgeCall({ origin, call: call('toolu_1'), place: 'here', signal: new AbortController().signal });
    await expect.poll(kinds).toContain('hold:opened');
    await guard.reconsider();
    said = verdict('deny', { reason: 'Switched off.' });
    await guard.reconsider();
    expect(await outcome).toMatchObject({ kind: 'refuse', why: { reason: 'Switched off.' } });
    expect(kinds().slice(-2)).toEqual(['approval:withdrawn', 'outcome:refused']);
  });

  it.each<[string, Partial<World>]>([
    ['understanding fails', { understand: () => Promise.reject(new Error('worker gone')) }],
    ['policy fails', { decide: () => Promise.reject(new Error('worker gone')) }],
    ['the question cannot be put', { ask: () => Promise.reject(new Error('window gone')) }],
    ['the record cannot be kept', { record: () => Promise.reject(new Error('disk full')) }],
  ])('is refused when %s', async (_name, broken) => {
    const { world: w } = world(verdict(broken.ask ? 'ask' : 'allow'), [], broken);
    expect(await judge({ world: w })).toMatchObject({ kind: 'refuse', why: { policy: 'holdpoint' } });
  });

  it('is refused when its arguments are too deep to be compared', async () => {
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i += 1) deep = [deep];
    expect(await judge({ world: world(verdict('allow')).world }, { id: 'x', tool: 'Bash', input: deep })).toMatchObject({ kind: 'refuse' });
  });

  it('is not released by policy that wants it redacted', async () => {
    expect(await judge({ world: world(verdict('redact')).world })).toMatchObject({ kind: 'refuse' });
  });
});

describe('a call that is sent again', () => {
  it('is not asked about twice when a person has answered, whatever its new id', async () => {
    const { world: w, questions } = world(verdict('ask'), [yes]);
    const guard = createGuard({ world: w });
    const again = (id: string) => guard.judgeCall({ origin, call: call(id), place: 'here', signal: new AbortController().signal });
    expect(await again('toolu_1')).toEqual({ kind: 'release' });
    expect(await again('toolu_2')).toEqual({ kind: 'release' });
    expect(questions).toHaveLength(1);
  });

  it('does not slip through after a no', async () => {
    const { world: w } = world(verdict('ask'), [no]);
    const guard = createGuard({ world: w });
    const again = (id: string) => guard.judgeCall({ origin, call: call(id), place: 'here', signal: new AbortController().signal });
    expect((await again('toolu_1')).kind).toBe('refuse');
    expect((await again('toolu_2')).kind).toBe('refuse');
  });

  it.each([
    ['elsewhere in the conversation', call('toolu_2'), 'later'],
    ['with other arguments', call('toolu_2', 'rm -rf ~/other'), 'here'],
  ])('is asked about again %s', async (_name, other, place) => {
    const { world: w, questions } = world(verdict('ask'), [yes, no]);
    const guard = createGuard({ world: w });
    const signal = new AbortController().signal;
    expect((await guard.judgeCall({ origin, call: call('toolu_1'), place: 'here', signal })).kind).toBe('release');
    expect((await guard.judgeCall({ origin, call: other, place, signal })).kind).toBe('refuse');
    expect(questions).toHaveLength(2);
  });

  it('is asked about again where it could not be read, because a yes was to another', async () => {
    const { world: w, questions } = world(verdict('ask'), [yes, no]);
    const guard = createGuard({ world: w });
    const unread: ToolCall = { id: 'toolu_1', tool: 'Bash', uninspected: 'malformed' };
    const again = () => guard.judgeCall({ origin, call: unread, place: 'here', signal: new AbortController().signal });
    expect((await again()).kind).toBe('release');
    expect((await again()).kind).toBe('refuse');
    expect(questions).toHaveLength(2);
  });

  it('joins the open question when the agent gave up waiting and came back', async () => {
    let answer!: (ending: Ending) => void;
    const { world: w, questions } = world(verdict('ask'), [() => new Promise((resolve) => (answer = resolve))]);
    const guard = createGuard({ world: w, retryGraceMs: 60_000 });
    const first = new AbortController();
    const one = guard.judgeCall({ origin, call: call('toolu_1'), place: 'here', signal: first.signal });
    await expect.poll(() => questions.length).toBe(1);
    first.abort();
    const two = guard.judgeCall({ origin, call: call('toolu_2'), place: 'here', signal: new AbortController().signal });
    answer(yes);
    expect(await Promise.all([one, two])).toEqual([{ kind: 'release' }, { kind: 'release' }]);
    expect(questions).toHaveLength(1);
  });

  it('is withdrawn when the agent went away and did not come back', async () => {
    const changes: string[] = [];
    const untilWithdrawn = ({ signal }: Inquiry) =>
      new Promise<Ending>((resolve) => signal.addEventListener('abort', () => resolve({ kind: 'withdrawn' })));
    const { world: w, questions, kinds } = world(verdict('ask'), [untilWithdrawn]);
    const agent = new AbortController();
    const outcome = judge({ world: w, retryGraceMs: 0, onHold: (change) => changes.push(change) }, call('toolu_1'), agent.signal);
    await expect.poll(() => questions.length).toBe(1);
    agent.abort();
    expect((await outcome).kind).toBe('refuse');
    expect(changes).toEqual(['held', 'abandoned']);
    expect(kinds()).toContain('outcome:abandoned');
  });
});

describe('a request', () => {
  it('leaves when policy allows it and is recorded nowhere else than with its exchange', async () => {
    const { world: w, kinds } = world(verdict('allow'));
    expect(await createGuard({ world: w }).judgeRequest(origin, {})).toEqual({ kind: 'release' });
    expect(kinds()).toEqual([]);
  });

  it.each<VerdictKind>(['deny', 'ask', 'redact'])('does not leave when policy says %s', async (kind) => {
    const { world: w, kinds } = world(verdict(kind));
    expect((await createGuard({ world: w }).judgeRequest(origin, { uninspected: 'unknown-path' })).kind).toBe('refuse');
    expect(kinds()).toEqual([`verdict:${kind}`]);
  });
});

describe('an MCP call', () => {
  const server = { name: 'github', address: 'https://mcp.example/mcp', transport: 'http' } as const;
  const inquire = (guard: ReturnType<typeof createGuard>, mcp: Partial<McpCall> = {}, input: unknown = { title: 'x' }, id = '1') =>
    guard.judgeCall({
      origin,
      call: { id, tool: 'create_issue', input },
      mcp: { server, changed: false, ...mcp },
      place: `request ${id}`,
      signal: new AbortController().signal,
    });
  const byModel = (guard: ReturnType<typeof createGuard>, id: string, tool = 'mcp__github__create_issue') =>
    guard.judgeCall({ origin, call: { id, tool, input: { title: 'x' } }, place: 'here', signal: new AbortController().signal });

  it('is asked about by its server and its tool, and the whole story is recorded', async () => {
    const { world: w, kinds, questions, entries } = world(verdict('ask'), [yes]);
    expect(await inquire(createGuard({ world: w }))).toEqual({ kind: 'release' });
    expect(questions[0]).toMatchObject({
      title: 'Claude Code wants to use github › create_issue',
      action: { kind: 'call_mcp_tool', server },
    });
    expect(kinds()).toEqual(['action:', 'verdict:ask', 'hold:opened', 'approval:answered', 'outcome:released']);
    expect(entries[0]?.data).toMatchObject({ action: 'call_mcp_tool', server: { name: 'github' }, changed: false });
  });

  it('is the same as before only on the same server, with the same definition', () => {
    const contents = [
      contentOf(call('1')),
      contentOf(call('1'), { server }),
      contentOf(call('1'), { server: { ...server, address: 'https://elsewhere/mcp' } }),
      contentOf(call('1'), { server, definition: 'a' }),
      contentOf(call('1'), { server, definition: 'b' }),
    ];
    expect(new Set(contents).size).toBe(contents.length);
    expect(contentOf(call('2'), { server })).toBe(contents[1]);
  });

  it('is not asked about again where a person has released the model’s own call, once', async () => {
    const { world: w, questions } = world(verdict('ask'), [yes, no]);
    const guard = createGuard({ world: w });
    await byModel(guard, 'toolu_1');
    expect((await inquire(guard, { toolUseId: 'toolu_1' })).kind).toBe('release');
    expect(questions).toHaveLength(1);
    expect((await inquire(guard, { toolUseId: 'toolu_1' }, { title: 'x' }, '2')).kind).toBe('refuse');
    expect(questions).toHaveLength(2);
  });

  it.each<[string, (guard: ReturnType<typeof createGuard>) => Promise<unknown>]>([
    ['its arguments are others', (guard) => inquire(guard, { toolUseId: 'toolu_1' }, { title: 'y' })],
    ['the id is another', (guard) => inquire(guard, { toolUseId: 'toolu_2' })],
    ['the server has changed the tool', (guard) => inquire(guard, { toolUseId: 'toolu_1', changed: true })],
    ['the client does not tell', (guard) => inquire(guard)],
  ])('is asked about in spite of that where %s', async (_, ask) => {
    const { world: w, questions } = world(verdict('ask'), [yes, no]);
    const guard = createGuard({ world: w });
    await byModel(guard, 'toolu_1');
    await ask(guard);
    expect(questions).toHaveLength(2);
  });

  it('is asked about where the model’s call was of another tool, or only allowed by policy', async () => {
    const asking = world(verdict('ask'), [yes, no]);
    const guard = createGuard({ world: asking.world });
    await byModel(guard, 'toolu_1', 'mcp__github__delete_repo');
    await inquire(guard, { toolUseId: 'toolu_1' });
    expect(asking.questions).toHaveLength(2);
  });

  it('is withdrawn at once where the client takes it back', async () => {
    const { world: w } = world(verdict('ask'), [
      ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve({ kind: 'withdrawn' }))),
    ]);
    const stop = new AbortController();
    const outcome = createGuard({ world: w, retryGraceMs: 3_600_000 }).judgeCall({
      origin,
      call: { id: '1', tool: 'a', input: {} },
      mcp: { server, changed: false },
      place: '1',
      signal: stop.signal,
    });
    stop.abort(CANCELLED);
    expect((await outcome).kind).toBe('refuse');
  });
});

describe('a result and a connection', () => {
  it('leave no record where they are allowed and nothing was found', async () => {
    const { world: w, entries } = world(verdict('allow'));
    const guard = createGuard({ world: w });
    expect(await guard.judgeResult({ origin, tool: 'look', text: 'x' })).toEqual({ kind: 'release' });
    expect(await guard.judgeConnect(origin, 'example.com', 443)).toEqual({ kind: 'release' });
    expect(entries).toEqual([]);
  });

  it('tell what policies that are only watched would have said', async () => {
    const observed = [{ id: 'team.new', effect: 'deny', reason: 'No.' }] as const;
    const { world: w, entries } = world(verdict('allow', { observed }));
    expect(await createGuard({ world: w }).judgeConnect(origin, 'example.com', 443)).toEqual({ kind: 'release' });
    expect(entries).toMatchObject([
      {
        kind: 'verdict',
        verdict: 'allow',
        summary: expect.stringMatching(/^Allowed: .* Would have: deny \(team\.new\)\.$/),
        data: { observed },
      },
    ]);
  });

  it('tell what was found, without its text', async () => {
    const finding = { detector: 'secrets', label: 'secret.x', severity: 'high', start: 0, end: 6 } as const;
    const { world: w, entries } = world(verdict('allow'), [], { understand: async () => ({ facts, findings: [finding] }) });
    await createGuard({ world: w }).judgeResult({ origin, tool: 'look', text: 'hidden' });
    expect(entries).toMatchObject([{ kind: 'finding', verdict: 'secret.x', summary: 'Result of look: secret.x' }]);
    expect(JSON.stringify(entries)).not.toContain('hidden');
  });

  it.each(['ask', 'redact', 'deny'] as const)(
    'are refused and recorded where policy says %s, since nobody can be asked in time',
    async (kind) => {
      const { world: w, entries } = world(verdict(kind));
      const guard = createGuard({ world: w });
      const outcome = await guard.judgeConnect(origin, 'example.com', 443);
      expect(outcome.kind).toBe('refuse');
      if (kind === 'ask')
        expect(outcome).toMatchObject({ why: { reason: expect.stringContaining('a person to be asked about this connection') } });
      expect(entries).toMatchObject([
        { kind: 'verdict', verdict: kind, summary: expect.stringContaining('Connection to example.com:443 refused') },
      ]);
    },
  );

  it('are refused where they cannot be judged', async () => {
    const { world: w } = world(verdict('allow'), [], { decide: () => Promise.reject(new Error('gone')) });
    const guard = createGuard({ world: w });
    expect((await guard.judgeResult({ origin, tool: 'look', text: '' })).kind).toBe('refuse');
    expect((await guard.judgeConnect(origin, 'h', 1)).kind).toBe('refuse');
  });
});

describe('a request', () => {
  const finding = { detector: 'secrets', label: 'secret.x', severity: 'high', start: 0, end: 6 } as const;
  const piece = (text: string) => ({ role: 'user', text });

  it('tells of each finding once a session, however often its conversation is sent again', async () => {
    const understand = async (action: Action) => ({
      facts,
      findings: (action.kind === 'send_prompt' ? (action.contents ?? []) : []).map((_, content) => ({ ...finding, content })),
    });
    const { world: w, entries } = world(verdict('allow'), [], { understand });
    const guard = createGuard({ world: w });
    const one = [piece('hidden one')];
    const both = [...one, piece('hidden two')];
    for (const contents of [one, one, both, both]) await guard.judgeRequest(origin, { contents });
    expect(entries).toMatchObject([
      { kind: 'finding', summary: 'Request: secret.x', data: { findings: [{ label: 'secret.x', count: 1 }] } },
      { kind: 'finding', data: { findings: [{ count: 1 }] } },
    ]);
    await guard.judgeRequest({ ...origin, session: 'another' }, { contents: both });
    expect(entries).toHaveLength(3);
    expect(entries[2]).toMatchObject({ data: { findings: [{ count: 2 }] } });
    expect(JSON.stringify(entries)).not.toContain('hidden');
  });

  it('says once that it could not be searched', async () => {
    const { world: w, entries } = world(verdict('allow'), [], {
      understand: async () => ({ facts, findings: [], unscanned: 'timeout' }),
    });
    const guard = createGuard({ world: w });
    for (let turn = 0; turn < 3; turn++) await guard.judgeRequest(origin, { contents: [piece('x')] });
    expect(entries).toMatchObject([{ kind: 'uninspected', verdict: 'unscanned', data: { why: 'timeout' } }]);
  });
});
