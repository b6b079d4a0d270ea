import { describe, expect, it } from 'vitest';
import { isNoMessage, linesOf, type McpLine } from '../../../main/cli/mcp-lines.ts';

async function read(...chunks: (string | Uint8Array)[]): Promise<McpLine[]> {
  async function* input() {
    for (const chunk of chunks) yield Buffer.from(chunk as Uint8Array);
  }
  const lines: McpLine[] = [];
  for await (const line of linesOf(input())) lines.push(line);
  return lines;
}

describe('lines of a server’s or a client’s stream', () => {
  it('are put together again however they came, keep their bytes, and end at a line feed only', async () => {
    const lines = await read('{"a":', '1}\r', '\n\n{"b":2}\n{"un', 'finished":');
    expect(lines.map(({ message }) => message)).toEqual([{ text: '{"a":1}' }, { text: '{"b":2}' }]);
    expect(Buffer.concat(lines.map(({ line }) => line)).toString()).toBe('{"a":1}\r\n{"b":2}\n');
  });

  it('are known by what they are not where they are no text', async () => {
    const [line, next] = await read(Uint8Array.of(0x7b, 0xff, 0x7d, 0x0a), '{}\n');
    expect(line?.message).toEqual({ uninspected: 'undecodable' });
    expect(next?.message).toEqual({ text: '{}' });
  });
});

describe('what a server writes beside its messages', () => {
  it.each([['Listening'], ['[INFO] starting'], ['[######    ] 60 %'], ['loaded {"a":1}'], ['10%\r20%']])('is no message: %j', (text) => {
    expect(isNoMessage(text)).toBe(true);
  });

  it.each([
    ['{"jsonrpc":"2.0"}'],
    [' [{}]'],
    ['\uFEFF{}'],
    // To .NET and Java, which end lines here too, it is one.
    ['Listening\r{"jsonrpc":"2.0","id":1,"result":{}}'],
  ])('may be one: %j', (text) => {
    expect(isNoMessage(text)).toBe(false);
  });
});
