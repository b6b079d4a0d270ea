import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ControlClient, connectControl } from '../../../main/engine/control/client.ts';
import { CLI, type GuardProcess, run, startGuardProcess } from '../../support/guard-process.ts';
import { POLICY, questionsOf, SECRET } from './support.ts';

const SERVER = fileURLToPath(new URL('notes-server.ts', import.meta.url));
let guard: GuardProcess;
let control: ControlClient;
let questions: ReturnType<typeof questionsOf>;

beforeAll(async () => {
  guard = await startGuardProcess({
    reply: () => ({ status: 404, chunks: [] }),
    policy: POLICY,
    config: { approvals: { timeoutSeconds: 60 } },
  });
  control = await guard.control(true);
  questions = questionsOf(control);
}, 60_000);
afterAll(() => guard.stop());

const command = (dataDir: string, ...options: string[]) => [CLI, 'mcp', '--data-dir', dataDir, ...options, '--', process.execPath, SERVER];

async function connected(env: Record<string, string> = {}, of = guard): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  const args = command(of.ready.dataDir, '--name', 'notes');
  await client.connect(new StdioClientTransport({ command: process.execPath, args, env, stderr: 'ignore' }));
  return client;
}

function textOf(result: unknown): string {
  return (result as CallToolResult).content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
}

describe('a server behind holdpoint mcp', () => {
  it('is called where policy allows it, and a call that a person is asked about waits for the answer', async () => {
    const client = await connected({ NOTES_CHATTY: '1' });
    expect(client.getServerVersion()).toEqual({ name: 'notes', version: '3.1.4' });
    expect(textOf(await client.callTool({ name: 'look', arguments: {} }))).toBe('a view');
    const file = join(guard.project, 'stdio-allowed');
    const called = client.callTool({ name: 'write_note', arguments: { path: file, text: 'hello' } });
    const question = await questions.next();
    expect(question.action).toMatchObject({ kind: 'call_mcp_tool', tool: 'notes › write_note' });
    expect(question.details.host).toContain('notes-server.ts');
    // What comes behind a held call does not wait for it.
    await client.ping();
    expect(existsSync(file)).toBe(false);
    await questions.answer(question, 'allow');
    expect(textOf(await called)).toBe(`wrote ${file}`);
    await client.close();
  });

  it('never hears of a call that a person denies, and the model reads why', async () => {
    const client = await connected();
    const file = join(guard.project, 'stdio-denied');
    const called = client.callTool({ name: 'write_note', arguments: { path: file, text: 'hello' } });
    await questions.answer(await questions.next(), 'deny');
    const result = await called;
    expect(result).toMatchObject({ isError: true });
    expect(textOf(result)).toContain('Not today.');
    expect(existsSync(file)).toBe(false);
    await client.close();
  });

  it('has its results looked through', async () => {
    const client = await connected();
    const result = await client.callTool({ name: 'leak', arguments: {} });
    expect(result).toMatchObject({ isError: true });
    expect(JSON.stringify(result)).not.toContain(SECRET);
    await client.close();
  });

  it('never hears of a call that the client takes back', async () => {
    const client = await connected();
    const file = join(guard.project, 'stdio-cancelled');
    const stop = new AbortController();
    const called = client.callTool({ name: 'write_note', arguments: { path: file, text: 'x' } }, undefined, { signal: stop.signal });
    const question = await questions.next();
    stop.abort('changed my mind');
    await expect(called).rejects.toThrow();
    await questions.gone(question);
    await client.ping();
    expect(existsSync(file)).toBe(false);
    await client.close();
  });

  it('has its question withdrawn when the client goes away', async () => {
    const client = await connected();
    const called = client.callTool({ name: 'write_note', arguments: { path: join(guard.project, 'stdio-left'), text: 'x' } });
    const question = await questions.next();
    await client.close();
    await Promise.allSettled([called]);
    await questions.gone(question);
    expect(existsSync(join(guard.project, 'stdio-left'))).toBe(false);
  }, 30_000);

  it('is asked about where it describes a tool in another way than when it was first seen', async () => {
    const before = await connected();
    await before.listTools();
    await before.close();
    const client = await connected({ NOTES_OTHER: '1' });
    await client.listTools();
    const called = client.callTool({ name: 'look', arguments: {} });
    const question = await questions.next();
    expect(question.reason).toBe('The tool has changed.');
    await questions.answer(question, 'deny');
    expect(await called).toMatchObject({ isError: true });
    await client.close();
  });

  it('was started by the client, whatever stands between the two', async () => {
    const client = new Client({ name: 'test', version: '1' });
    const behind = ['-c', '"$@"; exit $?', 'sh', process.execPath, ...command(guard.ready.dataDir, '--name', 'behind-a-shell')];
    await client.connect(new StdioClientTransport({ command: '/bin/sh', args: behind, stderr: 'ignore' }));
    await client.close();
    const { stdout } = await guard.cli('audit', 'search', 'behind-a-shell', '--json');
    const { records } = JSON.parse(stdout) as { records: { kind: string; data: unknown }[] };
    expect(records.find(({ kind }) => kind === 'connection')?.data).toMatchObject({ executable: realpathSync(process.execPath) });
  });

  it('passes its exit code on, and what it says on its standard error', async () => {
    const child = spawn(process.execPath, command(guard.ready.dataDir), { stdio: ['pipe', 'pipe', 'pipe'] });
    const exited = once(child, 'exit');
    const [line] = await once(createInterface({ input: child.stderr }), 'line');
    expect(line).toBe('notes: ready');
    child.kill('SIGTERM');
    expect((await exited)[0]).toBe(7);
  });

  it('starts an engine where none is running, which ends with it', async () => {
    const dataDir = join(guard.home, 'of-its-own');
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(new StdioClientTransport({ command: process.execPath, args: command(dataDir), stderr: 'ignore' }));
    const own = await connectControl(dataDir, { client: 'test', attends: false });
    expect(textOf(await client.callTool({ name: 'look', arguments: {} }))).toBe('a view');
    await client.close();
    await own.closed;
  }, 60_000);

  it('says what is missing where no server is named', async () => {
    const { code, stderr } = await guard.cli('mcp');
    expect(code).toBe(2);
    expect(stderr).toContain('The server’s command is missing');
  });

  it('says so where the server cannot be run', async () => {
    const { code, stderr } = await run(process.execPath, [CLI, 'mcp', '--data-dir', guard.ready.dataDir, '--', '/nowhere/server']);
    expect(code).toBe(127);
    expect(stderr).toContain('/nowhere/server cannot be run');
  });
});

describe('an engine that ends', () => {
  it('lets nothing pass any more, and each call says why', async () => {
    const lost = await startGuardProcess({ reply: () => ({ status: 404, chunks: [] }), policy: POLICY });
    try {
      const client = await connected({}, lost);
      expect(textOf(await client.callTool({ name: 'look', arguments: {} }))).toBe('a view');
      await lost.kill();
      const result = await client.callTool({ name: 'look', arguments: {} });
      expect(result).toMatchObject({ isError: true });
      expect(textOf(result)).toContain('Holdpoint could not judge this');
      // One that cannot even be read has its answer too, which this client did not wait for.
      const answered = new Promise<Error>((resolve) => {
        client.onerror = resolve;
      });
      await client.transport?.send({ jsonrpc: '2.0', id: 'odd', method: 'tools/call', Params: {} } as never);
      expect((await answered).message).toContain('could not judge');
      await lost.restart();
      expect(textOf(await client.callTool({ name: 'look', arguments: {} }))).toBe('a view');
      await client.close();
    } finally {
      await lost.stop();
    }
  }, 60_000);
});
