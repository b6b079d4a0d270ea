/** `holdpoint install` and `uninstall`: this whole machine behind the guard, and back to what it was. */

import { parseArgs } from 'node:util';
import { publishedGuard, servingGuard, whenServing } from '../../native-config/machine-guard.ts';
import type { PartName } from '../../native-config/part.ts';
import { createParts, PART_NAMES } from '../../native-config/parts.ts';
import { thisSystem } from '../../native-config/system.ts';
import { visibleLines } from '../engine/approvals/visible.ts';
import { agreed } from './agreed.ts';
import { type Command, DONE, type Io, NO, print, printJson, UsageError } from './io.ts';
import { type Machine, type PartStates, type Planned, setUp, takeBack, toTakeBack } from './machine-setup.ts';
import { isMissing } from './part-states.ts';

export interface Choice {
  readonly yes: boolean;
  readonly json: boolean;
}

export const INSTALL_OPTIONS = { yes: { type: 'boolean' }, json: { type: 'boolean' } } as const;

/** The machine that this runs on. */
export function thisMachine(): Machine {
  const system = thisSystem();
  return {
    system,
    parts: createParts(system),
    published: () => publishedGuard(system),
    serving: () => servingGuard(system),
    whenServing: () => whenServing(system),
  };
}

export const install: Command = (args, io) => {
  const { names, choice } = read(args);
  return installParts(thisMachine(), names, choice, io);
};

export const uninstall: Command = (args, io) => {
  const { names, choice } = read(args);
  return removeParts(thisMachine(), names, choice, io);
};

export async function installParts(machine: Machine, names: readonly PartName[], choice: Choice, io: Io): Promise<number> {
  const { planned, states } = await setUp(machine, names, {
    tell: (plan) => choice.json || print(io, ...planLines(plan), ''),
    agreed: async () => choice.yes || (await agreed(io)),
  });
  if (choice.json) printJson(io, { planned, done: states !== undefined, parts: states ?? [] });
  else if (!states) print(io, 'Nothing was changed.');
  else print(io, planned.length === 0 ? 'Nothing to do: it is all in place.' : 'Done.', ...notYet(states));
  return states && !states.some(({ states: all }) => all.some(({ state }) => state === 'no')) ? DONE : NO;
}

export async function removeParts(machine: Machine, names: readonly PartName[], choice: Choice, io: Io): Promise<number> {
  const planned = toTakeBack(machine, names);
  if (!choice.json) for (const plan of planned) print(io, ...planLines({ ...plan, steps: plan.steps.map((says) => `back: ${says}`) }), '');
  if (planned.length > 0 && !choice.yes && !(await agreed(io))) {
    print(io, 'Nothing was changed.');
    return NO;
  }
  const { parts, left, whole } = await takeBack(machine, names);
  if (choice.json) printJson(io, { parts, left, whole });
  else {
    print(io, parts.length === 0 ? 'Nothing to do: nothing was made here.' : `Taken back: ${parts.join(', ')}.`);
    for (const why of left) print(io, `  ! ${visibleLines(why)}`);
  }
  return whole ? DONE : NO;
}

function read(args: readonly string[]): { readonly names: readonly PartName[]; readonly choice: Choice } {
  const { values } = parseArgs({
    args: [...args],
    options: { ...INSTALL_OPTIONS, only: { type: 'string', multiple: true } },
  });
  const only = (values.only ?? []).flatMap((names) => names.split(','));
  const unknown = only.find((name) => !PART_NAMES.some((known) => known === name));
  if (unknown !== undefined) throw new UsageError(`There is no part ${JSON.stringify(unknown)}: ${PART_NAMES.join(', ')} are the parts.`);
  const names = only.length === 0 ? PART_NAMES : PART_NAMES.filter((name) => only.includes(name));
  return { names, choice: { yes: values.yes ?? false, json: values.json ?? false } };
}

function planLines({ part, steps }: Planned): readonly string[] {
  return [`${part}:`, ...steps.map((step) => `  ${visibleLines(step)}`)];
}

function notYet(parts: readonly PartStates[]): readonly string[] {
  const open = parts.flatMap(({ states }) => states.filter(isMissing));
  return open.map(({ what, says }) => `  ! ${visibleLines(`${what}: ${says}`)}`);
}
