/** Nobody is asked behind a locked screen. */

import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { watchPresence } from '../../../main/app/presence.ts';

function setUp(platform: NodeJS.Platform) {
  const told: boolean[] = [];
  let idle = 'active';
  let ask: () => void = () => {};
  const monitor = Object.assign(new EventEmitter(), { getSystemIdleState: () => idle });
  const presence = watchPresence({
    monitor,
    platform,
    onChange: (present) => void told.push(present),
    every: (_, given) => {
      ask = given;
    },
  });
  return {
    told,
    presence,
    tell: (...events: readonly string[]) => events.forEach((event) => void monitor.emit(event)),
    find(state: string) {
      idle = state;
      ask();
    },
  };
}

describe('a person', () => {
  it('is there until the screen is locked, and again when it is unlocked', () => {
    const { told, presence, tell } = setUp('darwin');
    expect(presence.present).toBe(true);
    tell('lock-screen');
    expect(presence.present).toBe(false);
    tell('unlock-screen');
    expect(told).toEqual([false, true]);
    expect(presence.present).toBe(true);
  });

  it('is not there when the computer wakes up locked', () => {
    const { told, presence, tell } = setUp('win32');
    tell('lock-screen', 'suspend', 'resume');
    expect(presence.present).toBe(false);
    tell('unlock-screen');
    expect(told).toEqual([false, true]);
  });

  it('is found to be away on Linux, which tells no event of it', () => {
    const { told, find } = setUp('linux');
    for (const state of ['active', 'locked', 'locked', 'idle', 'unknown']) find(state);
    expect(told).toEqual([false, true]);
  });

  it('is taken to be there where a lock cannot be told', () => {
    const { presence, find } = setUp('linux');
    find('unknown');
    expect(presence.present).toBe(true);
  });
});
