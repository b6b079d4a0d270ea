/** Sending: what it means that local data reaches another machine. Knows no shell. */

import type { Effect } from '../../../contract/action.ts';
import type { Gathering, Range } from './gathering.ts';
import type { Holding } from './holes.ts';
import { isHere } from './hosts.ts';

export interface Sent {
  /** The gravest of what is sent; absent where nothing is known of it. */
  readonly holds: Holding | undefined;
  /** Where to; undefined where that is not known. */
  readonly host: string | undefined;
  /** For a person: what is sent, as written. */
  readonly what?: string | undefined;
  readonly range: Range;
}

/** Files of the project and what cannot be told are `network`; what a person would not expect to leave is `exfiltrate`. */
export function judgeSending({ holds, host, what, range }: Sent, gathering: Gathering): void {
  if (host !== undefined && isHere(host)) return;
  const to = host ?? 'another machine';
  const named = what ? ` (${what})` : '';
  const leaves = (risk: 'watch' | 'risk', says: string, ...more: readonly Effect[]) => {
    for (const effect of ['exfiltrate', ...more] as const) gathering.effect(effect, risk, says, range);
    gathering.effect('network', 'watch', says, range);
  };
  const sentence = SENTENCES[holds ?? 'variable'];
  if (!sentence) {
    gathering.effect('network', 'watch', `sends data to ${to}${named}`, range);
    return;
  }
  leaves(sentence.risk, `${sentence.says.replace('{to}', () => to)}${named}`, ...(sentence.also ?? []));
}

const SENTENCES: Readonly<Partial<Record<Holding, { risk: 'watch' | 'risk'; says: string; also?: readonly Effect[] }>>> = {
  secret: { risk: 'risk', says: 'sends passwords or keys to {to}', also: ['credential-access'] },
  environment: { risk: 'risk', says: 'sends every variable of the environment, keys too, to {to}', also: ['credential-access'] },
  key: { risk: 'risk', says: 'sends a password or key to {to}' },
  private: { risk: 'risk', says: 'sends what is not this project’s business to {to}' },
  data: { risk: 'watch', says: 'sends this project’s data to {to}' },
  identity: { risk: 'watch', says: 'tells {to} who you are or which machine this is' },
};
