import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openAudit } from '../../../main/engine/audit/log.ts';
import { deviceKey } from '../../../main/engine/certificates/device-key.ts';
import { openKeystore } from '../../../main/engine/certificates/keystore.ts';
import { createRedactor } from '../../../main/engine/detection/redact.ts';
import { runCli } from './process.ts';

const CLI = resolve(import.meta.dirname, '../../../main/cli/holdpoint.ts');
const ENV = { HOLDPOINT_KEYSTORE: 'file' };

let dataDir: string;
let folder: string;
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'holdpoint-audit-export-'));
  const signingKey = await deviceKey(openKeystore({ dir: dataDir, system: undefined }));
  const log = await openAudit({
    ...{ dir: dataDir, capture: 'full', retainDays: 90, maxBytes: 1e9, signingKey },
    redactor: createRedactor({ key: Buffer.alloc(32, 7) }),
  });
  await Promise.all(
    Array.from({ length: 2000 }, (_, n) =>
      log.append({
        kind: 'action',
        session: `s${n % 2}`,
        summary: `call ${n}`,
        data: { n },
        blocks: [{ role: 'user', text: `text ${n}` }],
      }),
    ),
  );
  await log.close();
});
afterAll(() => rmSync(dataDir, { recursive: true }));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdpoint-exported-'));
  return () => rmSync(folder, { recursive: true });
});

const exporting = (to: string, ...args: string[]) => runCli(['audit', 'export', '--to', to, ...args, '--data-dir', dataDir], ENV);
/** As on another machine: there is no data folder, and no engine was ever there. */
const verifying = (...args: string[]) =>
  runCli(['audit', 'verify', ...args], { HOME: folder, XDG_DATA_HOME: join(folder, 'none'), XDG_CONFIG_HOME: join(folder, 'none') });

describe('holdpoint audit export --to', () => {
  it('makes what audit verify proves elsewhere, with the key told', async () => {
    const to = join(folder, 'evidence');
    const made = await exporting(to, '--with-content');
    expect(made).toMatchObject({ code: 0, out: expect.stringContaining('2000 records exported') });
    const key = /key ([0-9a-f]{64})/.exec(made.out)?.[1] ?? 'none';
    const elsewhere = join(folder, 'copied');
    cpSync(to, elsewhere, { recursive: true });
    expect(await verifying(elsewhere)).toMatchObject({ code: 0, out: expect.stringContaining(key) });
    expect(await verifying(join(elsewhere, 'manifest.json'), '--key', join(dataDir, 'audit.pub'))).toMatchObject({
      code: 0,
      out: expect.stringContaining('the key that you named'),
    });
    expect(JSON.parse((await verifying(elsewhere, '--json')).out)).toMatchObject({ ok: true, records: 2000, signedBy: key });
  });

  it('of one session, in OCSF too, and what was touched is named with exit code 1', async () => {
    const to = join(folder, 'evidence');
    const { code, out } = await exporting(to, '--session', 's1', '--format', 'ocsf', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ range: { from: 2, to: 2000 } });
    expect(readdirSync(to)).toContain('ocsf.ndjson');
    expect((await verifying(to)).code).toBe(0);
    writeFileSync(join(to, 'records.ndjson'), '{}\n');
    expect(await verifying(to)).toMatchObject({ code: 1, out: expect.stringContaining('First bad record: 2.') });
  });

  it.each(['audit.db', '.'])('verify takes a log’s own file and its folder as well: %s', async (path) => {
    expect(await verifying(join(dataDir, path))).toMatchObject({ code: 0, out: expect.stringContaining('The log is whole') });
  });

  it.each<[string, (to: string) => string[], number, RegExp]>([
    ['nothing at the path', (to) => ['audit', 'verify', to], 1, /nothing at/],
    ['a key file that is none', (to) => ['audit', 'verify', join(to, '..'), '--key', to], 2, /cannot be read/],
    ['a data folder that has no log', (to) => ['audit', 'export', '--to', to, '--data-dir', join(to, '..', 'empty')], 1, /holdpoint: /],
    ['a key for no export', (to) => ['audit', 'verify', '--key', to], 2, /goes with verify PATH/],
    ['a report of no session', (to) => ['audit', 'export', '--report', '--to', to], 2, /goes with export --session ID --to DIR/],
    ['content for no folder', () => ['audit', 'export', '--with-content'], 2, /goes with export --to/],
    ['a folder for what makes none', (to) => ['audit', 'tail', '--to', to], 2, /go with export/],
  ])('says what is wrong with %s', async (_what, args, code, err) => {
    expect(await runCli(args(join(folder, 'evidence')), ENV)).toMatchObject({ code, out: '', err: expect.stringMatching(err) });
  });

  it('leaves nothing where the disk is full', async () => {
    const to = join(folder, 'evidence');
    // RLIMIT_FSIZE: beyond it a write fails as on a full disk.
    const command = `trap '' XFSZ; ulimit -f 200; exec "$0" "$@"`;
    const child = spawn('bash', ['-c', command, process.execPath, CLI, 'audit', 'export', '--to', to, '--data-dir', dataDir], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...ENV },
    });
    let told = '';
    child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number];
    expect({ code, told }).toEqual({ code: 1, told: expect.stringMatching(/was not made: .*(EFBIG|too large)/) });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('leaves nothing that verifies when it is killed', async () => {
    const to = join(folder, 'evidence');
    const args = [CLI, 'audit', 'export', '--to', to, '--with-content', '--data-dir', dataDir];
    const child = spawn(process.execPath, args, { stdio: 'ignore', env: { ...process.env, ...ENV } });
    const ended = once(child, 'close');
    await expect.poll(() => readdirSync(folder).length, { timeout: 20_000, interval: 5 }).toBeGreaterThan(0);
    child.kill('SIGKILL');
    await ended;
    // It may have been quicker than we: then it is whole.
    const left = readdirSync(folder).filter((name) => name !== 'evidence');
    for (const name of left) expect((await verifying(join(folder, name))).code).toBe(1);
    expect((await verifying(to)).code).toBe(existsSync(to) ? 0 : 1);
    rmSync(to, { recursive: true, force: true });
    expect((await exporting(to)).code).toBe(0);
    expect((await verifying(to)).code).toBe(0);
  });
});
