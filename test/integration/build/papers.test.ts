/** Licences and the bill of materials: made of what ships, whole, and the same each time. */

import { describe, expect, it } from 'vitest';
import { licenceList } from '../../../build/packaging/licences.ts';
import { billOf } from '../../../build/packaging/sbom.ts';
import { shippedPackages } from '../../../build/packaging/shipped.ts';

const EPOCH = new Date('2026-01-01T00:00:00Z');
const RUNTIMES = { electron: '45.4.1', chromium: '150.0.0.1' };
const SHIPPED = await shippedPackages([
  'node_modules/ws/lib/sender.js',
  'node_modules/ws/index.js',
  'node_modules/zod/index.js',
  'main/x.ts',
]);

const component = (name: string, version: string) => ({
  'bom-ref': `${name}@${version}`,
  type: 'library' as const,
  name,
  version,
  properties: [{ name: 'cdx:npm:package:development', value: 'true' }],
});
const LOCKED = {
  bomFormat: 'CycloneDX',
  serialNumber: 'urn:uuid:drawn-by-chance',
  metadata: { timestamp: 'now', component: { name: 'a-folder', version: '0.1.0' } },
  components: [...SHIPPED.map(({ name, version }) => component(name, version)), component('vitest', '5.1.1')],
  dependencies: [{ ref: `ws@${SHIPPED[0]!.version}`, dependsOn: ['vitest@5.1.1'] }],
};

describe('packages that ship', () => {
  it('are those whose files do, each once, with their own words about their licence', () => {
    expect(SHIPPED.map(({ name, licence }) => [name, licence])).toEqual([
      ['ws', 'MIT'],
      ['zod', 'MIT'],
    ]);
    expect(SHIPPED[0]!.texts.join()).toMatch(/Permission is hereby granted/);
  });

  it('are listed with the whole text, and one without a text says so', () => {
    const list = licenceList([...SHIPPED, { name: 'bare', version: '1.0.0', licence: 'ISC', homepage: '', texts: [] }]);
    expect(list).toContain(SHIPPED[0]!.texts[0]!);
    expect(list).toMatch(/bare 1\.0\.0\nLicence: ISC\n\nThe package has no licence file/);
  });
});

describe('the bill of materials', () => {
  const bill = billOf(LOCKED, SHIPPED, RUNTIMES, EPOCH);

  it('has what ships, with Electron and Chromium, and nothing that only builds or tests', () => {
    const names = (JSON.parse(bill) as typeof LOCKED).components.map(({ name }) => name);
    expect(names).toEqual(['ws', 'zod', 'electron', 'chromium']);
    expect(bill).not.toMatch(/vitest|a-folder|development/);
  });

  it('is the same each time for the same content', () => {
    expect(billOf({ ...LOCKED, serialNumber: 'urn:uuid:another' }, SHIPPED, RUNTIMES, EPOCH)).toBe(bill);
    expect(billOf(LOCKED, SHIPPED.slice(1), RUNTIMES, EPOCH).match(/urn:uuid:\S+/)).not.toEqual(bill.match(/urn:uuid:\S+/));
  });

  it('is not written where something ships that the lock file does not have', () => {
    const unknown = { ...SHIPPED[0]!, version: '0.0.1' };
    expect(() => billOf(LOCKED, [unknown], RUNTIMES, EPOCH)).toThrow('ws 0.0.1 ships, and package-lock.json does not have it');
  });
});
