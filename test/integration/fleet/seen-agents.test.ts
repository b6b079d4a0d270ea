import { statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterEach, expect, it } from 'vitest';
import type { SeenAgent } from '../../../main/contract/seen-agents.ts';
import { CLI, type GuardProcess, run, startGuardProcess } from '../../support/guard-process.ts';

const SERVER = fileURLToPath(new URL('../mcp/notes-server.ts', import.meta.url));
let guard: GuardProcess | undefined;
afterEach(async () => {
  await guard?.stop();
  guard = undefined;
});

const PROGRAM = `
const response = await fetch(process.argv[2], process.argv[3] ? { method: 'POST', body: process.argv[3] } : {});
console.log(response.status, await response.text());
`;
const PERMIT = '@id("test.all") permit (principal, action, resource);\n';
const PROMPT = JSON.stringify({ model: 'claude-test', max_tokens: 9, messages: [{ role: 'user', content: 'Hello.' }] });

async function start(config: { readonly [key: string]: unknown } = {}): Promise<GuardProcess> {
  return startGuardProcess({
    reply: () => ({ contentType: 'application/json', chunks: ['{"type":"message","role":"assistant","content":[]}'] }),
    policy: PERMIT,
    hosts: ['api.anthropic.com', 'claude.ai', 'grok.com', 'example.com'],
    config,
  });
}

/** A script where a known agent's would be, or one that nobody knows. */
async function program(place: GuardProcess, path: string): Promise<string> {
  const file = join(place.home, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, PROGRAM);
  await writeFile(
    join(dirname(file), 'package.json'),
    JSON.stringify({ name: '@anthropic-ai/claude-code', version: '2.1.4', type: 'module' }),
  );
  return file;
}

async function asks(place: GuardProcess, script: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return run(process.execPath, [script, ...args], { env: { ...place.agentEnv, ...env }, cwd: place.project });
}

async function seen(place: GuardProcess): Promise<(SeenAgent & { concern: string | null; attachedBy: string | null })[]> {
  const { code, stdout, stderr } = await place.cli('agents', 'seen', '--json');
  if (code !== 0) throw new Error(stderr);
  return (JSON.parse(stdout) as { agents: never[] }).agents;
}

it('who talks to models is seen, also who is not guarded, not known, or not read; and it is still known after a restart', async () => {
  guard = await start();
  const place = guard;
  const claude = await program(place, 'node_modules/@anthropic-ai/claude-code/cli.js');
  const own = await program(place, 'bot.mjs');
  expect((await asks(place, claude, ['https://api.anthropic.com/v1/messages', PROMPT])).stdout).toMatch(/^200/);
  expect((await asks(place, own, ['https://api.anthropic.com/v1/models'])).stdout).toMatch(/^200/);
  await asks(place, own, ['https://grok.com/']);
  await asks(place, own, ['https://example.com/']);
  expect((await asks(place, own, ['https://api.anthropic.com/v1/models'], { NODE_EXTRA_CA_CERTS: '' })).code).not.toBe(0);

  const user = expect.any(String);
  await expect
    .poll(() => seen(place))
    .toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          agent: 'Claude Code',
          known: true,
          version: '2.1.4',
          program: process.execPath,
          user,
          provider: 'Anthropic',
          how: 'intercepted',
          connections: 1,
          exchanges: 1,
          concern: null,
          attachedBy: 'environment',
        }),
        expect.objectContaining({
          agent: 'node bot.mjs',
          known: false,
          how: 'passed',
          provider: 'Anthropic',
          exchanges: 1,
          concern: 'unknown',
        }),
        expect.objectContaining({ agent: 'node bot.mjs', how: 'tls-refused', provider: 'Anthropic', concern: 'unguarded' }),
        expect.objectContaining({ agent: 'node bot.mjs', how: 'tunnelled', to: 'web', provider: 'Grok on the web', concern: 'unread' }),
      ]),
    );
  const before = await seen(place);
  expect(before.some(({ host }) => host === 'example.com')).toBe(false);

  const { stdout } = await place.cli('agents', 'seen');
  expect(stdout).toContain('Claude Code 2.1.4 → Anthropic: read and judged, 1 connection, 1 exchange');
  expect(stdout).toContain('not set up for good');
  expect(stdout).toMatch(/! node bot\.mjs → Anthropic: refused Holdpoint’s certificate/);

  await place.end();
  const file = join(place.ready.dataDir, 'seen-agents.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  await place.restart();
  expect(await seen(place)).toEqual(before);
});

