/** What a record tells of the program behind it. */

import type { Agent, Process } from './action.ts';
import type { Json } from './record.ts';

/** Another program chose its command line: it must not fill the log. */
const MAX_WORDS = 32;
const MAX_WORD_LENGTH = 256;
const MAX_PARENTS = 16;

/** Null where the process could not be found. Secrets in its command line are redacted by the log, as in every record. */
export function processData(process: Process | undefined): Json {
  if (!process) return null;
  const { pid, executable, commandLine, user, cwd, parents } = process;
  return {
    pid,
    executable,
    commandLine: commandLine.slice(0, MAX_WORDS).map((word) => word.slice(0, MAX_WORD_LENGTH)),
    user,
    cwd: cwd ?? null,
    parents: parents.slice(0, MAX_PARENTS).map(({ pid: parent, name }) => ({ pid: parent, name })),
  };
}

/** Name and version where it is a known agent, who started it where that is one, and its process; or, without one, whose it is. */
export function agentData({ version, startedBy, process, user }: Agent): { readonly [key: string]: Json } {
  const whose = process === undefined && user !== undefined ? { user } : {};
  return { agentVersion: version ?? null, startedBy: startedBy ?? null, process: processData(process), ...whose };
}
