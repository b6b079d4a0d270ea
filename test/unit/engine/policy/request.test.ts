import { describe, expect, it } from 'vitest';
import type { Origin, PathFact } from '../../../../main/contract/action.ts';
import { policyRequest } from '../../../../main/engine/policy/request.ts';
import { call, effect, finding, ORIGIN, path, prompt, understood } from './build.ts';

function context(facts: Parameters<typeof understood>[0], origin: Partial<Origin> = {}) {
  return policyRequest(call('Bash', { origin }), understood(facts), false).context;
}

describe('the request that policies see', () => {
  it('names agent, user and tool as entities that are all there', () => {
    const request = policyRequest(call('Bash'), understood(), false);
    expect(request.principal).toEqual({ type: 'Agent', id: 'Claude Code' });
    expect(request.resource).toEqual({ type: 'Tool', id: 'Bash' });
    expect(request.entities).toEqual([
      { uid: { type: 'User', id: 'dev' }, parents: [] },
      { uid: { type: 'Agent', id: 'Claude Code' }, parents: [{ type: 'User', id: 'dev' }] },
      { uid: { type: 'Tool', id: 'Bash' }, parents: [] },
    ]);
  });

  it('asks about prompts with the model as the resource', () => {
    const request = policyRequest(prompt({ uninspected: 'undecodable' }), understood(), false);
    expect(request.resource).toEqual({ type: 'Model', id: 'claude-opus-4-1' });
    expect(request.context).toMatchObject({ uninspected: 'undecodable', provider: 'Anthropic', providerHost: 'api.anthropic.com' });
  });

  it('asks about an MCP server’s tool as a member of its server, with all that a call has', () => {
    const server = { name: 'GitHub', address: 'https://mcp.example/mcp', transport: 'http', version: '1' } as const;
    const action = { ...call('create_issue'), kind: 'call_mcp_tool', server, changed: true } as const;
    const request = policyRequest(action, understood({ toolKind: 'mcp', hosts: ['MCP.example'] }), false);
    expect([request.action.id, request.resource]).toEqual(['call_mcp_tool', { type: 'McpTool', id: 'create_issue' }]);
    expect(request.entities).toContainEqual({ uid: request.resource, parents: [{ type: 'McpServer', id: 'GitHub' }] });
    expect(request.context).toMatchObject({
      server: 'GitHub',
      serverAddress: server.address,
      serverVersion: '1',
      transport: 'http',
      changed: true,
      toolName: 'create_issue',
      hosts: ['mcp.example'],
    });
  });

  it('cuts a result’s text in the middle, and says so', () => {
    const action = { kind: 'receive_result', id: 'a', origin: ORIGIN, tool: 'look', text: '' } as const;
    const { context, resource } = policyRequest(action, understood({ text: 'x'.repeat(20_000) }, [finding('secret.a')]), false);
    expect(resource).toEqual({ type: 'McpTool', id: 'look' });
    expect(context.labels).toEqual(['secret', 'secret.a', 'truncated']);
  });

  it('asks about a connection by its host in lower case, and its port as a number', () => {
    const request = policyRequest({ kind: 'connect', id: 'a', origin: ORIGIN, host: 'Example.COM', port: 8443 }, understood(), false);
    expect(request.resource).toEqual({ type: 'Host', id: 'example.com' });
    expect(request.context).toMatchObject({ host: 'example.com', port: 8443 });
  });

  it('says nothing where nothing is known', () => {
    const { model: _, home: __, ...rest } = ORIGIN;
    const action = { ...call(), origin: { ...rest, agent: { name: 'Unknown program' }, workspace: { state: 'unresolved' as const } } };
    const request = policyRequest(action, understood(), false);
    expect(request.entities[0]).toEqual({ uid: { type: 'User', id: '' }, parents: [] });
    expect(request.context).toMatchObject({ model: '', workspace: 'unresolved', uninspected: '' });
  });

  it.each<[string, PathFact, string[], string[]]>([
    [
      'in the workspace',
      path('/home/dev/proj/src/a.ts', 'write'),
      ['/home/dev/proj/src/a.ts', '~/proj/src/a.ts', './src/a.ts'],
      ['/', '/home', '/home/dev/proj', '~', '~/proj', '.', './src'],
    ],
    ['the home folder', path('/home/dev', 'write', 'outside'), ['/home/dev', '~'], ['/', '/home']],
    ['the workspace itself', path('/home/dev/proj', 'write'), ['/home/dev/proj', '~/proj', '.'], ['/home']],
    ['beside the home folder', path('/home/devil/x', 'write', 'outside'), ['/home/devil/x'], ['/home/devil', '/']],
    ['the root', path('/', 'write', 'outside'), ['/'], ['/']],
    ['on Windows', path('C:\\Windows\\a', 'write', 'outside'), ['C:\\Windows\\a'], ['C:\\', 'C:\\Windows']],
    ['that could not be resolved', path('$DIR/x', 'write', 'unresolved'), ['$DIR/x'], ['$DIR']],
  ])('writes a path %s in every form that a policy may use', (_, fact, forms, folders) => {
    const { writes, writesIn, reads, deletes } = context({ paths: [fact] });
    expect(writes).toEqual(forms);
    expect(writesIn).toEqual(expect.arrayContaining([...forms, ...folders]));
    expect([reads, deletes]).toEqual([[], []]);
  });

  it('writes Windows paths below home and workspace with slashes', () => {
    const root = 'C:\\Users\\dev\\proj';
    const { deletes } = context(
      { paths: [path(`${root}\\src\\a`, 'delete')] },
      { home: 'C:\\Users\\dev', workspace: { state: 'known', root, cwd: root, source: 'process' } },
    );
    expect(deletes).toEqual([`${root}\\src\\a`, '~/proj/src/a', './src/a']);
  });

  it('counts a path as outside unless it is known to be inside', () => {
    expect(context({ paths: [path('/a', 'read', 'unresolved'), path('/b', 'write'), path('/c', 'delete', 'outside')] }).outside).toEqual([
      'read',
      'delete',
    ]);
  });

  it('separates the effects that a person is warned of', () => {
    const facts = context({ effects: [effect('read'), effect('network', 'watch'), effect('network'), effect('privilege', 'risk')] });
    expect(facts).toMatchObject({ effects: ['read', 'network', 'privilege'], risky: ['network', 'privilege'] });
  });

  it('names findings with their families', () => {
    const { labels } = policyRequest(
      call(),
      understood({}, [finding('secret.aws-access-key'), finding('secret.github-token')]),
      false,
    ).context;
    expect(labels).toEqual(['secret', 'secret.aws-access-key', 'secret.github-token']);
  });

  it('normalises every text, so that no spelling slips by', () => {
    const request = policyRequest(
      call('B\u200Bash', { origin: { host: 'API.Example.com' } }),
      understood({ text: '\uFF52\uFF4D', programs: ['r\u200Bm'], hosts: ['EXAMPLE.com'] }),
      false,
    );
    expect(request.resource.id).toBe('Bash');
    expect(request.context).toMatchObject({
      toolName: 'Bash',
      text: 'rm',
      programs: ['rm'],
      hosts: ['example.com'],
      providerHost: 'api.example.com',
    });
  });

  it('labels a long text as truncated and asks no more of it', () => {
    const { text, labels, effects } = context({ text: 'x'.repeat(100_000) });
    expect(String(text).length).toBe(16 * 1024);
    expect(labels).toEqual(['truncated']);
    expect(effects).toEqual([]);
  });

  it.each([
    ['programs', { programs: Array.from({ length: 2_000 }, (_, index) => `p${index}`) }],
    ['paths', { paths: Array.from({ length: 2_000 }, (_, index) => path(`/a/${index}`, 'write', 'outside')) }],
    ['a path of a thousand folders', { paths: [path('/a'.repeat(4_000), 'write', 'outside')] }],
    ['a host of a megabyte', { hosts: ['h'.repeat(1_000_000)] }],
  ])('calls unresolved what is too much to be told: %s', (_, facts) => {
    const result = context(facts);
    expect(result.effects).toContain('unresolved');
    expect(result.labels).toContain('truncated');
    expect(JSON.stringify(result).length).toBeLessThan(500_000);
  });
});
