import { describe, expect, it, vi } from 'vitest';
import type { AuditRecord } from '../../../../main/contract/record.ts';
import { MOST_SEEN, seenConcern } from '../../../../main/contract/seen-agents.ts';
import { createCatalogue } from '../../../../main/engine/exchange/catalogue.ts';
import { createSeenAgents } from '../../../../main/engine/fleet/seen-agents.ts';

function tally(text?: string) {
  let kept = text;
  const log = vi.fn();
  let due: (() => void) | undefined;
  const seen = createSeenAgents({
    catalogue: createCatalogue({ hosts: ['llm.corp.example'] }),
    load: () => kept,
    save: (now) => {
      kept = now;
    },
    log,
    setTimer: (work) => {
      due = work;
      return () => {
        due = undefined;
      };
    },
  });
  return { seen, log, kept: () => kept, pass: () => due?.() };
}

const PROCESS = { pid: 7, executable: '/usr/bin/node', commandLine: [], user: 'ada', cwd: '/', parents: [] };
const record = (changes: Partial<AuditRecord> = {}): AuditRecord => ({
  ...{ seq: 1, id: 'i', at: '2026-05-01T09:00:00.000Z', kind: 'connection', session: null, exchange: null, action: null },
  ...{ agent: 'Claude Code', host: 'api.anthropic.com', verdict: 'intercepted', summary: '', blocks: [], hash: '' },
  data: { agentVersion: '2.1.4', startedBy: null, process: PROCESS },
  ...changes,
});

describe('what is tallied', () => {
  it('is who talked to whom, how, how often and when', () => {
    const { seen } = tally();
    seen.note(record());
    seen.note(record({ kind: 'exchange', verdict: 'complete', at: '2026-05-01T09:05:00.000Z' }));
    seen.note(record({ kind: 'exchange', verdict: 'passed', at: '2026-05-01T09:06:00.000Z' }));
    const row = {
      agent: 'Claude Code',
      known: true,
      version: '2.1.4',
      program: '/usr/bin/node',
      user: 'ada',
      provider: 'Anthropic',
      to: 'model',
    };
    expect(seen.list()).toMatchObject([
      { ...row, how: 'passed', connections: 0, exchanges: 1, first: '2026-05-01T09:06:00.000Z' },
      { ...row, how: 'intercepted', connections: 1, exchanges: 1, first: '2026-05-01T09:00:00.000Z', last: '2026-05-01T09:05:00.000Z' },
    ]);
  });

  it.each<[string, Partial<AuditRecord>, object]>([
    [
      'a web assistant that is not read',
      { host: 'claude.ai', verdict: 'tunnelled', agent: 'firefox' },
      { to: 'web', provider: 'Claude on the web' },
    ],
    ['one that the catalogue does not know', { host: 'grok.com', verdict: 'tunnelled' }, { to: 'web', provider: 'Grok on the web' }],
    ['a host of the settings', { host: 'llm.corp.example' }, { to: 'model', provider: 'llm.corp.example' }],
    ['a program that does not trust us', { verdict: 'tls-refused' }, { how: 'tls-refused', provider: 'Anthropic' }],
    ['an MCP server on the network', { host: 'mcp.linear.app' }, { to: 'mcp', provider: 'mcp.linear.app' }],
    [
      'an MCP server that is a program',
      { host: null, data: { server: { name: 'notes' }, pid: 3, executable: '/usr/bin/claude' } },
      { to: 'mcp', provider: 'notes', program: '/usr/bin/claude', host: '' },
    ],
    [
      'a program that was not found',
      { agent: null, data: { process: null } },
      { agent: 'Unknown program', known: false, program: null, user: null },
    ],
  ])('holds %s', (_what, changes, row) => {
    const { seen } = tally();
    seen.note(record(changes));
    expect(seen.list()).toMatchObject([row]);
  });

  it.each<[string, Partial<AuditRecord>]>([
    ['other hosts', { host: 'example.com', verdict: 'tunnelled' }],
    ['other records', { kind: 'verdict', verdict: 'allow' }],
    ['a host that was taken in', { verdict: 'followed' }],
  ])('does not hold %s', (_what, changes) => {
    const { seen } = tally();
    seen.note(record(changes));
    expect(seen.list()).toEqual([]);
  });

  it('is told to one of several users as far as it is of their programs, and to an admin whole', () => {
    const { seen } = tally();
    seen.note(record());
    seen.note(record({ data: { process: { ...PROCESS, user: 'bob', executable: '/home/bob/agent' } } }));
    seen.note(record({ data: { user: 'bob', server: { name: 'files' }, executable: '/home/bob/server' } }));
    seen.note(record({ data: { process: null }, agent: null }));
    expect(seen.list('bob').map(({ program }) => program)).toEqual(['/home/bob/server', '/home/bob/agent']);
    expect(seen.list('zoe')).toEqual([]);
    expect(seen.list()).toHaveLength(4);
  });

  it('stays bounded, whatever programs are called: the longest unseen go', () => {
    const { seen } = tally();
    for (let n = 0; n < MOST_SEEN + 50; n++) seen.note(record({ agent: `${n} ${'x'.repeat(5000)}`, host: 'api.openai.com' }));
    expect(seen.list().length).toBe(MOST_SEEN);
    expect(seen.list()[0]?.agent.length).toBeLessThanOrEqual(200);
  });

  it('stays known of one user, however many programs another has', () => {
    const { seen } = tally();
    seen.note(record());
    for (let n = 0; n < MOST_SEEN + 10; n += 1)
      seen.note(record({ data: { process: { ...PROCESS, user: 'bob', executable: `/home/bob/${n}` } } }));
    expect(seen.list()).toHaveLength(MOST_SEEN);
    expect(seen.list('ada')).toHaveLength(1);
    expect(seen.list('bob').at(-1)?.program).toBe('/home/bob/11');
  });

  it('is kept: a while later, and when it ends', () => {
    const first = tally();
    first.seen.note(record());
    first.pass();
    expect(tally(first.kept()).seen.list()).toEqual(first.seen.list());
    first.seen.note(record());
    expect(tally(first.kept()).seen.list()).toMatchObject([{ connections: 1 }]);
    first.pass();
    expect(tally(first.kept()).seen.list()).toMatchObject([{ connections: 2 }]);
    first.seen.note(record());
    first.seen.close();
    expect(tally(first.kept()).seen.list()).toMatchObject([{ connections: 3 }]);
  });

  it.each(['', '{', '{"version":2}', '{"version":1,"seen":[{"agent":1}]}'])(
    'begins anew where %j is what was kept, and says so',
    (text) => {
      const { seen, log } = tally(text);
      expect(seen.list()).toEqual([]);
      expect(log).toHaveBeenCalledWith(expect.stringContaining('tallied anew'));
    },
  );
});

it.each([
  [{ known: true, how: 'intercepted', to: 'model' }, undefined],
  [{ known: false, how: 'intercepted', to: 'model' }, 'unknown'],
  [{ known: true, how: 'tls-refused', to: 'model' }, 'unguarded'],
  [{ known: false, how: 'tunnelled', to: 'web' }, 'unread'],
] as const)('%j is a concern: %s', (row, concern) => {
  expect(seenConcern(row)).toBe(concern);
});
