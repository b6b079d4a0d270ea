/** The page's only way out: the calls and events that the preload offers. */

import type { Bridge } from '../main/app/channels.ts';

declare global {
  interface Window {
    readonly holdpoint: Bridge;
  }
}

export function bridge(): Bridge {
  return window.holdpoint;
}
