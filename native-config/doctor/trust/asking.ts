/** What all runtimes are asked with. */

import type { Check, Finding } from '../check.ts';
import { type DoctorContext, typed } from '../context.ts';
import type { Runtime } from './said.ts';

export interface TrustOptions {
  readonly context: DoctorContext;
  /** Of the engine that is asked about. */
  readonly nonce: string;
  /** What an agent's process would have. */
  readonly env: NodeJS.ProcessEnv;
}

/** Each runtime has so long, in ms. */
export const RUNTIME_MS = 20_000;

export function trustCheck(id: string, title: string, run: Check['run']): Check {
  return { id: `trust.${id}`, group: 'trust', title, patienceMs: RUNTIME_MS + 5_000, run };
}

/** What to do about a runtime: of the agents' own, what gives them their environment; of others, the system's store. */
export function fixesFor({ command, mode }: DoctorContext, isAgents: boolean): Runtime['fix'] {
  if (mode === 'service') {
    const again = typed('Set this machine up anew, and open a new session.', 'sudo holdpoint install --yes', true);
    return { trust: again, proxy: again };
  }
  const run = typed('Start agents by the guard, which sets what they need for them.', `${command('run')} -- COMMAND`);
  const store = typed(
    'Put the certificate into the system’s store, for programs that read no variable.',
    'sudo holdpoint trust install',
    true,
  );
  return {
    trust: isAgents ? run : store,
    proxy: isAgents ? run : { says: 'Set the proxy in its own settings, if it is to be guarded.', repairs: false, root: false },
  };
}

export function absent(name: string): Finding {
  return { state: 'absent', says: `There is no ${name} here.` };
}
