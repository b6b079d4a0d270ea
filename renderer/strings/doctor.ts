/** What the page of checks says. What each check found comes from the checks themselves. */

import type { CheckGroup, CheckState } from '../../main/contract/doctor.ts';

const count = (number: number, one: string, more: string) => `${number} ${number === 1 ? one : more}`;

const groups: Readonly<Record<CheckGroup, string>> = {
  engine: 'The guard',
  agents: 'Agents',
  bypass: 'Past the guard',
  trust: 'Programs that agents run on',
  machine: 'This computer',
};
const states: Readonly<Record<CheckState, string>> = {
  problem: 'Wrong',
  warning: 'To look at',
  unknown: 'Not known',
  ok: 'Well',
  absent: 'Not here',
};

export const DOCTOR = {
  title: 'Checks',
  text: 'Whether the guard is well, and whether each program on this computer goes through it and trusts it: asked of the programs themselves, which takes some seconds.',
  start: 'Run the checks',
  again: 'Run again',
  stop: 'Stop',
  running: (done: number, of: number) => (of === 0 ? 'Looking around…' : `${done} of ${of} checked…`),
  summary: (problems: number, warnings: number) =>
    problems + warnings === 0
      ? 'Nothing is wrong.'
      : `${[
          ...(problems > 0 ? [count(problems, 'thing is wrong', 'things are wrong')] : []),
          ...(warnings > 0 ? [`${warnings} to look at`] : []),
        ].join(', ')}.`,
  at: (time: string) => `Looked at ${time}`,
  wrongTitle: 'What is wrong',
  well: (number: number) => `${number} as it should be`,
  groups,
  states,
  repair: 'Repair',
  repairNamed: (title: string) => `Repair: ${title}`,
  repairing: 'Being repaired…',
  repaired: 'Repaired.',
  notRepaired: 'It could not be repaired.',
  root: 'Only an administrator of this computer can.',
} as const;
