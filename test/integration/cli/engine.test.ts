import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimDataDir } from '../../../main/engine/data-dir.ts';
import { runCli, startCli } from './process.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'holdpoint-engine-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

/** Whether no engine has the data folder. */
const isFree = () => {
  try {
    claimDataDir(dataDir).release();
    return true;
  } catch {
    return false;
  }
};
const forever = 'setInterval(() => {}, 1000)';
const agent = (script: string) => ['run', '--data-dir', dataDir, '--', process.execPath, '-e', script];

describe('holdpoint engine', () => {
  it('says in one line where it serves, logs in lines of JSON, and ends cleanly when it is told to', async () => {
    const engine = startCli(['engine', '--data-dir', dataDir]);
    await expect.poll(engine.out, { timeout: 20_000 }).toContain('\n');
    const ready = JSON.parse(engine.out()) as { pid: number };
    expect(ready).toMatchObject({ event: 'ready', proxyUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/), dataDir });
    const second = await runCli(['engine', '--data-dir', dataDir]);
    expect(second).toMatchObject({ code: 1, out: '', err: expect.stringContaining(`process ${ready.pid}`) });
    engine.signal('SIGTERM');
    const { code, err } = await engine.ended;
    expect(code).toBe(0);
    for (const line of err.trim().split('\n'))
      expect(JSON.parse(line)).toMatchObject({ level: expect.any(String), event: expect.any(String) });
    expect(isFree()).toBe(true);
  });
});

describe('holdpoint run with no engine', () => {
  it('starts one for the agent, and stops it afterwards', async () => {
    const { code, out } = await runCli(agent('console.log(process.env.HTTPS_PROXY); process.exitCode = 7'));
    expect(out).toMatch(/^http:\/\/127\.0\.0\.1:\d+\n$/);
    expect(code).toBe(7);
    expect(isFree()).toBe(true);
  });

  it('shares one with another that is started at the same time', async () => {
    const running = [
      startCli(agent(`console.log(process.env.HTTPS_PROXY); ${forever}`)),
      startCli(agent(`console.log(process.env.HTTPS_PROXY); ${forever}`)),
    ];
    for (const each of running) await expect.poll(each.out, { timeout: 30_000 }).toMatch(/^http:\/\/127\.0\.0\.1:\d+\n$/);
    expect(running[0]!.out()).toBe(running[1]!.out());
    for (const each of running) each.signal('SIGTERM');
    for (const each of running) expect((await each.ended).code).toBe(143);
    await expect.poll(isFree, { timeout: 10_000 }).toBe(true);
  });

  it('leaves no engine behind when it is killed itself', async () => {
    const running = startCli(agent(`console.log(process.pid); ${forever}`));
    await expect.poll(running.out, { timeout: 20_000 }).toMatch(/\d+\n/);
    expect(isFree()).toBe(false);
    running.signal('SIGKILL');
    process.kill(Number(running.out()), 'SIGKILL');
    await running.ended;
    await expect.poll(isFree, { timeout: 10_000 }).toBe(true);
  });

  describe('that others have joined', () => {
    const waits = `console.log(process.pid); process.stdin.on('end', () => process.exit(3)).resume()`;
    const running = async (script: string) => {
      const one = startCli(agent(script));
      await expect.poll(one.out, { timeout: 20_000 }).toMatch(/\d+\n/);
      return one;
    };

    it('ends with its own agent, and leaves the engine to the others until the last of them has ended', async () => {
      const starter = await running(waits);
      const [second, third] = [await running(waits), await running(waits)];
      starter.endInput();
      expect((await starter.ended).code).toBe(3);
      second.endInput();
      expect((await second.ended).code).toBe(3);
      expect((await runCli(['status', '--data-dir', dataDir])).code).toBe(0);
      third.endInput();
      expect((await third.ended).code).toBe(3);
      await expect.poll(isFree, { timeout: 10_000 }).toBe(true);
    });

    it('leaves the engine to them when it is killed, and none when all are', async () => {
      const starter = await running(waits);
      const second = await running(waits);
      process.kill(Number(starter.out()), 'SIGKILL');
      starter.signal('SIGKILL');
      await starter.ended;
      expect((await runCli(['status', '--data-dir', dataDir])).code).toBe(0);
      process.kill(Number(second.out()), 'SIGKILL');
      second.signal('SIGKILL');
      await second.ended;
      await expect.poll(isFree, { timeout: 10_000 }).toBe(true);
    });
  });

  it('does not run the agent unguarded when the engine cannot start, and says why', async () => {
    const policies = join(dataDir, 'policies');
    const config = join(dataDir, 'config.json');
    writeFileSync(config, JSON.stringify({ policy: { dir: policies } }));
    const { code, out, err } = await runCli([
      'run',
      '--config',
      config,
      '--data-dir',
      dataDir,
      '--',
      process.execPath,
      '-e',
      'console.log("ran")',
    ]);
    expect(out).toBe('');
    expect(err).toContain('The engine did not start');
    expect(err).toContain(policies);
    expect(err).not.toContain('at async');
    expect(readFileSync(join(dataDir, 'engine.log'), 'utf8')).toContain(policies);
    expect(code).toBe(1);
  });
});

describe('holdpoint start with no engine', () => {
  it('guards until it is told to end, and then leaves none', async () => {
    const running = startCli(['start', '--data-dir', dataDir]);
    await expect.poll(running.out, { timeout: 20_000 }).toMatch(/is protecting at http[\s\S]*NODE_EXTRA_CA_CERTS/);
    expect((await runCli(['status', '--data-dir', dataDir])).out).toContain('Holdpoint');
    running.signal('SIGINT');
    expect((await running.ended).code).toBe(0);
    expect(isFree()).toBe(true);
  });
});

describe('a data folder that cannot be', () => {
  it.each(['run', 'start', 'engine'])('is named by %s, which leaves nothing', async (name) => {
    const file = join(dataDir, 'file');
    writeFileSync(file, '');
    const { code, out, err } = await runCli([name, '--data-dir', join(file, 'data'), ...(name === 'run' ? ['--', 'true'] : [])]);
    expect(err).toContain(`The data folder ${join(file, 'data')} cannot be used`);
    expect(out).toBe('');
    expect(code).toBe(1);
    expect(readdirSync(dataDir)).toEqual(['file']);
  });
});
