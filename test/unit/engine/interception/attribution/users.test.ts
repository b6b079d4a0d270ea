import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createUsers } from '../../../../../main/engine/interception/attribution/users.ts';

it('a user who came after the engine has started is known by name, and one who stands nowhere by number', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'holdpoint-users-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const file = join(dir, 'passwd');
  writeFileSync(file, 'root:x:0:0:root:/root:/bin/bash\n');
  const users = createUsers(file);
  expect([await users.nameOf(0), await users.nameOf(1001)]).toEqual(['root', '1001']);
  writeFileSync(file, 'root:x:0:0:root:/root:/bin/bash\nann:x:1001:1001::/home/ann:/bin/sh\n');
  expect([await users.nameOf(0), await users.nameOf(1001), await users.nameOf(4242)]).toEqual(['root', 'ann', '4242']);
});
