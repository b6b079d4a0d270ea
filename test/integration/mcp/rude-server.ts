/** An MCP server that does what none should: noise, lines in pieces, bytes that are no text, answers that nobody asked for, and an end amid a call. */

import { createInterface } from 'node:readline';
import { SECRET } from './support.ts';

const unasked = JSON.stringify({ jsonrpc: '2.0', id: 40, result: { content: [{ type: 'text', text: `token: ${SECRET}` }] } });

process.stdout.write('[INFO] starting\n');
process.stdout.write(`${unasked}\n`);
process.stdout.write(`Listening\r${unasked}\n`);
process.stdout.write(Buffer.from([0x7b, 0xff, 0x7d, 0x0a]));

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line) as { id?: number; method: string; params?: { name?: string } };
  if (method === 'initialize') {
    const answer = JSON.stringify({ jsonrpc: '2.0', id, result: { serverInfo: { name: 'rude', version: '1' } } });
    process.stdout.write(answer.slice(0, 20));
    process.stdout.write(`${answer.slice(20)}\r\n`);
  } else if (params?.name === 'fail') {
    process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32_000, message: `token: ${SECRET}` } })}\n`);
  } else if (params?.name === 'end') {
    process.stdout.write(`{"jsonrpc":"2.0","id":${id},"result":{"content":[{"type":"text","text":"${SECRET}`, () => process.exit(9));
  }
}
