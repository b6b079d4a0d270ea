/** Where `npm start` shows itself. */

import { expect, it } from 'vitest';
import { hasDisplay } from '../../../build/display.ts';

it.each<[NodeJS.ProcessEnv, NodeJS.Platform, boolean]>([
  [{ DISPLAY: ':0' }, 'linux', true],
  [{ WAYLAND_DISPLAY: 'wayland-0' }, 'linux', true],
  [{ DISPLAY: '' }, 'linux', false],
  [{}, 'linux', false],
  [{}, 'darwin', true],
  [{}, 'win32', true],
])('%j on %s: a display is there = %s', (env, platform, there) => {
  expect(hasDisplay(env, platform)).toBe(there);
});
