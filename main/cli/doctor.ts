/** `holdpoint doctor`: what is wrong on this machine, and repairs of it. */

import { parseArgs } from 'node:util';
import { type Check, runChecks } from '../../native-config/doctor/check.ts';
import type { CheckResult, DoctorEvent } from '../contract/doctor.ts';
import { messageOf } from '../contract/errors.ts';
import { visibleLines } from '../engine/approvals/visible.ts';
import { agreed } from './agreed.ts';
import { type Looked, lookAround } from './doctor/look.ts';
import { type Repair, repairsFor } from './doctor/repairs.ts';
import { linesOfResults, summaryOf } from './doctor/told.ts';
import { type Command, DONE, type Io, NO, NO_ENGINE, PLACE_OPTIONS, placeOf, print, printJson, UsageError } from './io.ts';

export const doctor: Command = async (args, io) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...PLACE_OPTIONS,
      ...{ fix: { type: 'boolean' }, yes: { type: 'boolean' }, json: { type: 'boolean' }, all: { type: 'boolean' } },
      only: { type: 'string', multiple: true },
    },
  });
  const { fix = false, yes = false, json = false, all = false, only = [] } = values;
  if (json && fix && !yes) throw new UsageError('With --json nobody can be asked: add --yes to do it.');
  const looked = await lookAround(placeOf(values), io, only);
  try {
    const { checks } = looked;
    if (checks.length === 0) throw new UsageError(`There is no check ${JSON.stringify(only[0] ?? '')} here.`);
    const say = (event: DoctorEvent) => (json ? printJson(io, event) : undefined);
    let results = await asked(checks, say);
    if (!json) print(io, ...linesOfResults(results, all), summaryOf(results));
    if (fix) {
      const isDone = await repair(results, looked, { io, yes, json, say });
      if (isDone) {
        // Anew: what was repaired may have changed where all else has to lead.
        const again = await lookAround(placeOf(values), io, only);
        try {
          results = await asked(again.checks, say);
        } finally {
          again.client?.close();
        }
        if (!json) print(io, '', ...linesOfResults(results, all), summaryOf(results));
      }
    }
    const problems = results.filter(({ state }) => state === 'problem').length;
    say({ event: 'ended', engine: looked.client !== undefined, problems });
    if (!looked.client) return NO_ENGINE;
    return problems > 0 ? NO : DONE;
  } finally {
    looked.client?.close();
  }
};

/** In the order of the checks, whichever ended first. */
async function asked(checks: readonly Check[], say: (event: DoctorEvent) => void): Promise<readonly CheckResult[]> {
  say({ event: 'begun', checks: checks.length });
  const results = await runChecks(checks, (result) => say({ event: 'checked', result }));
  return checks.flatMap(({ id }) => results.find((result) => result.id === id) ?? []);
}

interface RepairTold {
  readonly io: Io;
  readonly yes: boolean;
  readonly json: boolean;
  say(event: DoctorEvent): void;
}

/** Whether anything was done. */
async function repair(results: readonly CheckResult[], looked: Looked, { io, yes, json, say }: RepairTold): Promise<boolean> {
  const wrong = results.filter(({ state }) => state === 'problem' || state === 'warning');
  const repairs = await repairsFor(wrong, looked);
  const byRoot = wrong.filter(({ id, fix }) => fix?.root && !repairs.some((one) => one.id === id));
  if (!json) {
    print(io, '', ...planLines(repairs, results));
    if (byRoot.length > 0)
      print(
        io,
        'This only an administrator can do:',
        ...byRoot.map(({ title, fix }) => visibleLines(`  ${title}: ${fix?.command ?? fix?.says ?? ''}`)),
      );
  }
  if (repairs.length === 0) return false;
  if (!yes && !(await agreed(io))) return false;
  for (const { id, perform } of repairs) {
    const outcome = await perform().then(
      () => ({ ok: true, says: 'Done.' }),
      (thrown: unknown) => ({ ok: false, says: messageOf(thrown) }),
    );
    say({ event: 'repaired', id, ...outcome });
    if (!json && !outcome.ok) print(io, visibleLines(`${titleOf(id, results)}: ${outcome.says}`));
  }
  return true;
}

function planLines(repairs: readonly Repair[], results: readonly CheckResult[]): readonly string[] {
  if (repairs.length === 0) return ['There is nothing that could be repaired from here.'];
  return ['What would be done:', '', ...repairs.flatMap(({ id, says }) => [`${titleOf(id, results)}:`, ...says, ''])];
}

function titleOf(id: string, results: readonly CheckResult[]): string {
  return results.find((result) => result.id === id)?.title ?? id;
}
