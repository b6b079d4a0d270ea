/** Makes steps and takes them back: written down before they are made, in order, all or none. */

import { createHash } from 'node:crypto';
import { chmodSync, chownSync, lstatSync, mkdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { HoldpointError, messageOf, missingCase } from '../../main/contract/errors.ts';
import { writeFileAtomically } from '../../main/engine/atomic-file.ts';
import { type FileEdit, isMade, makeEdit, undoExactly, undoWithin } from '../agents/edit.ts';
import type { PartName } from '../part.ts';
import type { System } from '../system.ts';
import { type EditEntry, type Entry, type FileEntry, readJournal, writeJournal } from './journal.ts';
import type { EditStep, Step, ToolCall, WriteStep } from './step.ts';

export interface Performer {
  /** Makes the steps. Where one fails, those before it are taken back. Throws HoldpointError naming what could not be done. */
  make(part: PartName, steps: readonly Step[]): Promise<void>;
  /** Takes back all that was made for the parts, last first. Gives a sentence for each thing that had to be left as it is. */
  takeBack(parts: readonly PartName[]): Promise<readonly string[]>;
  /** Parts that something was made for. */
  made(): readonly PartName[];
}

export function createPerformer(system: System, journalFile: string): Performer {
  const journal = system.root + journalFile;

  return {
    made: () => [...new Set(readJournal(journal).map(({ part }) => part))],
    async make(part, steps) {
      const begun: Entry[] = [];
      for (const step of steps) {
        try {
          const entry = await begin(part, step);
          if (entry) begun.push(entry);
          await perform(step, entry);
        } catch (thrown) {
          const left = await undoAll(begun);
          const more = left.length === 0 ? 'What was done before it has been taken back.' : `And then: ${left.join(' ')}`;
          throw new HoldpointError('settings-unusable', `${step.says}: this failed. ${messageOf(thrown)} ${more}`, thrown);
        }
      }
    },
    takeBack: (parts) => undoAll(readJournal(journal).filter((entry) => parts.includes(entry.part))),
  };

  /** Told before it is done: a change that nobody remembers could not be taken back. */
  async function begin(part: PartName, step: Step): Promise<Entry | undefined> {
    const entry = entryOf(part, step);
    if (!entry) return undefined;
    makeFolders(journal);
    const others = readJournal(journal).filter((other) => !isSame(other, entry));
    writeJournal(journal, [...others, entry]);
    return entry;
  }

  async function perform(step: Step, entry: Entry | undefined): Promise<void> {
    switch (step.kind) {
      case 'write':
        put(system.root + step.file, step.text, step.mode);
        break;
      case 'edit':
        put(system.root + step.file, editedText(step, entry), step.mode);
        break;
      case 'run':
        if (step.command) await call(step.command, step.input, step.mayFail);
        break;
      default:
        missingCase(step);
    }
    if (entry)
      writeJournal(
        journal,
        readJournal(journal).map((other) => (isSame(other, entry) ? { ...entry, finished: true } : other)),
      );
  }

  function entryOf(part: PartName, step: Step): Entry | undefined {
    const common = { part, says: step.says, finished: false };
    switch (step.kind) {
      case 'write':
        return { ...common, ...beforeOf(part, step), kind: 'write', after: hash(step.text) };
      case 'edit': {
        const before = beforeOf(part, step);
        const outcome = makeEdit(before.before === null ? '' : Buffer.from(before.before, 'base64').toString('utf8'), step.edit);
        if (outcome.kind === 'conflict') throw new Error(`${step.file} ${outcome.why}.`);
        return {
          ...common,
          ...before,
          kind: 'edit',
          edit: step.edit,
          made: outcome.made,
          after: hash(outcome.text),
        };
      }
      case 'run':
        return step.undo && { ...common, kind: 'run', undo: [...step.undo], undoMayFail: step.undoMayFail ?? false };
      default:
        return missingCase(step);
    }
  }

  /** What stood there before anything of ours did. */
  function beforeOf(
    part: PartName,
    { file, kind }: WriteStep | EditStep,
  ): Omit<FileEntry, 'kind' | 'part' | 'says' | 'finished' | 'after'> {
    const earlier = readJournal(journal).find(
      (entry): entry is FileEntry => entry.kind === kind && entry.part === part && entry.file === file,
    );
    const now = readWhole(system.root + file);
    if (earlier?.kind === 'write') return pickBefore(earlier);
    if (earlier && now && earlier.kind === 'edit') {
      const outcome = takenBackText(earlier, now.bytes.toString('utf8'));
      if (outcome.kind === 'conflict') throw new Error(`${file} ${outcome.why}.`);
      return { ...pickBefore(earlier), before: outcome.text === undefined ? null : Buffer.from(outcome.text).toString('base64') };
    }
    return {
      file,
      before: now ? now.bytes.toString('base64') : null,
      beforeMode: now ? now.mode : null,
      folders: now ? [] : missingFolders(system.root + file).map((folder) => folder.slice(system.root.length)),
    };
  }

  async function undoAll(entries: readonly Entry[]): Promise<readonly string[]> {
    const left: string[] = [];
    for (const entry of entries.toReversed()) {
      try {
        const why = await undo(entry);
        if (why !== undefined) left.push(why);
        writeJournal(
          journal,
          readJournal(journal).filter((other) => !isSame(other, entry)),
        );
      } catch (thrown) {
        left.push(`“${entry.says}” could not be taken back: ${messageOf(thrown)}`);
      }
    }
    if (readJournal(journal).length === 0) removeJournal();
    return left;
  }

  /** Gives why something was left as it is. */
  async function undo(entry: Entry): Promise<string | undefined> {
    if (entry.kind === 'run') {
      const [program = '', ...args] = entry.undo;
      const { code, out, err } = await system.run(program, args);
      return code === 0 || entry.undoMayFail ? undefined : `“${entry.says}” was not taken back: ${toolSays([program], code, out, err)}`;
    }
    const file = system.root + entry.file;
    const now = readWhole(file);
    // Somebody has removed it; what stood there before it was ours is brought back all the same.
    if (!now) return entry.before === null ? void removeFolders(entry) : void restore(file, entry);
    if (entry.kind === 'write') {
      const found = hash(now.bytes);
      const isUnmade = entry.before !== null && found === hash(Buffer.from(entry.before, 'base64'));
      if (found !== entry.after && !isUnmade) return `${entry.file} was changed by somebody else and stays as it is.`;
      return void restore(file, entry);
    }
    const outcome = takenBackText(entry, now.bytes.toString('utf8'));
    if (outcome.kind === 'conflict') return `${entry.file} ${outcome.why}.`;
    if (outcome.text === undefined) {
      rmSync(file);
      removeFolders(entry);
    } else if (outcome.text !== now.bytes.toString('utf8')) put(file, outcome.text, entry.beforeMode ?? now.mode);
    return undefined;
  }

  function restore(file: string, entry: FileEntry): void {
    if (entry.before === null) rmSync(file, { force: true });
    else put(file, Buffer.from(entry.before, 'base64'), entry.beforeMode ?? 0o644);
    if (entry.before === null) removeFolders(entry);
  }

  function removeJournal(): void {
    rmSync(journal, { force: true });
    try {
      rmdirSync(dirname(journal));
    } catch {
      // Something else is kept there.
    }
  }

  /** Those that are empty. */
  function removeFolders({ folders }: FileEntry): void {
    for (const folder of folders.toReversed()) {
      try {
        rmdirSync(system.root + folder);
      } catch {
        return; // Somebody uses it.
      }
    }
  }

  async function call(command: ToolCall, input?: string, mayFail = false): Promise<void> {
    const { code, out, err } = await system.run(command[0], command.slice(1), input === undefined ? {} : { input });
    if (code !== 0 && !mayFail) throw new Error(toolSays(command, code, out, err));
  }
}

/** Whether a step's file is as the step wants it. Of a `run` step only its part can know. */
export function isAsWanted(system: System, step: WriteStep | EditStep): boolean {
  const now = readWhole(system.root + step.file);
  if (!now) return false;
  const text = now.bytes.toString('utf8');
  return step.kind === 'write' ? text === step.text && (system.platform === 'win32' || now.mode === step.mode) : isMade(text, step.edit);
}

/** Steps without those whose file is as wanted already. */
export function pending(system: System, steps: readonly Step[]): readonly Step[] {
  return steps.filter((step) => step.kind === 'run' || !isAsWanted(system, step));
}

/** How a step reads before it is made, or what a test compares: the sentence, and the command where it is one. */
export function describeStep(step: Step): string {
  const detail = step.kind === 'run' ? (step.command ?? step.undo)?.join(' ') : step.file;
  // A script that only takes back is no reading for anybody.
  const isLong = step.kind === 'run' && !step.command && (detail?.length ?? 0) > 200;
  return isLong ? step.says : `${step.says}: ${detail}`;
}

function editedText({ edit, file }: { edit: FileEdit; file: string }, entry: Entry | undefined): string {
  const before = entry?.kind === 'edit' && entry.before !== null ? Buffer.from(entry.before, 'base64').toString('utf8') : '';
  const outcome = makeEdit(before, edit);
  if (outcome.kind === 'conflict') throw new Error(`${file} ${outcome.why}.`);
  return outcome.text;
}

type TakenBack = { readonly kind: 'done'; readonly text: string | undefined } | { readonly kind: 'conflict'; readonly why: string };

/** Undefined text: the file was not there before and holds nothing else. */
function takenBackText(entry: EditEntry, now: string): TakenBack {
  const before = entry.before === null ? undefined : Buffer.from(entry.before, 'base64').toString('utf8');
  if (hash(now) === entry.after) return { kind: 'done', text: before === undefined ? undefined : undoExactly(now, entry.made) };
  // Written to the journal, and then not to the file.
  if (now === before) return { kind: 'done', text: now };
  return undoWithin(now, entry.edit, entry.made);
}

function isSame(a: Entry, b: Entry): boolean {
  if (a.part !== b.part || a.kind !== b.kind) return false;
  return a.kind === 'run' ? b.kind === 'run' && a.undo.join('\0') === b.undo.join('\0') : b.kind !== 'run' && a.file === b.file;
}

function pickBefore({ file, before, beforeMode, folders }: FileEntry) {
  return { file, before, beforeMode, folders };
}

function readWhole(file: string): { readonly bytes: Buffer; readonly mode: number } | undefined {
  const stats = lstatSync(file, { throwIfNoEntry: false });
  if (!stats) return undefined;
  if (!stats.isFile()) throw new Error(`${file} is not a file.`);
  return { bytes: readFileSync(file), mode: stats.mode & 0o7777 };
}

function put(file: string, text: string | Uint8Array, mode: number): void {
  makeFolders(file);
  const stats = lstatSync(file, { throwIfNoEntry: false });
  writeFileAtomically(file, text, mode);
  chmodSync(file, mode); // Whatever the umask is.
  if (stats && (stats.uid !== process.getuid?.() || stats.gid !== process.getgid?.())) chownSync(file, stats.uid, stats.gid);
}

function makeFolders(file: string): void {
  for (const folder of missingFolders(file)) {
    mkdirSync(folder);
    chmodSync(folder, 0o755);
  }
}

/** Outermost first. */
function missingFolders(file: string): readonly string[] {
  const folder = dirname(file);
  if (folder === file || lstatSync(folder, { throwIfNoEntry: false })) return [];
  return [...missingFolders(folder), join(folder)];
}

function toolSays([program]: ToolCall, code: number | null, out: string, err: string): string {
  const words = (err.trim() || out.trim()).split('\n').slice(-3).join(' ').slice(0, 500);
  return `${program} ${code === null ? 'could not be run' : `ended with code ${code}`}${words === '' ? '' : `: ${words}`}.`;
}

function hash(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
