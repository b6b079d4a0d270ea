/** `holdpoint inspect`: actions as JSON lines in, verdicts as JSON lines out, in order. */

import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { inspectLine } from '../engine/guard/inspect.ts';
import { createPolicy } from '../engine/policy/engine.ts';
import { type Command, DONE, NO, printJson } from './io.ts';
import { choiceOf, scan } from './judging.ts';

/** Exit code 1 where a line was not understood; its answer then says why. */
export const inspect: Command = async (args, io) => {
  const { values } = parseArgs({ args: [...args], options: { policy: { type: 'string' } } });
  const policy = await createPolicy(choiceOf(values.policy));
  let understood = true;
  try {
    for await (const line of createInterface({ input: io.input, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (line.trim() === '') continue;
      const answer = await inspectLine(line, { decide: policy.decide, scan });
      if ('error' in answer) understood = false;
      printJson(io, answer);
    }
  } finally {
    await policy.close();
  }
  return understood ? DONE : NO;
};
