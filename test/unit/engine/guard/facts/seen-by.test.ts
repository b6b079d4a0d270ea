/** An engine that may look everywhere tells nobody of what is closed to them. */

import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seenBy } from '../../../../../main/engine/guard/facts/seen-by.ts';
import { factsOf } from '../../../../../main/engine/guard/understand.ts';

const here = realpathSync(mkdtempSync(join(tmpdir(), 'holdpoint-seen-')));
const own = process.getuid?.() ?? 0;
const other = seenBy(own + 12_345);
const [closed, open, secret] = [join(here, 'closed'), join(here, 'open'), join(here, 'closed/secret')];

beforeAll(() => {
  mkdirSync(closed);
  mkdirSync(open);
  writeFileSync(secret, '');
  symlinkSync(secret, join(open, 'to-secret'));
  symlinkSync('/etc/passwd', join(closed, 'to-passwd'));
  symlinkSync(join(closed, 'to-passwd'), join(open, 'through'));

  symlinkSync('loop', join(open, 'loop'));
  symlinkSync('../open', join(open, 'itself'));
  chmodSync(here, 0o755);
  chmodSync(open, 0o755);
  chmodSync(closed, 0o700);
});
afterAll(() => rmSync(here, { recursive: true, force: true }));

it('of what lies in a folder that is closed to the user nothing is told: neither whether it is there nor where it leads', () => {
  expect(other(closed)).toBe(closed);
  for (const look of [other, seenBy(undefined)])
    for (const name of ['secret', 'absent', 'to-passwd', 'absent/below']) expect(look(join(closed, name))).toBe(join(closed, name));
});

it('a link of their own is followed up to there, and not on from there', () => {
  expect(other(join(open, 'to-secret'))).toBe(secret);
  expect(other(join(open, 'through'))).toBe(join(closed, 'to-passwd'));
  expect(other(join(open, '../closed/secret'))).toBe(secret);
  expect(other(join(open, 'absent'))).toBeUndefined();
});

it('is followed for whose it is as the system does it', () => {
  for (const name of ['to-secret', 'through', 'itself/itself/to-secret', '../open/itself', '.'])
    expect(seenBy(own)(join(open, name))).toBe(realpathSync.native(join(open, name)));
  expect(seenBy(own)(join(open, 'loop'))).toBeUndefined();
  expect(seenBy(own)(join(secret, 'below'))).toBeUndefined();
});

it('facts of a call see that a link leads out of the project, also to what is closed', () => {
  const workspace = { state: 'known', root: open, cwd: open, source: 'process' } as const;
  const origin = { exchange: '', session: '', agent: { name: 'a' }, protocol: 'unknown', provider: '', host: '', workspace } as const;
  const call = { id: '1', tool: 'Read', input: { file_path: join(open, 'to-secret') } };
  expect(factsOf({ kind: 'call_tool', id: '1', origin, call, place: '' }, other).paths[0]?.where).toBe('outside');
});
