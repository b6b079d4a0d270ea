/** `holdpoint service` and `proxy`: one part of a machine's set-up by itself. */

import { parseArgs } from 'node:util';
import type { PartName } from '../../native-config/part.ts';
import { INSTALL_OPTIONS, installParts, removeParts, thisMachine } from './install.ts';
import { type Command, type Io, printJson, UsageError } from './io.ts';
import { type Machine, statesNow } from './machine-setup.ts';
import { codeOfStates, printStates } from './part-states.ts';

export function partCommand(part: PartName, machine: () => Machine = thisMachine): Command {
  return async (args, io) => {
    const { values, positionals } = parseArgs({ args: [...args], options: INSTALL_OPTIONS, allowPositionals: true });
    const [verb = 'status', ...rest] = positionals;
    if (rest[0] !== undefined) throw new UsageError(`${JSON.stringify(rest[0])} is one word too many.`);
    const choice = { yes: values.yes ?? false, json: values.json ?? false };
    switch (verb) {
      case 'install':
        return await installParts(machine(), [part], choice, io);
      case 'remove':
        return await removeParts(machine(), [part], choice, io);
      case 'status':
        return await showStates(machine(), part, choice.json, io);
      default:
        throw new UsageError(`There is no ${part} ${JSON.stringify(verb)}: install, remove or status.`);
    }
  };
}

async function showStates(machine: Machine, part: PartName, json: boolean, io: Io): Promise<number> {
  const states = (await statesNow(machine, [part])).flatMap((one) => one.states);
  if (json) printJson(io, { part, states });
  else printStates(states, io);
  return codeOfStates(states);
}
