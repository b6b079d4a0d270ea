/** What systemd is told of the engine, and when it is told nothing. */

import { describe, expect, it, vi } from 'vitest';
import { createServiceNotice } from '../../../main/engine/service-notify.ts';

const ENV = { NOTIFY_SOCKET: '/run/systemd/notify', WATCHDOG_USEC: '30000000' };

function noticed(alive: () => Promise<void>, env: NodeJS.ProcessEnv = ENV) {
  const sent: string[][] = [];
  const logged: string[] = [];
  const ticks: { ms: number; call: () => void }[] = [];
  const notice = createServiceNotice({
    env,
    alive,
    log: (message) => logged.push(message),
    send: async (lines) => void sent.push([...lines]),
    every: (ms, call) => {
      ticks.push({ ms, call });
      return () => void ticks.splice(0);
    },
  });
  return { notice, sent, logged, ticks, tick: () => ticks[0]?.call() };
}

describe('the service’s notices', () => {
  it('are none where nobody asked for them', () => {
    expect(noticed(async () => {}, {}).notice).toBeUndefined();
  });

  it('say that it serves, that it is alive, and that it stops', async () => {
    const { notice, sent, ticks, tick } = noticed(async () => {});
    await notice?.ready('Guarding');
    expect(ticks[0]?.ms).toBe(10_000);
    tick();
    await vi.waitFor(() => expect(sent).toEqual([['READY=1', 'STATUS=Guarding'], ['WATCHDOG=1']]));
    await notice?.stopping();
    expect([sent.at(-1), ticks]).toEqual([['STOPPING=1'], []]);
  });

  it('say nothing while the engine does not answer, or not well', async () => {
    const answer = Promise.withResolvers<void>();
    let asked = 0;
    const { notice, sent, logged, tick } = noticed(() => {
      asked += 1;
      return asked === 1 ? answer.promise : Promise.reject(new Error('the policy worker does not start'));
    });
    await notice?.ready('Guarding');
    tick();
    tick();
    expect([asked, sent.length]).toEqual([1, 1]);
    answer.resolve();
    await vi.waitFor(() => expect(sent.at(-1)).toEqual(['WATCHDOG=1']));
    await vi.waitFor(() => {
      tick();
      expect(logged).toContain('the policy worker does not start');
    });
    expect(sent).toHaveLength(2);
  });

  it('do not look at all where no watchdog waits', async () => {
    const { notice, ticks } = noticed(async () => {}, { NOTIFY_SOCKET: '/run/systemd/notify' });
    await notice?.ready('Guarding');
    expect(ticks).toEqual([]);
  });
});
