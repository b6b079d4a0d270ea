/** What can be repaired from here, and by whom: planned before it is done, and one that fails keeps no other back. */

import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Looked } from '../../../main/cli/doctor/look.ts';
import { repairsFor } from '../../../main/cli/doctor/repairs.ts';
import type { CheckResult } from '../../../main/contract/doctor.ts';
import { servicePlaces } from '../../../main/contract/service-places.ts';
import { createAgentSetup } from '../../../native-config/agents/setup.ts';
import type { Part } from '../../../native-config/part.ts';
import { thisSystem } from '../../../native-config/system.ts';
import { context, folder } from './support.ts';

const GUARD = { proxyUrl: 'http://127.0.0.1:4711', caFile: '/none', dataDir: '/none', caPem: 'PEM' };
const wrong = (id: string): CheckResult => ({
  id,
  group: 'machine',
  title: id,
  state: 'problem',
  says: 'It is gone.',
  fix: { says: 'Set it up anew.', repairs: true, root: true },
});
const trust: Part = {
  name: 'trust',
  plan: async ({ caPem }) => [
    { kind: 'write', says: 'The certificate is put into the store.', file: '/store/ours.crt', text: caPem, mode: 0o644 },
  ],
  status: async () => [],
};
const broken: Part = { ...trust, name: 'proxy', plan: () => Promise.reject(new Error('The settings are locked.')) };

function looked(uid: number): { looked: Looked; root: string } {
  const root = folder();
  const system = { ...thisSystem(), platform: 'linux' as const, root, uid };
  const setup = createAgentSetup({ home: root, env: {}, platform: 'linux' }, { ...GUARD, runCommand: 'holdpoint run --' });
  return {
    root,
    looked: { checks: [], client: undefined, context: context({ system, guard: GUARD, mode: 'service' }), setup, parts: [trust, broken] },
  };
}

describe('what is set up for all users', () => {
  it('is set up anew by root, as it was said, and can be taken back as all that was installed', async () => {
    const { looked: found, root } = looked(0);
    const repairs = await repairsFor([wrong('machine.trust')], found);
    expect(repairs.map(({ says }) => says)).toEqual([['The certificate is put into the store.']]);
    expect(existsSync(`${root}/store/ours.crt`)).toBe(false);
    await repairs[0]?.perform();
    expect(readFileSync(`${root}/store/ours.crt`, 'utf8')).toBe('PEM');
    expect(readFileSync(root + servicePlaces('linux').journalFile, 'utf8')).toContain('/store/ours.crt');
  });

  it('is not touched by anybody else', async () => {
    expect(await repairsFor([wrong('machine.trust')], looked(1000).looked)).toEqual([]);
  });

  it('that cannot be planned says why, beside what can', async () => {
    const repairs = await repairsFor([wrong('machine.proxy'), wrong('machine.trust')], looked(0).looked);
    expect(repairs.map(({ says }) => says)).toEqual([['The settings are locked.'], ['The certificate is put into the store.']]);
    await expect(repairs[0]?.perform()).rejects.toThrow('The settings are locked.');
  });
});

it('nothing is done for what no check can repair', async () => {
  const { fix: _, ...unknown } = wrong('machine.trust');
  expect(await repairsFor([unknown, wrong('machine.store'), wrong('trust.curl')], looked(0).looked)).toEqual([]);
});
