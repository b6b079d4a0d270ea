/** Whether variables lead programs to the guard, and nothing leads them past it. Pure, but for a look at the files that they name. */

import { readFileSync, statSync } from 'node:fs';
import { certificatesIn, sameCertificate } from '../../main/engine/certificates/bundle.ts';
import { createNoProxy } from '../../main/engine/interception/routes/no-proxy.ts';
import { VARIABLES } from '../agents/environment.ts';
import { type GuardHere, portOf } from './context.ts';

export interface VariablesSaid {
  /** `here`: to this guard. `none`: no proxy is set. `elsewhere`: to another. */
  readonly proxy: 'here' | 'none' | 'elsewhere';
  /** A sentence for each thing that leads past the guard, or keeps it from being trusted. */
  readonly faults: readonly string[];
}

const MOST_BYTES = 8 * 1024 * 1024;

/** `hosts`: providers', by name. */
export function variablesSaid(env: NodeJS.ProcessEnv, guard: GuardHere, hosts: readonly string[]): VariablesSaid {
  const set = ['HTTPS_PROXY', 'https_proxy'].filter((name) => env[name]);
  const elsewhere = set.filter((name) => !leadsHere(env[name] ?? '', guard));
  const proxy = set.length === 0 ? 'none' : elsewhere.length > 0 ? 'elsewhere' : 'here';
  const faults = [
    ...elsewhere.map((name) => `${name} leads to ${placeOf(env[name] ?? '')}, not to the guard at ${new URL(guard.proxyUrl).host}.`),
    ...['ALL_PROXY', 'all_proxy']
      .filter((name) => env[name] && !leadsHere(env[name] ?? '', guard))
      .map((name) => `${name} leads to ${placeOf(env[name] ?? '')}: some programs go by it, past the guard.`),
    ...(set.length === 0 && ['ALL_PROXY', 'all_proxy'].some((name) => env[name] && leadsHere(env[name] ?? '', guard))
      ? ['Only ALL_PROXY leads to the guard, which Claude Code and others do not go by. Set HTTPS_PROXY too.']
      : []),
    ...exceptionsIn(env, hosts),
    ...(proxy === 'here' ? certificatesMissing(env, guard.caPem) : []),
  ];
  return { proxy, faults };
}

function exceptionsIn(env: NodeJS.ProcessEnv, hosts: readonly string[]): readonly string[] {
  return ['NO_PROXY', 'no_proxy'].flatMap((name) => {
    const isExcepted = createNoProxy((env[name] ?? '').split(/[\s,]+/).filter((entry) => entry !== ''));
    const excepted = hosts.filter((host) => isExcepted(host, 443));
    if (excepted.length === 0) return [];
    const more = excepted.length > 3 ? ` and ${excepted.length - 3} other providers` : '';
    return [`${name} excepts ${excepted.slice(0, 3).join(', ')}${more}: calls there go past the guard.`];
  });
}

/** Files that are named for certificates, and cannot give ours. */
function certificatesMissing(env: NodeJS.ProcessEnv, caPem: string): readonly string[] {
  const [ours] = certificatesIn(caPem);
  return VARIABLES.filter(({ value }) => value === 'authority' || value === 'bundle').flatMap(({ name }) => {
    const file = env[name];
    if (!file) return [];
    const held = certificatesOf(file);
    if (held === undefined) return [`${name} names ${file}, which cannot be read.`];
    const has = ours !== undefined && held.some((one) => sameCertificate(one, ours));
    return has ? [] : [`${name} names ${file}, which does not hold the guard’s certificate.`];
  });
}

function certificatesOf(file: string): readonly string[] | undefined {
  try {
    return statSync(file).size > MOST_BYTES ? undefined : certificatesIn(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Whether a proxy's address is the guard's. */
export function leadsHere(value: string, guard: Pick<GuardHere, 'proxyUrl'>): boolean {
  const url = proxyAddress(value);
  return url !== undefined && Number(url.port) === portOf(guard) && /^(127(\.\d+){3}|localhost|\[::1\])$/.test(url.hostname);
}

function proxyAddress(value: string): URL | undefined {
  return URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`) ?? undefined;
}

/** Without what may be a password. */
function placeOf(value: string): string {
  return proxyAddress(value)?.host || 'what is no address';
}
