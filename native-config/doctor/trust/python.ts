/** Each Python on the path, by the three clients that agents and their SDKs have there. */

import { PROBE_URL } from '../../../main/contract/probe.ts';
import { askProgram } from '../ask-program.ts';
import type { Check } from '../check.ts';
import { answerOf } from './answer.ts';
import { fixesFor, RUNTIME_MS, type TrustOptions, trustCheck } from './asking.ts';
import { programsNamed } from './programs.ts';
import { findingOf } from './said.ts';

const MOST = 3;

const CLIENTS: readonly { readonly name: string; readonly script: string }[] = [
  { name: 'urllib', script: `import urllib.request as r; print(r.urlopen('${PROBE_URL}', timeout=15).read().decode())` },
  { name: 'requests', script: `import requests; print(requests.get('${PROBE_URL}', timeout=15).text)` },
  { name: 'httpx', script: `import httpx; print(httpx.get('${PROBE_URL}', timeout=15).text)` },
];

export function pythonChecks({ context, env, nonce }: TrustOptions): readonly Check[] {
  const threes = programsNamed(['python3'], context.system, MOST);
  const files = threes.length > 0 ? threes : programsNamed(['python'], context.system, MOST);
  return files.flatMap((file, at) =>
    CLIENTS.map(({ name, script }) =>
      trustCheck(`python${at === 0 ? '' : `.${at + 1}`}.${name}`, `Python’s ${name} (${file})`, async (signal) => {
        const asked = await askProgram(file, ['-c', script], { env, timeoutMs: RUNTIME_MS, signal });
        if (/ModuleNotFoundError|No module named/.test(asked.err)) return { state: 'absent', says: `This Python has no ${name}.` };
        return findingOf(answerOf(asked, nonce), { name: `Python’s ${name}`, file, isAgents: true, fix: fixesFor(context, true) });
      }),
    ),
  );
}
