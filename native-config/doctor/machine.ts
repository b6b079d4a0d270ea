/** What of the machine as a whole is at odds with the guard: the desktop's proxy, certificates of older guards, a second engine. */

import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../main/contract/errors.ts';
import { certificatesIn } from '../../main/engine/certificates/bundle.ts';
import { describeProcess, identify } from '../../main/engine/interception/attribution/process.ts';
import type { GuardOfMachine, Part } from '../part.ts';
import { createLinuxTransparent } from '../transparent/linux.ts';
import { askProgram } from './ask-program.ts';
import { type Check, type Finding, worstOf } from './check.ts';
import { type DoctorContext, typed } from './context.ts';
import { pidsIn } from './processes.ts';
import { leadsHere } from './variables.ts';

export interface MachineOptions {
  readonly context: DoctorContext;
  readonly parts: readonly Part[];
  /** Where the kernel shows processes: /proc. */
  readonly proc: string;
}

export function machineChecks({ context, parts, proc }: MachineOptions): readonly Check[] {
  const { platform } = context.system;
  const check = (id: string, title: string, run: Check['run']): Check => ({ id: `machine.${id}`, group: 'machine', title, run });
  return [
    ...parts.map((part) => check(part.name, `What is set up for all users: ${part.name}`, () => partIs(part, context))),
    ...(platform === 'linux'
      ? [
          check('desktop-proxy', 'The desktop’s proxy', (over) => desktopProxy(context, over)),
          check('store', 'The system’s store of certificates', () => store(context)),
          check('second-engine', 'There is one guard', () => secondEngine(context, proc)),
          check('transparent', 'Transparent mode', () => transparent(context)),
        ]
      : []),
  ];
}

/** Asked of the system itself, by the part. */
async function partIs(part: Part, { guard, mode }: DoctorContext): Promise<Finding> {
  if (!guard) return { state: 'unknown', says: 'No engine runs, so it is not known what should be there.' };
  const machine: GuardOfMachine = { proxyUrl: guard.proxyUrl, caPem: guard.caPem };
  const states = await part.status(machine);
  const isWanted = mode === 'service' || states.some(({ state }) => state === 'yes' || state === 'partly');
  const fix = { ...typed('Set it up anew.', 'sudo holdpoint install --yes', true), repairs: true };
  const findings = states.flatMap(({ what, state, says }): Finding[] => {
    if (state === 'partly' || (state === 'no' && isWanted)) return [{ state: 'problem', says: `${what}: ${says}`, fix }];
    return [];
  });
  const isThere = states.some(({ state }) => state === 'yes');
  return worstOf(findings, {
    state: isThere ? 'ok' : 'absent',
    says: states.map(({ what, says }) => (says === '' ? `${what}.` : `${what}: ${says}`)).join(' ') || 'There is nothing of it here.',
  });
}

/** https://gitlab.gnome.org/GNOME/gsettings-desktop-schemas, org.gnome.system.proxy: what GNOME and those that follow it go by. */
async function desktopProxy({ guard, system }: DoctorContext, signal: AbortSignal): Promise<Finding> {
  const asked = await askProgram('gsettings', ['list-recursively', 'org.gnome.system.proxy'], {
    env: system.env,
    timeoutMs: 8_000,
    signal,
  });
  if (asked.stopped === 'absent' || asked.code !== 0) return { state: 'absent', says: 'There are no GNOME settings here.' };
  const values = new Map(
    asked.out.split('\n').map((line) => [line.split(' ', 2).join(' '), line.split(' ').slice(2).join(' ').replace(/^'|'$/g, '')]),
  );
  const of = (key: string) => values.get(`org.gnome.system.proxy${key}`) ?? '';
  const leads = (url: string) => guard !== undefined && leadsHere(url, guard);
  const elsewhere = (to: string): Finding => ({
    state: 'warning',
    says: `Programs that go by the desktop’s settings are led to ${to.slice(0, 200)}, past the guard.`,
    fix: typed('Have the guard’s own be set there.', 'sudo holdpoint proxy install', true),
  });
  switch (of(' mode')) {
    case 'auto':
      return leads(of(' autoconfig-url'))
        ? { state: 'ok', says: 'It leads providers’ hosts to the guard.' }
        : elsewhere(of(' autoconfig-url'));
    case 'manual': {
      const place = `${of('.https host')}:${of('.https port')}`;
      return leads(place) ? { state: 'ok', says: 'It leads to the guard.' } : elsewhere(place);
    }
    default:
      return { state: 'absent', says: 'None is set there.' };
  }
}

