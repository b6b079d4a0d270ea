/** What is said of a runtime that was asked. */

import type { CheckFix } from '../../../main/contract/doctor.ts';
import { missingCase } from '../../../main/contract/errors.ts';
import type { Finding } from '../check.ts';
import type { Answer } from './answer.ts';

export interface Runtime {
  /** "curl", "Node 20.19.2". */
  readonly name: string;
  /** Its file, where several of a name may be found. */
  readonly file?: string;
  /** Agents run on it, or run it: without it they fail, or go past the guard. Of others it is worth a look. */
  readonly isAgents: boolean;
  readonly fix: { readonly trust: CheckFix; readonly proxy: CheckFix };
}

export function findingOf(answer: Answer, { name, file, isAgents, fix }: Runtime): Finding {
  const who = file === undefined ? name : `${name} (${file})`;
  const bad = isAgents ? 'problem' : 'warning';
  switch (answer.kind) {
    case 'ok':
      return { state: 'ok', says: `${who} goes through the guard and trusts its certificate.` };
    case 'absent':
      return { state: 'absent', says: `There is no ${name} here.` };
    case 'direct':
      return { state: bad, says: `${who} does not use the proxy: what it asks of a provider goes past the guard.`, fix: fix.proxy };
    case 'no-proxy-there':
      return { state: bad, says: `${who} uses a proxy that does not answer, or that is not this guard’s.`, fix: fix.proxy };
    case 'untrusting':
      return { state: bad, says: `${who} reaches the guard and does not trust its certificate, so its calls fail.`, fix: fix.trust };
    case 'another':
      return { state: bad, says: `${who} reaches another guard than this one.`, fix: fix.proxy };
    case 'late':
      return { state: 'unknown', says: `${who} did not answer in time.` };
    case 'failed':
      return { state: 'unknown', says: `${who} could not fetch the probe, and said: ${answer.says}` };
    default:
      return missingCase(answer);
  }
}
