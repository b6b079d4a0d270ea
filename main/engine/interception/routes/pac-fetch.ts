/** Gets a proxy auto-configuration script: from a file, or from a server that is asked directly. */

import { readFile, stat } from 'node:fs/promises';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

const MAX_BYTES = 1024 * 1024;
const FETCH_MS = 10_000;

/** Rejects with an Error that says why in half a sentence. */
export async function fetchPac(source: string, roots: () => readonly string[]): Promise<string> {
  if (/^https?:\/\//i.test(source)) return fetched(new URL(source), roots);
  const { size } = await stat(source);
  if (size > MAX_BYTES) throw tooLong();
  return readFile(source, 'utf8');
}

/** Agents of our own: Node's shared ones may be told by the environment to use a proxy, us perhaps. */
async function fetched(url: URL, roots: () => readonly string[]): Promise<string> {
  const signal = AbortSignal.timeout(FETCH_MS);
  const request =
    url.protocol === 'https:'
      ? httpsRequest(url, { agent: new HttpsAgent({ ca: [...roots()] }), signal })
      : httpRequest(url, { agent: new HttpAgent(), signal });
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    // Also for what comes after the answer: the body's reader hears of it by itself.
    request.on('error', (error) => reject(signal.aborted ? new Error(`its server did not answer within ${FETCH_MS / 1000} s`) : error));
    request.end();
  });
  try {
    if (response.statusCode !== 200) throw new Error(`its server answered ${response.statusCode}`);
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > MAX_BYTES) throw tooLong();
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  } finally {
    request.destroy();
  }
}

function tooLong(): Error {
  return new Error(`it is longer than ${MAX_BYTES} bytes`);
}