it('MCP servers are seen, those that are programs and those on the network', async () => {
  guard = await startGuardProcess({
    reply: () => ({ contentType: 'application/json', chunks: ['{"jsonrpc":"2.0","id":1,"result":{}}'] }),
    policy: PERMIT,
    hosts: ['mcp.linear.app'],
  });
  const place = guard;
  const args = [CLI, 'mcp', '--data-dir', place.ready.dataDir, '--name', 'notes', '--', process.execPath, SERVER];
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(new StdioClientTransport({ command: process.execPath, args, stderr: 'ignore' }));
  const { tools } = await client.listTools();
  await client.close();
  const own = await program(place, 'bot.mjs');
  await asks(place, own, ['https://mcp.linear.app/mcp', '{"jsonrpc":"2.0","id":1,"method":"ping"}']);
  await expect
    .poll(() => seen(place))
    .toEqual(
      expect.arrayContaining([
        expect.objectContaining({ to: 'mcp', provider: 'notes', how: 'intercepted', host: '', connections: 1 }),
        expect.objectContaining({ agent: 'node bot.mjs', to: 'mcp', provider: 'mcp.linear.app', how: 'intercepted', exchanges: 1 }),
      ]),
    );
  const last = expect.stringMatching(/^\d{4}-/);
  const servers = await (await place.control()).call('mcpServers', {});
  expect(servers).toHaveLength(2);
  expect(servers).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        name: 'notes',
        transport: 'stdio',
        address: `${process.execPath} ${SERVER}`,
        tools: tools.length,
        changed: [],
        last,
      }),
      expect.objectContaining({ name: 'mcp.linear.app', transport: 'http', tools: null, usedBy: ['node bot.mjs'], last }),
    ]),
  );
});

it('is told in the device’s reports, which are records of the log, where there is somebody to tell', async () => {
  // A port where nobody listens: the reports are made all the same.
  guard = await start({ audit: { upload: { url: 'http://127.0.0.1:9/v1/logs', statusMinutes: 0.05 } } });
  const place = guard;
  const own = await program(place, 'bot.mjs');
  await asks(place, own, ['https://claude.ai/']);
  const reports = async () => {
    const records = await (await place.control()).call('records', { limit: 200 });
    return records.filter(({ kind, verdict }) => kind === 'fleet' && verdict === 'status').reverse();
  };
  await expect
    .poll(async () => (await reports()).at(-1)?.data, { timeout: 20_000 })
    .toMatchObject({
      why: 'interval',
      agents: { concerns: 1, seen: [{ agent: 'node bot.mjs', provider: 'Claude on the web', how: 'tunnelled', concern: 'unread' }] },
    });
  expect((await reports())[0]).toMatchObject({
    summary: expect.stringMatching(/^Status: test in force|^Status: .* in force; no drift; well/),
    data: { why: 'start', drift: [], health: { writable: true }, versions: { node: process.versions.node } },
  });
  // While the engine writes the log, a part of it can be exported and proved.
  const to = join(place.home, 'evidence');
  expect(await place.cli('audit', 'export', '--to', to, '--with-content', '--format', 'ocsf')).toMatchObject({ code: 0 });
  expect(await run(process.execPath, [CLI, 'audit', 'verify', to])).toMatchObject({ code: 0, stdout: expect.stringContaining('is whole') });
  await place.end();
  const { stdout } = await place.cli('audit', 'tail', '--limit', '3', '--json');
  expect((JSON.parse(stdout) as { records: object[] }).records).toMatchObject([
    {},
    { kind: 'fleet', data: { why: 'stop' } },
    { kind: 'engine', verdict: 'stopped' },
  ]);
  await place.restart();
});

it('is not reported where nobody has asked for it', async () => {
  guard = await start();
  const records = await (await guard.control()).call('records', { limit: 50 });
  expect(records.some(({ kind }) => kind === 'fleet')).toBe(false);
});
