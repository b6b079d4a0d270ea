/** The statistical stage: how much a passage looks like an order to a model, by weights that were learned from the corpora. */

import { gunzipSync } from 'node:zlib';
import { BUCKETS } from './features.ts';
import { BIAS, SCALE, WEIGHTS } from './weights.ts';

const weights = unpacked();

/** Log-odds that a passage with these features is an order to a model. */
export function scoreOf(features: readonly number[]): number {
  let sum = 0;
  for (const feature of features) sum += weights[feature]!;
  return (sum * SCALE) / Math.sqrt(features.length + DAMPING) + BIAS;
}

/** A passage of few words proves little. */
export const DAMPING = 40;

function unpacked(): Int8Array {
  const bytes = gunzipSync(Buffer.from(WEIGHTS, 'base64'));
  if (bytes.length !== BUCKETS) throw new Error('The weights are not of these features.');
  return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
