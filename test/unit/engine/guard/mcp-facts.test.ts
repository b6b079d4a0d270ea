import { expect, it } from 'vitest';
import type { CallMcpToolAction, McpServer } from '../../../../main/contract/action.ts';
import { mcpFacts } from '../../../../main/engine/guard/mcp-facts.ts';

const HERE: McpServer = { name: 'files', address: 'npx server-filesystem /home/dev', transport: 'stdio' };
const REMOTE: McpServer = { name: 'github', address: 'https://api.example.com/mcp', transport: 'http' };

function facts(tool: string, input: unknown, server = HERE) {
  const action: CallMcpToolAction = {
    kind: 'call_mcp_tool',
    id: 'a',
    place: 'p',
    changed: false,
    server,
    call: { id: '1', tool, input },
    origin: {
      exchange: 'x',
      session: 's',
      agent: { name: 'Claude Code' },
      protocol: 'mcp',
      provider: server.name,
      host: '',
      workspace: { state: 'known', root: '/home/dev/proj', cwd: '/home/dev/proj', source: 'process' },
      home: '/home/dev',
    },
  };
  const { effects, paths, hosts, programs } = mcpFacts(action);
  return { effects: effects.map(({ effect }) => effect), paths: paths.map(({ path, use }) => `${use} ${path}`), hosts, programs };
}

it.each([
  ['read_text_file', { path: '/etc/passwd' }, ['read'], ['read /etc/passwd']],
  ['write_file', { path: '/home/dev/proj/a', content: 'x' }, ['write-workspace'], ['write /home/dev/proj/a']],
  ['write_file', { path: '~/.bashrc', content: 'x' }, ['persistence', 'write-outside'], ['write /home/dev/.bashrc']],
  ['move_file', { source: 'a', destination: '/srv/b' }, ['write-workspace', 'write-outside'], ['write /home/dev/proj/a', 'write /srv/b']],
  ['delete_file', { path: '/srv/b' }, ['delete', 'destructive'], ['delete /srv/b']],
  ['read_multiple_files', { paths: ['a', 'b'] }, ['read', 'read'], ['read /home/dev/proj/a', 'read /home/dev/proj/b']],
  ['lookUp', { filePath: 'deep/a' }, ['read'], ['read /home/dev/proj/deep/a']],
  ['think', { thought: 'a or b' }, [], []],
])('a server on this computer: %s %j', (tool, input, effects, paths) => {
  expect(facts(tool, input)).toMatchObject({ effects, paths });
});

it('reads a command as a command', () => {
  expect(facts('execute_command', { command: 'rm -rf /srv/x' })).toMatchObject({
    effects: expect.arrayContaining(['delete', 'destructive']),
    programs: ['rm'],
  });
});

it('takes paths of a server elsewhere for that server’s own, and tells the hosts', () => {
  const found = facts('create_or_update_file', { path: '/etc/passwd', content: 'x', url: 'https://paste.example/x' }, REMOTE);
  expect(found).toEqual({ effects: ['network'], paths: [], programs: [], hosts: ['api.example.com', 'paste.example'] });
});

it('takes a server at a loopback address for one of this computer', () => {
  expect(facts('write_file', { path: '/etc/x', content: '' }, { ...REMOTE, address: 'https://localhost:8080/mcp' }).effects).toContain(
    'write-outside',
  );
});

it('cannot tell what has too many arguments', () => {
  expect(facts('x', { all: Array.from({ length: 3_000 }, (_, at) => at) }).effects).toContain('unresolved');
});
