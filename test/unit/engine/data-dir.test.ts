import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimDataDir, writeFileAtomically } from '../../../main/engine/data-dir.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdpoint-data-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const mode = (path: string) => statSync(path).mode & 0o777;
const code = (code: string) => expect.objectContaining({ code });

/** Claims the folder in a process of its own, and says so. */
async function otherEngine(dir: string) {
  const module = new URL('../../../main/engine/data-dir.ts', import.meta.url).href;
  const script = `
    const { claimDataDir } = await import(${JSON.stringify(module)});
    try { claimDataDir(${JSON.stringify(dir)}); console.log('claimed'); } catch (error) { console.log(error.code); process.exit(); }
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const [said] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return {
    said,
    pid: child.pid!,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

describe('a data folder', () => {
  it('is made for this user only, parents included', () => {
    const dir = join(folder, 'a', 'b');
    const claim = claimDataDir(dir);
    expect(claim.dir).toBe(dir);
    expect(mode(dir)).toBe(0o700);
    claim.release();
  });

  it('is made private where others could enter it', () => {
    const dir = join(folder, 'open');
    mkdirSync(dir);
    chmodSync(dir, 0o755);
    claimDataDir(dir).release();
    expect(mode(dir)).toBe(0o700);
  });

  it.each<[string, (dir: string) => void]>([
    ['a symbolic link', (dir) => symlinkSync(folder, dir)],
    ['a file', (dir) => writeFileSync(dir, '')],
    [
      'shared by all users',
      (dir) => {
        mkdirSync(dir);
        chmodSync(dir, 0o1777);
      },
    ],
    [
      'holding something else in the lock’s place',
      (dir) => {
        mkdirSync(dir);
        writeFileSync(join(dir, 'engine.lock'), 'something else'.repeat(100));
      },
    ],
  ])('that is %s is refused', (_what, make) => {
    const dir = join(folder, 'data');
    make(dir);
    expect(() => claimDataDir(dir)).toThrow(code('data-dir-unusable'));
  });

  it.each([[homedir()], ['/']])('that is %s is refused, and its mode left as it is', (dir) => {
    const before = mode(dir);
    expect(() => claimDataDir(dir)).toThrow(code('data-dir-unusable'));
    expect(mode(dir)).toBe(before);
  });

  it('is of one engine at a time, and the second is told whose it is', () => {
    const claim = claimDataDir(folder);
    expect(() => claimDataDir(folder)).toThrow(
      expect.objectContaining({ code: 'data-dir-busy', message: expect.stringContaining(`process ${process.pid}`) }),
    );
    claim.release();
    claim.release();
    expect(existsSync(join(folder, 'engine.pid'))).toBe(false);
    claimDataDir(folder).release();
  });

  it('is not given to another process, until the first was killed', async () => {
    const first = await otherEngine(folder);
    expect(first.said).toBe('claimed');
    expect(() => claimDataDir(folder)).toThrow(
      expect.objectContaining({ code: 'data-dir-busy', message: expect.stringContaining(`process ${first.pid}`) }),
    );
    await first.kill();
    claimDataDir(folder).release();
  });

  it('is taken over from a killed engine by only one of several starters', async () => {
    await (await otherEngine(folder)).kill();
    const starters = await Promise.all([otherEngine(folder), otherEngine(folder), otherEngine(folder)]);
    expect(starters.map(({ said }) => said).sort()).toEqual(['claimed', 'data-dir-busy', 'data-dir-busy']);
    await Promise.all(starters.map((starter) => starter.kill()));
  });

  it('remembers the port from one engine to the next', () => {
    const first = claimDataDir(folder);
    expect(first.state()).toEqual({});
    first.saveState({ port: 4141 });
    first.release();
    const second = claimDataDir(folder);
    expect(second.state()).toEqual({ port: 4141 });
    second.release();
  });

  it.each(['', '{"port":', '{"port":99999}', '{"port":"80"}', '[]'])('starts afresh where its state says %j', (state) => {
    writeFileSync(join(folder, 'state.json'), state);
    const claim = claimDataDir(folder);
    expect(claim.state()).toEqual({});
    claim.release();
  });
});

describe('a file written atomically', () => {
  it('is only for this user, and leaves the old one where it cannot be written', () => {
    const file = join(folder, 'file');
    writeFileAtomically(file, 'old');
    expect(mode(file)).toBe(0o600);
    mkdirSync(`${file}.${process.pid}.tmp`);
    expect(() => writeFileAtomically(file, 'new')).toThrow();
    expect(statSync(file).size).toBe(3);
  });
});
