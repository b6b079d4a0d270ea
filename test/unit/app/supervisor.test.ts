/** An engine is kept running, and whatever happens to it is said. */

import { describe, expect, it } from 'vitest';
import type { GuardState } from '../../../main/app/channels.ts';
import { type EngineExit, type EngineProcess, type Supervisor, superviseEngine } from '../../../main/app/supervisor.ts';
import { HoldpointError } from '../../../main/contract/errors.ts';
import type { ControlClient } from '../../../main/engine/control/client.ts';
import { aStatus } from '../../e2e/app/content.ts';

/** A world of engines: each has a pid, and serves until it ends. */
function setUp(
  options: {
    readonly running?: boolean;
    readonly fails?: EngineExit;
    readonly refuses?: boolean;
    readonly standsIn?: boolean;
    readonly service?: boolean;
  } = {},
) {
  const states: GuardState[] = [];
  const waits: { ms: number; go: () => void }[] = [];
  const standing: string[] = [];
  let serving: { pid: number; startedAt: string; drop: (() => void)[]; exit?: (exit: EngineExit) => void } | undefined;
  let pids = 100;
  let time = 1_800_000_000_000;
  let starts = 0;
  let stops = 0;
  let connects = 0;
  if (options.running) serving = { pid: ++pids, startedAt: iso(time), drop: [] };

  const supervisor: Supervisor = superviseEngine({
    async connect() {
      if (options.refuses) throw new HoldpointError('control-refused', 'The engine does not accept this client.');
      connects++;
      const engine = serving;
      if (!engine) throw new HoldpointError('control-unreachable', 'No engine is running.');
      let close = () => {};
      const closed = new Promise<void>((resolve) => {
        close = resolve;
      });
      engine.drop.push(close);
      const status = aStatus({ dataDir: '/data' });
      const call = async () => ({ ...status, engine: { ...status.engine, pid: engine.pid, startedAt: engine.startedAt } });
      return { version: '0.1.0', call, on: () => () => {}, closed, close } as unknown as ControlClient;
    },
    ...(!options.service && { start }),
    ...(options.standsIn && {
      standIn: () => {
        standing.push('begins');
        return { says: 'Providers are out of reach meanwhile.', stop: async () => void standing.push('ends') };
      },
    }),
    onChange: (guard) => void states.push(guard),
    clock: {
      now: () => time,
      wait: (ms, signal) =>
        new Promise((resolve) => {
          waits.push({ ms, go: resolve });
          signal.addEventListener('abort', () => resolve(), { once: true });
        }),
    },
  });

  function start(): EngineProcess {
    starts++;
    let exit: (exit: EngineExit) => void = () => {};
    const exited = new Promise<EngineExit>((resolve) => {
      exit = resolve;
    });
    if (options.fails) {
      exit(options.fails);
      const ready = Promise.reject(new HoldpointError('control-unreachable', options.fails.why));
      return { ready, exited, stop: async () => {} };
    }
    serving = { pid: ++pids, startedAt: iso(time), drop: [], exit };
    const stop = async () => {
      stops++;
      crash({ code: 0, why: 'The guard ended with code 0.' });
    };
    return { ready: Promise.resolve(), exited, stop };
  }

  function crash(exit: EngineExit): void {
    const engine = serving;
    serving = undefined;
    engine?.exit?.(exit);
    for (const drop of engine?.drop ?? []) drop();
  }

  const last = () => states.at(-1);
  return {
    supervisor,
    states,
    waits,
    standing,
    crash,
    drop() {
      for (const close of serving?.drop.splice(0) ?? []) close();
    },
    pass: (ms: number) => {
      time += ms;
    },
    /** As the system does it: an engine that is none of ours. */
    serve() {
      serving = { pid: ++pids, startedAt: iso(time), drop: [] };
    },
    starts: () => starts,
    stops: () => stops,
    connects: () => connects,
    reaches: (state: GuardState['state']) =>
      expect
        .poll(() => last()?.state)
        .toBe(state)
        .then(() => last()!),
    /** Lets the last back-off pass. */
    goOn: () => waits.at(-1)!.go(),
  };
}

