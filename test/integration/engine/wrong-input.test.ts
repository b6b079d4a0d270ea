import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anthropicTurn } from '../../../main/cli/demo/turns.ts';
import { CLI, type GuardProcess, run, startGuardProcess } from '../../support/guard-process.ts';
import { fetchThrough } from '../../support/proxied-fetch.ts';

let folder: string;
let busy: Server | undefined;
let guard: GuardProcess | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdpoint-wrong-'));
});
afterEach(async () => {
  busy?.close();
  await guard?.stop();
  busy = guard = undefined;
  await rm(folder, { recursive: true, force: true });
});

/** Starts an engine that is expected not to start. */
async function engine(config: object, prepare: () => Promise<void> = async () => {}) {
  const configFile = join(folder, 'config.json');
  await writeFile(configFile, JSON.stringify({ dataDir: join(folder, 'data'), ...config }));
  await prepare();
  return run(process.execPath, [CLI, 'engine', '--config', configFile], { timeout: 30_000 });
}

describe('an engine that cannot start', { timeout: 60_000 }, () => {
  it('names the policy file, line and column that is wrong', async () => {
    const dir = join(folder, 'policy');
    const ended = await engine({ policy: { dir } }, async () => {
      await mkdir(dir);
      await writeFile(join(dir, 'mine.cedar'), '@id("a")\npermit (principal, action == Action::"call_toool", resource);\n');
    });
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toMatch(/mine\.cedar:2:\d+/);
  });

  it.each([
    ['is missing', undefined],
    ['holds no certificate', 'garbage'],
  ])('names the file of certificates that %s, and makes no data folder', async (_name, content) => {
    const extraCaFile = join(folder, 'company.pem');
    const ended = await engine({ upstream: { extraCaFile } }, async () => {
      if (content !== undefined) await writeFile(extraCaFile, content);
    });
    expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(`upstream.extraCaFile`) });
    expect(ended.stderr).toContain(extraCaFile);
    expect(await readdir(folder)).not.toContain('data');
  });

  it('names the port that another program has', async () => {
    busy = createServer();
    const port = await new Promise<number>((resolve) =>
      busy!.listen(0, '127.0.0.1', () => resolve((busy!.address() as { port: number }).port)),
    );
    const ended = await engine({ proxy: { port } });
    expect(ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(String(port)) });
  });

  it.each([
    ['is a file', async (dir: string) => writeFile(dir, '')],
    ['lies below a file', async (dir: string) => writeFile(join(dir, '..'), '').catch(() => {})],
  ])('names the data folder that %s', async (_name, make) => {
    const place = join(folder, 'place');
    await make(place);
    const ended = await engine({ dataDir: _name === 'is a file' ? place : join(folder, 'config.json', 'data') });
    expect(ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(folder) });
  });

  it('names the file of the certificate authority that is none, and leaves it alone', async () => {
    const dataDir = join(folder, 'data');
    const ended = await engine({}, async () => {
      await mkdir(dataDir, { mode: 0o700 });
      await writeFile(join(dataDir, 'ca.pem'), 'not a certificate', { mode: 0o600 });
    });
    expect(ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('ca.pem') });
    expect(await readdir(dataDir)).not.toContain('control.sock');
  });

  it('names the process of the engine that has the data folder, which goes on', async () => {
    guard = await startGuardProcess({ reply: () => ({ chunks: ['{}'] }) });
    const ended = await run(process.execPath, [CLI, 'engine', '--data-dir', guard.ready.dataDir]);
    expect(ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(String(guard.ready.pid)) });
    expect((await guard.cli('status', '--json')).code).toBe(0);
  });
});

describe('a running engine', { timeout: 60_000 }, () => {
  it('takes a new port where its old one was taken meanwhile, and says so', async () => {
    guard = await startGuardProcess({ reply: () => ({ chunks: ['{}'] }) });
    const port = Number(new URL(guard.ready.proxyUrl).port);
    await guard.kill();
    busy = createServer();
    await new Promise<void>((resolve) => busy!.listen(port, '127.0.0.1', resolve));
    await guard.restart();
    expect(Number(new URL(guard.ready.proxyUrl).port)).not.toBe(port);
    expect(guard.stderr()).toContain('port-taken');
  });

  it('goes on when foreign bytes come on its port and its control socket', async () => {
    guard = await startGuardProcess({ reply: () => ({ chunks: ['{}'] }) });
    const { port, hostname } = new URL(guard.ready.proxyUrl);
    for (const socket of [connect(Number(port), hostname), connect(join(guard.ready.dataDir, 'control.sock'))]) {
      socket.on('error', () => {});
      socket.resume().end('\u0000\u0001 GET nothing Content-Length: 99999999999\r\n\r\n');
      await new Promise((resolve) => socket.once('close', resolve));
    }
    expect((await guard.cli('status', '--json')).code).toBe(0);
  });

  it('refuses a call in an answer that it cannot read, and records that it was not inspected', async () => {
    const { chunks } = anthropicTurn({
      text: 'Words.',
      calls: [{ id: 'toolu_marker', tool: 'Bash', input: { command: 'rm -rf marker' } }],
    });
    const broken = [...(chunks as Iterable<string>)].map((event) =>
      event.replace('{"type":"input_json_delta"', '{"type":"input_json_delta","type":"input_json_delta"'),
    );
    guard = await startGuardProcess({ reply: () => ({ contentType: 'text/event-stream', chunks: broken }) });
    const fetchIt = await fetchThrough(guard.ready);
    const answer = await fetchIt('https://api.anthropic.com/v1/messages', {
      method: 'POST',
      body: JSON.stringify({ model: 'claude-sonnet-4-5', stream: true, messages: [{ role: 'user', content: 'go' }] }),
    });
    const seen = await answer.text();
    expect(seen).toContain('Words.');
    expect(seen).toContain('Holdpoint refused');
    expect(seen).not.toMatch(/marker|tool_use"/);
    expect((await guard.cli('audit', 'export', '--format', 'ndjson')).stdout).toContain('"kind":"uninspected"');
    expect(JSON.parse((await guard.cli('status', '--json')).stdout)).toMatchObject({ state: 'attention', counts: { uninspected: 1 } });
  });
});
