import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScanner } from '../../../main/engine/detection/scanner.ts';
import { inspectLine } from '../../../main/engine/guard/inspect.ts';
import { createPolicy, type Policy } from '../../../main/engine/policy/engine.ts';

const TOKEN = `ghp_${'aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA1bC2'}`;
let starter: Policy;
let own: Policy;
let dir: string;

beforeAll(async () => {
  starter = await createPolicy({});
  dir = await mkdtemp(join(tmpdir(), 'holdpoint-policy-'));
  await writeFile(
    join(dir, 'own.cedar'),
    `@id("calls") permit (principal, action == Action::"call_mcp_tool", resource);
@id("github") @effect("ask") @reason("GitHub is asked about.") forbid (principal, action == Action::"call_mcp_tool", resource in McpServer::"github");
@id("tool") @reason("Never.") forbid (principal, action, resource == McpTool::"delete_repo");
@id("address") @reason("Only known servers.") forbid (principal, action == Action::"call_mcp_tool", resource)
when { context.transport == "http" && !(context.serverAddress like "https://mcp.example.com/*") };
@id("results") permit (principal, action == Action::"receive_result", resource) when { !context.labels.contains("secret") };
@id("hosts") permit (principal, action == Action::"connect", resource) when { context.port == 443 };
@id("paste") @reason("No pasting.") forbid (principal, action == Action::"connect", resource == Host::"paste.example");`,
  );
  own = await createPolicy({ dir });
});
afterAll(async () => {
  await starter.close();
  await own.close();
  await rm(dir, { recursive: true });
});

const { scan } = createScanner({ workers: 0 });
const judged = (policy: Policy, line: unknown) => inspectLine(JSON.stringify(line), { decide: policy.decide, scan });
const mcp = (tool: string, input: unknown = {}, more: object = {}) => ({
  kind: 'mcp_call',
  server: 'files',
  tool,
  arguments: input,
  cwd: '/home/dev/proj',
  home: '/home/dev',
  ...more,
});
const github = { server: 'github', address: 'https://mcp.example.com/mcp' };

describe('the starter policy', () => {
  it.each<[string, unknown, string, string]>([
    ['a call that says nothing of what it does', mcp('create_issue', { title: 'x' }, github), 'allow', 'starter.mcp-calls'],
    ['a file in the project', mcp('write_file', { path: 'a.ts', content: '' }), 'allow', 'starter.mcp-calls'],
    ['a file outside', mcp('write_file', { path: '/home/dev/.bashrc', content: '' }), 'ask', 'starter.write-outside'],
    ['keys', mcp('read_file', { path: '~/.ssh/id_ed25519' }), 'ask', 'starter.secrets-read'],
    ['a command that destroys the home folder', mcp('run_command', { command: 'rm -rf ~' }), 'deny', 'starter.destroy-home'],
    ['Holdpoint’s own folder', mcp('read_file', { path: '~/.local/share/holdpoint/ca.key' }), 'deny', 'starter.holdpoint'],
    ['a credential for a server', mcp('create_issue', { body: `my token: ${TOKEN}` }, github), 'ask', 'starter.secret-sent'],
    ['a tool that has changed', mcp('create_issue', {}, { ...github, changed: true }), 'ask', 'starter.mcp-changed'],
    ['a result', { kind: 'mcp_result', server: 'files', tool: 'read_file', text: 'hello' }, 'allow', 'starter.results'],
  ])('has a word for %s', async (_, line, verdict, policy) => {
    const answer = await judged(starter, line);
    expect(answer).toMatchObject({ verdict, policies: expect.arrayContaining([policy]) });
  });

  it('says nothing of connections, so they pass', async () => {
    expect(starter.speaksOf('connect')).toBe(false);
    expect(await judged(starter, { kind: 'connect', host: 'example.com' })).toMatchObject({ verdict: 'allow', policies: [] });
  });

  it('keeps a result back that could not be read', async () => {
    const origin = {
      exchange: '',
      session: '',
      agent: { name: 'a' },
      protocol: 'mcp',
      provider: '',
      host: '',
      workspace: { state: 'unresolved' },
    } as const;
    const facts = { tool: 'x', toolKind: 'mcp', text: '', effects: [], programs: [], paths: [], hosts: [] } as const;
    const action = { kind: 'receive_result', id: '1', origin, tool: 'x', text: '', uninspected: 'too-long' } as const;
    expect(await starter.decide(action, { facts, findings: [] }, false)).toMatchObject({
      verdict: 'deny',
      policies: [{ id: 'starter.results-uninspected' }],
    });
  });
});

describe('policies of one’s own', () => {
  it.each<[string, unknown, string, string]>([
    ['a server by its name', mcp('look', {}, github), 'ask', 'github'],
    ['a tool wherever it is', mcp('delete_repo'), 'deny', 'tool'],
    ['servers by their address', mcp('look', {}, { address: 'https://elsewhere.example/mcp' }), 'deny', 'address'],
    ['what is in a result', { kind: 'mcp_result', server: 'x', tool: 'y', text: 'hello' }, 'allow', 'results'],
    ['a host', { kind: 'connect', host: 'paste.example' }, 'deny', 'paste'],
    ['a port', { kind: 'connect', host: 'example.com', port: 443 }, 'allow', 'hosts'],
  ])('can speak of %s', async (_, line, verdict, policy) => {
    expect(await judged(own, line)).toMatchObject({ verdict, policies: [policy] });
  });

  it.each<[string, unknown]>([
    ['a result with a credential', { kind: 'mcp_result', server: 'x', tool: 'y', text: `token: ${TOKEN}` }],
    ['a connection to another port', { kind: 'connect', host: 'example.com', port: 25 }],
  ])('need to permit %s once they speak of its kind', async (_, line) => {
    expect(await judged(own, line)).toMatchObject({ verdict: 'deny', policies: [], reason: 'No policy permits this.' });
  });

  it('must permit MCP calls, even where they speak of none', async () => {
    const silent = await mkdtemp(join(tmpdir(), 'holdpoint-policy-'));
    await writeFile(join(silent, 'a.cedar'), '@id("a") permit (principal, action == Action::"call_tool", resource);');
    const policy = await createPolicy({ dir: silent });
    expect(await judged(policy, mcp('look'))).toMatchObject({ verdict: 'deny' });
    expect(await judged(policy, { kind: 'mcp_result', server: 'x', tool: 'y', text: 'z' })).toMatchObject({ verdict: 'allow' });
    await policy.close();
    expect(await judged(policy, { kind: 'connect', host: 'example.com' })).toMatchObject({ verdict: 'deny' });
    await rm(silent, { recursive: true });
  });
});
