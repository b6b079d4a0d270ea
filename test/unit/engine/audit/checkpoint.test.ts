import { generateKeyPairSync, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCheckpoint, rawPublicKey, signedCheckpoint } from '../../../../main/engine/audit/checkpoint.ts';

const { privateKey } = generateKeyPairSync('ed25519');
const keys = [rawPublicKey(generateKeyPairSync('ed25519').privateKey), rawPublicKey(privateKey)];
const hash = randomBytes(32);
const note = signedCheckpoint({ seq: 1000, hash }, '2026-11-24T10:00:00.000Z', privateKey);

describe('a checkpoint', () => {
  it('reads as a signed note, and opens with the key that signed it', () => {
    expect(note.split('\n')).toEqual([
      'holdpoint/audit/v1',
      '1000',
      hash.toString('base64'),
      '2026-11-24T10:00:00.000Z',
      '',
      expect.stringMatching(/^— holdpoint\/audit\/v1 [A-Za-z0-9+/]{91}=$/),
      '',
    ]);
    expect(openCheckpoint(note, keys)).toEqual({ seq: 1000, hash });
  });

  it('does not open with another key, nor with any character changed', () => {
    expect(openCheckpoint(note, keys.slice(0, 1))).toBeUndefined();
    fc.assert(
      fc.property(fc.nat(note.length - 1), fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1 }), (at, char) => {
        const changed = note.slice(0, at) + char + note.slice(at + 1);
        // The last base-64 digit carries bits that belong to no byte.
        const head = openCheckpoint(changed, keys);
        if (changed !== note && at < note.length - 3) expect(head).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });
});
