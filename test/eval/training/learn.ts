/** Logistic regression over hashed features, the same weights for the same examples. */

import { BUCKETS } from '../../../main/engine/detection/injection/features.ts';
import { DAMPING } from '../../../main/engine/detection/injection/model.ts';

export interface Example {
  readonly features: readonly number[];
  readonly isOrder: boolean;
  /** How much it counts. */
  readonly weight: number;
}

export interface Learned {
  readonly weights: Float64Array;
  readonly bias: number;
}

const ROUNDS = 12;
const STEP = 0.3;
const DECAY = 3e-5;

/** Adagrad, one example after the other in an order drawn anew each round. */
export function learned(examples: readonly Example[]): Learned {
  const weights = new Float64Array(BUCKETS);
  const squares = new Float64Array(BUCKETS).fill(1e-6);
  let bias = 0;
  let biasSquares = 1e-6;
  const order = [...examples];
  let seed = 12345;
  const drawn = (below: number) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = order.length - 1; i > 0; i--) {
      const k = drawn(i + 1);
      [order[i], order[k]] = [order[k]!, order[i]!];
    }
    for (const { features, isOrder, weight } of order) {
      const share = 1 / Math.sqrt(features.length + DAMPING);
      let sum = bias;
      for (const feature of features) sum += weights[feature]! * share;
      const error = (1 / (1 + Math.exp(-sum)) - (isOrder ? 1 : 0)) * weight;
      for (const feature of features) {
        const slope = error * share + DECAY * weights[feature]!;
        squares[feature] = squares[feature]! + slope * slope;
        weights[feature] = weights[feature]! - (STEP * slope) / Math.sqrt(squares[feature]!);
      }
      biasSquares += error * error;
      bias -= (STEP * error) / Math.sqrt(biasSquares);
    }
  }
  return { weights, bias };
}

export function scoreBy({ weights, bias }: Learned, features: readonly number[]): number {
  let sum = 0;
  for (const feature of features) sum += weights[feature]!;
  return sum / Math.sqrt(features.length + DAMPING) + bias;
}
