/** Signs of life for a client whose call waits for its verdict: many give up after a minute without any. */

import { type McpRequest, progress, progressTokenIn } from '../engine/protocols/mcp/messages.ts';

const BEAT_MS = 15_000;

/** Tells progress of each request that wants to be told of it, until what is returned is called. */
export function tellOfLife(requests: readonly McpRequest[], write: (line: string) => void, beatMs = BEAT_MS): () => void {
  const tokens = requests.map(progressTokenIn).filter((token) => token !== undefined);
  if (tokens.length === 0) return () => {};
  let beats = 0;
  const timer = setInterval(() => {
    beats += 1;
    for (const token of tokens) write(`${JSON.stringify(progress(token, beats))}\n`);
  }, beatMs);
  return () => clearInterval(timer);
}
