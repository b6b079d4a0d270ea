/** Puts agents behind the guard for good, and takes that back: planned first, journalled before it is done. */

import { createHash } from 'node:crypto';
import { HoldpointError } from '../../main/contract/errors.ts';
import { type Guard, isFound, type Machine, SETUP_AGENTS, type SetupAgent, type WantedEdit } from './agents.ts';
import { type FileEdit, isMade, makeEdit, undoExactly, undoWithin } from './edit.ts';
import { readSettings, realPlace, removeSettings, writeSettings } from './files.ts';
import { type JournalEntry, readJournal, writeJournal } from './journal.ts';

/** One file, as it is and as it will be. */
export interface Change {
  readonly agent: SetupAgent;
  readonly file: string;
  /** Undefined where there is no such file. */
  readonly before: string | undefined;
  /** Undefined where the file goes. */
  readonly after: string | undefined;
  /** What the journal will say of the file; absent where it is taken back. */
  readonly entry?: JournalEntry;
}

/** `partly`: some of it is not as it was set up, or the guard has moved since. */
export type Attached = 'yes' | 'no' | 'partly';

export interface AgentState {
  readonly agent: SetupAgent;
  readonly found: boolean;
  readonly attached: Attached;
}

export interface AgentSetup {
  list(): readonly AgentState[];
  /** What setting up would change: nothing where all is done already. Throws HoldpointError where a file cannot be edited. */
  plan(ids: readonly string[]): readonly Change[];
  /** What taking it back would change. Throws HoldpointError `settings-unusable` where a file was changed in the same place meanwhile. */
  planUndo(ids: readonly string[]): readonly Change[];
  /** Throws HoldpointError where a file is no longer as it was when that was planned. */
  apply(changes: readonly Change[]): void;
  verify(id: string): Attached;
}

export function createAgentSetup(machine: Machine, guard: Guard): AgentSetup {
  const dataDir = guard.ownDir ?? guard.dataDir;

  return {
    list: () => SETUP_AGENTS.map((agent) => ({ agent, found: isFound(agent, machine), attached: verify(agent.id) })),
    plan(ids) {
      const now = overlay();
      return ids.map(agentOf).flatMap((agent) => agent.edits(machine, guard).flatMap((wanted) => planned(agent, wanted, now) ?? []));
    },
    planUndo(ids) {
      const now = overlay();
      const wanted = new Set(ids.map((id) => agentOf(id).id));
      // The last one first: then each finds the file as it left it.
      return readJournal(dataDir)
        .filter(({ agent }) => wanted.has(agent))
        .toReversed()
        .map((entry) => {
          const before = now.read(entry.file);
          return now.changed({ agent: agentOf(entry.agent), file: entry.file, before, after: takenBack(entry, before) });
        });
    },
    apply,
    verify,
  };

  function planned(agent: SetupAgent, { file: named, edit }: WantedEdit, now: Overlay): Change | undefined {
    const file = realPlace(named);
    const before = now.read(file);
    const earlier = entriesOf(agent.id).find((entry) => entry.file === file);
    if (earlier && before !== undefined && isMade(before, edit) && sameEdit(earlier.edit, edit)) return undefined;
    // Set up before, for a guard that was elsewhere: what stood there first is what an undo must bring back.
    const original = earlier ? takenBack(earlier, before) : before;
    const outcome = makeEdit(original ?? '', edit);
    if (outcome.kind === 'conflict') throw conflict(file, outcome.why);
    const { text: after, made } = outcome;
    const entry: JournalEntry = {
      agent: agent.id,
      file,
      edit,
      made,
      before: original === undefined ? null : hash(original),
      after: hash(after),
    };
    return now.changed({ agent, file, before, after, entry });
  }

  function apply(changes: readonly Change[]): void {
    for (const { agent, file, before, after, entry } of changes) {
      if (readSettings(file) !== before) throw conflict(file, 'was changed just now. Try again');
      const others = readJournal(dataDir).filter((other) => other.agent !== agent.id || other.file !== file);
      // Told before it is done: a change that nobody remembers could not be taken back.
      if (entry) writeJournal(dataDir, [...others, entry]);
      if (after === undefined) removeSettings(file);
      else if (after !== before) writeSettings(file, after);
      if (!entry) writeJournal(dataDir, others);
    }
  }

  function verify(id: string): Attached {
    const agent = agentOf(id);
    const entries = entriesOf(id);
    if (entries.length === 0) return 'no';
    if (!entries.every(({ file, edit }) => isMade(readSettings(file) ?? '', edit))) return 'partly';
    // With no engine running nobody knows where it would be.
    if (guard.proxyUrl === '') return 'yes';
    const isAsWanted = ({ file, edit }: WantedEdit) => {
      const place = realPlace(file);
      return entries.some((entry) => entry.file === place && sameEdit(entry.edit, edit));
    };
    return agent.edits(machine, guard).every(isAsWanted) ? 'yes' : 'partly';
  }

  function entriesOf(id: string): readonly JournalEntry[] {
    return readJournal(dataDir).filter(({ agent }) => agent === id);
  }
}

type Overlay = ReturnType<typeof overlay>;

/** Files as they will be after the changes that are planned already: two agents may be set up in one. */
function overlay() {
  const texts = new Map<string, string | undefined>();
  return {
    read: (file: string) => (texts.has(file) ? texts.get(file) : readSettings(file)),
    changed(change: Change): Change {
      texts.set(change.file, change.after);
      return change;
    },
  };
}

/** What a file is without an edit: undefined for one that was not there before and holds nothing else. */
function takenBack(entry: JournalEntry, now: string | undefined): string | undefined {
  if (now === undefined) return undefined;
  if (hash(now) === entry.after) return entry.before === null ? undefined : undoExactly(now, entry.made);
  // Written to the journal, and then not to the file.
  if (hash(now) === entry.before) return now;
  const outcome = undoWithin(now, entry.edit, entry.made);
  if (outcome.kind === 'conflict') throw conflict(entry.file, outcome.why);
  return outcome.text;
}

function agentOf(id: string): SetupAgent {
  const agent = SETUP_AGENTS.find((known) => known.id === id);
  if (!agent) throw new HoldpointError('not-found', `There is no agent ${JSON.stringify(id)} here. See: holdpoint agents list`);
  return agent;
}

function conflict(file: string, why: string): HoldpointError {
  return new HoldpointError('settings-unusable', `${file} ${why}. Nothing of it was changed.`);
}

function sameEdit(a: FileEdit, b: FileEdit): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
