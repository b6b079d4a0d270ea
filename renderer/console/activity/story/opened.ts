/** What a reader has unfolded. Kept above the steps, because one that is out of sight is not drawn. */

import { createContext, useContext } from 'react';

export interface Opened {
  has(key: string): boolean;
  toggle(key: string): void;
}

export const OpenedContext = createContext<Opened>({ has: () => false, toggle: () => {} });

export function useOpened(key: string): readonly [boolean, () => void] {
  const { has, toggle } = useContext(OpenedContext);
  return [has(key), () => toggle(key)];
}
