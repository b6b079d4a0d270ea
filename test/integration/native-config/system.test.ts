/** Tools of the machine are run so that they reach nothing of who runs them: some run as users whose files lead them. */

import { expect, it } from 'vitest';
import { thisSystem } from '../../../native-config/system.ts';

const { run } = thisSystem();

it.runIf(process.platform === 'linux')('a tool has no terminal that it could type into', async () => {
  // proc_pid_stat(5): after the name in brackets state, parent, group, session, terminal.
  const { out } = await run('/bin/sh', ['-c', 'echo $$; cat /proc/$$/stat']);
  const [pid, stat = ''] = out.trim().split('\n');
  const [, , group, session, terminal] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  expect({ group, session, terminal }).toEqual({ group: pid, session: pid, terminal: '0' });
});

it.skipIf(process.platform === 'win32')('what a tool leaves running does not keep its end from being seen', async () => {
  const { code, out } = await run('/bin/sh', ['-c', 'setsid sleep 60 & echo $!; exit 3']);
  process.kill(Number(out), 'SIGKILL');
  expect(code).toBe(3);
});

it('what cannot be started is told', async () => {
  expect(await run('/nowhere/at-all', [])).toMatchObject({ code: null });
});

it.skipIf(process.platform === 'win32')('is given what it is to read', async () => {
  expect(await run('/bin/cat', [], { input: 'a certificate' })).toEqual({ code: 0, out: 'a certificate', err: '' });
});
