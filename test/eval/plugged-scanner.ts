/** The one place of the detectors' evaluation that names the scanner under measurement. */

import type { Finding } from '../../main/contract/action.ts';
import { findSecrets } from '../../main/engine/detection/secrets.ts';

export type Scan = (text: string) => Promise<readonly Finding[]> | readonly Finding[];

export interface PluggedScanner {
  readonly scan: Scan;
  close(): Promise<void>;
}

/**
 * A scanner that has seen nothing yet, as an engine has it just after its start. Plug in here the one with a cache: whatever remembers
 * blocks has to be made anew by each call.
 */
export function plugScanner(): PluggedScanner {
  return { scan: findSecrets, close: async () => {} };
}
