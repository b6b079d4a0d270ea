/** What others see from then on, and what nobody should see: the same words in many rows. */

import type { Said } from './program.ts';

export function published(what: string): readonly Said[] {
  return [
    { effect: 'network', risk: 'watch', says: `publishes ${what}, which cannot be taken back` },
    { effect: 'publish', risk: 'watch', says: `publishes ${what}, which cannot be taken back` },
  ];
}

export function delivered(says: string): readonly Said[] {
  return [
    { effect: 'network', risk: 'watch', says },
    { effect: 'publish', risk: 'watch', says },
  ];
}

/** A password or key, on the screen. */
export function shown(says: string): readonly Said[] {
  return [
    { effect: 'read', risk: 'risk', says },
    { effect: 'credential-access', risk: 'risk', says },
  ];
}

/** Something that runs by itself from now on. */
export function lasting(says: string): readonly Said[] {
  return [{ effect: 'persistence', risk: 'risk', says }];
}
