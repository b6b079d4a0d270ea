import { describe, expect, it } from 'vitest';
import {
  callIn,
  cancelledBy,
  explainResult,
  failedCall,
  idsIn,
  type McpRequest,
  progress,
  progressTokenIn,
  readMcp,
  toolUseIdIn,
} from '../../../../main/engine/protocols/mcp/messages.ts';
import { serverIn, textOf, toolsIn } from '../../../../main/engine/protocols/mcp/results.ts';

const request = (params: Record<string, unknown>, id: string | number = 1): McpRequest => ({
  kind: 'request',
  id,
  method: 'tools/call',
  params,
});

describe('reading messages', () => {
  it.each([
    ['a request', { jsonrpc: '2.0', id: 1, method: 'ping' }, { kind: 'request', id: 1, method: 'ping', params: {} }],
    [
      'a request with a text for its id',
      { jsonrpc: '2.0', id: 'a', method: 'x', params: { y: 1 } },
      { kind: 'request', id: 'a', params: { y: 1 } },
    ],
    ['a notification', { jsonrpc: '2.0', method: 'notifications/initialized' }, { kind: 'notification' }],
    ['a result', { jsonrpc: '2.0', id: 1, result: { tools: [] } }, { kind: 'answer', id: 1, result: { tools: [] } }],
    ['an error', { jsonrpc: '2.0', id: 1, error: { code: -32601, message: 'no' } }, { kind: 'answer', id: 1 }],
    ['an error of nobody’s request', { jsonrpc: '2.0', id: null, error: { code: -32700, message: 'no' } }, { kind: 'answer', id: null }],
  ])('knows %s', (_, message, read) => {
    expect(readMcp(JSON.stringify(message))).toMatchObject({ batch: false, messages: [read] });
    expect(readMcp(JSON.stringify([message, message]))).toMatchObject({ batch: true, messages: [read, read] });
  });

  it.each([
    ['no JSON', '{', 'malformed'],
    ['a name twice', '{"jsonrpc":"2.0","id":1,"id":2,"method":"x"}', 'duplicate-key'],
    ['a name twice further down', '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","name":"b"}}', 'duplicate-key'],
    ['names in other letters', '{"jsonrpc":"2.0","id":1,"method":"ping","Method":"tools/call"}', 'unknown-shape'],
    ['another edition of JSON-RPC', '{"id":1,"method":"x"}', 'unknown-shape'],
    ['a request and a result in one', '{"jsonrpc":"2.0","id":1,"method":"x","result":{}}', 'unknown-shape'],
    ['a result and an error in one', '{"jsonrpc":"2.0","id":1,"error":{},"result":{}}', 'unknown-shape'],
    ['an id that is no id', '{"jsonrpc":"2.0","id":{},"method":"x"}', 'unknown-shape'],
    ['an id that numbers cannot hold', '{"jsonrpc":"2.0","id":9007199254740993,"method":"x"}', 'unknown-shape'],
    ['parameters in a list', '{"jsonrpc":"2.0","id":1,"method":"x","params":[]}', 'unknown-shape'],
    ['an empty batch', '[]', 'unknown-shape'],
    ['a batch within a batch', '[[{"jsonrpc":"2.0","method":"x"}]]', 'unknown-shape'],
    ['a word', '"x"', 'unknown-shape'],
    ['a batch without end', JSON.stringify(Array.from({ length: 101 }, () => ({ jsonrpc: '2.0', method: 'x' }))), 'too-long'],
  ])('says what it could not read: %s', (_, text, uninspected) => {
    expect(readMcp(text)).toEqual({ uninspected });
  });

  it('finds ids where there is nothing else to be read', () => {
    expect(idsIn('{"id":1,"Method":"x"}')).toEqual([1]);
    expect(idsIn('[{"id":1},{"id":"b"},{"id":{}},7]')).toEqual([1, 'b']);
    expect(idsIn('{"id":')).toEqual([]);
  });
});

