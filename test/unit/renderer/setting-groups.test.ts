import { describe, expect, it } from 'vitest';
import { settingGroups, valueText } from '../../../renderer/console/settings/setting-groups.ts';
import { aManagedMachine } from '../../e2e/app/content.ts';

describe('the settings of a managed machine', () => {
  const { set, standard } = settingGroups(aManagedMachine().settings);

  it('stand under who set them, what is locked first', () => {
    expect(set.map(({ title, lockedBy, places }) => [title, lockedBy, places])).toEqual([
      ['Set by your company’s IT on this machine', 'managed', ['/etc/holdpoint/managed.json']],
      ['Set by your company’s policy, revision 12', 'fleet', []],
      ['Set in your configuration file', null, ['/home/mara/holdpoint.json']],
    ]);
    expect(set[1]?.settings.map(({ key }) => key)).toEqual(['allowed.providers', 'budgets', 'bypass.allowed', 'bypass.maxMinutes']);
  });

  it('show what is locked along with them, and all others as they ship', () => {
    expect(set[0]?.along.map(({ key }) => key)).toEqual(['fleet.root', 'fleet.ring', 'fleet.intervalSeconds', 'fleet.maxAgeHours']);
    const shown = set.flatMap(({ settings, along }) => [...settings, ...along]);
    expect(shown.length + standard.length).toBe(aManagedMachine().settings.length);
  });
});

describe('a value', () => {
  it.each([
    [null, 'not set'],
    [true, 'yes'],
    [0.5, '0.5'],
    ['deny', 'deny'],
    [[], 'none'],
    [{}, 'none'],
    [['a', 'b'], 'a, b'],
    [{ a: 1 }, '{\n  "a": 1\n}'],
  ])('%j reads %j', (value, text) => {
    expect(valueText(value)).toBe(text);
  });
});
