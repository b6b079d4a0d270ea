/** The installed program against the list that came with it. */

import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROGRAM_FILES, programList, verifyProgram } from '../../../../main/engine/tamper/program.ts';

let root: string;
const FILES = { 'main/engine.ts': 'guard', 'node_modules/zod/index.js': 'schemas' };

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'holdpoint-program-'));
  mkdirSync(join(root, 'main'));
  mkdirSync(join(root, 'node_modules/zod'), { recursive: true });
  for (const [path, text] of Object.entries(FILES)) writeFileSync(join(root, path), text);
  const files = Object.fromEntries(Object.entries(FILES).map(([path, text]) => [path, createHash('sha256').update(text).digest('hex')]));
  writeFileSync(join(root, PROGRAM_FILES), JSON.stringify({ version: 1, files }));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the program', () => {
  it('that nobody has touched is whole', async () => {
    expect(await verifyProgram(root)).toEqual({ state: 'whole', files: 2 });
  });

  it('is not whole with a file changed, added, gone or replaced by a link: each is named', async () => {
    writeFileSync(join(root, 'main/engine.ts'), 'no guard');
    writeFileSync(join(root, 'main/more.ts'), 'backdoor');
    rmSync(join(root, 'node_modules/zod/index.js'));
    symlinkSync('/etc/passwd', join(root, 'main/link.ts'));
    expect(await verifyProgram(root)).toEqual({
      state: 'changed',
      count: 4,
      differences: ['main/engine.ts was changed', 'main/link.ts was added', 'main/more.ts was added', 'node_modules/zod/index.js is gone'],
    });
  });

  it('is whole by the list that is made of it', async () => {
    writeFileSync(join(root, PROGRAM_FILES), await programList(root));
    expect(await verifyProgram(root)).toEqual({ state: 'whole', files: 2 });
  });

  it('whose list is damaged is not taken for whole', async () => {
    writeFileSync(join(root, PROGRAM_FILES), '{"version": 1, "files": {"main/engine.ts": 7}}');
    expect(await verifyProgram(root)).toMatchObject({ state: 'changed', count: 1 });
  });

  it('of a clone has no list', async () => {
    rmSync(join(root, PROGRAM_FILES));
    expect(await verifyProgram(root)).toEqual({ state: 'unpackaged' });
  });
});
