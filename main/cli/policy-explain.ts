/** `holdpoint policy explain`: why an action is decided as it is. */

import { readFile } from 'node:fs/promises';
import type { Action, Understanding } from '../contract/action.ts';
import { HoldpointError, messageOf } from '../contract/errors.ts';
import type { Decision } from '../contract/verdict.ts';
import { visibleLines } from '../engine/approvals/visible.ts';
import { inspectLine } from '../engine/guard/inspect.ts';
import { createPolicy } from '../engine/policy/engine.ts';
import { type ExplainedPolicy, type Explanation, explain } from '../engine/policy/explain.ts';
import { underlined } from '../engine/policy/underline.ts';
import { DONE, type Io, print, printJson, UsageError } from './io.ts';
import { choiceOf, scan } from './judging.ts';

/** The file holds one action in the form of `holdpoint inspect`, on as many lines as it likes. */
export async function explainFile(path: string, dir: string | undefined, io: Io, json: boolean): Promise<number> {
  const line = await oneLine(path);
  const inForce = await createPolicy(choiceOf(dir));
  try {
    let judged: { action: Action; understanding: Understanding; decision: Decision } | undefined;
    const answer = await inspectLine(line, {
      scan,
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

function explanationLines({ sentence, policies, observed, text }: Explanation): string[] {
  const ranges = [...policies, ...observed].flatMap(({ matched }) => matched.flatMap(({ ranges = [] }) => ranges));
  const shown = text === '' ? [] : ['', ...underlined(text, ranges).map((line) => `  ${line}`)];
  const watched = observed.length === 0 ? [] : ['', 'Observed only, without a part in this:', ...observed.flatMap(policyLines)];
  return [sentence, ...shown, ...policies.flatMap(policyLines), ...watched].map(visibleLines);
}

function policyLines({ id, effect, file, line, reason, contact, failure, matched }: ExplainedPolicy): string[] {
  return [
    '',
    `  ${id}: ${effect}, ${file}:${line}`,
    ...[reason, contact, failure && `It could not be evaluated: ${failure}`].flatMap((told) => (told ? [`    ${told}`] : [])),
    ...matched.map(({ attribute, value, says }) => `    context.${attribute}: ${value}${says === undefined ? '' : ` (${says})`}`),
  ];
}