/** Debian; Fedora; Arch; openSUSE: where an administrator's own certificates are put. */
const ANCHORS = [
  '/usr/local/share/ca-certificates',
  '/etc/pki/ca-trust/source/anchors',
  '/etc/ca-certificates/trust-source/anchors',
  '/etc/pki/trust/anchors',
];
const MOST_FILES = 500;
const MOST_BYTES = 1024 * 1024;

function store({ guard, system }: DoctorContext): Finding {
  const ours = guard && new X509Certificate(guard.caPem).fingerprint256;
  const found = ANCHORS.flatMap((folder) => authoritiesIn(system.root + folder));
  const older = found.filter(({ fingerprint }) => fingerprint !== ours);
  if (guard && older.length > 0)
    return {
      state: 'warning',
      says: `A guard’s certificate that is not this one’s is trusted still: ${older.map(({ file }) => file).join(', ')}.`,
      fix: typed(
        'Take it out of the store. Whoever has its key could read what programs send.',
        `sudo rm ${older[0]?.file ?? ''} && sudo update-ca-certificates --fresh`,
        true,
      ),
    };
  if (found.length > older.length) return { state: 'ok', says: 'It holds this guard’s certificate, and no other guard’s.' };
  return { state: 'absent', says: 'No guard’s certificate is in it: programs trust the guard by their variables and settings.' };
}

function authoritiesIn(folder: string): readonly { readonly file: string; readonly fingerprint: string }[] {
  return names(folder).flatMap((name) => {
    const file = join(folder, name);
    try {
      if (statSync(file).size > MOST_BYTES) return [];
      return certificatesIn(readFileSync(file, 'utf8'))
        .map((pem) => new X509Certificate(pem))
        .filter(({ subject }) => /^CN=Holdpoint on /m.test(subject))
        .map(({ fingerprint256 }) => ({ file, fingerprint: fingerprint256 }));
    } catch {
      return []; // A folder, or no certificate.
    }
  });
}

async function secondEngine({ status, system }: DoctorContext, proc: string): Promise<Finding> {
  const others: string[] = [];
  for (const pid of pidsIn(proc)) {
    if (pid === status?.engine.pid || pid === process.pid) continue;
    const identity = identify(pid, proc);
    const running = identity && (await describeProcess(identity, '', proc));
    const at = running?.commandLine.findIndex((word) => /(^|[\\/])main[\\/]cli[\\/]holdpoint\.[jt]s$/.test(word)) ?? -1;
    if (running && at >= 0 && running.commandLine[at + 1] === 'engine') others.push(String(pid));
    if (others.length >= 20) break;
  }
  if (others.length === 0) return { state: 'ok', says: 'No other engine runs that can be seen here.' };
  return {
    state: system.uid === 0 ? 'unknown' : 'warning',
    says: `Other engines run, too: process ${others.join(', ')}. Agents that are led to one of them have its policy and its log.`,
    fix: { says: 'End those that are not meant to be there.', repairs: false, root: false },
  };
}

async function transparent({ guard, system, command }: DoctorContext): Promise<Finding> {
  if (system.uid !== 0) return { state: 'unknown', says: 'Whether it is on, only an administrator can see.' };
  const state = await createLinuxTransparent()
    .verify()
    .catch((thrown: unknown) => messageOf(thrown));
  if (typeof state === 'string') return { state: 'absent', says: state };
  const again = typed('Set it up anew.', command('transparent install --user NAME'), true);
  if (state.kind === 'absent') return { state: 'absent', says: 'It is off.' };
  if (state.kind === 'changed')
    return { state: 'problem', says: 'Its rules in the packet filter are not as the guard makes them.', fix: again };
  const isHere = guard !== undefined && Number(new URL(guard.proxyUrl).port) === state.port;
  if (isHere) return { state: 'ok', says: `Connections of the users ${state.users.join(', ')} are led to the guard.` };
  return { state: 'problem', says: `It leads connections to port ${state.port}, where the guard is not: they fail.`, fix: again };
}

function names(folder: string): readonly string[] {
  try {
    return readdirSync(folder).slice(0, MOST_FILES);
  } catch {
    return [];
  }
}
