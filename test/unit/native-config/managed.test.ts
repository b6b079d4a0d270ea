import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMacosManaged, settingsOfPlist } from '../../../native-config/managed/macos.ts';
import { parseRegFile } from '../../../native-config/managed/reg-file.ts';
import { settingsOfRegistry } from '../../../native-config/managed/registry-values.ts';
import type { RunTool } from '../../../native-config/managed/run.ts';
import { createWindowsManaged } from '../../../native-config/managed/windows.ts';

const ROOT = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Holdpoint';
/** What `reg query HKLM\SOFTWARE\Policies` prints. */
const POLICIES = ['', 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Adobe', 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft', ROOT, ''].join(
  '\r\n',
);

/** REG_MULTI_SZ as `reg export` writes it, a line of it at most 80 characters long. */
function multi(...texts: string[]): string {
  const bytes = [...Buffer.from(`${texts.map((text) => `${text}\0`).join('')}\0`, 'utf16le')].map((byte) =>
    byte.toString(16).padStart(2, '0'),
  );
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 24) lines.push(bytes.slice(at, at + 24).join(','));
  return `hex(7):${lines.join(',\\\r\n  ')}`;
}

const reg = (...lines: string[]) => ['\uFEFFWindows Registry Editor Version 5.00', '', ...lines, ''].join('\r\n');

const FULL = reg(
  `[${ROOT}]`,
  '"contact"="IT – Zoë, \\"help\\" in C:\\\\it"',
  '',
  `[${ROOT}\\approvals]`,
  '"TimeoutSeconds"="0.5"',
  '"unattended"="deny"',
  '',
  `[${ROOT}\\audit]`,
  '"retainDays"=dword:0000001e',
  '',
  `[${ROOT}\\audit\\upload]`,
  '"url"="https://c.test/v1/logs"',
  `"headers"=${multi('{', '  "x-key": "hunter2"', '}')}`,
  '',
  `[${ROOT}\\intercept]`,
  `"hosts"=${multi('a.test', ' *.b.test ', '')}`,
  '',
  `[${ROOT}\\off]`,
  '"all"=dword:00000000',
  `"agents"=${multi()}`,
  '"reason"="first line\r\nsecond line"',
  '',
  `[${ROOT}\\budgets]`,
  '@="nothing"',
);

/** A machine whose reg.exe answers so; undefined: the key is not there. */
function windows(exported: string | undefined, policies = POLICIES) {
  const run: RunTool = async (tool, args) => {
    expect(tool).toBe('C:\\Windows\\System32\\reg.exe');
    if (args[0] === 'query') return { code: 0, output: policies };
    if (exported === undefined) return { code: 1, output: '' };
    writeFileSync(args[2] ?? '', exported, 'utf16le');
    return { code: 0, output: 'The operation completed successfully.' };
  };
  return createWindowsManaged({ run, systemRoot: 'C:\\Windows' });
}

