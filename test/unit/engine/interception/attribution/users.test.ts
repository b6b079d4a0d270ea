import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createUsers } from '../../../../../main/engine/interception/attribution/users.ts';

it('knows names, homes and numbers, also those of users that are made while it runs; one who stands nowhere has a number for a name', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'holdpoint-users-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const file = join(dir, 'passwd');
  writeFileSync(file, 'root:x:0:0:root:/root:/bin/sh\ntoor:x:0:0::/other:/bin/sh\nbad line\nhomeless:x:7:7:::\n');
  const users = createUsers(file);
  expect(await Promise.all([users.nameOf(0), users.nameOf(7), users.nameOf(1000)])).toEqual(['root', 'homeless', '1000']);
  expect(await Promise.all(['root', 'homeless', '1000'].map(users.homeOf))).toEqual(['/root', undefined, undefined]);
  expect(await Promise.all(['toor', '1000', 'nobody here'].map(users.idOf))).toEqual([0, 1000, undefined]);
  writeFileSync(file, 'root:x:0:0:root:/root:/bin/sh\ndev:x:1000:1000:Dev,,,:/home/dev:/bin/bash\n');
  expect([await users.nameOf(1000), await users.homeOf('dev'), await users.idOf('dev')]).toEqual(['dev', '/home/dev', 1000]);
});
