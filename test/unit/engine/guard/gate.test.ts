import { describe, expect, it } from 'vitest';
import type { ToolCall } from '../../../../main/contract/action.ts';
import type { Outcome } from '../../../../main/contract/verdict.ts';
import { createGate } from '../../../../main/engine/guard/gate.ts';
import type { Piece } from '../../../../main/engine/protocols/pieces.ts';

const RELEASE: Outcome = { kind: 'release' };
const REFUSE: Outcome = { kind: 'refuse', why: { policy: 'p', reason: 'No.' } };

const pass = (text: string): Piece => ({ kind: 'pass', bytes: Buffer.from(text) });
const callOf = (id: string): ToolCall => ({ id, tool: 'Bash', input: {} });
const judgedBy = (call: ToolCall): Piece => ({ kind: 'call', call });
const held = (text: string, call: ToolCall): Piece => ({
  kind: 'held',
  bytes: (refused) => Buffer.from(refused.has(call) ? `[${refused.get(call)?.reason}]` : text),
});

/** A gate whose judge, writes, clock and timers are in the test's hands. */
function bench(keepalive = '♥') {
  const written: string[] = [];
  const verdicts = new Map<string, PromiseWithResolvers<Outcome>>();
  const timers = new Set<{ run: () => void; ms: number }>();
  let time = 0;
  let failing: Error | undefined;
  let blocking: PromiseWithResolvers<void> | undefined;
  const gate = createGate({
    judge(call) {
      const verdict = Promise.withResolvers<Outcome>();
      verdicts.set(call.id, verdict);
      return verdict.promise;
    },
    write(bytes) {
      if (failing) return Promise.reject(failing);
      written.push(Buffer.from(bytes).toString());
      return blocking?.promise ?? Promise.resolve();
    },
    keepalive: () => Buffer.from(keepalive),
    keepaliveMs: 15_000,
    setTimer(run, ms) {
      const timer = { run, ms };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    now: () => time,
  });
  return {
    gate,
    written,
    asked: () => [...verdicts.keys()],
    answer: (id: string, outcome: Outcome) => verdicts.get(id)?.resolve(outcome),
    fail: (id: string) => verdicts.get(id)?.reject(new Error('worker gone')),
    timers,
    /** The one timer runs out. */
    elapse() {
      const [timer] = timers;
      if (!timer) throw new Error('no timer is set');
      timers.delete(timer);
      time += timer.ms;
      timer.run();
    },
    sleep: (ms: number) => (time += ms),
    clientGoes: () => (failing = new Error('client gone')),
    block: () => (blocking = Promise.withResolvers<void>()),
    unblock() {
      blocking?.resolve();
      blocking = undefined;
    },
  };
}

/** Lets everything that can go on without the test go on. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('order', () => {
  it('writes at once what nothing holds', () => {
    const { gate, written } = bench();
    void gate.pass(pass('a'));
    void gate.pass(pass('b'));
    expect(written).toEqual(['a', 'b']);
  });

  it('stops the line at a call until its verdict, and then goes on in order', async () => {
    const { gate, written, answer } = bench();
    const call = callOf('1');
    const all = [pass('a'), judgedBy(call), held('call', call), pass('b')].map((piece) => gate.pass(piece));
    await settled();
    expect(written).toEqual(['a']);
    answer('1', RELEASE);
    await Promise.all(all);
    expect(written).toEqual(['a', 'call', 'b']);
    void gate.pass(pass('c'));
    expect(written).toEqual(['a', 'call', 'b', 'c']);
  });

  it('asks about all calls on arrival, and releases them in order whatever is answered first', async () => {
    const { gate, written, asked, answer } = bench();
    const calls = ['1', '2', '3'].map(callOf);
    const all = calls.flatMap((call) => [gate.pass(judgedBy(call)), gate.pass(held(`call ${call.id}`, call))]);
    expect(asked()).toEqual(['1', '2', '3']);
    answer('3', RELEASE);
    answer('2', REFUSE);
    await settled();
    expect(written).toEqual([]);
    answer('1', RELEASE);
    await Promise.all(all);
    expect(written).toEqual(['call 1', '[No.]', 'call 3']);
  });

  it('takes a judge that fails for one that refuses', async () => {
    const { gate, written, fail } = bench();
    const call = callOf('1');
    const all = [gate.pass(judgedBy(call)), gate.pass(held('call', call))];
    fail('1');
    await Promise.all(all);
    expect(written).toEqual(['[It could not be judged.]']);
  });

  it('writes nothing for a piece that is empty', async () => {
    const { gate, written } = bench();
    await gate.pass({ kind: 'held', bytes: () => new Uint8Array(0) });
    expect(written).toEqual([]);
  });

  it('resolves when the agent’s socket has taken the piece', async () => {
    const { gate, block, unblock } = bench();
    block();
    let left = false;
    const passed = gate.pass(pass('a')).then(() => (left = true));
    await settled();
    expect(left).toBe(false);
    unblock();
    await passed;
    expect(left).toBe(true);
  });
});

describe('keeping alive', () => {
  it('tells the agent every 15 s that there is life while a call is held, and not before or after', async () => {
    const { gate, written, timers, elapse, answer } = bench();
    const call = callOf('1');
    await gate.pass(pass('a'));
    expect(timers.size).toBe(0);
    const all = [gate.pass(judgedBy(call)), gate.pass(held('call', call))];
    await settled();
    expect([...timers].map((timer) => timer.ms)).toEqual([15_000]);
    expect(written).toEqual(['a']);
    elapse();
    await settled();
    elapse();
    await settled();
    expect(written).toEqual(['a', '♥', '♥']);
    answer('1', RELEASE);
    await Promise.all(all);
    expect(written).toEqual(['a', '♥', '♥', 'call']);
    expect(timers.size).toBe(0);
  });

  it('waits for a slow agent rather than piling up, and lets nothing overtake', async () => {
    const { gate, written, timers, elapse, answer, block, unblock } = bench();
    const call = callOf('1');
    const all = [gate.pass(judgedBy(call)), gate.pass(held('call', call))];
    await settled();
    block();
    elapse();
    await settled();
    expect(timers.size).toBe(0);
    answer('1', RELEASE);
    await settled();
    expect(written).toEqual(['♥']);
    unblock();
    await Promise.all(all);
    expect(written).toEqual(['♥', 'call']);
  });

  it('passes on the life that a provider shows with bytes of a call that is not complete', async () => {
    const { gate, written, sleep } = bench();
    await gate.pass(pass('a'));
    sleep(14_999);
    await gate.kept();
    expect(written).toEqual(['a']);
    sleep(1);
    await gate.kept();
    await gate.kept();
    expect(written).toEqual(['a', '♥']);
  });

  it('says nothing where the protocol has nothing to say', async () => {
    const { gate, written, elapse, answer } = bench('');
    const call = callOf('1');
    const all = gate.pass(judgedBy(call));
    await settled();
    elapse();
    answer('1', RELEASE);
    await all;
    expect(written).toEqual([]);
  });
});

describe('an agent that goes away', () => {
  it('gets nothing more, and everything that was to come rejects', async () => {
    const { gate, written, answer, clientGoes } = bench();
    const call = callOf('1');
    const all = [gate.pass(pass('a')), gate.pass(judgedBy(call)), gate.pass(held('call', call)), gate.pass(pass('b'))];
    const ends = Promise.allSettled(all);
    clientGoes();
    answer('1', RELEASE);
    expect((await ends).map((end) => end.status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
    await expect(gate.pass(pass('c'))).rejects.toThrow('client gone');
    await expect(gate.kept()).rejects.toThrow('client gone');
    expect(written).toEqual(['a']);
  });

  it('gets no held call when a write before it turns out to have failed', async () => {
    const first = Promise.withResolvers<void>();
    const verdict = Promise.withResolvers<Outcome>();
    const written: string[] = [];
    const gate = createGate({
      judge: () => verdict.promise,
      write: (bytes) => (written.push(Buffer.from(bytes).toString()) === 1 ? first.promise : Promise.resolve()),
      keepalive: () => Buffer.from('♥'),
    });
    const call = callOf('1');
    const ends = Promise.allSettled([gate.pass(pass('a')), gate.pass(judgedBy(call)), gate.pass(held('call', call))]);
    first.reject(new Error('client gone'));
    await settled();
    verdict.resolve(RELEASE);
    expect((await ends).map((end) => end.status)).toEqual(['rejected', 'fulfilled', 'rejected']);
    expect(written).toEqual(['a']);
  });

  it('is noticed by a keepalive, without waiting for the verdict', async () => {
    const { gate, written, elapse, answer, clientGoes } = bench();
    const call = callOf('1');
    const ends = Promise.allSettled([gate.pass(judgedBy(call)), gate.pass(held('call', call))]);
    await settled();
    clientGoes();
    elapse();
    expect((await ends).map((end) => end.status)).toEqual(['rejected', 'rejected']);
    answer('1', RELEASE);
    await settled();
    expect(written).toEqual([]);
  });

  it('is told of life at once and every second when it may have gone, while a call is held and not after', async () => {
    const { gate, written, elapse, answer, timers } = bench();
    const call = callOf('1');
    const ends = [gate.pass(judgedBy(call)), gate.pass(held('call', call))];
    await settled();
    gate.doubt();
    await settled();
    expect(written).toEqual(['♥']);
    expect([...timers].map(({ ms }) => ms)).toEqual([1_000]);
    elapse();
    await settled();
    expect(written).toEqual(['♥', '♥']);
    answer('1', RELEASE);
    await Promise.all(ends);
    gate.doubt();
    expect(written).toEqual(['♥', '♥', 'call']);
  });

  it('gets nothing more after a piece that could not be made', async () => {
    const { gate, written } = bench();
    const broken: Piece = {
      kind: 'held',
      bytes() {
        throw new Error('a fault of ours');
      },
    };
    await expect(gate.pass(broken)).rejects.toThrow('a fault of ours');
    await expect(gate.pass(pass('b'))).rejects.toThrow('a fault of ours');
    expect(written).toEqual([]);
  });
});
