import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SETTING_KEYS } from '../../main/contract/settings/keys.ts';
import type { ManagedReading } from '../../main/contract/settings/layers.ts';
import { createSettingsStack } from '../../main/engine/settings/stack.ts';
import { settingsOfPlist } from '../../native-config/managed/macos.ts';
import { parseRegFile } from '../../native-config/managed/reg-file.ts';
import { settingsOfRegistry } from '../../native-config/managed/registry-values.ts';
import { runs } from './runs.ts';

const ROOT = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Holdpoint';
const HEADER = 'Windows Registry Editor Version 5.00\r\n\r\n';
const key = fc.constantFrom(...SETTING_KEYS.map(({ path }) => path), '__proto__', 'constructor.prototype', 'newer.key', 'Settings', '');
const data = fc.oneof(
  fc.string().map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`),
  fc.constantFrom(
    'dword:00000001',
    'dword:ffffffff',
    'hex(7):61,00,00,00,00,00',
    'hex(b):01,00,00,00,00,00,00,00',
    'hex:00',
    'hex(7):61,\\\r\n  00',
  ),
  fc.json({ maxDepth: 2 }).map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`),
  fc.string(),
);
const entry = fc.tuple(key, data).map(([path, value]) => {
  const names = path.split('.');
  return `[${[ROOT, ...names.slice(0, -1)].join('\\')}]\r\n"${names.at(-1)}"=${value}\r\n\r\n`;
});
const regFile = fc.oneof(
  fc.string(),
  fc.string().map((text) => HEADER + text),
  fc.array(entry, { maxLength: 6 }).map((entries) => HEADER + entries.join('')),
  // Cut off anywhere.
  fc.tuple(fc.array(entry, { maxLength: 4 }), fc.nat(400)).map(([entries, length]) => (HEADER + entries.join('')).slice(0, length)),
);

/** Whatever it is, the engine has its settings afterwards, and everything that is in force is what the schema permits. */
function takenBy(reading: ManagedReading): void {
  const stack = createSettingsStack({ user: { layer: 'user', where: 'x', values: new Map() }, defaultDataDir: '/data', managed: reading });
  expect(stack.current().dataDir).toBe('/data');
  if (stack.alarm() !== undefined) expect(stack.list().every(({ source }) => source === 'default')).toBe(true);
  expect({}).not.toHaveProperty('polluted');
}

describe('what management says', () => {
  it('in a registry of any content is read, or refused, and nothing else', () => {
    fc.assert(
      fc.property(regFile, (text) => {
        const keys = parseRegFile(text);
        if (keys === undefined) return;
        const read = settingsOfRegistry(keys, ROOT);
        if (read.state === 'settings') takenBy({ state: 'settings', json: read.json, source: 'registry', base: '/' });
      }),
      { numRuns: runs(300) },
    );
  });

  it('in a property list of any content is read, or refused, and nothing else', () => {
    const tree = fc.dictionary(fc.oneof(key, fc.string()), fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.json({ maxDepth: 2 })), {
      maxKeys: 5,
    });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          tree.map((value) => JSON.stringify(value)),
        ),
        (text) => {
          const json = settingsOfPlist(text);
          if (json !== undefined) takenBy({ state: 'settings', json, source: 'profile', base: '/' });
        },
      ),
      { numRuns: runs(300) },
    );
  });
});
