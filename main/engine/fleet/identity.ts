/**
 * Who this device is to its fleet: the device key, bound to the machine that it was made on.
 *
 * The device's id is the first 32 hex digits of the SHA-256 of its raw public key (Ed25519, 32 bytes). A data folder that is copied to
 * another machine brings the key along, and two devices would be one. So a hash of the machine's identifier is kept beside it, and where
 * that is another one, the id is the first 32 hex digits of SHA-256(raw public key ‖ that machine's hash): the same at each start there,
 * and nobody else's. A machine that is installed anew counts as another one. Where the machine has no identifier, nothing is noticed.
 */

import { createHash, createHmac, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { rawPublicKey } from '../audit/checkpoint.ts';
import { writeFileAtomically } from '../data-dir.ts';
import { type MachineId, systemMachineId } from './machine.ts';

export interface FleetIdentity {
  /** 32 hex digits. */
  readonly device: string;
  /** Raw Ed25519 public key, base64. */
  readonly publicKey: string;
  /** The folder was made on another machine. */
  readonly copied: boolean;
  /** Hex: proves that this device wrote a text (HMAC-SHA256 under a key that only the device key gives). */
  seal(text: string): string;
}

const boundSchema = z.strictObject({ machine: z.string().regex(/^[0-9a-f]{64}$/) });

/** `file` keeps the machine's hash. Where it cannot be written, the identity is not bound and everything else works. */
export async function openFleetIdentity(options: {
  readonly file: string;
  /** The device key of the keystore: Ed25519, private. */
  readonly deviceKey: KeyObject;
  readonly machineId?: MachineId;
}): Promise<FleetIdentity> {
  const { file, deviceKey, machineId = systemMachineId() } = options;
  const raw = rawPublicKey(deviceKey);
  const sealKey = createHmac('sha256', deviceKey.export({ type: 'pkcs8', format: 'der' }))
    .update('fleet')
    .digest();
  const id = await machineId();
  // Salted with the key: the identifier itself is to be told to nobody (machine-id(5)).
  const machine = id === undefined ? undefined : createHash('sha256').update(raw).update(id).digest('hex');
  const bound = boundTo(file);
  if (bound === undefined && machine !== undefined) bind(file, machine);
  const copied = bound !== undefined && machine !== undefined && bound !== machine;
  const hash = createHash('sha256').update(raw);
  if (copied) hash.update(machine);
  return {
    device: hash.digest('hex').slice(0, 32),
    publicKey: raw.toString('base64'),
    copied,
    seal: (text) => createHmac('sha256', sealKey).update(text).digest('hex'),
  };
}

/**
 * What an enrolling device shows to whoever keeps the log, who knows the token: HMAC-SHA256(token, device ‖ publicKey), hex, of both as
 * they stand in the record (hex, base64). It proves knowledge of the token without telling it.
 */
export function enrolmentProof(token: string, { device, publicKey }: Pick<FleetIdentity, 'device' | 'publicKey'>): string {
  return createHmac('sha256', token).update(device).update(publicKey).digest('hex');
}

function boundTo(file: string): string | undefined {
  try {
    return boundSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).machine;
  } catch {
    return undefined;
  }
}

function bind(file: string, machine: string): void {
  try {
    writeFileAtomically(file, `${JSON.stringify({ machine })}\n`);
  } catch {
    // Tried again at the next start.
  }
}
