/** Lines of MCP's standard streams (MCP, transports, stdio): each one message, with its own bytes. */

import { isUtf8 } from 'node:buffer';
import { MCP_MESSAGE_LENGTH } from '../contract/control.ts';

export interface McpLine {
  /** Every byte, with its line feed. */
  readonly line: Uint8Array;
  /** Its text without the line's end, or why it could not be read. */
  readonly message: { readonly text: string } | { readonly uninspected: 'too-long' | 'undecodable' };
}

/** Bytes of a line that are kept; of a longer one the rest is dropped, and with it the line is no message any more. */
const MAX_LINE = 64 * 1024 * 1024;

/** Blank lines are left out. What follows the last line feed is no message. */
export async function* linesOf(input: AsyncIterable<string | Buffer>): AsyncGenerator<McpLine> {
  let parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of input) {
    let rest = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      parts.push(rest.subarray(0, end + 1));
      rest = rest.subarray(end + 1);
      const whole = length <= MAX_LINE;
      const line = Buffer.concat(parts);
      parts = [];
      length = 0;
      const message = messageIn(line);
      if (whole && (!('text' in message) || message.text.trim() !== '')) yield { line, message };
    }
    length += rest.length;
    if (length <= MAX_LINE) parts.push(rest);
    else parts = [];
  }
}

/**
 * Whether a line is nothing to any client: it holds no object, or begins with none. Some clients end a line at a lone carriage return too
 * (.NET, Java), so what follows one is a beginning as well.
 */
export function isNoMessage(text: string): boolean {
  return !text.includes('{') || !/^[\s\uFEFF]*[[{]/m.test(text);
}

function messageIn(line: Buffer): McpLine['message'] {
  if (!isUtf8(line)) return { uninspected: 'undecodable' };
  const text = line.toString('utf8').replace(/\r?\n$/, '');
  return text.length > MCP_MESSAGE_LENGTH ? { uninspected: 'too-long' } : { text };
}
