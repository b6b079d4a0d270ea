import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ran } from '../../../build/commands.ts';
import { hintLines } from '../../../main/cli/hint.ts';
import { defaultDataDir } from '../../../main/engine/settings.ts';
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
    for (const name of ['start', 'run', 'agents', 'hint', 'approvals', 'audit', 'policy', 'inspect', 'status', 'engine', 'demo'])
      expect(out).toMatch(new RegExp(`^  ${name} `, 'm'));
  });

  it.each(['start', 'run', 'agents', 'hint', 'approvals', 'audit', 'policy', 'inspect', 'status', 'engine', 'demo'])(
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
    ['an unknown option', ['status', '--jsn'], /--jsn'\. See holdpoint status --help/],
    ['an option without its value', ['status', '--data-dir'], /--data-dir.*holdpoint status --help/],
    ['a word too many', ['status', 'now'], /now/],
    ['help for what there is not', ['help', 'statsu'], /no command/],
    ['a server that is not named', ['mcp'], /The server’s command is missing/],
    ['trust with an unknown verb', ['trust', 'undo'], /"undo": install, remove or status/],
    ['settings with an unknown verb', ['settings', 'set', 'contact'], /"set": list or explain/],
    ['settings explain without a key', ['settings', 'explain'], /The key is missing/],
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
    writeFileSync(config, JSON.stringify({ proxy: { port: 'high' }, fleeet: {} }));
    const { code, out, err } = await runCli([name, '--config', config, ...(name === 'run' ? ['--', 'true'] : [])]);
    expect(err).toContain(config);
    expect(err).toContain('proxy.port: expected number');
    expect(err).toContain('fleeet: unknown key');
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

  it('names a command that works in any folder, and the data folder only where it is another than usual', async () => {
    const command = /^ {2}(\/\S+\/node_modules\/\.bin\/holdpoint run --data-dir \S+) -- claude$/m.exec(
      (await runCli(['hint', '--data-dir', fixture.dataDir])).out,
    )![1]!;
    expect((await ran('sh', ['-c', `${command} -- pwd`], { cwd: folder })).out).toBe(`${realpathSync(folder)}\n`);
    const engine = { proxyUrl: 'http://127.0.0.1:1', caFile: '/ca.pem', dataDir: defaultDataDir() };
    expect(hintLines(engine, 'linux').at(-1)).toMatch(/\/holdpoint run -- claude$/);
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
  const trustingNobodyElse = {
    NODE_EXTRA_CA_CERTS: '',
    CODEX_CA_CERTIFICATE: '',
    SSL_CERT_FILE: '',
    REQUESTS_CA_BUNDLE: '',
    CURL_CA_BUNDLE: '',
  };
  const agent = (script: string) => ['run', '--data-dir', fixture.dataDir, '--', process.execPath, '-e', script];

  it('puts the agent behind the running engine, and nothing of it around', async () => {
    const bundle = join(fixture.dataDir, 'bundle.pem');
    writeFileSync(bundle, '');
    const { code, out } = await runCli(agent(`console.log(JSON.stringify(${JSON.stringify(printed)}.map((name) => process.env[name])))`), {
      ...trustingNobodyElse,
      NO_PROXY: 'api.anthropic.com',
      KEPT: 'as it was',
    });
    const [proxy, ca, local] = ['http://127.0.0.1:4141', join(fixture.dataDir, 'ca.pem'), 'localhost,127.0.0.1,::1'];
    expect(JSON.parse(out)).toEqual([proxy, proxy, proxy, proxy, local, local, ca, ca, bundle, bundle, bundle, '1', 'as it was']);
    expect(code).toBe(0);
  });

  it('adds its authority to those that the user trusted already, in each variable', async () => {
    const [ours, roots, theirs] = rootCertificates as [string, string, string];
    writeFileSync(join(fixture.dataDir, 'ca.pem'), ours);
    writeFileSync(join(fixture.dataDir, 'bundle.pem'), `${ours}\n${roots}\n`);
    const company = join(folder, 'company.pem');
    writeFileSync(company, `${theirs}\n-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n`);
    const known = join(folder, 'known.pem');
    writeFileSync(known, `${roots}\n`);
    const show = `for (const name of ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'CURL_CA_BUNDLE', 'REQUESTS_CA_BUNDLE'])
      console.log(JSON.stringify([process.env[name], require('node:fs').readFileSync(process.env[name], 'utf8')]));`;
    const { out } = await runCli(agent(show), {
      ...trustingNobodyElse,
      NODE_EXTRA_CA_CERTS: company,
      SSL_CERT_FILE: company,
      CURL_CA_BUNDLE: known,
      REQUESTS_CA_BUNDLE: '/nowhere/ca.pem',
    });
    const [extra, ssl, curl, requests] = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as [string, string]);
    expect(extra![1].trim().split('\n')).toEqual([ours, theirs].join('\n').split('\n'));
    expect(ssl![1].trim().split('\n')).toEqual([ours, roots, theirs].join('\n').split('\n'));
    expect(curl![0]).toBe(join(fixture.dataDir, 'bundle.pem'));
    expect(requests![0]).toBe(join(fixture.dataDir, 'bundle.pem'));
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
