/** `holdpoint service` and `proxy`: one part of a machine's set-up by itself. */

import { parseArgs } from 'node:util';
import type { PartName, PartState } from '../../native-config/part.ts';
import { visibleLines } from '../engine/approvals/visible.ts';
import { INSTALL_OPTIONS, installParts, removeParts, thisMachine } from './install.ts';
import { type Command, DONE, type Io, NO, print, printJson, UsageError } from './io.ts';
import { type Machine, statesNow } from './machine-setup.ts';

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

const MARKS: Record<PartState['state'], string> = { yes: 'yes', no: 'NO', partly: 'PARTLY', absent: '—' };

/** Exit code 1 where something of it is not so. */
async function showStates(machine: Machine, part: PartName, json: boolean, io: Io): Promise<number> {
  const states = (await statesNow(machine, [part])).flatMap((one) => one.states);
  if (json) printJson(io, { part, states });
  else
    for (const { what, state, says } of states)
      print(io, `  ${MARKS[state].padEnd(8)}${visibleLines(says === '' ? what : `${what}: ${says}`)}`);
  return states.some(({ state }) => state === 'no' || state === 'partly') ? NO : DONE;
}
