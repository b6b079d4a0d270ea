/** What happens while the engine cannot run, kept so that its next start can put it on record. */

import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  type CrashLoopMode,
  FAILSAFE_GAPS,
  FAILSAFE_STATE,
  type FailsafeGap,
  type FailsafeState,
  failsafeGapsSchema,
} from '../contract/failsafe.ts';
import { writeFileAtomically } from '../engine/atomic-file.ts';

export interface Tally {
  /** A connection to a provider. */
  note(host: string): void;
  /** Writes what was noted since the last time. Throws where it cannot. */
  save(): void;
  /** The same for the last time: nobody stands in any more. */
  end(): void;
}

/** Hosts that are counted one by one; patterns of providers may fit any number. */
const MOST_HOSTS = 500;
const OTHERS = 'others';
const MOST_GAPS = 1000;
/** Two that are no further apart are one: the engine was tried in between and did not stay. */
const JOINED_MS = 3 * 60_000;

export function createTally(options: {
  readonly mode: CrashLoopMode;
  readonly dataDir: string;
  /** Where clients look for the engine. */
  readonly publicDir: string;
  /** The state is for all users of the machine. */
  readonly forAll: boolean;
  readonly now?: () => Date;
}): Tally {
  const { mode, dataDir, publicDir, forAll, now = () => new Date() } = options;
  const file = join(dataDir, FAILSAFE_GAPS);
  const stateFile = join(publicDir, FAILSAFE_STATE);
  const { earlier, from, hosts } = begin(readGaps(file), mode, now());
  let isNew = true;

  return {
    note(host) {
      const name = hosts.has(host) || hosts.size < MOST_HOSTS ? host : OTHERS;
      hosts.set(name, (hosts.get(name) ?? 0) + 1);
      isNew = true;
    },
    save() {
      if (!isNew) return;
      saveGaps();
      const connections = [...hosts.values()].reduce((sum, count) => sum + count, 0);
      const state: FailsafeState = { version: 1, mode, since: from, connections };
      writeFileAtomically(stateFile, `${JSON.stringify(state)}\n`);
      // Whatever the umask is.
      if (forAll) chmodSync(stateFile, 0o644);
      isNew = false;
    },
    end() {
      rmSync(stateFile, { force: true });
      saveGaps();
    },
  };

  function saveGaps(): void {
    const gap: FailsafeGap = { mode, from, to: now().toISOString(), hosts: Object.fromEntries(hosts) };
    writeFileAtomically(file, `${JSON.stringify({ version: 1, gaps: [...earlier, gap].slice(-MOST_GAPS) })}\n`);
  }
}

/** Goes on with the last one where that has only just ended. */
function begin(gaps: readonly FailsafeGap[], mode: CrashLoopMode, now: Date) {
  const last = gaps.at(-1);
  if (last?.mode === mode && Math.abs(now.getTime() - Date.parse(last.to)) < JOINED_MS)
    return { earlier: gaps.slice(0, -1), from: last.from, hosts: new Map(Object.entries(last.hosts)) };
  return { earlier: gaps, from: now.toISOString(), hosts: new Map<string, number>() };
}

function readGaps(file: string): readonly FailsafeGap[] {
  try {
    return failsafeGapsSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).gaps;
  } catch {
    // None yet, or one that was cut off: what happens from now on is what can be told.
    return [];
  }
}
