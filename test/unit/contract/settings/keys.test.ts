import { describe, expect, it } from 'vitest';
import { mayBeSetBy, SETTING_KEYS, settingKey } from '../../../../main/contract/settings/keys.ts';

describe('the table of settings', () => {
  it('says of every key what it means', () => {
    expect(SETTING_KEYS.filter(({ meaning }) => meaning === '').map(({ path }) => path)).toEqual([]);
    expect(SETTING_KEYS.length).toBeGreaterThan(40);
  });

  it.each<[string, object]>([
    ['approvals.timeoutSeconds', { shape: 'number', type: 'number, 0.05 to 170', standard: 120, live: true, group: undefined }],
    ['audit.capture', { shape: 'choice', type: 'one of metadata, redacted, full', standard: 'redacted', live: true }],
    ['audit.maxBytes', { shape: 'integer', type: 'whole number, at least 1000000', most: undefined }],
    ['fleet.maxAgeHours', { shape: 'number', type: 'number, more than 0, at most 8760', group: 'fleet' }],
    ['fleet.enrolmentToken', { shape: 'text', secret: true, standard: undefined }],
    ['audit.upload.headers', { shape: 'json', type: 'map', secret: true, group: 'audit.upload' }],
    ['tenants.microsoft.context', { shape: 'text', group: 'tenants.microsoft' }],
    ['policy.use', { group: 'policy' }],
    ['intercept.hosts', { shape: 'list', type: 'list of texts', standard: [] }],
    ['routes', { shape: 'json', type: 'list of objects', secret: false }],
    ['off.all', { shape: 'boolean', type: 'true or false' }],
  ])('knows %s', (path, known) => {
    expect(settingKey(path)).toMatchObject(known);
  });

  it.each<[string, readonly string[]]>([
    ['dataDir', ['user']],
    ['proxy.port', ['managed', 'user']],
    ['fleet.ring', ['managed', 'user']],
    ['policy.dir', ['managed', 'user']],
    ['policy.use', ['managed', 'fleet', 'user']],
    ['off.all', ['managed', 'fleet', 'user']],
  ])('says who may set %s', (path, layers) => {
    expect(mayBeSetBy(path)).toEqual(layers);
  });

  it('names what is near to a key that it does not have', () => {
    expect(() => settingKey('Proxy.')).toThrow('There is no setting "Proxy.". Did you mean proxy.host, proxy.port?');
    expect(() => settingKey('__proto__')).toThrow(/See: holdpoint settings list/);
  });
});
