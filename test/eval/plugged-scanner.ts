/** The scanner under measurement: the engine's own, with threads as the engine has them or without, for one text after the other. */

import { createScanner, type Scanner } from '../../main/engine/detection/scanner.ts';

/** One that has seen nothing yet, as an engine has it just after its start. */
export function plugScanner(workers: 0 | 2 = 0): Scanner {
  return createScanner({ workers });
}
