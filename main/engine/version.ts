/** The version of this Holdpoint. */

import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** As `package.json` has it. */
export async function version(): Promise<string> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return z.looseObject({ version: z.string() }).parse(JSON.parse(text)).version;
}
