import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { isManaged, isShownAround, markShownAround } from '../../../main/app/first-run/first-run.ts';
import type { Setting } from '../../../main/contract/settings/layers.ts';
import type { ControlClient } from '../../../main/engine/control/client.ts';
import { statusOf } from '../../integration/control/fixture.ts';

it('remembers that somebody was shown around', () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdpoint-first-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const own = join(folder, 'app');
  expect(isShownAround(own)).toBe(false);
  markShownAround(own);
  expect(isShownAround(own)).toBe(true);
});

const setting = (change: Partial<Setting>): Setting => ({
  key: 'approvals.timeoutSeconds',
  meaning: '',
  type: 'number',
  value: 120,
  source: 'default',
  where: '',
  revision: null,
  lockedBy: null,
  conflicts: [],
  mayBeSetBy: ['managed', 'fleet', 'user'],
  live: true,
  ...change,
});

function engine(settings: readonly Setting[] | undefined, more: object = {}): Pick<ControlClient, 'call'> {
  const call = async (method: string) => {
    if (method === 'status') return { ...statusOf('/data'), ...more };
    if (settings === undefined) throw new Error('The engine has no such method.');
    return { settings, contact: null, notes: [] };
  };
  return { call } as unknown as Pick<ControlClient, 'call'>;
}

it.each<[string, boolean, Pick<ControlClient, 'call'>]>([
  ['nobody has set anything', false, engine([setting({})])],
  ['the person has', false, engine([setting({ source: 'user' })])],
  ['the operating system’s management has', true, engine([setting({}), setting({ source: 'managed', lockedBy: 'managed' })])],
  ['a fleet has', true, engine([setting({ source: 'fleet' })])],
  ['somebody keeps others from setting one', true, engine([setting({ lockedBy: 'fleet' })])],
  ['it belongs to a fleet that has set nothing yet', true, engine([], { fleet: {} })],
  ['the engine cannot tell', true, engine(undefined)],
])('where %s, the machine counts as managed: %s', async (_where, managed, client) => {
  expect(await isManaged(client)).toBe(managed);
});
