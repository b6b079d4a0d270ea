import { createHash, createHmac, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { enrolmentProof, openFleetIdentity } from '../../../../main/engine/fleet/identity.ts';
import { parseIoreg, parseMachineIdFile, parseRegistry } from '../../../../main/engine/fleet/machine.ts';

const ID = '0123456789abcdef0123456789abcdef';
const UUID = '564d4b3a-1c2d-4e5f-8a9b-0c1d2e3f4a5b';

function identityIn(dir: string, deviceKey = generateKeyPairSync('ed25519').privateKey) {
  return (machine: string | undefined) =>
    openFleetIdentity({ file: join(dir, 'identity.json'), deviceKey, machineId: async () => machine });
}

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'holdpoint-identity-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

describe('a device’s identity', () => {
  it('is the beginning of its public key’s hash, on the machine that it was made on', async () => {
    const dir = folder();
    const { privateKey } = generateKeyPairSync('ed25519');
    const { x = '' } = createPublicKey(privateKey.export({ type: 'pkcs8', format: 'pem' })).export({ format: 'jwk' });
    const raw = Buffer.from(x, 'base64url');
    const open = identityIn(dir, privateKey);
    const identity = await open(ID);
    expect(identity).toMatchObject({
      device: createHash('sha256').update(raw).digest('hex').slice(0, 32),
      publicKey: raw.toString('base64'),
      copied: false,
    });
    expect(await open(ID)).toMatchObject({ device: identity.device, copied: false });
    // The identifier itself is told to nobody.
    expect(readFileSync(join(dir, 'identity.json'), 'utf8')).not.toContain(ID);
  });

  it('is another one on another machine, the same at each start there, and comes back on the first', async () => {
    const open = identityIn(folder());
    const first = await open(ID);
    const copy = await open('f'.repeat(32));
    expect(copy.copied).toBe(true);
    expect(copy.device).not.toBe(first.device);
    expect((await open('f'.repeat(32))).device).toBe(copy.device);
    expect((await open('e'.repeat(32))).device).not.toBe(copy.device);
    expect(await open(ID)).toMatchObject({ device: first.device, copied: false });
  });

  it('stays where the machine has no identifier, or cannot tell it any more', async () => {
    const open = identityIn(folder());
    const before = await open(undefined);
    expect(await open(ID)).toMatchObject({ device: before.device, copied: false });
    expect(await open(undefined)).toMatchObject({ device: before.device, copied: false });
  });

  it('proves that it knows the token, by what stands in the record', () => {
    const shown = { device: 'd'.repeat(32), publicKey: 'cHVibGlj' };
    expect(enrolmentProof('the token', shown)).toBe(
      createHmac('sha256', 'the token').update(`${shown.device}${shown.publicKey}`).digest('hex'),
    );
  });
});

describe('a machine’s identifier', () => {
  it.each<[string, string | undefined]>([
    [`${ID}\n`, ID],
    [ID.toUpperCase(), ID],
    ['uninitialized\n', undefined],
    ['', undefined],
    [`${ID}0\n`, undefined],
  ])('is read from /etc/machine-id: %j', (text, id) => {
    expect(parseMachineIdFile(text)).toBe(id);
  });

  it.each<[string, string | undefined]>([
    [
      `+-o J314sAP  <class IOPlatformExpertDevice, id 0x1000001>\n    {\n      "IOBusyInterest" = "IOCommand is not serializable"\n      "IOPlatformUUID" = "${UUID.toUpperCase()}"\n      "IOPlatformSerialNumber" = "C02X"\n    }\n`,
      UUID,
    ],
    ['"IOPlatformUUID" = "short"', undefined],
    ['', undefined],
  ])('is read from what ioreg prints', (text, id) => {
    expect(parseIoreg(text)).toBe(id);
  });

  it.each<[string, string | undefined]>([
    [`\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Cryptography\r\n    MachineGuid    REG_SZ    ${UUID}\r\n\r\n`, UUID],
    [`    MachineGuid    REG_SZ    {${UUID.toUpperCase()}}\r\n`, UUID],
    ['ERROR: The system was unable to find the specified registry key or value.', undefined],
  ])('is read from what reg prints', (text, id) => {
    expect(parseRegistry(text)).toBe(id);
  });
});
