/** What a scanner finds that speaks to the model, of texts that are no conversation's: descriptions of tools. */

import type { Scanner } from './scanner.ts';

/** Labels `injection.…` by text. A text that was not scanned has none. */
export function createInjectionsIn({ scan }: Pick<Scanner, 'scan'>): (texts: readonly string[]) => Promise<readonly (readonly string[])[]> {
  return async (texts) => {
    const scans = await scan(texts.map((text) => ({ text, role: 'tool_result' })));
    return scans.map(({ findings }) => findings.map(({ label }) => label).filter((label) => label.startsWith('injection.')));
  };
}
