/** What a terminal shows of the checks: groups, a mark and a sentence each, and in full what is wrong. */

import { CHECK_GROUPS, type CheckResult, type CheckState, isWrong } from '../../contract/doctor.ts';
import { visibleLines } from '../../engine/approvals/visible.ts';

const GROUPS: Record<CheckResult['group'], string> = {
  engine: 'The guard',
  agents: 'Agents',
  bypass: 'Past the guard',
  trust: 'Programs that agents run on',
  machine: 'This machine',
};
const MARKS: Record<CheckState, string> = { ok: '✓', warning: '!', problem: '✗', unknown: '?', absent: '–' };

/** `all`: also in full what is well, and what is not there. */
export function linesOfResults(results: readonly CheckResult[], all: boolean): readonly string[] {
  return CHECK_GROUPS.flatMap((group) => {
    const own = results.filter((result) => result.group === group && (all || result.state !== 'absent'));
    return own.length === 0 ? [] : [GROUPS[group], ...own.flatMap((result) => linesOfResult(result, all)), ''];
  });
}

export function summaryOf(results: readonly CheckResult[]): string {
  const count = (state: CheckState) => results.filter((result) => result.state === state).length;
  const [problems, warnings] = [count('problem'), count('warning')];
  if (problems + warnings === 0) return 'Nothing is wrong.';
  const parts = [
    ...(problems > 0 ? [`${problems} ${problems === 1 ? 'thing is' : 'things are'} wrong`] : []),
    ...(warnings > 0 ? [`${warnings} to look at`] : []),
  ];
  return `${parts.join(', ')}.`;
}

function linesOfResult({ state, title, says, fix }: CheckResult, all: boolean): readonly string[] {
  const head = `  ${MARKS[state]} ${title}`;
  if (!isWrong({ state }) && !all) return [visibleLines(state === 'unknown' ? `${head}: ${says}` : head)];
  return [
    head,
    `      ${says}`,
    ...(fix ? [`      → ${fix.says}`] : []),
    ...(fix?.command === undefined ? [] : [`        ${fix.command}`]),
    ...(fix?.root && fix.command === undefined ? ['        Only an administrator can.'] : []),
  ].map((line) => visibleLines(line.replaceAll('\n', ' ')));
}
