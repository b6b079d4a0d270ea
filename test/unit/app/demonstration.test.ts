import { describe, expect, it } from 'vitest';
import { createDemonstration } from '../../../main/app/first-run/demonstration.ts';
import type { Told } from '../../../main/app/first-run/demonstration-process.ts';
import type { DemonstrationState } from '../../../main/contract/demonstration.ts';
import type { ControlClient } from '../../../main/engine/control/client.ts';
import { question } from '../../integration/control/fixture.ts';

const ANSWER = { id: 'q1', nonce: 'n1', shown: 'a'.repeat(64), answer: { choice: 'deny' } } as const;
const READY: Told = { event: 'ready', dataDir: '/tmp/x/data', folder: '/tmp/x/thesis' };

function stage({ refuses = false } = {}) {
  const states: DemonstrationState[] = [];
  let tell: (told: Told) => void = () => {};
  let over: (why: string) => void = () => {};
  let hear: (open: unknown) => void = () => {};
  const stops: string[] = [];
  const client = {
    call: async (method: string) => {
      if (method === 'answer' && refuses) throw new Error('gone');
      return method === 'questions' ? [] : {};
    },
    on: (_event: string, listener: (open: unknown) => void) => {
      hear = listener;
      return () => {};
    },
    close: () => stops.push('client'),
  } as unknown as ControlClient;
  let asked = 0;
  const demonstration = createDemonstration({
    start(onTold) {
      tell = onTold;
      const ended = new Promise<string>((resolve) => {
        over = resolve;
      });
      return { ended, stop: async () => void stops.push('process') };
    },
    connect: async () => client,
    onQuestions: () => {
      asked += 1;
    },
    onState: (state) => states.push(state),
  });
  return {
    demonstration,
    states,
    stops,
    tell: (told: Told) => tell(told),
    over: (why: string) => over(why),
    hear: (open: unknown) => hear(open),
    asked: () => asked,
  };
}

/** What waits for the engine's answers has had them. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the demonstration', () => {
  it('tells of the question while it is open, and that it was refused', async () => {
    const { demonstration, states, tell, hear, stops } = stage();
    demonstration.start();
    tell(READY);
    await settled();
    tell({ event: 'said', text: 'First I look.' });
    hear([question()]);
    expect(demonstration.questions).toHaveLength(1);
    expect(states.at(-1)).toEqual({ state: 'running', asking: true, folder: '/tmp/x/thesis', said: ['First I look.'] });
    expect(await demonstration.answer(ANSWER)).toEqual({ accepted: true });
    hear([]);
    expect(states.at(-1)).toMatchObject({ state: 'running', asking: false });
    tell({ event: 'ended', refused: 1, isThesisThere: true });
    expect(states.at(-1)).toEqual({ state: 'ended', outcome: 'refused', why: null, folder: '/tmp/x/thesis', said: ['First I look.'] });
    expect(stops).toEqual(['client', 'process']);
  });

  it.each([
    ['allowed where the folder was emptied', true, false, 'allowed'],
    ['unanswered where nobody said anything', false, true, 'unanswered'],
  ] as const)('was %s', async (_what, answers, isThesisThere, outcome) => {
    const { demonstration, states, tell, hear } = stage();
    demonstration.start();
    tell(READY);
    await settled();
    hear([question()]);
    if (answers) await demonstration.answer({ ...ANSWER, answer: { choice: 'allow', for: 'once' } });
    tell({ event: 'ended', refused: 1, isThesisThere });
    expect(states.at(-1)).toMatchObject({ state: 'ended', outcome });
  });

  it('failed, with its last words, where it ends before it could tell', async () => {
    const { demonstration, states, over } = stage();
    demonstration.start();
    over('holdpoint: There is no room.');
    await settled();
    expect(states.at(-1)).toMatchObject({ state: 'ended', outcome: 'failed', why: 'holdpoint: There is no room.' });
  });

  it('leaves no question behind when it is stopped, and hears nothing any more', async () => {
    const { demonstration, states, tell, hear, asked } = stage();
    demonstration.start();
    tell(READY);
    await settled();
    hear([question()]);
    await demonstration.stop();
    expect(demonstration.questions).toEqual([]);
    expect(states.at(-1)).toEqual({ state: 'idle' });
    const before = asked();
    hear([question()]);
    tell({ event: 'ended', refused: 1, isThesisThere: true });
    expect([asked(), states.at(-1)?.state]).toEqual([before, 'idle']);
  });

  it('runs once at a time, and takes no answer that its engine does not', async () => {
    const { demonstration, states, tell, hear } = stage({ refuses: true });
    expect(await demonstration.answer(ANSWER)).toEqual({ accepted: false, why: 'unreachable' });
    demonstration.start();
    demonstration.start();
    expect(states).toEqual([{ state: 'starting' }]);
    tell(READY);
    await settled();
    hear([question()]);
    expect(await demonstration.answer(ANSWER)).toEqual({ accepted: false, why: 'gone' });
  });
});
