import { chmodSync, chownSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLinuxManaged } from '../../../native-config/managed/linux.ts';

const OWNER = process.getuid?.() ?? 0;
const isRoot = OWNER === 0;

let top = '';
let file = '';
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'holdpoint-managed-'));
  mkdirSync(join(top, 'etc'), { mode: 0o755 });
  file = join(top, 'etc', 'managed.json');
});
afterEach(() => rmSync(top, { recursive: true }));

const read = (owner = OWNER) => createLinuxManaged({ file, owner })();
function write(content: string, mode = 0o644): void {
  writeFileSync(file, content);
  chmodSync(file, mode);
}
/** The file, with a folder of its way in another mode. */
function written(folder: string, mode: number): void {
  write('{}');
  chmodSync(folder, mode);
}

describe.skipIf(process.platform === 'win32')('the managed file', () => {
  it('is not needed', async () => {
    expect(await read()).toEqual({ state: 'none' });
    rmSync(join(top, 'etc'), { recursive: true });
    expect(await read()).toEqual({ state: 'none' });
  });

  it('gives its settings, a byte order mark or not', async () => {
    write('\uFEFF{"contact":"IT"}');
    expect(await read()).toEqual({ state: 'settings', json: { contact: 'IT' }, source: file, base: join(top, 'etc') });
  });

  it.each<[string, () => void, RegExp]>([
    ['that the group can write', () => write('{}', 0o664), /others than root can write it; .*chmod go-w/],
    ['that everybody can write', () => write('{}', 0o602), /others than root can write it/],
    ['in a folder that others can write to', () => written(join(top, 'etc'), 0o777), /others than root can write to its folder .*etc/],
    [
      'in a folder that is shared by all, where anybody could have been first',
      () => written(join(top, 'etc'), 0o1777),
      /others than root can write to its folder/,
    ],
    ['below a folder that others can write to', () => written(top, 0o775), /others than root can write to its folder/],
    ['that is a folder', () => mkdirSync(file), /it is not a file/],
    ['that is a link to nothing', () => symlinkSync('nowhere', file), /it is a link to nothing/],
    ['that is cut off', () => write('{"fleet":{"enrolmentToken":"hunter2hunter2'), /it is not valid JSON/],
    ['that is not text', () => writeFileSync(file, Buffer.from([0x7b, 0xff, 0x7d]), { mode: 0o644 }), /cannot be read/],
    ['that is absurdly long', () => write(' '.repeat(2_000_000)), /it is 2000000 bytes long/],
  ])('%s is not believed, in a sentence that says why', async (_what, prepare, why) => {
    prepare();
    const reading = await read();
    expect(reading).toEqual({ state: 'unusable', source: file, why: expect.stringMatching(why) });
    expect(JSON.stringify(reading)).not.toContain('hunter2');
  });

  it('is followed through a link where root alone could have put both', async () => {
    mkdirSync(join(top, 'store'), { mode: 0o755 });
    write('{"contact":"IT"}');
    renameSync(file, join(top, 'store', 'managed.json'));
    symlinkSync('../store/managed.json', file);
    expect(await read()).toMatchObject({ state: 'settings', json: { contact: 'IT' } });
    chmodSync(join(top, 'store'), 0o777);
    expect(await read()).toMatchObject({ state: 'unusable', why: expect.stringContaining(join(top, 'store')) });
  });

  it('is not followed through a link that others could have put in its place, even where it ends well', async () => {
    for (const [name, mode] of [
      ['store', 0o755],
      ['open', 0o777],
    ] as const) {
      mkdirSync(join(top, name));
      chmodSync(join(top, name), mode);
    }
    writeFileSync(join(top, 'store', 'managed.json'), '{"contact":"IT"}', { mode: 0o644 });
    symlinkSync('../store/managed.json', join(top, 'open', 'link'));
    symlinkSync('../open/link', file);
    expect(await read()).toMatchObject({ state: 'unusable', why: expect.stringContaining(join(top, 'open')) });
    rmSync(file);
    symlinkSync('managed.json', file);
    expect(await read()).toMatchObject({ state: 'unusable', why: expect.stringContaining('round in a circle') });
  });

  it('is found where its folder is a link', async () => {
    write('{"contact":"IT"}');
    renameSync(join(top, 'etc'), join(top, 'real'));
    symlinkSync(join(top, 'real'), join(top, 'etc'));
    expect(await read()).toMatchObject({ state: 'settings', source: file });
  });

  it.runIf(isRoot)('of another user is not believed', async () => {
    write('{}');
    chownSync(file, 12345, 0);
    expect(await read()).toMatchObject({ state: 'unusable', why: expect.stringContaining('it belongs to user 12345') });
    chownSync(file, 0, 0);
    chownSync(join(top, 'etc'), 12345, 0);
    expect(await read()).toMatchObject({ state: 'unusable', why: expect.stringContaining('belongs to user 12345') });
  });

  it.skipIf(isRoot)('of the user is not believed', async () => {
    write('{}');
    expect(await read(0)).toMatchObject({ state: 'unusable', why: expect.stringContaining('belongs to user') });
  });
});
