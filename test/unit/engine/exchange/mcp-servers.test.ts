import { expect, it } from 'vitest';
import { mcpServerSeenSchema } from '../../../../main/contract/mcp-servers.ts';
import type { SeenAgent } from '../../../../main/contract/seen-agents.ts';
import { createMcpPins } from '../../../../main/engine/exchange/mcp-pins.ts';
import { mcpServersSeen } from '../../../../main/engine/exchange/mcp-servers.ts';

const [EARLY, LATE] = ['2026-05-01T09:00:00.000Z', '2026-05-01T10:00:00.000Z'];

function seen(change: Partial<SeenAgent>): SeenAgent {
  return {
    agent: 'Claude Code',
    known: true,
    version: null,
    startedBy: null,
    program: null,
    user: null,
    to: 'mcp',
    provider: '',
    host: '',
    how: 'intercepted',
    connections: 1,
    exchanges: 0,
    first: EARLY,
    last: EARLY,
    ...change,
  };
}

function store(text?: string) {
  const file = { text };
  const open = () =>
    createMcpPins({
      load: () => file.text,
      save: (given) => {
        file.text = given;
      },
      log: (message) => expect.fail(message),
    });
  return { file, open };
}
const pins = () => store().open();
const tool = (name: string, description: string) => ({ name, definition: { description } });
const told = (pinned: ReturnType<typeof pins>, rows: readonly SeenAgent[]) => {
  const servers = mcpServersSeen({ pinned: pinned.list(), seen: rows, redact: (text) => text.replace('s3cret', '…') });
  for (const server of servers) mcpServerSeenSchema.parse(server);
  return servers;
};

it('joins what is remembered of a server with who was seen talking to it', () => {
  const known = pins();
  known.listed('https://mcp.linear.app/mcp', [tool('a', 'one'), tool('b', 'one')]);
  known.name('https://mcp.linear.app/mcp', { name: 'Linear', version: '1.4' });
  known.listed('https://mcp.linear.app/mcp', [tool('a', 'two'), tool('b', 'one')]);
  const rows = [
    seen({ agent: 'Codex', provider: 'mcp.linear.app', host: 'mcp.linear.app', last: LATE }),
    seen({ provider: 'mcp.linear.app', host: 'mcp.linear.app' }),
  ];
  expect(told(known, rows)).toEqual([
    {
      name: 'Linear',
      address: 'https://mcp.linear.app/mcp',
      transport: 'http',
      version: '1.4',
      tools: 2,
      changed: ['a'],
      usedBy: ['Codex', 'Claude Code'],
      last: LATE,
    },
  ]);
  known.accept('https://mcp.linear.app/mcp', 'a');
  expect(told(known, rows)[0]?.changed).toEqual([]);
});

it.each<[string, string]>([
  ['as the person calls it', 'mine'],
  ['as it calls itself', 'GitHub'],
  ['by its program', 'server'],
])('finds one that is a program %s', (_how, provider) => {
  const known = pins();
  const command = '/opt/bin/server --key s3cret';
  known.listed(command, [tool('a', 'one')]);
  known.name(command, { name: 'GitHub' });
  if (provider === 'mine') known.call(command, 'mine');
  expect(told(known, [seen({ provider })])).toMatchObject([
    {
      name: provider === 'mine' ? 'mine' : 'GitHub',
      address: '/opt/bin/server --key …',
      transport: 'stdio',
      usedBy: ['Claude Code'],
      last: EARLY,
    },
  ]);
});

it('tells also of one whose tools were never listed, and of one that was seen too long ago', () => {
  const known = pins();
  known.listed('https://old.example/mcp', [tool('a', 'one')]);
  expect(
    told(known, [
      seen({ provider: 'mcp.sentry.dev', host: 'mcp.sentry.dev', how: 'tunnelled' }),
      seen({ to: 'model', provider: 'Anthropic' }),
    ]),
  ).toMatchObject([
    { name: 'mcp.sentry.dev', tools: null, last: EARLY, usedBy: ['Claude Code'] },
    { name: 'old.example', tools: 1, last: null, usedBy: [] },
  ]);
});

it('keeps what a person calls a server, and understands what was kept before there was that', () => {
  const { file, open } = store();
  open().call('npx server', 'mine');
  expect(open().list()).toMatchObject([{ address: 'npx server', called: 'mine', tools: 0 }]);
  file.text = JSON.stringify({ version: 1, servers: [{ address: 'npx server', tools: {} }] });
  expect(open().list()).toEqual([{ address: 'npx server', tools: 0, changed: [] }]);
});
