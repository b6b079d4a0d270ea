/** Puts a machine behind the guard part by part, tells each step before it is made, and takes all of it back. */

import type { GuardOfMachine, Part, PartName, PartState } from '../../native-config/part.ts';
import { readJournal } from '../../native-config/steps/journal.ts';
import { createPerformer, describeStep } from '../../native-config/steps/perform.ts';
import type { Step } from '../../native-config/steps/step.ts';
import type { System } from '../../native-config/system.ts';
import { HoldpointError, messageOf } from '../contract/errors.ts';
import { servicePlaces } from '../contract/service-places.ts';

export interface Machine {
  readonly system: System;
  /** In the order in which they are made. */
  readonly parts: readonly Part[];
  /** What the service has published, running or not. */
  published(): GuardOfMachine | undefined;
  /** Where it serves now. */
  serving(): Promise<GuardOfMachine | undefined>;
  /** Waits for it. Throws HoldpointError where it does not come. */
  whenServing(): Promise<GuardOfMachine>;
}

export interface Planned {
  readonly part: PartName;
  readonly steps: readonly string[];
}

export interface SetUp {
  readonly planned: readonly Planned[];
  /** Undefined where it was not agreed to: then nothing has been changed. */
  readonly states: readonly PartStates[] | undefined;
}

export interface PartStates {
  readonly part: PartName;
  readonly states: readonly PartState[];
}

/** A guard for whom there is none yet: only the service's own part is asked with it. */
const NONE: GuardOfMachine = { proxyUrl: '', caPem: '' };

/**
 * Makes what is not made yet. Told first and then agreed to in two rounds where the service is new: what comes after it can be planned only
 * when it serves. All or nothing: parts that were begun here are taken back where one fails or is not agreed to.
 * Throws HoldpointError.
 */
export async function setUp(
  machine: Machine,
  names: readonly PartName[],
  talk: { tell(planned: Planned): void; agreed(): Promise<boolean> },
): Promise<SetUp> {
  needRoot(machine.system);
  const performer = createPerformer(machine.system, servicePlaces(machine.system.platform, machine.system.env).journalFile);
  const earlier = performer.made();
  const wanted = machine.parts.filter(({ name }) => names.includes(name));
  const service = wanted.filter(({ name }) => name === 'service');
  const others = wanted.filter(({ name }) => name !== 'service');
  const planned: Planned[] = [];
  const begun: PartName[] = [];

  try {
    if (!(await round(service, NONE))) return await unchanged();
    if (wanted.length === 0) return { planned, states: [] };
    const guard = service.length > 0 ? await machine.whenServing() : await machine.serving();
    if (!guard) throw noService(machine);
    if (!(await round(others, guard))) return await unchanged();
    return { planned, states: await statesOf(wanted, guard) };
  } catch (thrown) {
    const left = await takeBackBegun();
    if (begun.length === 0) throw thrown;
    const more = left.length === 0 ? 'All that was done here has been taken back.' : `Taken back, but: ${left.join(' ')}`;
    const code = thrown instanceof HoldpointError ? thrown.code : 'internal';
    throw new HoldpointError(code, `${messageOf(thrown)} ${more}`, thrown);
  }

  async function round(parts: readonly Part[], guard: GuardOfMachine): Promise<boolean> {
    const plans: { readonly name: PartName; readonly steps: readonly Step[] }[] = [];
    for (const part of parts) plans.push({ name: part.name, steps: await part.plan(guard) });
    const todo = plans.filter(({ steps }) => steps.length > 0);
    for (const { name, steps } of todo) {
      const one = { part: name, steps: steps.filter(isDoneNow).map(describeStep) };
      planned.push(one);
      talk.tell(one);
    }
    if (todo.length > 0 && !(await talk.agreed())) return false;
    for (const { name, steps } of todo) {
      await performer.make(name, steps);
      if (!earlier.includes(name)) begun.push(name);
    }
    return true;
  }

  async function unchanged(): Promise<SetUp> {
    const left = await takeBackBegun();
    if (left.length > 0) throw new HoldpointError('settings-unusable', `Not all could be taken back: ${left.join(' ')}`);
    return { planned, states: undefined };
  }

  /** What an earlier installation made stays: it was agreed to then. */
  async function takeBackBegun(): Promise<readonly string[]> {
    return begun.length === 0 ? [] : await performer.takeBack(begun);
  }
}

export interface TakenBack {
  readonly parts: readonly PartName[];
  /** A sentence for each thing that stays as it is. */
  readonly left: readonly string[];
  /** Whether nothing of it is left to be taken back. */
  readonly whole: boolean;
}

/** What taking the parts back would undo, last first. */
export function toTakeBack({ system }: Machine, names: readonly PartName[]): readonly Planned[] {
  const entries = readJournal(system.root + servicePlaces(system.platform, system.env).journalFile);
  return [...new Set(entries.map(({ part }) => part))]
    .filter((part) => names.includes(part))
    .map((part) => ({
      part,
      steps: entries
        .filter((entry) => entry.part === part)
        .map(({ says }) => says)
        .toReversed(),
    }))
    .toReversed();
}

/** Throws HoldpointError where it must not be, before anything is. */
export async function takeBack({ system }: Machine, names: readonly PartName[]): Promise<TakenBack> {
  needRoot(system);
  const performer = createPerformer(system, servicePlaces(system.platform, system.env).journalFile);
  const made = performer.made();
  const parts = made.filter((name) => names.includes(name));
  const dependent = made.filter((name) => !names.includes(name));
  if (parts.includes('service') && dependent.length > 0)
    throw new HoldpointError(
      'settings-unusable',
      `This machine is still led to the guard: ${dependent.join(', ')}. Without the service it would reach nothing. Take all of it back with: holdpoint uninstall`,
    );
  const left = await performer.takeBack(parts);
  const still = performer.made();
  return { parts, left, whole: !parts.some((name) => still.includes(name)) };
}

/** Asked of the system itself. */
export async function statesNow(machine: Machine, names: readonly PartName[]): Promise<readonly PartStates[]> {
  const guard = machine.published();
  const parts = machine.parts.filter(({ name }) => names.includes(name));
  if (guard) return await statesOf(parts, guard);
  return await Promise.all(
    parts.map(async ({ name, status }) => ({
      part: name,
      states:
        name === 'service' ? await status(NONE) : [{ what: name, state: 'no', says: 'There is no service on this machine to be led to.' }],
    })),
  );
}

async function statesOf(parts: readonly Part[], guard: GuardOfMachine): Promise<readonly PartStates[]> {
  return await Promise.all(parts.map(async (part) => ({ part: part.name, states: await part.status(guard) })));
}

/** Whether a step does something when it is made, and not only when it is taken back. */
function isDoneNow(step: Step): boolean {
  return step.kind !== 'run' || step.command !== undefined;
}

function noService({ system: { platform } }: Machine): HoldpointError {
  const start = platform === 'linux' ? ' Where it is installed, start it: systemctl start holdpoint' : '';
  return new HoldpointError(
    'control-unreachable',
    `No service guards this machine yet. Install it first: holdpoint service install.${start}`,
  );
}

function needRoot({ uid, platform }: System): void {
  // On Windows the tools themselves refuse who may not.
  if (uid === 0 || platform === 'win32') return;
  throw new HoldpointError('settings-unusable', `This changes the whole machine, which only root may do. Run it again with sudo.`);
}
