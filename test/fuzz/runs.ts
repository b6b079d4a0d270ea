/** How long the fuzz tests run: briefly among all tests, and many times as long by `npm run fuzz`. */

/** What `npm run fuzz -- TIMES` gives; 1 where the tests run among all others. */
export const FUZZ_TIMES = Number(process.env.HOLDPOINT_FUZZ_TIMES ?? 1);

/** The number of inputs for a test that tries `count` of them among all others. */
export function runs(count: number): number {
  return count * FUZZ_TIMES;
}
