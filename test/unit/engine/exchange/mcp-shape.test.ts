import { describe, expect, it } from 'vitest';
import { shapeOf } from '../../../../main/engine/exchange/mcp-shape.ts';
import type { InspectedRequest } from '../../../../main/engine/interception/inspection.ts';

function request(method: string, headers: Record<string, string>, body = ''): InspectedRequest {
  const head = { method, host: 'mcp.bench.test', port: 443, path: '/x', rawHeaders: Object.entries(headers).flat() };
  const given: Pick<InspectedRequest, 'head' | 'body'> = { head, body: { kind: 'whole', bytes: Buffer.from(body) } };
  return given as InspectedRequest;
}

describe('a request over HTTP', () => {
  it.each([
    ['one message', '{"jsonrpc":"2.0","id":1,"method":"ping"}'],
    ['a batch whose first item is nothing', '[0,{"jsonrpc":"2.0","id":1,"method":"tools/call"}]'],
    ['a name in other letters', '{"JsonRpc":"2.0","id":1,"method":"tools/call"}'],
  ])('is MCP’s by its body: %s', (_, body) => {
    expect(shapeOf(request('POST', {}, body))).toBe('messages');
  });

  it('opens a stream of events where it says that it is MCP’s, though it takes JSON as well, as Python’s client does', () => {
    const accept = 'application/json, text/event-stream';
    expect(shapeOf(request('GET', { accept, 'mcp-session-id': 's' }))).toBe('events');
    expect(shapeOf(request('GET', { accept }))).toBeUndefined();
    expect(shapeOf(request('GET', { accept: 'text/event-stream' }))).toBe('events');
  });
});
