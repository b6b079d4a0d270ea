/** Ids of questions and of remembered answers, and how what came back is compared with what was given out. */

import { randomBytes, timingSafeEqual } from 'node:crypto';

/** Short enough to be typed. */
export function newId(): string {
  return randomBytes(5).toString('hex');
}

/** In constant time. */
export function equal(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
