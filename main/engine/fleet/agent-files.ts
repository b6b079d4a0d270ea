/** Whether what "holdpoint agents setup" put into agents' settings is still there. */

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Of the journal, what is needed here. */
const journalSchema = z.object({
  entries: z
    .array(
      z.object({
        agent: z.string().max(100),
        file: z.string().max(4096),
        edit: z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('members'), members: z.record(z.string(), z.string()) }),
          z.object({ kind: z.literal('block'), lines: z.array(z.string()) }),
        ]),
      }),
    )
    .max(1000),
});

const MAX_BYTES = 1024 * 1024;

/** The agents, by their words on the command line, whose settings no longer lead to the guard. Never throws. */
export function undoneAgents(dataDir: string): string[] {
  const journal = textOf(join(dataDir, 'agents.json'));
  if (journal === undefined) return [];
  try {
    const { entries } = journalSchema.parse(JSON.parse(journal));
    return [...new Set(entries.filter(({ file, edit }) => !holds(textOf(file) ?? '', edit)).map(({ agent }) => agent))];
  } catch {
    return ['agents.json, which says what was set up, cannot be read'];
  }
}

function holds(text: string, edit: z.infer<typeof journalSchema>['entries'][number]['edit']): boolean {
  if (edit.kind === 'block') return edit.lines.every((line) => text.includes(line));
  return Object.entries(edit.members).every(([name, value]) => text.includes(JSON.stringify(name)) && text.includes(JSON.stringify(value)));
}

function textOf(file: string): string | undefined {
  try {
    return statSync(file).size > MAX_BYTES ? undefined : readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
