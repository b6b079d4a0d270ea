/** `holdpoint policy check` and `test`: whether a policy folder can be put in force, and whether it does what its tests say. */

import { visibleLines } from '../engine/approvals/visible.ts';
import { checkPolicies, testPolicies } from '../engine/policy/check.ts';
import { problemLine } from '../engine/policy/problems.ts';
import { DONE, type Io, NO, print, printJson } from './io.ts';
import { choiceOf, judge } from './judging.ts';

export async function check(dir: string | undefined, io: Io, json: boolean): Promise<number> {
  const result = await checkPolicies(choiceOf(dir), judge);
  if (json) printJson(io, result);
  else {
    for (const problem of result.problems) print(io, visibleLines(problemLine(problem)));
    const tests = result.tests === 0 ? '' : `, with ${counted(result.tests, 'test')}`;
    const verdict = result.ok ? 'It can be put in force.' : 'It cannot be put in force.';
    print(io, `${result.dir}: ${counted(result.count, 'policy', 'policies')} in ${counted(result.files, 'file')}${tests}. ${verdict}`);
  }
  return result.ok ? DONE : NO;
}

export async function test(dir: string | undefined, io: Io, json: boolean): Promise<number> {
  const result = await testPolicies(choiceOf(dir), judge);
  if (json) printJson(io, result);
  else {
    for (const problem of result.problems) print(io, visibleLines(problemLine(problem)));
    const ran = result.passed + result.failed;
    const left = result.tests > ran ? ` ${result.tests - ran} were not run: the policies have mistakes.` : '';
    print(io, `${result.dir}: ${counted(ran, 'test')}, ${result.passed} passed, ${result.failed} failed.${left}`);
    if (result.tests === 0) print(io, 'It has no tests: they are *.test.json, and *.json in the folder tests.');
  }
  return result.ok ? DONE : NO;
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
