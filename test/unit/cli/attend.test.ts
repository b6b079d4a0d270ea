import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { attendApprovals } from '../../../main/cli/attend.ts';
import type { Answered, Question } from '../../../main/contract/approval.ts';
import type { ControlClient } from '../../../main/engine/control/client.ts';
import { question } from '../../integration/control/fixture.ts';

/** A person at a terminal, and an engine that asks. */
function terminal(open: Question[]) {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = Object.assign(new PassThrough(), { isTTY: true });
  let text = '';
  output.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const answered: Answered[] = [];
  const events = new EventEmitter();
  const client = {
    version: '1',
    call: async (method: string, params: unknown) => {
      if (method === 'questions') return open;
      answered.push(params as Answered);
      return {};
    },
    on: (event: string, listener: (data: unknown) => void) => {
      events.on(event, listener);
      return () => events.off(event, listener);
    },
    closed: new Promise<void>(() => {}),
    close: () => {},
  } as unknown as ControlClient;
  const clock = { now: 0 };
  const stop = new AbortController();
  const ended = attendApprovals({
    client,
    io: { input, output, errors: output, env: { TERM: 'xterm' } },
    signal: stop.signal,
    now: () => clock.now,
  });
  return {
    type: (line: string) => input.write(`${line}\n`),
    said: () => text,
    answered,
    clock,
    ended,
    stop: () => stop.abort(),
    tell: (questions: Question[]) => events.emit('questions', questions),
  };
}

describe('a person at a terminal', () => {
  it('cannot answer with what was typed before the question could be read', async () => {
    const at = terminal([question()]);
    await expect.poll(at.said).toContain('d REASON');
    at.clock.now = 699;
    at.type('a');
    await expect.poll(at.said).toContain('Too quick');
    expect(at.answered).toEqual([]);
    at.clock.now = 700;
    at.type('a');
    await expect.poll(() => at.answered).toMatchObject([{ id: 'q1', nonce: 'n1', answer: { choice: 'allow', for: 'once' } }]);
    at.stop();
    expect(await at.ended).toBe('input-ended');
  });

  it('has as much time for the next question', async () => {
    const at = terminal([question()]);
    await expect.poll(at.said).toContain('d REASON');
    at.clock.now = 10_000;
    at.tell([question({ id: 'q2', title: 'Codex wants to publish' })]);
    await expect.poll(at.said).toContain('Codex wants to publish');
    at.type('a');
    await expect.poll(at.said).toContain('Too quick');
    expect(at.answered).toEqual([]);
    at.stop();
    await at.ended;
  });

  it('sees the risky words marked', async () => {
    const at = terminal([question()]);
    await expect.poll(at.said).toContain('\u001b[1;4m~/thesis\u001b[0m');
    at.stop();
    await at.ended;
  });
});
