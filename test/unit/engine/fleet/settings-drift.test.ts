import { expect, it } from 'vitest';
import { settingsDrift } from '../../../../main/engine/fleet/settings-drift.ts';
import { valuesOf } from '../../../../main/engine/settings/layers.ts';
import { createSettingsStack } from '../../../../main/engine/settings/stack.ts';

it('names the settings that management overrides against the fleet, and those of the user that are not heard, without values', () => {
  const stack = createSettingsStack({
    user: { layer: 'user', where: 'config.json', values: valuesOf({ approvals: { timeoutSeconds: 77 }, audit: { capture: 'full' } }) },
    defaultDataDir: '/data',
    managed: { state: 'settings', json: { audit: { retainDays: 10 } }, source: 'managed.json', base: '/etc/holdpoint' },
  });
  expect(settingsDrift(stack.list())).toEqual([]);
  stack.setBundle({ json: { approvals: { timeoutSeconds: 30 }, audit: { retainDays: 20 } }, revision: 3 });
  expect(settingsDrift(stack.list())).toEqual([
    'The machine’s management sets audit.retainDays to something else than the fleet’s policy.',
    'The user’s file sets approvals.timeoutSeconds to something else than the fleet’s policy, and is not heard.',
  ]);
});

it('is bounded', () => {
  const conflicts = [{ layer: 'user' as const, where: 'config.json', value: 'x' }];
  const many = Array.from({ length: 50 }, (_, at) => ({ key: `k.${at}`, source: 'fleet' as const, lockedBy: 'fleet' as const, conflicts }));
  const told = settingsDrift(many);
  expect(told).toHaveLength(21);
  expect(told.at(-1)).toBe('And 30 more settings are wanted otherwise.');
});
