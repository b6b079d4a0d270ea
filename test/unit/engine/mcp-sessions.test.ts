/** An engine of several users keeps no more for one connection than that connection needs. */

import { expect, it } from 'vitest';
import { CONTROL_METHODS } from '../../../main/contract/control.ts';
import { createStdioServers, type StdioServersOptions } from '../../../main/engine/mcp/stdio.ts';

it('one connection stands for a bounded number of MCP servers, and room is there again when it has gone', async () => {
  const servers = createStdioServers({
    pins: { forUser: () => ({ identity: () => ({}) }) },
    originOf: async () => ({ exchange: '', session: '', agent: { name: 'agent' }, protocol: 'mcp', provider: '', host: '' }),
    records: { keep: () => {}, unread: () => {} },
    callBytes: 1_000,
  } as unknown as StdioServersOptions);
  const open = (gone: AbortSignal) => servers.open({ command: ['server'], pid: 0 }, gone, 'dev');
  const connection = new AbortController();
  for (let n = 0; n < 16; n += 1) await open(connection.signal);
  await expect(open(connection.signal)).rejects.toMatchObject({ code: 'control-busy' });
  await expect(open(new AbortController().signal)).resolves.toHaveProperty('session');
  connection.abort();
  await expect(open(new AbortController().signal)).resolves.toHaveProperty('session');
});

it('a command line is bounded as a whole', () => {
  const parse = (words: number) =>
    CONTROL_METHODS.mcpOpen.params.safeParse({ command: Array.from({ length: words }, () => 'x'.repeat(4_000)), pid: 1 });
  expect(parse(16).success).toBe(true);
  expect(parse(17).success).toBe(false);
});
