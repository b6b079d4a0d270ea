/** The engine as a process, on a machine whose /etc is the test's own: only there can the real place of managed settings be tried. */

import { execFile, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CLI } from '../../support/guard-process.ts';

const canMount = process.getuid?.() === 0 && spawnSync('unshare', ['-m', 'true']).status === 0;

let top = '';
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'holdpoint-managed-'));
});
afterEach(() => rmSync(top, { recursive: true }));

describe.runIf(canMount)('a machine with /etc/holdpoint/managed.json', () => {
  it('manages the engine that an agent’s start brings up, whatever the user’s file and environment say', async () => {
    cpSync('/etc', join(top, 'etc'), { recursive: true, verbatimSymlinks: true, filter: (path) => !path.includes('ssl/private') });
    mkdirSync(join(top, 'etc', 'holdpoint'), { recursive: true, mode: 0o755 });
    writeFileSync(join(top, 'etc', 'holdpoint', 'managed.json'), JSON.stringify({ approvals: { unattended: 'deny' } }), { mode: 0o644 });
    const config = join(top, 'config.json');
    writeFileSync(config, JSON.stringify({ approvals: { unattended: 'wait', timeoutSeconds: 9 } }));
    const place = ['--config', config, '--data-dir', join(top, 'data')];
    const holdpoint = [process.execPath, CLI];
    const explain = [...holdpoint, 'settings', 'explain', 'approvals.unattended', '--json', ...place];
    const command = ['-m', 'sh', '-c', 'mount --bind "$0" /etc && exec "$@"', join(top, 'etc')];
    const { stdout } = await promisify(execFile)('unshare', [...command, ...holdpoint, 'run', ...place, '--', ...explain], {
      env: { ...process.env, HOLDPOINT_MANAGED_FILE: '/nowhere', NO_PROXY: '', no_proxy: '' },
    });
    expect(JSON.parse(stdout)).toMatchObject({
      value: 'deny',
      source: 'managed',
      where: '/etc/holdpoint/managed.json',
      conflicts: [{ layer: 'user', value: 'wait' }],
    });
  });
});
