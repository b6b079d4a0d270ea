/** Files that are run by their path: a script that this very command line has written is read. */

import type { Word } from '../gathering.ts';
import { type Flow, fileFlow, type OtherStart } from '../shell/machine.ts';
import { openFile } from './actions.ts';
import { shareHost } from './foreign.ts';

export function runFileHere(file: Word, parameters: readonly Word[], start: OtherStart): Flow {
  const { machine, state, stdin } = start;
  const flow = fileFlow(file.text, state, machine);
  if (flow.kind === 'text' && shareHost(file.text) === undefined) {
    const given = { text: flow.text, state, stdin, region: () => file.range, machine, shown: file.raw };
    if (/\.ps1$/i.test(file.text)) return machine.others.powershell(given);
    if (/\.(bat|cmd)$/i.test(file.text)) return machine.others.cmd({ ...given, batch: true });
  }
  const windows = shareHost(file.text) !== undefined || /^[A-Za-z]:/.test(file.text);
  return openFile(windows ? file : { ...file, text: file.text.replaceAll('\\', '/') }, parameters, stdin, start);
}