describe('the supervisor', () => {
  it('waits for the machine’s service as long as it takes, starts none in its place, and finds it when it is there', async () => {
    const { supervisor, states, reaches, waits, goOn, serve, crash, starts } = setUp({ service: true });
    expect(await reaches('stopped')).toMatchObject({ awaited: true, why: 'No engine is running.' });
    for (let times = 1; times < 20; times++) {
      goOn();
      await expect.poll(() => waits.length).toBe(times + 1);
    }
    expect(waits.every(({ ms }) => ms <= 1_000)).toBe(true);
    // Said once.
    expect(states.map(({ state }) => state)).toEqual(['starting', 'stopped']);
    serve();
    goOn();
    expect(await reaches('running')).toMatchObject({ owned: false });
    crash({ code: 1, why: '' });
    expect(await reaches('stopped')).toMatchObject({ awaited: true });
    await supervisor.stop();
    expect(starts()).toBe(0);
  });

  it('attaches to an engine that runs, and leaves it running on quit', async () => {
    const { supervisor, reaches, starts, stops } = setUp({ running: true });
    expect(await reaches('running')).toEqual({ state: 'running', owned: false, restarted: null });
    await supervisor.stop();
    expect([starts(), stops()]).toEqual([0, 0]);
  });

  it('starts an engine where none runs, and ends it on quit', async () => {
    const { supervisor, states, reaches, starts, stops } = setUp();
    expect(await reaches('running')).toEqual({ state: 'running', owned: true, restarted: null });
    expect(states[0]).toEqual({ state: 'starting' });
    await supervisor.stop();
    expect([starts(), stops()]).toEqual([1, 1]);
  });

  it('leaves no engine behind when it is stopped while one starts', async () => {
    const { supervisor, starts, stops } = setUp();
    await supervisor.stop();
    expect(stops()).toBe(starts());
  });

  it('says why an engine stopped, starts it again, and says when', async () => {
    const { supervisor, crash, reaches, goOn, pass, starts } = setUp();
    await reaches('running');
    crash({ code: null, why: 'The guard ended by SIGKILL.' });
    expect(await reaches('restarting')).toEqual({
      state: 'restarting',
      stoppedAt: '2027-01-15T08:00:00.000Z',
      why: 'The guard ended by SIGKILL.',
    });
    pass(2_000);
    goOn();
    expect(await reaches('running')).toEqual({
      state: 'running',
      owned: true,
      restarted: { stoppedAt: '2027-01-15T08:00:00.000Z', at: '2027-01-15T08:00:02.000Z' },
    });
    expect(starts()).toBe(2);
    await supervisor.stop();
  });

  it('does not claim a restart where only the connection was lost', async () => {
    const { supervisor, drop, reaches, goOn } = setUp({ running: true });
    await reaches('running');
    drop();
    await reaches('restarting');
    goOn();
    expect(await reaches('running')).toMatchObject({ restarted: null });
    await supervisor.stop();
  });

  it('connects anew to the same engine when asked to, and tells it as no end of anything', async () => {
    const { supervisor, states, reaches, waits, starts } = setUp({ running: true });
    await reaches('running');
    const told = states.length;
    supervisor.rejoin();
    await expect.poll(() => states.length).toBe(told + 1);
    expect(states.at(-1)).toEqual({ state: 'running', owned: false, restarted: null });
    expect([waits, starts()]).toEqual([[], 0]);
    await supervisor.stop();
  });

  it('connects anew as often as asked to, and still tells a real end after that', async () => {
    const { supervisor, states, reaches, crash, connects } = setUp({ running: true });
    await reaches('running');
    for (let i = 0; i < 8; i++) {
      supervisor.rejoin();
      await expect.poll(connects).toBe(i + 2);
      await expect.poll(() => states.length).toBe(i + 3);
    }
    expect(states.slice(1).every(({ state }) => state === 'running')).toBe(true);
    crash({ code: 1, why: 'The guard ended with code 1.' });
    await reaches('restarting');
    await supervisor.stop();
  });

  it('gives up after five ends within a minute, with longer and longer pauses, until a person says to try again', async () => {
    const { supervisor, waits, reaches, states, starts } = setUp({ fails: { code: 1, why: 'The port is taken.' } });
    for (let end = 1; end < 5; end++) {
      await expect.poll(() => states.filter(({ state }) => state === 'restarting').length).toBe(end);
      waits.at(-1)!.go();
    }
    expect(await reaches('stopped')).toMatchObject({ why: 'The port is taken.' });
    expect(starts()).toBe(5);
    // Each time it waits a second for the last words, and then longer than before.
    expect(waits.map(({ ms }) => ms)).toEqual([250, 500, 1_000, 2_000, Number.POSITIVE_INFINITY].flatMap((ms) => [1_000, ms]));
    supervisor.retry();
    await expect.poll(starts).toBe(6);
    await supervisor.stop();
  });

  it('has something stand in for an engine that cannot run, says so, and tries again each minute', async () => {
    const { supervisor, waits, reaches, states, standing, starts } = setUp({
      fails: { code: 1, why: 'The port is taken.' },
      standsIn: true,
    });
    for (let end = 1; end < 5; end++) {
      await expect.poll(() => states.filter(({ state }) => state === 'restarting').length).toBe(end);
      waits.at(-1)!.go();
    }
    expect(await reaches('stopped')).toMatchObject({
      why: 'The port is taken.',
      meanwhile: 'Providers are out of reach meanwhile.',
    });
    expect(waits.at(-1)?.ms).toBe(60_000);
    waits.at(-1)!.go();
    await expect.poll(() => standing).toEqual(['begins', 'ends', 'begins']);
    // One more try, and nothing said in between that would not last.
    expect(starts()).toBe(6);
    expect(states.slice(-2).map(({ state }) => state)).toEqual(['stopped', 'stopped']);
    supervisor.retry();
    await expect.poll(starts).toBe(7);
    await supervisor.stop();
    expect(standing.filter((one) => one === 'begins').length).toBe(standing.filter((one) => one === 'ends').length);
  });

  it('counts ends by how long ago they were, also where the clock was set back', async () => {
    const { supervisor, states, waits, reaches, pass } = setUp({ fails: { code: 1, why: 'The port is taken.' } });
    for (let end = 1; end < 5; end++) {
      await expect.poll(() => states.filter(({ state }) => state === 'restarting').length).toBe(end);
      if (end === 3) pass(-3_600_000);
      waits.at(-1)!.go();
    }
    // Those of an hour ahead are none of the last minute.
    expect(await reaches('restarting')).toBeDefined();
    expect(states.some(({ state }) => state === 'stopped')).toBe(false);
    await supervisor.stop();
  });

  it('does not try again what the configuration forbids', async () => {
    const { supervisor, reaches, starts } = setUp({ fails: { code: 2, why: 'proxy.port: expected a number' } });
    expect(await reaches('stopped')).toMatchObject({ why: 'proxy.port: expected a number' });
    expect(starts()).toBe(1);
    await supervisor.stop();
  });

  it('starts no second engine beside one that does not let it in', async () => {
    const { supervisor, reaches, starts, states, waits } = setUp({ refuses: true });
    // It may just have been replaced by another: it is asked once more before anything is said.
    await expect.poll(() => waits.length).toBe(1);
    expect(states).toEqual([{ state: 'starting' }]);
    waits[0]!.go();
    expect(await reaches('at-odds')).toMatchObject({ because: 'access', why: 'The engine does not accept this client.' });
    for (let i = 1; i < 8; i++) {
      await expect.poll(() => waits.length).toBe(i + 1);
      waits[i]!.go();
    }
    expect(waits.slice(1).every(({ ms }) => ms === 10_000)).toBe(true);
    // Said once, and it never was a loop of ends.
    expect(states.length).toBe(2);
    expect(starts()).toBe(0);
    await supervisor.stop();
  });
});

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
