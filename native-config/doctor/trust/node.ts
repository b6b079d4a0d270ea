/** Each Node on the path. */

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PROBE_HOST, PROBE_URL } from '../../../main/contract/probe.ts';
import { askProgram } from '../ask-program.ts';
import type { Check } from '../check.ts';
import { answerOf } from './answer.ts';
import { fixesFor, RUNTIME_MS, type TrustOptions, trustCheck } from './asking.ts';
import { programsNamed } from './programs.ts';
import { findingOf } from './said.ts';

/** On the path, and of those that agents and version managers bring. */
const MOST = 5;
const MOST_BROUGHT = 3;

/** Folders below the home folder that hold a folder a version, and where in that Node is. */
const BROUGHT: readonly (readonly [folder: string, file: string])[] = [
  ['.local/share/cursor-agent/versions', 'node'],
  ['.vscode-server/bin', 'node'],
  ['.cursor-server/bin', 'node'],
  ['.nvm/versions/node', 'bin/node'],
];

/**
 * First as a script would ask, by Node's own `fetch`. Node before 22.21 does not know the proxy's variables, and agents on it bring a client
 * that does: for them the same is asked by hand, through HTTPS_PROXY.
 */
const SCRIPT = `
const say = (how, what) => process.stdout.write(how + ' ' + what + '\\n');
const fail = (how, error) => say(how, [error?.code, error?.message, error?.cause?.code, error?.cause?.message].join(' '));
say('version', process.version);
const byHand = () => {
  const url = process.env.https_proxy || process.env.HTTPS_PROXY;
  if (!url) return fail('hand', { message: 'no HTTPS_PROXY: could not resolve host' });
  const proxy = new URL(url);
  require('node:http').request({ host: proxy.hostname, port: proxy.port, method: 'CONNECT', path: '${PROBE_HOST}:443' })
    .on('error', (error) => fail('hand', error))
    .on('connect', (response, socket) => {
      if (response.statusCode !== 200) return fail('hand', { message: 'tunnel ' + response.statusCode });
      require('node:https').get('${PROBE_URL}', { createConnection: () => require('node:tls').connect({ socket, servername: '${PROBE_HOST}' }) }, (answer) => {
        answer.setEncoding('utf8').on('data', (text) => say('hand', text));
      }).on('error', (error) => fail('hand', error));
    }).end();
};
(typeof fetch === 'function' ? fetch('${PROBE_URL}').then((answer) => answer.text()) : Promise.reject(new Error('no fetch: ENOTFOUND')))
  .then((text) => say('fetch', text), (error) => { fail('fetch', error); byHand(); });
`;

export function nodeChecks(options: TrustOptions): readonly Check[] {
  const { context, env, nonce } = options;
  const onPath = programsNamed(['node', 'nodejs'], context.system, MOST);
  const files = [...onPath, ...broughtIn(context.system.home).filter((file) => !onPath.includes(file))];
  return files.map((file, at) =>
    trustCheck(at === 0 ? 'node' : `node.${at + 1}`, `Node (${file})`, async (signal) => {
      const asked = await askProgram(file, ['-e', SCRIPT], { env, timeoutMs: RUNTIME_MS, signal });
      const part = (how: string) => ({ ...asked, out: linesOf(asked.out, how), err: '' });
      const version = linesOf(asked.out, 'version').trim().slice(1, 20);
      const runtime = { name: `Node ${version}`.trim(), file, isAgents: true, fix: fixesFor(context, true) };
      if (asked.stopped || !asked.out.includes('fetch ')) return findingOf(answerOf(asked, nonce), runtime);
      const byFetch = answerOf(part('fetch'), nonce);
      if (byFetch.kind !== 'direct' || knowsProxies(version)) return findingOf(byFetch, runtime);
      const byHand = answerOf(part('hand'), nonce);
      if (byHand.kind !== 'ok') return findingOf(byHand, runtime);
      return {
        state: 'warning',
        says: `${runtime.name} (${file}) trusts the certificate, but its own fetch knows no proxy: agents that bring a client of their own go through the guard, scripts that use fetch go past it.`,
        fix: { says: 'Update it to 22.21 or later, where NODE_USE_ENV_PROXY makes fetch use the proxy.', repairs: false, root: false },
      };
    }),
  );
}

/** Whether its own `fetch` goes by NODE_USE_ENV_PROXY (Node's documentation: added in 24.0.0 and 22.21.0). */
function knowsProxies(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major >= 24 || (major === 22 && minor >= 21);
}

/** The newest by their names, some of each. */
function broughtIn(home: string): readonly string[] {
  return BROUGHT.flatMap(([folder, file]) => {
    try {
      const versions = readdirSync(join(home, folder)).sort().reverse().slice(0, 20);
      return versions
        .map((version) => join(home, folder, version, file))
        .filter((node) => existsSync(node))
        .slice(0, 1);
    } catch {
      return []; // It is not installed.
    }
  }).slice(0, MOST_BROUGHT);
}

function linesOf(out: string, how: string): string {
  return out
    .split('\n')
    .filter((line) => line.startsWith(`${how} `))
    .map((line) => line.slice(how.length + 1))
    .join('\n');
}
