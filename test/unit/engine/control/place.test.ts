import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { CONTROL_PLACE, findControlPlace, newControlPlace } from '../../../../main/engine/control/place.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdpoint-place-'));
  folders.push(folder);
  return folder;
}

describe('the control socket', () => {
  it('lies in the data folder', () => {
    const dir = temporary();
    expect(newControlPlace(dir)).toMatchObject({ socket: join(dir, 'control.sock') });
    expect(findControlPlace(dir)).toBe(join(dir, 'control.sock'));
  });

  it('lies in a short private folder where the data folder’s path is too long for a socket', () => {
    const runtime = temporary();
    const place = newControlPlace(join(runtime, 'x'.repeat(120)), { XDG_RUNTIME_DIR: runtime }, 'linux');
    expect(place.socket.startsWith(runtime)).toBe(true);
    expect(Buffer.byteLength(place.socket)).toBeLessThan(104);
    expect(statSync(dirname(place.socket)).mode & 0o777).toBe(0o700);
    place.remove();
    expect(existsSync(dirname(place.socket))).toBe(false);
  });

  it('is found by the note in the data folder', () => {
    const dir = temporary();
    const place = newControlPlace('/'.padEnd(120, 'x'), { XDG_RUNTIME_DIR: temporary() }, 'linux');
    writeFileSync(join(dir, CONTROL_PLACE), place.note!);
    expect(findControlPlace(dir)).toBe(place.socket);
  });

  it('is a named pipe on Windows, with another name each time', () => {
    const [one, other] = [newControlPlace('C:\\data', {}, 'win32'), newControlPlace('C:\\data', {}, 'win32')];
    expect(one.socket).toMatch(/^\\\\\.\\pipe\\holdpoint-[0-9a-f]{32}$/);
    expect(one.socket).not.toBe(other.socket);
    expect(JSON.parse(one.note!)).toEqual({ socket: one.socket });
  });

  it.each([['nonsense'], ['{}'], ['{"socket":"relative.sock"}'], [`{"socket":"${'/x'.repeat(400)}"}`]])(
    'is not looked for where the note says %s',
    (note) => {
      const dir = temporary();
      writeFileSync(join(dir, CONTROL_PLACE), note);
      expect(() => findControlPlace(dir)).toThrow();
    },
  );
});
