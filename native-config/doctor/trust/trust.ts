/**
 * Whether each runtime of this machine goes through the guard and trusts it: asked of the runtime itself, with the environment that an
 * agent would have. What a file or a variable says about it is not taken for an answer.
 */

import { PROBE_URL } from '../../../main/contract/probe.ts';
import { askProgram } from '../ask-program.ts';
import type { Check } from '../check.ts';
import { answerOf } from './answer.ts';
import { absent, fixesFor, RUNTIME_MS, type TrustOptions, trustCheck } from './asking.ts';
import { browserChecks } from './browsers.ts';
import { javaChecks } from './java.ts';
import { nodeChecks } from './node.ts';
import { programsNamed } from './programs.ts';
import { pythonChecks } from './python.ts';
import { findingOf } from './said.ts';

export function trustChecks(options: TrustOptions): readonly Check[] {
  return [
    ...nodeChecks(options),
    ...pythonChecks(options),
    toolCheck('curl', ['-sS', '--max-time', '15', PROBE_URL], true, options),
    gitCheck(options),
    toolCheck('wget', ['-q', '-O', '-', '--tries=1', '--timeout=15', PROBE_URL], false, options),
    ...javaChecks(options),
    ...browserChecks(options),
  ];
}

/** The answer itself is on its standard output. */
function toolCheck(name: string, args: readonly string[], isAgents: boolean, { context, nonce, env }: TrustOptions): Check {
  return trustCheck(name, name, async (signal) => {
    if (programsNamed([name], context.system, 1).length === 0) return absent(name);
    const asked = await askProgram(name, args, { env, timeoutMs: RUNTIME_MS, signal });
    // It says nothing but its code: 5 is SSL (GNU Wget manual, "Exit Status").
    if (name === 'wget' && asked.code === 5) return findingOf({ kind: 'untrusting' }, { name, isAgents, fix: fixesFor(context, isAgents) });
    const said =
      name === 'wget' && asked.code !== 0
        ? await askProgram(
            name,
            args.filter((arg) => arg !== '-q'),
            { env, timeoutMs: RUNTIME_MS, signal },
          )
        : asked;
    return findingOf(answerOf(said, nonce), { name, isAgents, fix: fixesFor(context, isAgents) });
  });
}

/** No repository is there, and to be told so by the guard is to have trusted it. */
function gitCheck({ context, env }: TrustOptions): Check {
  return trustCheck('git', 'Git', async (signal) => {
    if (programsNamed(['git'], context.system, 1).length === 0) return absent('Git');
    const asked = await askProgram('git', ['ls-remote', PROBE_URL], {
      env: { ...env, GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' },
      timeoutMs: RUNTIME_MS,
      signal,
    });
    const isAnswered = /not found|returned error: 404/i.test(asked.err);
    return findingOf(isAnswered ? { kind: 'ok' } : answerOf(asked, ''), { name: 'Git', isAgents: true, fix: fixesFor(context, true) });
  });
}
