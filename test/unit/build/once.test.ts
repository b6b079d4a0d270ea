/** Folders in the shared cache: whole or not there. */

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { madeOnce } from '../../../build/once.ts';

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'holdpoint-cache-'));
});
afterEach(() => rm(cache, { recursive: true }));

const filledWith = (text: string) => async (folder: string) => {
  await new Promise(setImmediate);
  await writeFile(join(folder, 'file'), text);
};

describe('a folder that is made once', () => {
  it('is filled by the first who asks and then left alone', async () => {
    const folder = join(cache, 'deep/agents');
    expect(await madeOnce(folder, filledWith('first'))).toBe(folder);
    await madeOnce(folder, filledWith('second'));
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('first');
  });

  it('is whole when many make it at the same time, and nothing of theirs is left over', async () => {
    const folder = join(cache, 'agents');
    await Promise.all(['a', 'b', 'c', 'd'].map((text) => madeOnce(folder, filledWith(text))));
    expect(await readFile(join(folder, 'file'), 'utf8')).toMatch(/^[abcd]$/);
    expect(await readdir(cache)).toEqual(['agents']);
  });

  it('is not there after a failure, so that the next run tries again', async () => {
    const folder = join(cache, 'agents');
    const broken = async (unfinished: string) => {
      await writeFile(join(unfinished, 'file'), 'half');
      throw new Error('network gone');
    };
    await expect(madeOnce(folder, broken)).rejects.toThrow('network gone');
    expect(await readdir(cache)).toEqual([]);
    await madeOnce(folder, filledWith('whole'));
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('whole');
  });
});
