import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ControlFixture, controlFixture, statusOf } from '../control/fixture.ts';
import { runCli, startCli } from './process.ts';

let folder: string;
let fixture: ControlFixture;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdpoint-cli-'));
  fixture = await controlFixture();
});
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

describe('holdpoint', () => {
  it.each([[['--help']], [['help']], [['-h']]])('%j lists every command', async (args) => {
    const { code, out } = await runCli(args);
    expect(code).toBe(0);
    for (const name of ['start', 'run', 'hint', 'approvals', 'audit', 'policy', 'inspect', 'status', 'engine', 'demo'])
      expect(out).toMatch(new RegExp(`^  ${name} `, 'm'));
  });

  it.each(['start', 'run', 'hint', 'approvals', 'audit', 'policy', 'inspect', 'status', 'engine', 'demo'])(
    '%s --help says how it is written',
    async (name) => {
      const { code, out } = await runCli([name, '--help']);
      expect(out).toMatch(new RegExp(`^usage: holdpoint ${name}`));
      expect(code).toBe(0);
    },
  );

  it('says its version', async () => {
    expect(await runCli(['--version'])).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  it.each<[string, string[], RegExp]>([
    ['no command', [], /usage: holdpoint COMMAND/],
    ['an unknown command', ['statsu'], /no command "statsu".*holdpoint --help/],
    ['an unknown option', ['status', '--jsn'], /--jsn.*holdpoint status --help/],
    ['an option without its value', ['status', '--data-dir'], /--data-dir.*holdpoint status --help/],
    ['a word too many', ['status', 'now'], /now/],
    ['help for what there is not', ['help', 'statsu'], /no command/],
    ['doctor', ['doctor'], /holdpoint doctor is not in this version/],
    ['fleet', ['fleet', 'init', 'x'], /holdpoint fleet is not in this version/],
    ['mcp', ['mcp', '--', 'server'], /holdpoint mcp is not in this version/],
    ['trust', ['trust', 'install'], /holdpoint trust is not in this version/],
    ['settings', ['settings', 'explain', 'x'], /holdpoint settings is not in this version/],
    ['run without a command', ['run', 'claude'], /behind --/],
    ['run with nothing behind --', ['run', '--'], /behind --/],
    ['approvals with an unknown verb', ['approvals', 'accept', 'x'], /"accept"/],
    ['approvals allow without an ID', ['approvals', 'allow'], /ID is missing/],
    ['approvals allow for ever', ['approvals', 'allow', 'q1', '--for', 'ever'], /--for ever/],
    ['a reason for allowing', ['approvals', 'allow', 'q1', '--reason', 'x'], /--reason goes with deny/],
    ['audit with an unknown verb', ['audit', 'rewrite'], /"rewrite"/],
    ['policy with an unknown verb', ['policy', 'guess'], /"guess"/],
  ])('refuses %s as wrong usage', async (_what, args, message) => {
    const { code, out, err } = await runCli(args);
    expect(err).toMatch(message);
    expect(out).toBe('');
    expect(code).toBe(2);
  });

  it.each([['status'], ['hint'], ['approvals list'], ['approvals watch'], ['approvals allow q1']])(
    '%s with no engine says so, and what to type',
    async (command) => {
      const { code, out, err } = await runCli([...command.split(' '), '--data-dir', folder]);
      expect(err).toContain(`holdpoint start --data-dir ${folder}`);
      expect(out).toBe('');
      expect(code).toBe(3);
    },
  );

  it.each(['status', 'engine', 'run'])('%s with a wrong configuration names file, key and what was expected', async (name) => {
    const config = join(folder, `${name}.json`);
    writeFileSync(config, JSON.stringify({ proxy: { port: 'high' }, fleet: {} }));
    const { code, out, err } = await runCli([name, '--config', config, ...(name === 'run' ? ['--', 'true'] : [])]);
    expect(err).toContain(config);
    expect(err).toContain('proxy.port: expected number');
    expect(err).toContain('fleet is not supported by this version');
    expect(out).toBe('');
    expect(code).toBe(2);
  });
});

describe('holdpoint status', () => {
  it('tells a person what is guarded', async () => {
    const { code, out } = await runCli(['status', '--data-dir', fixture.dataDir]);
    expect(out).toMatch(/^Holdpoint 1\.2\.3 is protecting\.$/m);
    expect(out).toMatch(/proxy +http:\/\/127\.0\.0\.1:4141/);
    expect(out).toMatch(/policy +Starter policy, 24 policies/);
    expect(out).toMatch(/nobody is there to be asked/);
    expect(code).toBe(0);
  });

  it('tells a program everything', async () => {
    const { code, out } = await runCli(['status', '--json', '--data-dir', fixture.dataDir]);
    expect(JSON.parse(out)).toEqual(statusOf(fixture.dataDir));
    expect(code).toBe(0);
  });
});

describe('holdpoint hint', () => {
  it('prints lines that a shell takes as they are', async () => {
    const { code, out } = await runCli(['hint', '--data-dir', fixture.dataDir]);
    expect(out).toMatch(/^ {2}export HTTPS_PROXY=http:\/\/127\.0\.0\.1:4141$/m);
    expect(out).toContain(`  export NODE_EXTRA_CA_CERTS=${join(fixture.dataDir, 'ca.pem')}\n`);
    expect(code).toBe(0);
  });
});

describe('holdpoint run', () => {
  const printed = [
    'HTTPS_PROXY',
    'HTTP_PROXY',
    'https_proxy',
    'http_proxy',
    'NO_PROXY',
    'no_proxy',
    'NODE_EXTRA_CA_CERTS',
    'CODEX_CA_CERTIFICATE',
    'SSL_CERT_FILE',
    'REQUESTS_CA_BUNDLE',
    'CURL_CA_BUNDLE',
    'NODE_USE_ENV_PROXY',
    'KEPT',
  ];
  const agent = (script: string) => ['run', '--data-dir', fixture.dataDir, '--', process.execPath, '-e', script];

  it('puts the agent behind the running engine, and nothing of it around', async () => {
    const bundle = join(fixture.dataDir, 'bundle.pem');
    writeFileSync(bundle, '');
    const { code, out } = await runCli(agent(`console.log(JSON.stringify(${JSON.stringify(printed)}.map((name) => process.env[name])))`), {
      NODE_EXTRA_CA_CERTS: '',
      NO_PROXY: 'api.anthropic.com',
      KEPT: 'as it was',
    });
    const [proxy, ca, local] = ['http://127.0.0.1:4141', join(fixture.dataDir, 'ca.pem'), 'localhost,127.0.0.1,::1'];
    expect(JSON.parse(out)).toEqual([proxy, proxy, proxy, proxy, local, local, ca, ca, bundle, bundle, bundle, '1', 'as it was']);
    expect(code).toBe(0);
  });

  it('gives the agent its input and output, and passes its exit code through', async () => {
    const { code, out, err } = await runCli(
      agent('process.stdin.on("data", (d) => { console.log("heard " + d); process.exitCode = 42; })'),
      {},
      'hello',
    );
    expect(out).toBe('heard hello\n');
    expect(err).not.toContain('holdpoint:');
    expect(code).toBe(42);
  });

  it('passes options behind -- to the agent', async () => {
    const { code, out } = await runCli([
      'run',
      '--data-dir',
      fixture.dataDir,
      '--',
      process.execPath,
      '-p',
      'process.argv.slice(1).join()',
      '--',
      '--help',
      '--config',
    ]);
    expect(out).toBe('--help,--config\n');
    expect(code).toBe(0);
  });

  it('says that a command does not exist', async () => {
    const { code, err } = await runCli(['run', '--data-dir', fixture.dataDir, '--', 'no-such-agent']);
    expect(err).toMatch(/no-such-agent cannot be run/);
    expect(code).toBe(127);
  });

  it('passes on that it is to end, and ends as the agent does', async () => {
    const running = startCli(agent('process.on("SIGTERM", () => process.exit(5)); console.log("up"); setInterval(() => {}, 1000)'));
    await expect.poll(running.out).toBe('up\n');
    running.signal('SIGTERM');
    expect((await running.ended).code).toBe(5);
  });

  it('tells how an agent was killed, as shells do', async () => {
    expect((await runCli(agent('process.kill(process.pid, "SIGKILL")'))).code).toBe(137);
  });
});

describe('holdpoint start', () => {
  it('joins a running engine, says how to put an agent behind it, and leaves it running when it ends', async () => {
    const running = startCli(['start', '--data-dir', fixture.dataDir]);
    await expect
      .poll(running.out)
      .toMatch(/already protecting at http:\/\/127\.0\.0\.1:4141[\s\S]*export HTTPS_PROXY=[\s\S]*holdpoint run --data-dir .* -- claude/);
    expect(fixture.control.attended()).toBe(false); // Nobody reads a pipe.
    running.signal('SIGINT');
    expect((await running.ended).code).toBe(0);
    expect((await runCli(['status', '--data-dir', fixture.dataDir])).code).toBe(0);
  });
});
