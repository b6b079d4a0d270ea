/** Passages that the rules have no words for, and that still read like an order to a model. */

import { featuresOf } from './features.ts';
import { scoreOf } from './model.ts';
import type { Reading } from './tokens.ts';
import { windowsIn } from './windows.ts';

export interface Suspected {
  /** In the normalised text. */
  readonly start: number;
  readonly end: number;
  /** Log-odds. */
  readonly score: number;
}

/** From here on it is reported; chosen for about two false alarms in a hundred look-alikes of a kind that was never learned, and fewer of the others. */
export const REPORTED = 1.5;
/** Below, what the rules found without being sure was a look-alike. */
export const DOUBTED = -1.5;

/** All passages that were looked at, with their scores, in order. */
export function readAsOrders(text: string, reading: Reading): Suspected[] {
  return windowsIn(text, reading).map(({ start, end, tokens }) => ({ start, end, score: scoreOf(featuresOf(text, start, end, tokens)) }));
}
