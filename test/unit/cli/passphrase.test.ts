import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newKeystoreSecret, newPassphrase, passphrase } from '../../../main/cli/passphrase.ts';
import { initRepository, publish } from '../../../main/engine/fleet/publish/repository.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdpoint-passphrase-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const io = (env: NodeJS.ProcessEnv = {}) => ({ input: new PassThrough(), output: new PassThrough(), errors: new PassThrough(), env });
function keystore(kept: Map<string, string>) {
  return async () => ({
    get: async (account: string) => kept.get(account),
    set: async (account: string, secret: string) => void kept.set(account, secret),
  });
}

describe('what opens a publisher’s keys', () => {
  it('is kept by the system where that is wanted, and nobody has to know it', async () => {
    const kept = new Map<string, string>();
    const dir = join(folder, 'repository');
    const secret = await newKeystoreSecret(io(), dir, keystore(kept));
    await initRepository({ dir, passphrase: secret, rings: ['stable'], opens: 'keystore' });
    const found = await passphrase(io({ HOLDPOINT_PASSPHRASE: 'something else' }), dir, keystore(kept));
    expect(found).toBe(secret);
    const content = { policies: {}, tests: {}, settings: { contact: 'it' } };
    expect(await publish({ dir, passphrase: found, ring: 'stable', content, rollout: 100, sameAsNewest: false })).toEqual({
      revision: 1,
      rollout: 100,
    });
    await expect(passphrase(io(), dir, keystore(new Map()))).rejects.toThrow(/The keystore of this system has nothing that opens the keys/);
  });

  it('is refused where there is no keystore, before anything is made', async () => {
    await expect(newKeystoreSecret(io(), folder, async () => undefined)).rejects.toThrow(/offers no keystore/);
  });

  it('is a passphrase of some length otherwise', async () => {
    await expect(newPassphrase(io({ HOLDPOINT_PASSPHRASE: 'short' }))).rejects.toThrow(/too short/);
    expect(await newPassphrase(io({ HOLDPOINT_PASSPHRASE: 'long enough' }))).toBe('long enough');
    await expect(newPassphrase(io())).rejects.toThrow(/set HOLDPOINT_PASSPHRASE/);
  });
});
