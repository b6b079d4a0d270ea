/** The desktop that the other tests of this folder use: it is private, and it goes without trace. */

import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { ran } from '../../build/commands.ts';
import { startDisplay } from '../support/display.ts';

it('has windows, a tray and notifications, apart from any other desktop, until it is stopped', async () => {
  const pictures = await mkdtemp(join(tmpdir(), 'holdpoint-pictures-'));
  onTestFinished(() => rm(pictures, { recursive: true }));
  const [one, other] = await Promise.all([
    startDisplay({ parts: ['windows', 'tray', 'notifications'] }),
    startDisplay({ size: '640x480' }),
  ]);
  expect(one.env.DISPLAY).not.toBe(other.env.DISPLAY);
  expect(one.env.DBUS_SESSION_BUS_ADDRESS).not.toBe(other.env.DBUS_SESSION_BUS_ADDRESS);
  await one.screenshot(join(pictures, 'one.png'));
  const picture = await readFile(join(pictures, 'one.png'));
  expect([picture.toString('latin1', 1, 4), picture.readUInt32BE(16), picture.readUInt32BE(20)]).toEqual(['PNG', 1280, 800]);

  await one.stop();
  expect((await ran('xprop', ['-root'], { env: one.env })).code).not.toBe(0);
  await expect(access(one.home)).rejects.toThrow('ENOENT');
  expect((await ran('xprop', ['-root'], { env: other.env })).code).toBe(0);
  await other.stop();
});
