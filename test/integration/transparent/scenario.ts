/** Runs in a network namespace of its own, as root: transparent mode, installed, used and removed. Tells what was seen as JSON. */

import { chmod, copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anthropicTurn } from '../../../main/cli/demo/turns.ts';
import { ASK_ALL, run, startGuardProcess } from '../../support/guard-process.ts';

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Seen {
  readonly before: Ran;
  readonly ofEngineUser: Ran;
  readonly unconfirmed: Ran;
  readonly tablesUnconfirmed: string;
  readonly installed: Ran;
  readonly again: Ran;
  readonly tables: string;
  readonly status: Ran;
  readonly v4: Ran;
  readonly v6: Ran;
  readonly ofOthers: Ran;
  readonly withinMachine: Ran;
  readonly http3: Ran;
  readonly records: Ran;
  readonly meddled: Ran;
  readonly removed: Ran;
  readonly removedAgain: Ran;
  readonly rulesAfter: string;
  readonly statusAfter: Ran;
  readonly after: Ran;
}

const HOST = 'api.anthropic.com';
/** Addresses for documentation (RFC 5737, RFC 3849), here on the namespace's own loopback device. */
const V4 = '203.0.113.7';
const V6 = '2001:db8::7';

process.env.PATH = `${process.env.PATH}:/usr/sbin:/sbin`;
for (const args of [
  ['link', 'set', 'lo', 'up'],
  ['addr', 'add', `${V4}/32`, 'dev', 'lo'],
  ['-6', 'addr', 'add', `${V6}/128`, 'dev', 'lo'],
]) {
  const { code, stderr } = await run('ip', args);
  if (code !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr}`);
}

const shared = await mkdtemp(join(tmpdir(), 'holdpoint-transparent-'));
const guard = await startGuardProcess({
  policy: ASK_ALL,
  reply: () => anthropicTurn({ text: 'I will clean up.', calls: [{ id: 'call_1', tool: 'Bash', input: { command: 'rm -rf /srv/kept' } }] }),
});
try {
  await chmod(shared, 0o755);
  const trusted = join(shared, 'ca.pem');
  await copyFile(guard.ready.caFile, trusted);
  await chmod(trusted, 0o644);

  const ask = (user: string, address: string, ...options: string[]) => {
    const question = { model: 'm', stream: true, max_tokens: 9, messages: [{ role: 'user', content: `Clean up, by way of ${address}.` }] };
    return as(user, [
      ...['curl', '--silent', '--show-error', '--max-time', '20', '--cacert', trusted, '--resolve', `${HOST}:443:${address}`],
      ...[...options, '--header', 'content-type: application/json', '--data', JSON.stringify(question), `https://${HOST}/v1/messages`],
    ]);
  };
  const tables = async () => (await run('nft', ['list', 'tables'])).stdout;

  const seen: Seen = {
    before: await ask('nobody', V4),
    ofEngineUser: await guard.cli('transparent', 'install', '--user', 'root', '--yes'),
    unconfirmed: await guard.cli('transparent', 'install', '--user', 'nobody'),
    tablesUnconfirmed: await tables(),
    installed: await guard.cli('transparent', 'install', '--user', 'nobody', '--yes'),
    again: await guard.cli('transparent', 'install', '--user', 'nobody', '--user', 'daemon', '--yes'),
    tables: await tables(),
    status: await guard.cli('transparent', 'status'),
    v4: await ask('nobody', V4, '--http1.1'),
    v6: await ask('nobody', `[${V6}]`),
    ofOthers: await ask('root', V4),
    withinMachine: await ask('nobody', '127.0.0.1'),
    http3: await as('nobody', ['bash', '-c', `exec 3<>/dev/udp/${V4}/443 && echo x >&3`]),
    records: await guard.cli('audit', 'tail', '--limit', '500', '--json'),
    meddled: await run('nft', ['insert', 'rule', 'inet', 'holdpoint', 'to_engine', 'accept']).then(() =>
      guard.cli('transparent', 'status'),
    ),
    removed: await guard.cli('transparent', 'remove', '--yes'),
    removedAgain: await guard.cli('transparent', 'remove', '--yes'),
    rulesAfter: (await run('nft', ['list', 'ruleset'])).stdout,
    statusAfter: await guard.cli('transparent', 'status'),
    after: await ask('nobody', V4),
  };
  console.log(JSON.stringify(seen));
} finally {
  await guard.stop();
  await rm(shared, { recursive: true, force: true });
}

/** As another user, with no proxy in its environment. */
function as(user: string, command: readonly string[]): Promise<Ran> {
  const env = { PATH: process.env.PATH ?? '', HOME: '/' };
  return run('setpriv', [`--reuid=${user}`, '--clear-groups', ...command], { env, timeout: 30_000 });
}
