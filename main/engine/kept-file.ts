/** A file of the data folder that is read once and then written as a whole. */

import { existsSync, readFileSync } from 'node:fs';
import { writeFileAtomically } from './data-dir.ts';

export interface KeptFile {
  /** Undefined where there is none. */
  load(): string | undefined;
  save(text: string): void;
}

export function keptFile(file: string): KeptFile {
  return {
    load: () => (existsSync(file) ? readFileSync(file, 'utf8') : undefined),
    save: (text) => writeFileAtomically(file, text),
  };
}
