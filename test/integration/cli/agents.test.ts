/** `holdpoint agents`, in a home of its own. */

import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ControlFixture, controlFixture } from '../control/fixture.ts';
import { runCli } from './process.ts';

let fixture: ControlFixture;
let home: string;
beforeAll(async () => {
  fixture = await controlFixture();
  writeFileSync(join(fixture.dataDir, 'bundle.pem'), '');
});
afterAll(() => fixture[Symbol.asyncDispose]());
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'holdpoint-home-'));
  mkdirSync(join(home, 'bin'));
});
afterEach(() => {
  rmSync(home, { recursive: true });
  rmSync(join(fixture.dataDir, 'agents.json'), { force: true });
});

const at = (...path: string[]) => join(home, ...path);
const textOf = (...path: string[]) => readFileSync(at(...path), 'utf8');
const agents = (...args: string[]) =>
  runCli(['agents', ...args, '--data-dir', fixture.dataDir], {
    HOME: home,
    PATH: `${at('bin')}:/usr/bin:/bin`,
    SHELL: '/bin/bash',
    CLAUDE_CONFIG_DIR: '',
    CODEX_HOME: '',
    ZDOTDIR: '',
    XDG_CONFIG_HOME: '',
    NODE_EXTRA_CA_CERTS: '',
    SSL_CERT_FILE: '',
  });
const program = (name: string) => writeFileSync(at('bin', name), '#!/bin/sh\n', { mode: 0o755 });
const states = async () => {
  const { agents: told } = JSON.parse((await agents('list', '--json')).out) as {
    agents: { id: string; found: boolean; attached: string }[];
  };
  return Object.fromEntries(told.filter(({ found }) => found).map(({ id, attached }) => [id, attached]));
};

