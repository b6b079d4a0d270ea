import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { tellOfLife } from '../../../main/cli/mcp-life.ts';
import type { McpRequest } from '../../../main/engine/protocols/mcp/messages.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const call = (params: McpRequest['params']): McpRequest => ({ kind: 'request', id: 1, method: 'tools/call', params });

it('tells a client that waits of progress, ever more of it, until its call is judged', () => {
  const told: string[] = [];
  const stop = tellOfLife([call({ _meta: { progressToken: 't' } })], (line) => void told.push(line));
  vi.advanceTimersByTime(45_000);
  stop();
  vi.advanceTimersByTime(60_000);
  const messages = told.map((line) => JSON.parse(line) as { method: string; params: { progressToken: string; progress: number } });
  expect(messages).toHaveLength(3);
  expect(messages[0]).toMatchObject({ method: 'notifications/progress', params: { progressToken: 't' } });
  expect(messages.map(({ params }) => params.progress)).toEqual(messages.map(({ params }) => params.progress).toSorted((a, b) => a - b));
});

it('is silent where the client did not ask to be told', () => {
  tellOfLife([call({})], () => expect.unreachable());
  expect(vi.getTimerCount()).toBe(0);
});
