/** What the engine leaves for a time in which it cannot run, and what it learns of such a time afterwards. */

import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { FAILSAFE_GAPS, FAILSAFE_PLAN, type FailsafeGap, type FailsafePlan, failsafeGapsSchema } from '../contract/failsafe.ts';
import type { AuditEntry } from '../contract/record.ts';
import { writeFileAtomically } from './atomic-file.ts';
import type { LoadedSettings } from './settings.ts';

export function leavePlan(options: {
  readonly dataDir: string;
  readonly port: number;
  readonly settings: LoadedSettings;
  /** Patterns of all hosts that are decrypted. */
  readonly hosts: readonly string[];
}): void {
  const { dataDir, port, settings, hosts } = options;
  const { resolve, parentProxy, pac, noProxy, extraCaFile } = settings.upstream;
  const plan: FailsafePlan = {
    version: 1,
    port,
    mode: settings.supervision.crashLoop,
    hosts: [...new Set(hosts)],
    contact: settings.contact,
    upstream: { resolve, parentProxy, pac, noProxy, extraCaFile },
  };
  writeFileAtomically(join(dataDir, FAILSAFE_PLAN), `${JSON.stringify(plan)}\n`);
}

/** Puts on record what happened while there was no engine. Rejects where the log cannot keep it: then it is told the next time. */
export async function recordGaps(dataDir: string, append: (entry: AuditEntry) => Promise<unknown>): Promise<void> {
  const file = join(dataDir, FAILSAFE_GAPS);
  for (const entry of entriesIn(file)) await append(entry);
  rmSync(file, { force: true });
}

function entriesIn(file: string): readonly AuditEntry[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  try {
    return failsafeGapsSchema.parse(JSON.parse(text)).gaps.map(entryOf);
  } catch {
    const summary = 'The engine could not run for a while, and what was written down of that time is damaged';
    return [{ kind: 'gap', verdict: 'unknown', summary, data: {} }];
  }
}

function entryOf({ mode, from, to, hosts }: FailsafeGap): AuditEntry {
  const connections = Object.values(hosts).reduce((sum, count) => sum + count, 0);
  const time = `The engine could not run from ${from} to ${to}`;
  const count = `${connections} ${connections === 1 ? 'connection' : 'connections'} to providers`;
  const [verdict, meanwhile] =
    mode === 'bypass'
      ? ['unguarded', `${count} went through unguarded`]
      : ['refused', `${count} ${connections === 1 ? 'was' : 'were'} refused`];
  return { kind: 'gap', verdict, summary: `${time}: ${meanwhile}`, data: { mode, from, to, connections, hosts } };
}
