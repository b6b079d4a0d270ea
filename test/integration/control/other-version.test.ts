/** The app beside an engine of another version, or another user's: it says so, replaces nothing, and goes on once it can. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { GuardState } from '../../../main/app/channels.ts';
import { superviseEngine } from '../../../main/app/supervisor.ts';
import { connectControl, unreachable } from '../../../main/engine/control/client.ts';
import { type ForeignEngine, startForeignEngine } from '../../support/foreign-engine.ts';
import { controlFixture, statusOf } from './fixture.ts';

/** An app's supervisor over real sockets. Its pauses are over at once, but for the long one. */
async function setUp(methods: Readonly<Record<string, () => unknown>>, connect?: () => Promise<never>) {
  const dataDir = mkdtempSync(join(tmpdir(), 'holdpoint-version-'));
  const foreign = connect ? undefined : await startForeignEngine(dataDir, { version: '9.9.9', methods });
  const states: GuardState[] = [];
  let starts = 0;
  const supervisor = superviseEngine({
    connect: connect ?? (() => connectControl(dataDir, { client: 'app', attends: true })),
    start() {
      starts++;
      throw new Error('Nothing is to be started.');
    },
    onChange: (guard) => void states.push(guard),
    clock: {
      now: Date.now,
      wait: (ms, signal) =>
        new Promise((resolve) => {
          if (ms < 10_000) setImmediate(resolve);
          else signal.addEventListener('abort', () => resolve(), { once: true });
        }),
    },
  });
  return {
    dataDir,
    supervisor,
    states,
    starts: () => starts,
    foreign: foreign as ForeignEngine,
    reaches: async (state: GuardState['state']) => {
      await expect.poll(() => states.at(-1)?.state).toBe(state);
      return states.at(-1)!;
    },
    async [Symbol.asyncDispose]() {
      await supervisor.stop();
      await foreign?.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

const lists = { questions: () => [], missed: () => [] };
const newer = { ...statusOf('/d'), moon: 'full' };

it.each([
  ['whose status says more', { ...lists, status: () => newer }],
  ['that knows no questions', { status: () => statusOf('/d'), missed: () => [] }],
  ['that knows nothing', {}],
])('an engine %s is named with its version, asked rarely, and never replaced', async (_what, methods) => {
  await using app = await setUp(methods);
  expect(await app.reaches('at-odds')).toMatchObject({ because: 'version', version: '9.9.9' });
  expect(app.foreign.hellos()).toBe(2);
  expect(app.starts()).toBe(0);
  app.supervisor.retry();
  await expect.poll(() => app.foreign.hellos()).toBe(3);
  expect(app.starts()).toBe(0);
});

it('an engine that says something unknown in the middle is at odds from then on', async () => {
  await using app = await setUp({ ...lists, status: () => statusOf('/d') });
  await app.reaches('running');
  app.foreign.tell('status', newer);
  expect(await app.reaches('at-odds')).toMatchObject({ because: 'version', version: '9.9.9' });
  // It is not believed again because it has not said it yet.
  app.supervisor.retry();
  await expect.poll(() => app.foreign.hellos()).toBe(2);
  app.supervisor.retry();
  await expect.poll(() => app.foreign.hellos()).toBe(3);
  expect(app.states.map(({ state }) => state)).toEqual(['starting', 'running', 'at-odds']);
  expect(app.starts()).toBe(0);
});

it('an engine that is understood takes the other’s place without a restart of the app', async () => {
  await using app = await setUp({});
  await app.reaches('at-odds');
  await app.foreign.stop();
  await using _engine = await controlFixture({}, { dataDir: app.dataDir });
  app.supervisor.retry();
  expect(await app.reaches('running')).toEqual({ state: 'running', owned: false, restarted: null });
  await app.supervisor.stop();
});

it('another user’s engine is said to be that, and none is started in its folder', async () => {
  const cause = Object.assign(new Error('EACCES: permission denied, open control.token'), { code: 'EACCES' });
  await using app = await setUp({}, () => Promise.reject(unreachable('/home/other/.holdpoint', cause)));
  expect(await app.reaches('at-odds')).toEqual({
    state: 'at-odds',
    because: 'access',
    version: null,
    why: '/home/other/.holdpoint belongs to another user of this computer, and so does the guard in it. Use a folder of your own: --data-dir FOLDER.',
  });
  expect(app.starts()).toBe(0);
});
