/** The proxy that a company had set on a Linux machine before the guard: where programs went, and the guard must go itself. */

import { readdirSync, readFileSync } from 'node:fs';
import type { System } from '../system.ts';

export type CompanyProxy =
  | {
      readonly kind: 'proxy' /** With user and password, where it has them: not for display. */;
      readonly url: string;
      readonly except: string;
      readonly where: string;
    }
  | { readonly kind: 'script'; readonly url: string; readonly where: string };

/** Ours, which say where the guard is. */
export interface OurFiles {
  readonly profile: string;
  readonly environmentD: string;
  readonly keyfile: string;
  /** The mark of our lines in files of others. */
  readonly mark: string;
}

const DCONF_FOLDER = '/etc/dconf/db/local.d';

/** Undefined where there is none. A script of profile.d is run to know what it sets, as every login does. */
export async function findCompanyProxy(system: System, ours: OurFiles): Promise<CompanyProxy | undefined> {
  const places = [
    { where: '/etc/profile.d', env: await profileEnvironment(system, ours) },
    ...filesIn(system, '/etc/environment.d', '.conf', ours.environmentD).map((where) => ({
      where,
      env: assignmentsIn(system, where, ours),
    })),
    { where: '/etc/environment', env: assignmentsIn(system, '/etc/environment', ours) },
  ];
  for (const { where, env } of places) {
    const url = first(env, ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY']);
    if (url)
      return { kind: 'proxy', url: url.includes('://') ? url : `http://${url}`, except: first(env, ['no_proxy', 'NO_PROXY']), where };
  }
  return desktopProxy(system, ours);
}

/** Of these variables, in lower case, those that files of others set for what no shell starts; as they are spelled there. */
export function assignedNames(system: System, ours: Pick<OurFiles, 'environmentD' | 'mark'>, wanted: readonly string[]): readonly string[] {
  const files = ['/etc/environment', ...filesIn(system, '/etc/environment.d', '.conf', ours.environmentD)];
  const names = files.flatMap((file) => [...assignmentsIn(system, file, ours).keys()]);
  return [...new Set(names)].filter((name) => wanted.includes(name.toLowerCase())).sort();
}

type Environment = ReadonlyMap<string, string>;

async function profileEnvironment(system: System, { profile }: OurFiles): Promise<Environment> {
  const script = `for file in /etc/profile.d/*.sh; do if [ "$file" != ${profile} ] && [ -r "$file" ]; then . "$file"; fi; done >/dev/null 2>&1; env`;
  const { out } = await system.run('/usr/bin/env', ['-i', 'HOME=/nonexistent', 'PATH=/usr/bin:/bin', '/bin/sh', '-c', script]);
  return pairsIn(out.split('\n'));
}

/** As pam_env(8) and environment.d(5) read them, as far as a proxy needs it. */
function assignmentsIn(system: System, file: string, { mark }: Pick<OurFiles, 'mark'>): Environment {
  const text = textOf(system, file).replace(new RegExp(`^# >>> holdpoint: ${mark} >>>$[^]*?^# <<< holdpoint: ${mark} <<<$`, 'm'), '');
  return pairsIn(text.split('\n').map((line) => line.trim().replace(/^export\s+/, '')));
}

function pairsIn(lines: readonly string[]): Environment {
  const pairs = lines.flatMap((line) => {
    const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value.replace(/^(["'])(.*)\1$/, '$2')] as const];
  });
  return new Map(pairs);
}

function first(env: Environment, names: readonly string[]): string {
  return names.map((name) => env.get(name)).find((value) => value) ?? '';
}

/** GNOME's, where it is set for the machine. */
function desktopProxy(system: System, { keyfile }: OurFiles): CompanyProxy | undefined {
  const values = new Map<string, string>();
  const files = filesIn(system, DCONF_FOLDER, '', keyfile);
  for (const file of files) {
    let section = '';
    for (const line of textOf(system, file).split('\n')) {
      section = /^\[(.+)\]$/.exec(line.trim())?.[1] ?? section;
      const [, key, value] = /^([\w-]+)=(.*)$/.exec(line.trim()) ?? [];
      if (key !== undefined && value !== undefined) values.set(`${section}/${key}`, value.replace(/^'(.*)'$/, '$1'));
    }
  }
  const where = DCONF_FOLDER;
  const get = (key: string) => values.get(`system/proxy/${key}`) ?? '';
  if (get('mode') === 'auto' && get('autoconfig-url') !== '') return { kind: 'script', url: get('autoconfig-url'), where };
  const host = get('https/host') || get('http/host');
  if (get('mode') !== 'manual' || host === '') return undefined;
  const except = [...get('ignore-hosts').matchAll(/'([^']*)'/g)].map(([, entry]) => entry).join(',');
  return { kind: 'proxy', url: `http://${host}:${get('https/host') ? get('https/port') : get('http/port')}`, except, where };
}

/** Whole paths, in order of their names, without `ours`. */
function filesIn({ root }: System, folder: string, end: string, ours: string): readonly string[] {
  try {
    return readdirSync(root + folder, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory() && entry.name.endsWith(end))
      .map(({ name }) => `${folder}/${name}`)
      .filter((file) => file !== ours)
      .sort();
  } catch {
    return [];
  }
}

function textOf({ root }: System, file: string): string {
  try {
    return readFileSync(root + file, 'utf8');
  } catch {
    return '';
  }
}
