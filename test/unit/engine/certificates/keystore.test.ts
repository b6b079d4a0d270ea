import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openKeystore, type SystemKeystore, systemKeystore } from '../../../../main/engine/certificates/keystore.ts';

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'holdpoint-keys-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

function remembering(kept = new Map<string, string>()): SystemKeystore & { readonly kept: Map<string, string> } {
  return { kept, get: async (account) => kept.get(account), set: async (account, value) => void kept.set(account, value) };
}

describe('the keystore', () => {
  it('keeps keys in the operating system’s, apart for each data folder', async () => {
    const system = remembering();
    const [one, two] = [await folder(), await folder()];
    const keystore = openKeystore({ dir: one, system });
    await keystore.set('ca', 'secret');
    expect(await keystore.get('ca')).toBe('secret');
    expect(await openKeystore({ dir: two, system }).get('ca')).toBeUndefined();
    expect(keystore.state()).toBe('keystore');
    expect(await readdir(one)).toEqual([]);
  });

  it.each<[string, SystemKeystore | undefined]>([
    ['there is none', undefined],
    ['it is locked', { get: () => Promise.reject(new Error('locked')), set: () => Promise.reject(new Error('locked')) }],
    ['it forgets', { get: async () => undefined, set: async () => undefined }],
  ])('takes a private file where %s, and says so', async (_name, system) => {
    const dir = await folder();
    const keystore = openKeystore({ dir, system });
    expect(await keystore.get('ca')).toBeUndefined();
    await keystore.set('ca', 'secret');
    expect(await readFile(join(dir, 'ca.key'), 'utf8')).toBe('secret');
    expect(keystore.state()).toBe('unprotected');
    const next = openKeystore({ dir, system });
    expect(await next.get('ca')).toBe('secret');
    expect(next.state()).toBe('unprotected');
  });

  it('goes on with the file where one was begun, though there is a keystore now', async () => {
    const dir = await folder();
    await openKeystore({ dir, system: undefined }).set('ca', 'from the file');
    const system = remembering();
    const keystore = openKeystore({ dir, system });
    expect(await keystore.get('ca')).toBe('from the file');
    expect(keystore.state()).toBe('unprotected');
  });

  it('forgets a secret wherever it is, and says where it could not', async () => {
    const dir = await folder();
    const system = { ...remembering(), remove: async (account: string) => system.kept.delete(account) };
    const keystore = openKeystore({ dir, system });
    await openKeystore({ dir, system: undefined }).set('route-corp', 'in a file');
    await keystore.set('route-corp', 'in the system');
    expect(await keystore.remove('route-corp')).toBe(true);
    expect(await keystore.get('route-corp')).toBeUndefined();
    expect(await keystore.remove('route-corp')).toBe(false);
    await keystore.set('route-corp', 'stays');
    const locked = openKeystore({ dir, system: { ...system, remove: () => Promise.reject(new Error('locked')) } });
    await expect(locked.remove('route-corp')).rejects.toThrow(/does not let go of "route-corp"/);
  });

  it('writes no file by a name that leads elsewhere', async () => {
    const keystore = openKeystore({ dir: await folder(), system: undefined });
    await expect(keystore.set('../ca', 'x')).rejects.toMatchObject({ code: 'internal' });
  });

  it('is the file by wish, and refuses a wish that it does not know', async () => {
    expect(await systemKeystore({ HOLDPOINT_KEYSTORE: 'file' })).toBeUndefined();
    await expect(systemKeystore({ HOLDPOINT_KEYSTORE: 'flie' })).rejects.toMatchObject({ code: 'config-invalid' });
  });
});