describe('managed settings of Windows', () => {
  it('are read from the registry’s policies, each as the table of keys says', async () => {
    expect(await windows(FULL)()).toEqual({
      state: 'settings',
      source: 'HKLM\\SOFTWARE\\Policies\\Holdpoint',
      base: 'C:\\',
      json: {
        contact: 'IT – Zoë, "help" in C:\\it',
        approvals: { timeoutSeconds: 0.5, unattended: 'deny' },
        audit: { retainDays: 30, upload: { url: 'https://c.test/v1/logs', headers: { 'x-key': 'hunter2' } } },
        intercept: { hosts: ['a.test', '*.b.test'] },
        off: { all: false, agents: [], reason: 'first line\nsecond line' },
      },
    });
  });

  it('may all stand in one value, which single values beat', async () => {
    const whole = JSON.stringify({ contact: 'a', off: { all: true, agents: ['x'] } }).replaceAll('"', '\\"');
    const file = reg(`[${ROOT}]`, `"Settings"="${whole}"`, '', `[${ROOT}\\off]`, '"all"=dword:00000000');
    expect(await windows(file)()).toMatchObject({ state: 'settings', json: { contact: 'a', off: { all: false, agents: ['x'] } } });
    expect(await windows(reg(`[${ROOT}]`, '"Settings"="{}"'))()).toMatchObject({ state: 'settings', json: {} });
  });

  it('are none where the key is missing or has no value', async () => {
    expect(await windows(undefined, POLICIES.replace(ROOT, `${ROOT}2`))()).toEqual({ state: 'none' });
    expect(await windows(reg(`[${ROOT}]`, '', `[${ROOT}\\off]`))()).toEqual({ state: 'none' });
  });

  it.each<[string, string | undefined, RegExp]>([
    ['cannot be exported', undefined, /cannot be read; check its permissions/],
    ['is cut off', FULL.slice(0, 260), /cannot be read/],
    ['has bytes for a text', reg(`[${ROOT}]`, '"contact"=hex:00,01'), /its value contact is not of a type/],
    ['has a number for a list of objects', reg(`[${ROOT}]`, '"routes"=dword:00000001'), /its value routes is not of a type/],
    ['has a JSON that is cut off', reg(`[${ROOT}]`, '"routes"="[{"'), /its value routes/],
    ['has a whole that is no object', reg(`[${ROOT}]`, '"Settings"="[]"'), /its value Settings is not a JSON object/],
  ])('that %s is unusable, with why', async (_what, exported, why) => {
    expect(await windows(exported)()).toMatchObject({ state: 'unusable', why: expect.stringMatching(why) });
  });

  it('keep names that no setting has, so that they are refused by name', () => {
    const keys = parseRegFile(reg(`[${ROOT}\\__proto__]`, '"polluted"=dword:00000001', `[${ROOT}\\newer]`, '"key"="x"'));
    const read = settingsOfRegistry(keys ?? new Map(), ROOT);
    expect(read).toMatchObject({ state: 'settings', json: { newer: { key: 'x' } } });
    expect(Object.keys((read as { json: object }).json)).toEqual(['__proto__', 'newer']);
    expect({}).not.toHaveProperty('polluted');
  });

  it('of an absurd size are not read for long', () => {
    expect(parseRegFile(reg(`[${ROOT}]`, `"a"="${'\\\\'.repeat(600_000)}"`))).toBeUndefined();
    expect(
      parseRegFile(reg(`[${ROOT}]`, `"a"="${'\\\\'.repeat(400_000)}"`))
        ?.get(ROOT)
        ?.get('a'),
    ).toMatchObject({ type: 'text' });
    expect(parseRegFile(reg(`[${ROOT}]`, `"a"="${'\\\\'.repeat(400_000)}`))).toBeUndefined();
  });
});

describe.skipIf(process.platform === 'win32')('managed settings of macOS', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdpoint-plist-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const PLIST = { approvals: { unattended: 'deny' }, off: { all: true }, PayloadUUID: 'x', PayloadVersion: 1 };

  function macos(output: string | undefined, mode = 0o644) {
    const file = join(folder, 'com.holdpoint.guard.plist');
    writeFileSync(file, 'bplist00', { mode });
    const run: RunTool = async (tool, args) => {
      expect([tool, args.at(-1)]).toEqual(['/usr/bin/plutil', file]);
      return output === undefined ? { code: 1, output: '' } : { code: 0, output };
    };
    return createMacosManaged({ run, file, owner: process.getuid?.() ?? 0 });
  }

  it('are those of the profile, without what profiles say of themselves', async () => {
    expect(await macos(JSON.stringify(PLIST))()).toMatchObject({
      state: 'settings',
      json: { approvals: { unattended: 'deny' }, off: { all: true } },
      base: '/',
    });
    expect(settingsOfPlist(JSON.stringify({ Settings: '{"contact":"a","off":{"all":true,"agents":[]}}', off: { all: false } }))).toEqual({
      contact: 'a',
      off: { all: false, agents: [] },
    });
  });

  it('are none where there is no profile', async () => {
    expect(await createMacosManaged({ file: join(folder, 'none.plist') })()).toEqual({ state: 'none' });
  });

  it.each<[string, string | undefined, number, RegExp]>([
    ['plutil cannot read', undefined, 0o644, /plutil cannot turn it into JSON/],
    ['is no dictionary', '[]', 0o644, /it is no dictionary/],
    ['has a whole that is no JSON', '{"Settings":"{"}', 0o644, /its Settings is not JSON/],
    ['others can write', '{}', 0o666, /others than root can write it/],
  ])('that %s are unusable, with why', async (_what, output, mode, why) => {
    const read = macos(output, mode);
    chmodSync(join(folder, 'com.holdpoint.guard.plist'), mode);
    expect(await read()).toMatchObject({ state: 'unusable', why: expect.stringMatching(why) });
  });
});
