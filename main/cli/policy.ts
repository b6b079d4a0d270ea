/** `holdpoint policy`: check a policy folder, or explain a verdict, with no engine running. */

import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Action, Understanding } from '../contract/action.ts';
import { HoldpointError, messageOf } from '../contract/errors.ts';
import type { Decision } from '../contract/verdict.ts';
import { visibleLines } from '../engine/approvals/visible.ts';
import { createScanner } from '../engine/detection/scanner.ts';
import { inspectLine } from '../engine/guard/inspect.ts';
import { STARTER_DIR } from '../engine/policy/bundle.ts';
import { checkPolicies } from '../engine/policy/check.ts';
import { createPolicy } from '../engine/policy/engine.ts';
import { type Explanation, explain } from '../engine/policy/explain.ts';
import { problemLine } from '../engine/policy/problems.ts';
import { type Command, DONE, type Io, NO, print, printJson, UsageError } from './io.ts';

export const policy: Command = (args, io) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { json: { type: 'boolean' }, policy: { type: 'string' } },
    allowPositionals: true,
  });
  const [verb, path, ...rest] = positionals;
  if (rest.length > 0) throw new UsageError(`${JSON.stringify(rest[0])} is one word too many.`);
  switch (verb) {
    case 'check':
      if (values.policy !== undefined) throw new UsageError('--policy goes with explain; check takes the folder itself.');
      return check(path ?? STARTER_DIR, io, values.json ?? false);
    case 'explain':
      if (path === undefined) throw new UsageError('The file with the action is missing, as in: holdpoint policy explain action.json.');
      return explainFile(path, values.policy, io, values.json ?? false);
    case 'test':
    case 'replay':
      throw new UsageError(`holdpoint policy ${verb} is not in this version.`);
    case undefined:
      throw new UsageError('Say what to do: check or explain.');
    default:
      throw new UsageError(`There is no policy command ${JSON.stringify(verb)}: check or explain.`);
  }
};

async function check(dir: string, io: Io, json: boolean): Promise<number> {
  const result = await checkPolicies(dir);
  if (json) printJson(io, result);
  else {
    for (const problem of result.problems) print(io, visibleLines(problemLine(problem)));
    const verdict = result.ok ? 'It can be put in force.' : 'It cannot be put in force.';
    print(
      io,
      `${result.dir}: ${result.count} ${result.count === 1 ? 'policy' : 'policies'} in ${result.files} ${result.files === 1 ? 'file' : 'files'}. ${verdict}`,
    );
  }
  return result.ok ? DONE : NO;
}

/** The file holds one action in the form of `holdpoint inspect`, on as many lines as it likes. */
async function explainFile(path: string, dir: string | undefined, io: Io, json: boolean): Promise<number> {
  const line = await oneLine(path);
  const inForce = await createPolicy(dir === undefined ? {} : { dir });
  try {
    let judged: { action: Action; understanding: Understanding; decision: Decision } | undefined;
    const answer = await inspectLine(line, {
      scan: createScanner({ workers: 0 }).scan,
      async decide(action, understanding, approved) {
        const decision = await inForce.decide(action, understanding, approved);
        judged = { action, understanding, decision };
        return decision;
      },
    });
    if ('error' in answer || !judged)
      throw new UsageError(`${path} cannot be explained. ${'error' in answer ? answer.error : 'Policy was not asked.'}`);
    const explanation = explain(judged.action, judged.understanding, judged.decision, inForce);
    if (json) printJson(io, explanation);
    else print(io, ...explanationLines(explanation));
    return DONE;
  } finally {
    await inForce.close();
  }
}

async function oneLine(path: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (thrown) {
    throw new HoldpointError('not-found', `${path} cannot be read: ${messageOf(thrown)}.`, thrown);
  }
  return text.replace(/^\uFEFF/, '').replace(/[\r\n]+/g, ' ');
}

function explanationLines({ sentence, policies }: Explanation): string[] {
  const details = policies.flatMap(({ id, effect, file, line, reason }) => [
    '',
    `  ${id}: ${effect}, ${file}:${line}`,
    ...(reason === undefined ? [] : [`    ${reason}`]),
  ]);
  return [sentence, ...details].map(visibleLines);
}
