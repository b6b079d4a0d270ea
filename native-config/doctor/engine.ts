/** Whether the engine itself is well: what it says of itself, and what is seen of it from outside. */

import { statfs } from 'node:fs/promises';
import type { ControlResult, Status } from '../../main/contract/control.ts';
import { messageOf } from '../../main/contract/errors.ts';
import type { Check, Finding } from './check.ts';
import { type DoctorContext, repaired, typed } from './context.ts';

export interface EngineFacts {
  /** Of this program. */
  readonly version: string;
  /** Why no engine is connected. */
  readonly why?: string;
  /** The log's records of the engine's own life in the last seven days, newest first. */
  lives(): Promise<ControlResult<'search'>['matches']>;
  now(): Date;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const GIGABYTE = 1024 ** 3;

export function engineChecks(context: DoctorContext, facts: EngineFacts): readonly Check[] {
  const { status, mode } = context;
  const check = (id: string, title: string, run: Check['run']): Check => ({ id: `engine.${id}`, group: 'engine', title, run });
  const running = check('running', 'The guard runs', () => runs(context, facts));
  if (!status) return [running];
  return [
    running,
    check('version', 'Guard and command are of one version', () => versions(status, facts)),
    check('enforcing', 'What policy says is enforced', () => enforcing(context, status)),
    check('policy', 'Policy', () => policy(status)),
    check('fleet', 'The company’s policy is current', () => fleet(context, status, facts)),
    check('upload', 'The copy of the log gets there', () => upload(status, facts)),
    check('log', 'The log can be written', () => log(status)),
    check('disk', 'There is room on the disk', () => disk(status)),
    check('keys', 'Keys are kept well', () => keys(status, mode)),
    check('authority', 'The guard’s certificate is valid', () => authority(status, facts)),
    check('crashes', 'The guard ends only when it is told to', () => crashes(facts)),
  ];
}

function runs({ status, mode, command }: DoctorContext, { why = 'No engine is running.' }: EngineFacts): Finding {
  if (status) {
    const { version, pid, startedAt, proxyUrl } = status.engine;
    const whose = mode === 'service' ? 'This machine’s service' : 'An engine of your own';
    return { state: 'ok', says: `${whose}, ${version}, process ${pid}, since ${startedAt}, at ${proxyUrl}.` };
  }
  if (mode === 'service')
    return {
      state: 'problem',
      says: why,
      fix: typed('Start the service, and see its own log if it does not stay.', 'sudo systemctl restart holdpoint', true),
    };
  return { state: 'problem', says: why, fix: typed('Start the app, or an engine in a terminal.', command('start')) };
}

function versions({ engine }: Status, { version }: EngineFacts): Finding {
  if (engine.version === version) return { state: 'ok', says: `Both are ${version}.` };
  return {
    state: 'problem',
    says: `The engine is ${engine.version}, this command ${version}: one of them was updated while the other ran.`,
    fix: { says: 'Restart the guard, so that it is the version that is installed.', repairs: false, root: false },
  };
}

function enforcing({ command }: DoctorContext, { bypass }: Status): Finding {
  if (!bypass) return { state: 'ok', says: 'It holds what policy asks about, and refuses what policy refuses.' };
  return {
    state: 'problem',
    says: `Protection is paused until ${bypass.until}: ${bypass.reason}`,
    fix: repaired('End the pause now.', command('bypass end')),
  };
}

function policy({ policy: { name, count, source, dir } }: Status): Finding {
  const from = source === 'folder' ? ` from ${dir}` : source === 'fleet' ? ', signed by your company' : ', as it ships';
  if (count === 0)
    return {
      state: 'problem',
      says: `${name}${from} has no policy in it, so everything is refused.`,
      fix: { says: 'Put policies there, or set policy.dir to a folder that has some.', repairs: false, root: false },
    };
  return { state: 'ok', says: `${name}, ${count} policies${from}.` };
}

function fleet({ command }: DoctorContext, { fleet: member }: Status, { now }: EngineFacts): Finding {
  if (!member) return { state: 'absent', says: 'This device belongs to no fleet.' };
  const { state, ring, revision, confirmedAt, problem } = member;
  const age = confirmedAt === null ? 'never confirmed' : `confirmed ${ageOf(confirmedAt, now())} ago`;
  const says = [`Revision ${revision ?? 'none'} for ${ring}, ${age}.`, ...(problem === null ? [] : [problem])].join(' ');
  const fix = repaired('Look for the newest policy now.', command('sync'));
  if (state === 'refused' || state === 'stale') return { state: 'problem', says, fix };
  return state === 'offline' ? { state: 'warning', says, fix } : { state: 'ok', says };
}

function upload({ upload: copied }: Status, { now }: EngineFacts): Finding {
  if (!copied) return { state: 'absent', says: 'The log stays on this computer.' };
  const { pending, confirmedAt, problem } = copied;
  const fix = {
    says: 'See that the collector can be reached and takes the credentials that audit.upload sets. Nothing is lost meanwhile.',
    repairs: false,
    root: false,
  };
  if (problem !== null) return { state: 'problem', says: `${pending} records wait. ${problem}`, fix };
  const isLate = pending > 0 && (confirmedAt === null || now().getTime() - Date.parse(confirmedAt) > 60 * MINUTE_MS);
  const when = confirmedAt === null ? 'never confirmed' : `last confirmed ${ageOf(confirmedAt, now())} ago`;
  const says = `${pending} records wait, ${when}.`;
  return isLate ? { state: 'warning', says, fix } : { state: 'ok', says };
}

function log({ audit, engine }: Status): Finding {
  if (audit.writable) return { state: 'ok', says: `${audit.records} records.` };
  return {
    state: 'problem',
    says: `The log in ${engine.dataDir} cannot be written, so every action that needs a record is refused.`,
    fix: { says: `Make room on the disk, and see that ${engine.dataDir} can be written to.`, repairs: false, root: false },
  };
}

async function disk({ engine: { dataDir } }: Status): Promise<Finding> {
  const free = await statfs(dataDir).then(
    ({ bavail, bsize }) => bavail * bsize,
    (thrown: unknown) => messageOf(thrown),
  );
  if (typeof free === 'string') return { state: 'unknown', says: `The disk of ${dataDir} does not say: ${free}` };
  const says = `${(free / GIGABYTE).toFixed(1)} GB are free where ${dataDir} is.`;
  const fix = {
    says: 'Make room: with a full disk nothing can be recorded, and what needs a record is refused.',
    repairs: false,
    root: false,
  };
  if (free < GIGABYTE / 10) return { state: 'problem', says, fix };
  return free < GIGABYTE ? { state: 'warning', says, fix } : { state: 'ok', says };
}

function keys({ keys: kept }: Status, mode: DoctorContext['mode']): Finding {
  if (kept === 'keystore') return { state: 'ok', says: 'In the system’s keystore.' };
  if (mode === 'service') return { state: 'ok', says: 'In files that only the service’s own user can read.' };
  return {
    state: 'warning',
    says: 'In files that only you can read, and so can every program that runs as you: this computer offers no keystore.',
    fix: {
      says: 'Install and unlock a keystore (on Linux a Secret Service, such as GNOME’s), then restart the guard.',
      repairs: false,
      root: false,
    },
  };
}

function authority({ engine: { caExpires, caFile } }: Status, { now }: EngineFacts): Finding {
  if (caExpires === undefined) return { state: 'unknown', says: 'This engine does not say.' };
  const left = Date.parse(caExpires) - now().getTime();
  if (left > 30 * DAY_MS) return { state: 'ok', says: `Until ${caExpires.slice(0, 10)}.` };
  return {
    state: left > 0 ? 'warning' : 'problem',
    says: left > 0 ? `It ends on ${caExpires.slice(0, 10)}.` : `It ended on ${caExpires.slice(0, 10)}: no program trusts it any more.`,
    fix: { says: `Remove ${caFile}, restart the guard, and have the new one trusted.`, repairs: false, root: false },
  };
}

async function crashes({ lives }: EngineFacts): Promise<Finding> {
  const crashed = (await lives()).filter(({ record }) => record.verdict === 'recovered').map(({ record }) => record.at);
  if (crashed.length === 0) return { state: 'ok', says: 'In the last seven days it did not end otherwise.' };
  const times = crashed.length === 1 ? 'once' : `${crashed.length} times`;
  return {
    state: crashed.length > 2 ? 'problem' : 'warning',
    says: `In the last seven days it ended ${times} without being told to, and was started again at ${crashed.slice(0, 5).join(', ')}.`,
    fix: { says: 'See engine.log in its data folder for what it said last.', repairs: false, root: false },
  };
}

function ageOf(iso: string, now: Date): string {
  const ms = Math.max(0, now.getTime() - Date.parse(iso));
  if (ms < 2 * 60 * MINUTE_MS) return `${Math.round(ms / MINUTE_MS)} min`;
  return ms < 2 * DAY_MS ? `${Math.round(ms / MINUTE_MS / 60)} h` : `${Math.round(ms / DAY_MS)} days`;
}
