/** Asks the engine's probe by the shortest way, to know whose answer the runtimes have to bring. */

import { request } from 'node:http';
import { connect } from 'node:tls';
import { HoldpointError, messageOf } from '../../main/contract/errors.ts';
import { PROBE_HOST, probeAnswerSchema } from '../../main/contract/probe.ts';
import { type GuardHere, portOf } from './context.ts';

const PATIENCE_MS = 8_000;
const MOST_CHARACTERS = 4_096;

/** The engine's nonce. Throws HoldpointError `upstream-unreachable` where it does not answer as an engine of this version does. */
export async function askProbe(guard: Pick<GuardHere, 'proxyUrl' | 'caPem'>): Promise<string> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    const text = await answerOver(guard, signal);
    return probeAnswerSchema.parse(JSON.parse(text.slice(text.indexOf('\r\n\r\n')))).nonce;
  } catch (thrown) {
    throw new HoldpointError(
      'upstream-unreachable',
      `The proxy at ${guard.proxyUrl} does not answer as the guard does: ${messageOf(thrown).slice(0, 200)}. Restart the guard.`,
      thrown,
    );
  }
}

function answerOver(guard: Pick<GuardHere, 'proxyUrl' | 'caPem'>, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: portOf(guard), method: 'CONNECT', path: `${PROBE_HOST}:443`, agent: false, signal });
    asked.once('error', reject);
    asked.once('response', ({ statusCode }) => reject(new Error(`it answers CONNECT with ${statusCode}`)));
    asked.once('connect', ({ statusCode }, socket) => {
      if (statusCode !== 200) {
        socket.destroy();
        return reject(new Error(`it answers CONNECT with ${statusCode}`));
      }
      let text = '';
      const secure = connect({ socket, servername: PROBE_HOST, ca: guard.caPem });
      signal.addEventListener('abort', () => secure.destroy(new Error('it is silent')), { once: true });
      secure.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        if (text.length > MOST_CHARACTERS) secure.destroy(new Error('it says too much'));
      });
      secure.once('error', reject).once('end', () => resolve(text));
      secure.write(`GET / HTTP/1.1\r\nHost: ${PROBE_HOST}\r\nConnection: close\r\n\r\n`);
    });
    asked.end();
  });
}
