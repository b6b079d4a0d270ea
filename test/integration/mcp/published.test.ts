import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLI, type GuardProcess, startGuardProcess } from '../../support/guard-process.ts';
import { questionsOf } from './support.ts';

/** @modelcontextprotocol/server-filesystem, as it is published. */
const SERVER = join(
  dirname(createRequire(import.meta.url).resolve('@modelcontextprotocol/server-filesystem/package.json')),
  'dist/index.js',
);
let guard: GuardProcess;

beforeAll(async () => {
  guard = await startGuardProcess({ reply: () => ({ status: 404, chunks: [] }), config: { approvals: { timeoutSeconds: 60 } } });
}, 60_000);
afterAll(() => guard.stop());

describe('the published file server under the starter policy', () => {
  it('reads and writes in the project as ever, and is held where it would write outside', async () => {
    const questions = questionsOf(await guard.control(true));
    const client = new Client({ name: 'test', version: '1' });
    // Started in the project, as agents start their servers.
    const agent = `process.chdir(${JSON.stringify(guard.project)}); require('node:child_process').spawn(process.execPath, ${JSON.stringify([CLI, 'mcp', '--data-dir', guard.ready.dataDir, '--name', 'files', '--', process.execPath, SERVER, guard.home])}, { stdio: 'inherit' }).on('exit', (code) => process.exit(code ?? 1))`;
    await client.connect(new StdioClientTransport({ command: process.execPath, args: ['-e', agent], stderr: 'ignore' }));

    const inside = join(guard.project, 'notes.txt');
    await client.callTool({ name: 'write_file', arguments: { path: inside, content: 'hello' } });
    expect(readFileSync(inside, 'utf8')).toBe('hello');
    expect(JSON.stringify(await client.callTool({ name: 'read_text_file', arguments: { path: inside } }))).toContain('hello');

    const outside = '/etc/holdpoint-test-never-there';
    const called = client.callTool({ name: 'write_file', arguments: { path: outside, content: 'x' } });
    const question = await questions.next();
    expect(question.policies.map(({ id }) => id)).toContain('starter.write-outside');
    await questions.answer(question, 'deny');
    expect(JSON.stringify(await called)).toContain('Not today.');
    expect(existsSync(outside)).toBe(false);
    await client.close();
  });
});
