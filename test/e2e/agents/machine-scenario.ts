/** Claude Code on an /etc of its own, with nothing in its environment that names the guard. Prints what came of it, as JSON. */

import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createMachineAgents } from '../../../native-config/agents/machine.ts';
import { createPerformer } from '../../../native-config/steps/perform.ts';
import { thisSystem } from '../../../native-config/system.ts';
import { run } from '../../support/guard-process.ts';

const [proxyUrl = '', caFile = '', home = '', cwd = '', program = '', ...first] = process.argv.slice(2);
const FOLDER = '/etc/claude-code';
const THEIRS = '{ "env": { "HTTPS_PROXY": "http://127.0.0.1:9" }, "companyAnnouncements": ["Welcome"] }\n';

copyFileSync(caFile, '/usr/local/share/ca-certificates/holdpoint.crt');
mkdirSync(FOLDER);
writeFileSync(`${FOLDER}/managed-settings.json`, THEIRS);

const system = thisSystem();
const agents = createMachineAgents(system);
const performer = createPerformer(system, '/etc/holdpoint/installed.json');
const guard = { proxyUrl, caPem: readFileSync(caFile, 'utf8') };
const states = async () => (await agents.status(guard)).map(({ state }) => state);

const before = await states();
await performer.make('agents', await agents.plan(guard));
const after = await states();
// What a shell has set does not lead past the guard.
const shell = { https_proxy: 'http://127.0.0.1:9', no_proxy: '*', NO_PROXY: '*' };
const ended = await run(program, [...first, '-p', 'hello', '--model', 'claude-sonnet-4-5'], {
  cwd,
  env: {
    ...{ PATH: '/usr/bin:/bin', HOME: home, ...shell },
    ...{ ANTHROPIC_API_KEY: 'sk-ant-dummy', IS_SANDBOX: '1', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1' },
  },
  timeout: 90_000,
});
const left = await performer.takeBack(['agents']);
const kept = readdirSync(FOLDER).length === 1 && readFileSync(`${FOLDER}/managed-settings.json`, 'utf8') === THEIRS;
console.log(JSON.stringify({ before, after, ended, left, kept }));
