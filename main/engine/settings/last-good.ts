/** The managed settings that held last, kept in the data folder: what stays in force when they vanish between two runs. */

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomically } from '../data-dir.ts';
import type { GoodManaged } from './stack.ts';

export const LAST_GOOD_FILE = 'managed-last-good.json';

const MAX_BYTES = 4 * 1024 * 1024;
const keptSchema = z.strictObject({ source: z.string(), base: z.string(), settings: z.json() });

export interface ManagedMemory {
  /** Undefined where there is none, or none that can be read. */
  load(): GoodManaged | undefined;
  /** Only for whoever has claimed the data folder; mode 0600, since it can hold secrets. Throws where it cannot be written. */
  save(good: GoodManaged): void;
}

export function createManagedMemory(dataDir: string): ManagedMemory {
  const file = join(dataDir, LAST_GOOD_FILE);
  return {
    load: () => {
      try {
        if (statSync(file).size > MAX_BYTES) return undefined;
        const { source, base, settings } = keptSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
        return { source, base, json: settings };
      } catch {
        return undefined;
      }
    },
    save: ({ source, base, json }) => writeFileAtomically(file, `${JSON.stringify({ source, base, settings: json })}\n`),
  };
}
