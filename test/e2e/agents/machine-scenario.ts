/** An agent on an /etc of its own, set up for all users; nothing of our own environment comes along. Prints what came of it, as JSON. */

import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createMachineAgents } from '../../../native-config/agents/machine.ts';
import { createProxy } from '../../../native-config/proxy/proxy.ts';
import { createPerformer } from '../../../native-config/steps/perform.ts';
import { thisSystem } from '../../../native-config/system.ts';
import { run } from '../../support/guard-process.ts';

const [kind, proxyUrl = '', caFile = '', home = '', cwd = '', program = '', ...first] = process.argv.slice(2);
const FOLDER = '/etc/claude-code';
const THEIRS = '{ "env": { "HTTPS_PROXY": "http://127.0.0.1:9" }, "companyAnnouncements": ["Welcome"] }\n';

copyFileSync(caFile, '/usr/local/share/ca-certificates/holdpoint.crt');
const system = thisSystem();
const performer = createPerformer(system, '/etc/holdpoint/installed.json');
const guard = { proxyUrl, caPem: readFileSync(caFile, 'utf8') };
const common = { PATH: '/usr/bin:/bin', HOME: home };

console.log(JSON.stringify(kind === 'settings' ? await bySettings() : await byShell()));

/** Whatever starts it, and whatever that has set. */
async function bySettings() {
  mkdirSync(FOLDER);
  writeFileSync(`${FOLDER}/managed-settings.json`, THEIRS);
  const agents = createMachineAgents(system);
  const states = async () => (await agents.status(guard)).map(({ state }) => state);
  const before = await states();
  await performer.make('agents', await agents.plan(guard));
  const after = await states();
  const shell = { https_proxy: 'http://127.0.0.1:9', no_proxy: '*', NO_PROXY: '*' };
  const key = { ANTHROPIC_API_KEY: 'sk-ant-dummy', IS_SANDBOX: '1', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1' };
  const args = [...first, '-p', 'hello', '--model', 'claude-sonnet-4-5'];
  const ended = await run(program, args, { cwd, env: { ...common, ...shell, ...key }, timeout: 90_000 });
  const left = await performer.takeBack(['agents']);
  const kept = readdirSync(FOLDER).length === 1 && readFileSync(`${FOLDER}/managed-settings.json`, 'utf8') === THEIRS;
  return { before, after, ended, left, kept };
}

/** By somebody who has logged in. */
async function byShell() {
  await performer.make('proxy', await createProxy(system).plan(guard));
  const args = ['exec', '--skip-git-repo-check', '-m', 'gpt-5.2', 'hello'];
  const shell = ['-l', '-c', 'exec "$0" "$@" </dev/null', program, ...first, ...args];
  const ended = await run('/bin/sh', shell, { cwd, env: { ...common, CODEX_API_KEY: 'dummy' }, timeout: 90_000 });
  return { ended, left: await performer.takeBack(['proxy']) };
}
