import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createUsers } from '../../../../main/engine/interception/attribution/users.ts';

it('knows names and homes, also those of users that are made while it runs', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'holdpoint-users-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const file = join(dir, 'passwd');
  writeFileSync(file, 'root:x:0:0:root:/root:/bin/sh\ntoor:x:0:0::/other:/bin/sh\nbad line\nhomeless:x:7:7:::\n');
  const users = createUsers(file);
  expect(await Promise.all([users.nameOf(0), users.nameOf(7), users.nameOf(1000)])).toEqual(['root', 'homeless', '1000']);
  expect(await Promise.all([users.homeOf('root'), users.homeOf('homeless'), users.homeOf('1000')])).toEqual([
    '/root',
    undefined,
    undefined,
  ]);
  writeFileSync(file, 'root:x:0:0:root:/root:/bin/sh\ndev:x:1000:1000:Dev,,,:/home/dev:/bin/bash\n');
  expect([await users.nameOf(1000), await users.homeOf('dev')]).toEqual(['dev', '/home/dev']);
});
