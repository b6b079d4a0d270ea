/** A real engine whose machine is managed by a file, and what a person sees of it. */

import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { settingsCommand } from '../../../main/cli/settings.ts';
import type { AuditRecord } from '../../../main/contract/record.ts';
import { type ControlClient, connectControl } from '../../../main/engine/control/client.ts';
import { startEngine } from '../../../main/engine/engine.ts';
import { openSettings, watchManaged } from '../../../main/engine/settings/open.ts';
import { createLinuxManaged } from '../../../native-config/managed/linux.ts';

let top = '';
let file = '';
let dataDir = '';
let configFile = '';
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'holdpoint-managed-'));
  mkdirSync(join(top, 'etc'), { mode: 0o755 });
  file = join(top, 'etc', 'managed.json');
  dataDir = join(top, 'data');
  configFile = join(top, 'config.json');
  writeFileSync(configFile, JSON.stringify({ approvals: { unattended: 'wait', timeoutSeconds: 30 } }));
});
afterEach(() => rmSync(top, { recursive: true }));

const write = (json: unknown) => writeFileSync(file, typeof json === 'string' ? json : JSON.stringify(json), { mode: 0o644 });
function becomeFolder(): void {
  rmSync(file);
  mkdirSync(file);
}
const readManaged = () => createLinuxManaged({ file, owner: process.getuid?.() ?? 0 })();

interface Managed extends AsyncDisposable {
  readonly client: ControlClient;
  look(): Promise<void>;
  tampers(): Promise<AuditRecord[]>;
}

async function startManaged(): Promise<Managed> {
  const stack = await openSettings({ configFile, dataDir, readManaged });
  const engine = await startEngine(stack.current(), () => {}, stack);
  const watch = watchManaged({ stack, readManaged, every: () => () => {} });
  await watch.look();
  const client = await connectControl(dataDir, { client: 'test', attends: false });
  return {
    client,
    look: watch.look,
    tampers: async () => (await client.call('records', { limit: 100 })).filter(({ kind }) => kind === 'tamper').toReversed(),
    async [Symbol.asyncDispose]() {
      watch.close();
      client.close();
      await engine.stop();
    },
  };
}

/** What `holdpoint settings …` prints, in this process. */
async function printed(...args: string[]): Promise<string> {
  const output = new PassThrough();
  const io = { input: new PassThrough(), output, errors: new PassThrough(), env: {} };
  expect(await settingsCommand(readManaged)([...args, '--config', configFile, '--data-dir', dataDir], io)).toBe(0);
  output.end();
  return text(output);
}

describe.skipIf(process.platform === 'win32')('an engine on a managed machine', () => {
  it('obeys what changes while it runs, and records by whom', async () => {
    write({ approvals: { unattended: 'deny' } });
    await using managed = await startManaged();
    expect(JSON.parse(await printed('explain', 'approvals.unattended', '--json'))).toMatchObject({
      value: 'deny',
      source: 'managed',
      where: file,
      conflicts: [{ layer: 'user', value: 'wait', where: configFile }],
    });
    write({ approvals: { unattended: 'wait' }, contact: 'it@corp.test', proxy: { port: 4711 } });
    await managed.look();
    expect(await printed('explain', 'contact')).toMatch(/value +it@corp\.test\n.*managed\.json\n[\s\S]*ask +it@corp\.test\n/);
    const [changed] = (await managed.client.call('records', { limit: 100 })).filter(({ verdict }) => verdict === 'settings-changed');
    expect(changed).toMatchObject({ kind: 'policy', summary: 'Settings changed: proxy.port, approvals.unattended, contact' });
    expect((await managed.client.call('status', {})).notes).toEqual([
      'Changed settings that take effect when Holdpoint starts again: proxy.port.',
    ]);
  });

  it('keeps what its management said last when that vanishes, over a restart too, and raises an alarm', async () => {
    write({ approvals: { unattended: 'deny' }, contact: 'it@corp.test' });
    {
      await using managed = await startManaged();
      expect(statSync(join(dataDir, 'managed-last-good.json')).mode & 0o777).toBe(0o600);
      rmSync(file);
      await managed.look();
      await managed.look();
      const { state, notes } = await managed.client.call('status', {});
      expect(state).toBe('attention');
      expect(notes).toEqual([`The managed settings in ${file} are gone. What they said last stays in force. Tell it@corp.test.`]);
      expect(await managed.tampers()).toMatchObject([
        { verdict: 'managed-vanished', summary: `The managed settings in ${file} are gone`, data: { source: file } },
      ]);
    }
    await using managed = await startManaged();
    expect((await managed.client.call('status', {})).state).toBe('attention');
    expect(JSON.parse(await printed('explain', 'approvals.unattended', '--json'))).toMatchObject({ value: 'deny', source: 'managed' });
    write({ approvals: { unattended: 'deny' } });
    await managed.look();
    expect((await managed.client.call('status', {})).state).toBe('protecting');
    expect((await managed.tampers()).map(({ verdict }) => verdict)).toEqual(['managed-vanished', 'managed-vanished', 'managed-restored']);
  });

  it('keeps the last good ones whole where they cannot be used, and says why in one line', async () => {
    const good = { approvals: { unattended: 'deny' }, fleet: { url: 'https://fleet.test/', root: 'r', enrolmentToken: 'hunter2hunter2' } };
    write(good);
    await using managed = await startManaged();
    const spoilt: [() => void, RegExp][] = [
      [() => chmodSync(file, 0o666), /others than root can write it/],
      [() => write('{"approvals":'), /it is not valid JSON/],
      [() => write({ approvals: { unattended: 'wait' }, shields: { up: true } }), /shields: unknown key/],
      [() => becomeFolder(), /it is not a file/],
    ];
    for (const [spoil, why] of spoilt) {
      rmSync(file, { recursive: true });
      write(good);
      spoil();
      await managed.look();
      expect(JSON.parse(await printed('explain', 'approvals.unattended', '--json'))).toMatchObject({ value: 'deny' });
      const { notes } = await managed.client.call('status', {});
      expect(notes).toContainEqual(expect.stringMatching(why));
      expect(notes.join('')).not.toContain('\n');
    }
    const tampers = await managed.tampers();
    expect(tampers.map(({ verdict }) => verdict)).toEqual(spoilt.map(() => 'managed-unusable'));
    expect(JSON.stringify([await managed.client.call('settingsList', {}), tampers])).not.toContain('hunter2');
  });

  it('takes nothing for the fleet’s that no fleet has signed', async () => {
    mkdirSync(join(dataDir, 'fleet'), { recursive: true, mode: 0o700 });
    writeFileSync(
      join(dataDir, 'fleet', 'settings.json'),
      JSON.stringify({ revision: 12, settings: { approvals: { unattended: 'deny' } } }),
    );
    await using _managed = await startManaged();
    expect(JSON.parse(await printed('explain', 'approvals.unattended', '--json'))).toMatchObject({ value: 'wait', source: 'user' });
  });

  it('explains the same as the command line does without it', async () => {
    write({ approvals: { unattended: 'deny' }, contact: 'IT' });
    const alone = await printed('list', '--json');
    await using managed = await startManaged();
    expect(await printed('list', '--json')).toBe(alone);
    expect(JSON.parse(alone).contact).toBe('IT');
    expect(readFileSync(join(dataDir, 'managed-last-good.json'), 'utf8')).toContain('"IT"');
    expect(await managed.tampers()).toEqual([]);
  });
});
