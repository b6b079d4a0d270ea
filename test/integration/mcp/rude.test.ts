import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CLI, type GuardProcess, startGuardProcess } from '../../support/guard-process.ts';
import { POLICY, SECRET } from './support.ts';

const SERVER = fileURLToPath(new URL('rude-server.ts', import.meta.url));
/** It also keeps back what could not be read. */
const STRICT = `${POLICY}
@id("test.unread-results") @reason("It could not be read.")
forbid (principal, action == Action::"receive_result", resource) when { context.uninspected != "" };`;

let guard: GuardProcess;
beforeAll(async () => {
  guard = await startGuardProcess({ reply: () => ({ status: 404, chunks: [] }), policy: STRICT });
}, 60_000);
afterAll(() => guard.stop());

it('a server that does not keep to the rules gets no secret past, and its client still gets its answers', async () => {
  const args = [CLI, 'mcp', '--data-dir', guard.ready.dataDir, '--', process.execPath, SERVER];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = once(child, 'close') as Promise<[number]>;
  const heard: string[] = [];
  const waiting = new Map<number, (answer: unknown) => void>();
  createInterface({ input: child.stdout, crlfDelay: Infinity }).on('line', (line) => {
    heard.push(line);
    if (!line.startsWith('{"jsonrpc"')) return;
    const answer = JSON.parse(line) as { id: number };
    waiting.get(answer.id)?.(answer);
  });
  const send = (id: number, method: string, params: object) => {
    const answer = new Promise((resolve) => waiting.set(id, resolve));
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\r\n`);
    return answer;
  };
  expect(await send(1, 'initialize', {})).toMatchObject({ result: { serverInfo: { name: 'rude' } } });
  expect(await send(2, 'tools/call', { name: 'fail', arguments: {} })).toMatchObject({ result: { isError: true } });
  void send(3, 'tools/call', { name: 'end', arguments: {} });
  expect((await ended)[0]).toBe(9);
  expect(heard.join('\n')).not.toContain(SECRET);
  expect(heard[0]).toBe('[INFO] starting');
}, 30_000);
