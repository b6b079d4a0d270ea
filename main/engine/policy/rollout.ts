/** Which policies are in force on this device: `@rollout` chooses devices, and the same ones each time. */

import { createHash } from 'node:crypto';
import type { CompiledPolicy } from './compile.ts';

/**
 * The policies as this device has them: outside of its rollout a policy is observed. `device` is any text that stays the same; without
 * one (a check, an explanation) every rollout counts as complete, so that what is tried is what will be.
 */
export function onDevice(policies: readonly CompiledPolicy[], device: string | undefined): readonly CompiledPolicy[] {
  if (device === undefined) return policies;
  return policies.map((policy) => (placeOf(policy.id, device) < policy.rollout ? policy : { ...policy, mode: 'observe' }));
}

/**
 * From 0 up to, not including, 100. By policy too, so that it is not always the same devices that try what is new; by nothing else, so
 * that a greater share only adds devices.
 */
export function placeOf(id: string, device: string): number {
  const digest = createHash('sha256').update(`${id}\0${device}`).digest();
  return (digest.readUIntBE(0, 6) / 2 ** 48) * 100;
}