describe('holdpoint agents', () => {
  it('lists what is there, and how it is attached', async () => {
    program('gemini');
    mkdirSync(at('.claude'));
    writeFileSync(at('.claude/settings.json'), '{}');
    const { code, out } = await agents();
    expect(code).toBe(0);
    expect(out).toMatch(/^claude +Claude Code: not set up$/m);
    expect(out).toMatch(/^gemini +Gemini CLI: not set up$/m);
    expect(out).not.toMatch(/Aider/);
    expect(await states()).toEqual({ claude: 'no', gemini: 'no' });
  });

  it('puts Claude Code behind the guard by its own settings, and takes exactly that back', async () => {
    mkdirSync(at('.claude'));
    const before = '{\n  "model": "x",\n  "env": { "ANTHROPIC_API_KEY": "not-shown" }\n}\n';
    writeFileSync(at('.claude/settings.json'), before, { mode: 0o640 });
    chmodSync(at('.claude/settings.json'), 0o640);
    const set = await agents('setup', 'claude', '--yes');
    expect(set).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(textOf('.claude/settings.json'))).toMatchObject({
      model: 'x',
      env: { ANTHROPIC_API_KEY: 'not-shown', HTTPS_PROXY: 'http://127.0.0.1:4141', NODE_EXTRA_CA_CERTS: join(fixture.dataDir, 'ca.pem') },
    });
    expect(statSync(at('.claude/settings.json')).mode & 0o777).toBe(0o640);
    expect(await states()).toEqual({ claude: 'yes' });
    expect((await agents('setup', 'claude', '--yes')).out).toMatch(/Nothing to do/);
    expect((await agents('undo', 'claude', '--yes')).code).toBe(0);
    expect(textOf('.claude/settings.json')).toBe(before);
    expect(await states()).toEqual({ claude: 'no' });
  });

  it('leaves Claude Code no other way that a shell’s variables could lead it', async () => {
    await agents('setup', 'claude', '--yes');
    const { env } = JSON.parse(textOf('.claude/settings.json')) as { env: Record<string, string> };
    // It goes by the lower case first.
    expect(env).toMatchObject({ https_proxy: 'http://127.0.0.1:4141', no_proxy: env.NO_PROXY });
    await agents('undo', 'claude', '--yes');
  });

  it('goes on trusting the authority that Claude Code’s settings name', async () => {
    const [ours, company] = rootCertificates as [string, string];
    writeFileSync(join(fixture.dataDir, 'ca.pem'), ours);
    writeFileSync(at('company.pem'), company);
    mkdirSync(at('.claude'));
    const before = JSON.stringify({ env: { NODE_EXTRA_CA_CERTS: at('company.pem') } });
    writeFileSync(at('.claude/settings.json'), before);
    await agents('setup', 'claude', '--yes');
    const { env } = JSON.parse(textOf('.claude/settings.json')) as { env: { NODE_EXTRA_CA_CERTS: string } };
    expect(readFileSync(env.NODE_EXTRA_CA_CERTS, 'utf8').trim()).toBe(`${ours}\n${company}`.trim());
    expect(await states()).toEqual({ claude: 'yes' });
    await agents('undo', 'claude', '--yes');
    expect(textOf('.claude/settings.json')).toBe(before);
    rmSync(join(fixture.dataDir, 'ca.pem'));
  });

  it('makes files that are not there for their owner only, and removes them again', async () => {
    await agents('setup', 'claude', 'codex', '--yes');
    expect(textOf('.codex/.env')).toMatch(/^HTTPS_PROXY='http:\/\/127\.0\.0\.1:4141'$/m);
    expect(textOf('.codex/.env')).toMatch(/^SSL_CERT_FILE='.*bundle\.pem'$/m);
    for (const file of ['.claude/settings.json', '.codex/.env']) expect(statSync(at(file)).mode & 0o777).toBe(0o600);
    await agents('undo', 'codex', 'claude', '--yes');
    expect([existsSync(at('.claude/settings.json')), existsSync(at('.codex/.env'))]).toEqual([false, false]);
  });

  it('makes functions in the shells that the user has, and takes them back in any order, keeping what others added', async () => {
    writeFileSync(at('.bashrc'), 'alias gemini=echo\n');
    writeFileSync(at('.zshrc'), 'setopt nobeep');
    mkdirSync(at('.config/fish'), { recursive: true });
    writeFileSync(at('.config/fish/config.fish'), '');
    expect((await agents('setup', 'gemini', 'opencode', '--yes')).code).toBe(0);
    const defined = execFileSync('bash', [
      '--norc',
      '-O',
      'expand_aliases',
      '-c',
      `. ${at('.bashrc')}\ndeclare -f gemini opencode`,
    ]).toString();
    expect(defined).toMatch(/holdpoint run --data-dir \S+ -- gemini "\$@"[\s\S]*-- opencode "\$@"/);
    expect(textOf('.config/fish/config.fish')).toMatch(/^function gemini\n {4}.* -- gemini \$argv\nend$/m);
    expect(textOf('.zshrc')).toMatch(/^setopt nobeep\n# >>> holdpoint: gemini >>>$/m);
    writeFileSync(at('.bashrc'), `${textOf('.bashrc')}export MINE=1\n`);
    await agents('undo', 'gemini', '--yes');
    await agents('undo', 'opencode', '--yes');
    expect(textOf('.bashrc')).toBe('alias gemini=echo\nexport MINE=1\n');
    expect(textOf('.config/fish/config.fish')).toBe('');
  });

  it('leaves a file alone where somebody has changed it in the same place, and says which', async () => {
    await agents('setup', 'claude', '--yes');
    const file = at('.claude/settings.json');
    writeFileSync(file, textOf('.claude/settings.json').replace('http://127.0.0.1:4141', 'http://company:3128'));
    const changed = readFileSync(file, 'utf8');
    const { code, err } = await agents('undo', 'claude', '--yes');
    expect(code).toBe(1);
    expect(err).toMatch(/settings\.json has another value now for HTTPS_PROXY/);
    expect(readFileSync(file, 'utf8')).toBe(changed);
    expect(await states()).toEqual({ claude: 'partly' });
  });

  it('changes the file that a link leads to, and not the link', async () => {
    mkdirSync(at('.claude'));
    mkdirSync(at('dotfiles'));
    writeFileSync(at('dotfiles/claude.json'), '{}');
    symlinkSync('../dotfiles/claude.json', at('.claude/settings.json'));
    await agents('setup', 'claude', '--yes');
    expect(lstatSync(at('.claude/settings.json')).isSymbolicLink()).toBe(true);
    expect(textOf('dotfiles/claude.json')).toContain('4141');
  });

  it('brings back what stood there first, though the guard has moved in between', async () => {
    mkdirSync(at('.claude'));
    const before = '{"env":{"HTTPS_PROXY":"http://company:3128"}}';
    writeFileSync(at('.claude/settings.json'), before);
    await agents('setup', 'claude', '--yes');
    // As an engine on another port would have left it.
    const journal = join(fixture.dataDir, 'agents.json');
    const moved = (text: string) => text.replaceAll('127.0.0.1:4141', '127.0.0.1:4000');
    writeFileSync(at('.claude/settings.json'), moved(textOf('.claude/settings.json')));
    writeFileSync(journal, moved(readFileSync(journal, 'utf8')));
    expect(await states()).toEqual({ claude: 'partly' });
    await agents('setup', 'claude', '--yes');
    expect(await states()).toEqual({ claude: 'yes' });
    await agents('undo', 'claude', '--yes');
    expect(JSON.parse(textOf('.claude/settings.json'))).toEqual(JSON.parse(before));
  });

  it('shows what would change and changes nothing, where nobody can be asked', async () => {
    mkdirSync(at('.claude'));
    writeFileSync(at('.claude/settings.json'), '{\n  "apiKeyHelper": "secret-tool"\n}\n');
    const { code, out, err } = await agents('setup', 'claude');
    expect(out).toMatch(/settings\.json \(changed\)[\s\S]*\+ .*"HTTPS_PROXY": "http:\/\/127\.0\.0\.1:4141"/);
    expect(err).toMatch(/add --yes/);
    expect(code).toBe(2);
    expect(textOf('.claude/settings.json')).not.toContain('4141');
  });

  it.each<[string, string[], number, RegExp]>([
    ['an agent that nobody knows', ['setup', 'robot'], 1, /no agent "robot"/],
    ['no agent', ['setup'], 2, /Which agents/],
    ['another word', ['remove', 'claude'], 2, /"remove"/],
  ])('refuses %s', async (_what, args, code, message) => {
    expect(await agents(...args)).toMatchObject({ code, err: expect.stringMatching(message) });
  });

  it('needs an engine to set up, and none to take back', async () => {
    const dir = at('no-engine');
    const env = { HOME: home, SHELL: '/bin/bash' };
    expect((await runCli(['agents', 'setup', 'claude', '--yes', '--data-dir', dir], env)).code).toBe(3);
    expect((await runCli(['agents', 'undo', 'claude', '--yes', '--data-dir', dir], env)).code).toBe(0);
    expect((await runCli(['agents', '--data-dir', dir], env)).code).toBe(0);
  });
});