describe('a call', () => {
  it('has the server’s name for the tool, and its arguments', () => {
    expect(callIn(request({ name: 'a', arguments: { b: 1 } }, 7), 100)).toEqual({ id: '7', tool: 'a', input: { b: 1 } });
    expect(callIn(request({ name: 'a' }), 100)).toMatchObject({ input: {} });
  });

  it.each([
    ['no name', { arguments: {} }, 'unknown-shape'],
    ['arguments in a list', { name: 'a', arguments: [] }, 'unknown-shape'],
    ['arguments as text', { name: 'a', arguments: '{}' }, 'unknown-shape'],
    ['another spelling', { name: 'a', Arguments: { path: '/' }, arguments: {} }, 'unknown-shape'],
    ['the same argument in two spellings', { name: 'a', arguments: { path: 'a', Path: 'b' } }, 'duplicate-key'],
    ['long arguments', { name: 'a', arguments: { text: 'x'.repeat(100) } }, 'too-long'],
  ])('is uninspected with %s', (_, params, uninspected) => {
    expect(callIn(request(params), 100)).toMatchObject({ uninspected });
    expect(callIn(request(params), 100)).not.toHaveProperty('input');
  });

  it('tells the model’s id of it, and whom to tell its progress', () => {
    const told = request({ name: 'a', _meta: { 'claudecode/toolUseId': 'toolu_1', progressToken: 3 } });
    expect([toolUseIdIn(told), progressTokenIn(told)]).toEqual(['toolu_1', 3]);
    expect([toolUseIdIn(request({ name: 'a', _meta: { progressToken: {} } })), progressTokenIn(request({}))]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('is taken back by a notification of that name only', () => {
    const message = (method: string) => ({ kind: 'notification' as const, method, params: { requestId: 4 } });
    expect(cancelledBy(message('notifications/cancelled'))).toBe(4);
    expect(cancelledBy(message('notifications/progress'))).toBeUndefined();
  });
});

describe('our own messages', () => {
  it('are messages that a client reads', () => {
    expect(readMcp(JSON.stringify(failedCall('a', 'why')))).toMatchObject({
      messages: [{ kind: 'answer', id: 'a', result: { isError: true } }],
    });
    const [first, second] = [progress('t', 1), progress('t', 2)].map(({ params }) => (params as { progress: number }).progress);
    expect(readMcp(JSON.stringify(progress('t', 1)))).toMatchObject({
      messages: [{ kind: 'notification', method: 'notifications/progress' }],
    });
    expect(second).toBeGreaterThan(first!);
    expect(explainResult({ policy: 'p', reason: 'Because.', contact: 'it' })).toContain('Because. (policy: p) To ask for it: it.');
  });
});

describe('results', () => {
  it('give all of their text, but no pictures', () => {
    const { text, whole } = textOf({
      content: [
        { type: 'text', text: 'one' },
        { type: 'image', data: 'aGVsbG8=', mimeType: 'image/png' },
        { type: 'resource', resource: { uri: 'file:///a', mimeType: 'text/plain', text: 'two' } },
        { type: 'resource', resource: { uri: 'file:///b', blob: 'AAAA' } },
      ],
      structuredContent: { deep: [{ data: 'three' }], type: 'four' },
    });
    expect(text.split('\n')).toEqual(['one', 'file:///a', 'two', 'file:///b', 'deep', 'data', 'three', 'type', 'four']);
    expect(whole).toBe(true);
  });

  it('are not whole where there is too much of them', () => {
    expect(
      textOf({
        content: [
          { type: 'text', text: 'x'.repeat(4 * 1024 * 1024) },
          { type: 'text', text: 'y' },
        ],
      }).whole,
    ).toBe(false);
  });

  it('tell of tools and servers, whatever else is in them', () => {
    expect(toolsIn({ tools: [{ name: 'a', description: 'x' }, 7, { name: 3 }] }).map(({ name }) => name)).toEqual(['a']);
    expect(toolsIn({ tools: 'no' })).toEqual([]);
    expect(serverIn({ serverInfo: { name: 'n', version: 4 } })).toEqual({ name: 'n' });
    expect(serverIn({})).toEqual({});
  });
});
