/** The certificate store of a Linux system, which its tools, libraries and most runtimes read. */

import type { System } from '../system.ts';
import { layoutOf } from './layouts.ts';

/** Our file among a system's anchors. */
const FILE = 'holdpoint.crt';

export interface SystemTrustFiles {
  /** The device's authority alone, as the system keeps it: for variables that add to a program's own roots. */
  readonly anchorFile: string;
  /** All that the system trusts, the device's authority among it: for variables that replace a program's roots. */
  readonly bundleFile: string;
}

/** Undefined where the system has no store that is known here. */
export function systemTrustFiles(system: System): SystemTrustFiles | undefined {
  const layout = system.platform === 'linux' ? layoutOf(system) : undefined;
  return layout && { anchorFile: `${layout.anchors}/${FILE}`, bundleFile: layout.bundle };
}
