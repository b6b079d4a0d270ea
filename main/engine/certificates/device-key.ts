/** The device's own key: it signs the log's checkpoints and whatever else has to be told from a stranger's. */

import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { HoldpointError } from '../../contract/errors.ts';
import type { Keystore } from './keystore.ts';

/** Made at first start, one a device. Rejects with HoldpointError `data-dir-unusable` where it cannot be read. */
export async function deviceKey(keystore: Keystore): Promise<KeyObject> {
  const kept = await keptDeviceKey(keystore);
  if (kept) return kept;
  const { privateKey } = generateKeyPairSync('ed25519');
  await keystore.set('device', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  return privateKey;
}

/** As `deviceKey`, and undefined where no engine has made one yet: for who must not make it. */
export async function keptDeviceKey(keystore: Pick<Keystore, 'get'>): Promise<KeyObject | undefined> {
  const kept = await keystore.get('device');
  if (kept === undefined) return undefined;
  try {
    const key = createPrivateKey(kept);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch (thrown) {
    throw new HoldpointError(
      'data-dir-unusable',
      'The device key "device" in the keystore, or in device.key in the data folder, cannot be read. Restore it from a backup, or remove it: the log then continues under a new key.',
      thrown,
    );
  }
  throw new HoldpointError(
    'data-dir-unusable',
    'The device key "device" is not an Ed25519 key. Restore it from a backup, or remove it: the log then continues under a new key.',
  );
}
