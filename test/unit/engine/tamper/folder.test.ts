/** The data folder when an engine starts: what others may not see is closed, what is not ours is refused. */

import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { securedFolder } from '../../../../main/engine/tamper/folder.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'holdpoint-folder-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const put = (name: string, mode: number) => {
  writeFileSync(join(dir, name), 'x');
  chmodSync(join(dir, name), mode);
};
const modeOf = (name: string) => statSync(join(dir, name)).mode & 0o777;

describe('the data folder', () => {
  it('is closed to others where it was open, and each file that was is named', () => {
    mkdirSync(join(dir, 'fleet'), { mode: 0o700 });
    put('audit.db', 0o644);
    put('fleet/policy.json', 0o664);
    put('state.json', 0o600);
    const records = securedFolder(dir);
    expect(records.map(({ kind, verdict, data }) => [kind, verdict, data.source])).toEqual([
      ['tamper', 'file-open', join(dir, 'audit.db')],
      ['tamper', 'file-open', join(dir, 'fleet/policy.json')],
    ]);
    expect([modeOf('audit.db'), modeOf('fleet/policy.json')]).toEqual([0o600, 0o600]);
    expect(securedFolder(dir)).toEqual([]);
  });

  it('may show its certificates and public keys, which nobody else may change', () => {
    put('ca.pem', 0o644);
    put('audit.pub', 0o666);
    expect(securedFolder(dir).map(({ data }) => data.source)).toEqual([join(dir, 'audit.pub')]);
  });

  it('holds no links: the engine would write to where they lead', () => {
    symlinkSync('/etc/passwd', join(dir, 'audit.db'));
    expect(() => securedFolder(dir)).toThrow(/audit\.db is a link\. Holdpoint has not put it there/);
  });

  it.runIf(process.getuid?.() === 0)('holds nothing of another user', () => {
    put('grants.json', 0o600);
    chownSync(join(dir, 'grants.json'), 65534, 65534);
    expect(() => securedFolder(dir)).toThrow(/grants\.json belongs to user 65534/);
  });

  it('leaves alone what the app’s browser keeps there, which has links of its own', () => {
    mkdirSync(join(dir, 'app'));
    symlinkSync('nowhere', join(dir, 'app', 'SingletonLock'));
    expect(securedFolder(dir)).toEqual([]);
  });
});
