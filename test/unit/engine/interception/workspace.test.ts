/** Finding the project that an agent works on. */

import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { projectRoot } from '../../../../main/engine/interception/workspace.ts';

let home: string;
beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'holdpoint-home-')));
});
afterEach(() => rm(home, { recursive: true }));

describe('the project’s root', () => {
  it.each(['.git', 'package.json', 'pyproject.toml', 'Cargo.toml', 'go.mod'])('is the nearest folder with %s', async (mark) => {
    const cwd = await folder('work/shop/src/deep');
    await writeFile(join(home, 'work/shop', mark), '');
    expect(await projectRoot(cwd, home)).toBe(join(home, 'work/shop'));
    expect(await projectRoot(join(home, 'work/shop'), home)).toBe(join(home, 'work/shop'));
  });

  it('is the inner one of two', async () => {
    const cwd = await folder('work/packages/ui/src');
    await mkdir(join(home, 'work/.git'));
    await writeFile(join(home, 'work/packages/ui/package.json'), '{}');
    expect(await projectRoot(cwd, home)).toBe(join(home, 'work/packages/ui'));
  });

  it('is the folder itself where nothing marks a project, or where it does not exist', async () => {
    expect(await projectRoot(await folder('notes/today'), home)).toBe(join(home, 'notes/today'));
    expect(await projectRoot(join(home, 'gone'), home)).toBe(join(home, 'gone'));
  });

  it('is not the home folder, though dotfiles are kept there under git, nor a folder above it', async () => {
    await mkdir(join(home, '.git'));
    const user = await folder('dev');
    expect(await projectRoot(await folder('notes'), home)).toBe(join(home, 'notes'));
    expect(await projectRoot(await folder('dev/notes'), user)).toBe(join(user, 'notes'));
    expect(await projectRoot(await folder('shared/notes'), user)).toBe(join(home, 'shared/notes'));
  });
});

async function folder(path: string): Promise<string> {
  await mkdir(join(home, path), { recursive: true });
  return join(home, path);
}
