/** Each Node on the path. */

import { PROBE_HOST, PROBE_URL } from '../../../main/contract/probe.ts';
import { askProgram } from '../ask-program.ts';
import type { Check } from '../check.ts';
import { answerOf } from './answer.ts';
import { fixesFor, RUNTIME_MS, type TrustOptions, trustCheck } from './asking.ts';
import { programsNamed } from './programs.ts';
import { findingOf } from './said.ts';

const MOST = 5;

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
  const files = programsNamed(['node', 'nodejs'], context.system, MOST);
  return files.map((file, at) =>
    trustCheck(at === 0 ? 'node' : `node.${at + 1}`, `Node (${file})`, async (signal) => {
      const asked = await askProgram(file, ['-e', SCRIPT], { env, timeoutMs: RUNTIME_MS, signal });
      const part = (how: string) => ({ ...asked, out: linesOf(asked.out, how), err: '' });
      const version = linesOf(asked.out, 'version').trim().slice(1, 20);
      const runtime = { name: `Node ${version}`.trim(), file, isAgents: true, fix: fixesFor(context, true) };
      if (asked.stopped || !asked.out.includes('fetch ')) return findingOf(answerOf(asked, nonce), runtime);
      const byFetch = answerOf(part('fetch'), nonce);
      if (byFetch.kind !== 'direct') return findingOf(byFetch, runtime);
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

function linesOf(out: string, how: string): string {
  return out
    .split('\n')
    .filter((line) => line.startsWith(`${how} `))
    .map((line) => line.slice(how.length + 1))
    .join('\n');
}
