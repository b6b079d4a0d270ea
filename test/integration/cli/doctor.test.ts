/** `holdpoint doctor` as a person and a script run it: what it says, what it repairs, and how it ends. */

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type DoctorEvent, doctorEventSchema } from '../../../main/contract/doctor.ts';
import { type GuardProcess, startGuardProcess } from '../../support/guard-process.ts';
import { runCli } from './process.ts';

const PLAIN = '{\n  "model": "opus"\n}\n';

let guard: GuardProcess;
let settings: string;
beforeAll(async () => {
  guard = await startGuardProcess({ reply: () => ({ status: 200, contentType: 'application/json', chunks: ['{}'] }) });
  settings = join(guard.home, '.claude', 'settings.json');
  await mkdir(join(guard.home, '.claude'));
});
afterAll(() => guard.stop());
beforeEach(() => Promise.all([writeFile(settings, PLAIN), rm(join(guard.ready.dataDir, 'agents.json'), { force: true })]));

/** Any command of this engine's, as somebody who has only what every system has. */
const doctor = (...args: string[]) =>
  runCli([...args, '--data-dir', guard.ready.dataDir], {
    HOME: guard.home,
    PATH: '/usr/bin:/bin',
    SHELL: '/bin/sh',
    CLAUDE_CONFIG_DIR: '',
  });
const only = (...ids: string[]) => ids.flatMap((id) => ['--only', id]);

function eventsIn(out: string): readonly DoctorEvent[] {
  return out
    .trim()
    .split('\n')
    .map((line) => doctorEventSchema.parse(JSON.parse(line)));
}

describe('holdpoint doctor', () => {
  it('tells all of this machine, in groups, and ends with 1 where something is wrong', async () => {
    const { code, out, err } = await doctor('doctor');
    expect(err).toBe('');
    expect(code).toBe(1);
    expect(out).toMatch(/^The guard\n {2}✓ The guard runs\n/);
    expect(out).toMatch(/✓ curl\n/);
    expect(out).toMatch(/✗ Claude Code\n {6}Claude Code is not set up: .*\n {6}→ Write where the guard is into .*settings\.json/);
    expect(out).toMatch(/thing(s are| is) wrong/);
  });

  it('ends with 0 where nothing is', async () => {
    const { code, out } = await doctor('doctor', ...only('engine.running', 'engine.log'));
    expect({ code, out }).toEqual({ code: 0, out: 'The guard\n  ✓ The guard runs\n  ✓ The log can be written\n\nNothing is wrong.\n' });
  });

  it('says in full what is well where it is asked to', async () => {
    const { out } = await doctor('doctor', '--all', ...only('engine.running', 'engine.fleet'));
    expect(out).toMatch(/An engine of your own, .*, process \d+/);
    expect(out).toMatch(/– The company’s policy is current\n {6}This device belongs to no fleet/);
  });

  it('ends with 3 where no engine runs, and tells what can be told without', async () => {
    const { code, out } = await runCli(['doctor', '--data-dir', join(guard.home, 'none')], { HOME: guard.home, PATH: '/usr/bin:/bin' });
    expect(code).toBe(3);
    expect(out).toMatch(/✗ The guard runs\n {6}No engine is running for .*\n {6}→ Start the app/);
    expect(out).toMatch(/The system’s store of certificates|There is one guard/);
  });

  it('repairs an agent that is not set up: shown, done only after a yes, and looked at again', async () => {
    const unasked = await doctor('doctor', '--fix', ...only('agents.claude'));
    expect(unasked.code).toBe(2);
    expect(unasked.out).toMatch(/What would be done:\n\nClaude Code:\n.*settings\.json \(changed\)\n(.*\n)*? {2}\+ .*HTTPS_PROXY/);
    expect(await readFile(settings, 'utf8')).toBe(PLAIN);

    const { code, out } = await doctor('doctor', '--fix', '--yes', ...only('agents.claude'));
    expect(code).toBe(0);
    expect(out).toMatch(/✗ Claude Code(.*\n)*.*✓ Claude Code\n\nNothing is wrong\.\n$/);
    expect(JSON.parse(await readFile(settings, 'utf8')).env.HTTPS_PROXY).toBe(guard.ready.proxyUrl);
  });

  it('repairs one that something has detached since; what a person wrote in its place stays, and it is said why', async () => {
    await doctor('agents', 'setup', 'claude', '--yes');
    await writeFile(settings, '{}\n');
    expect((await doctor('doctor', '--fix', '--yes', ...only('agents.claude'))).out).toMatch(
      /✗ Claude Code\n.*settings have changed since(.*\n)*.*✓/,
    );
    const now = await readFile(settings, 'utf8');
    expect(now).toContain(guard.ready.proxyUrl);

    const theirs = now.replaceAll(guard.ready.proxyUrl, 'http://127.0.0.1:9');
    await writeFile(settings, theirs);
    const { code, out } = await doctor('doctor', '--fix', '--yes', ...only('agents.claude'));
    expect(code).toBe(1);
    expect(out).toMatch(/→ .*settings\.json has another value now for HTTPS_PROXY/);
    expect(await readFile(settings, 'utf8')).toBe(theirs);
  });

  it('says what only an administrator can repair, and does not try', async () => {
    const { out } = await doctor('doctor', '--fix', ...only('trust.wget'));
    // What wget trusts is its builder's choice.
    if (out.includes('! wget')) expect(out).toMatch(/This only an administrator can do:\n {2}wget: sudo holdpoint trust install/);
    expect(out).toMatch(/There is nothing that could be repaired from here/);
  });

  it('tells programs a line for each check as it ends', async () => {
    const { code, out } = await doctor('doctor', '--fix', '--yes', '--json', ...only('agents.claude'));
    expect(code).toBe(0);
    expect(eventsIn(out)).toMatchObject([
      { event: 'begun', checks: 1 },
      { event: 'checked', result: { id: 'agents.claude', state: 'problem', fix: { repairs: true, root: false } } },
      { event: 'repaired', id: 'agents.claude', ok: true },
      { event: 'begun', checks: 1 },
      { event: 'checked', result: { id: 'agents.claude', state: 'ok' } },
      { event: 'ended', engine: true, problems: 0 },
    ]);
  });

  it.each<[string, string[], RegExp]>([
    ['a check that there is not', only('trust.cobol'), /There is no check "trust\.cobol" here/],
    ['repairs that nobody could agree to', ['--fix', '--json'], /add --yes/],
    ['a word too many', ['now'], /now/],
  ])('refuses %s', async (_name, args, says) => {
    const { code, err } = await doctor('doctor', ...args);
    expect(code).toBe(2);
    expect(err).toMatch(says);
  });
});
