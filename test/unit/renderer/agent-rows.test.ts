import { describe, expect, it } from 'vitest';
import type { AgentHere } from '../../../main/contract/agents-here.ts';
import type { SeenAgent } from '../../../main/contract/seen-agents.ts';
import { agentRows, concernsIn, othersIn, summaryOf } from '../../../renderer/console/agents/agent-rows.ts';
import { AGENTS } from '../../../renderer/strings/agents.ts';

function here(change: Partial<AgentHere> = {}): AgentHere {
  return { id: 'claude', name: 'Claude Code', found: true, attach: 'settings', because: '', attached: 'no', problem: null, ...change };
}
function seen(change: Partial<SeenAgent> = {}): SeenAgent {
  return {
    agent: 'Claude Code',
    known: true,
    version: '2.1.4',
    startedBy: null,
    program: '/usr/bin/claude',
    user: 'dev',
    to: 'model',
    provider: 'Anthropic',
    host: 'api.anthropic.com',
    how: 'intercepted',
    connections: 1,
    exchanges: 1,
    first: '2026-05-01T09:00:00.000Z',
    last: '2026-05-01T09:30:00.000Z',
    ...change,
  };
}
const refusedTls = seen({ how: 'tls-refused', last: '2026-05-01T10:00:00.000Z' });
const read = seen();

describe('an agent', () => {
  it.each<[string, AgentHere[], SeenAgent[], object]>([
    ['found and never seen is not guarded', [here()], [], { guarded: 'no', how: 'none', action: 'attach', last: null }],
    ['attached is guarded, seen or not', [here({ attached: 'yes' })], [], { guarded: 'yes', how: 'settings', action: 'detach' }],
    [
      'that the computer’s own settings lead is guarded, and nothing is to be done',
      [here({ attached: 'machine' })],
      [],
      { guarded: 'yes', how: 'machine', action: null },
    ],
    [
      'whose settings were changed wants repair',
      [here({ attached: 'partly' })],
      [read],
      { guarded: 'no', how: 'partly', action: 'repair' },
    ],
    [
      'that is read without being attached depends on its start',
      [here()],
      [read],
      { guarded: 'sometimes', how: 'environment', action: 'attach' },
    ],
    ['that refuses the certificate is not guarded', [here()], [refusedTls, read], { guarded: 'no', how: 'bare', trust: 'distrusts' }],
    [
      'attached, that refuses it still, is not either',
      [here({ attached: 'yes' })],
      [refusedTls],
      { guarded: 'no', how: 'settings', trust: 'distrusts' },
    ],
    [
      'that trusts it by now is forgiven',
      [here({ attached: 'yes' })],
      [{ ...read, last: '2026-05-01T11:00:00.000Z' }, refusedTls],
      { guarded: 'yes', trust: 'fine' },
    ],
    [
      'that was not let through is no stranger to the certificate',
      [here({ attached: 'yes' })],
      [seen({ how: 'refused' }), read],
      { guarded: 'yes', trust: 'fine' },
    ],
    [
      'whose settings cannot be read has no button',
      [here({ attached: 'unknown', problem: 'x' })],
      [],
      { guarded: 'no', how: 'unknown', action: null },
    ],
    [
      'that cannot be set up here is told all the same',
      [],
      [seen({ agent: 'Cursor' })],
      { name: 'Cursor', guarded: 'sometimes', how: 'elsewhere', action: null },
    ],
    [
      'that passes unread is not guarded',
      [],
      [seen({ agent: 'Cursor', how: 'tunnelled' })],
      { guarded: 'no', how: 'notHere', trust: 'unread' },
    ],
  ])('%s', (_what, agents, rows, expected) => {
    expect(agentRows(agents, rows)).toMatchObject([expected]);
  });

  it('is left out where it is neither found nor seen nor attached', () => {
    expect(agentRows([here({ found: false })], [])).toEqual([]);
    expect(agentRows([here({ found: false, attached: 'yes' })], [])).toHaveLength(1);
    expect(agentRows([here({ found: false })], [read])).toHaveLength(1);
  });

  it('stands where its name belongs, and has its newest version and time', () => {
    const rows = agentRows(
      [here({ attached: 'yes' }), here({ id: 'codex', name: 'Codex' })],
      [read, seen({ version: null, last: '2026-04-01T09:00:00.000Z' })],
    );
    expect(rows.map(({ name }) => name)).toEqual(['Claude Code', 'Codex']);
    expect(rows[0]).toMatchObject({ version: '2.1.4', last: read.last });
  });
});

describe('others', () => {
  const python = seen({ agent: 'python3 x.py', known: false });
  const chat = seen({ agent: 'firefox', known: false, to: 'web', provider: 'ChatGPT', how: 'tunnelled' });

  it('are unknown programs and web sites, each once and as it was last', () => {
    const rows = othersIn([chat, python, { ...python, how: 'tls-refused' }, read, seen({ to: 'mcp' })]);
    expect(rows).toEqual([chat, python]);
  });

  it('count as concerns where they are unguarded or unread, and were lately', () => {
    const now = Date.parse(read.last);
    expect(concernsIn([], [chat, python], [], now)).toBe(1);
    expect(concernsIn([], [chat], [], now + 8 * 86_400_000)).toBe(0);
    expect(concernsIn(agentRows([here()], []), [], [], now)).toBe(1);
  });
});

it.each<[number, number, number, string]>([
  [3, 0, 1, '3 agents are guarded, 1 is not.'],
  [1, 1, 2, '1 agent is guarded, 1 is only when it is started through Holdpoint, 2 are not.'],
  [0, 2, 0, '2 agents are guarded only when they are started through Holdpoint.'],
  [0, 0, 1, '1 agent is not guarded.'],
  [2, 0, 0, '2 agents are guarded.'],
  [0, 0, 0, 'No agent that Holdpoint knows was found on this computer, or seen talking to a model.'],
])('says of %i guarded, %i sometimes and %i not: %s', (guarded, sometimes, not, sentence) => {
  expect(AGENTS.summary({ guarded, sometimes, not })).toBe(sentence);
});

it('sums up what there is', () => {
  expect(summaryOf(agentRows([here({ attached: 'yes' })], [seen({ agent: 'Cursor', how: 'tunnelled' })]))).toEqual({
    guarded: 1,
    sometimes: 0,
    not: 1,
  });
});
