/** Whether the clock is right: by whoever else knows the time, and at least not before what has happened already. */

import { X509Certificate } from 'node:crypto';
import { askProgram } from './ask-program.ts';
import type { Check, Finding } from './check.ts';
import type { DoctorContext } from './context.ts';

export interface ClockFacts {
  now(): Date;
  /** Times that were in the past when they were written down (ISO 8601). */
  readonly happened: readonly string[];
}

/** Tokens, signatures and certificates of providers and fleets bear no more. */
const OFF_MS = 5 * 60_000;
const SERVER_MS = 4_000;

export function clockCheck(context: DoctorContext, facts: ClockFacts): Check {
  return { id: 'engine.clock', group: 'engine', title: 'The clock is right', run: (over) => clock(context, facts, over) };
}

async function clock({ guard, status, system }: DoctorContext, { now, happened }: ClockFacts, over: AbortSignal): Promise<Finding> {
  const madeAt = guard && new Date(new X509Certificate(guard.caPem).validFrom).getTime();
  const latest = Math.max(...happened.map((at) => Date.parse(at)), madeAt ?? 0);
  if (latest - now().getTime() > OFF_MS)
    return wrong(`The clock says ${now().toISOString()}, but something was recorded here at ${new Date(latest).toISOString()} already.`);
  const told = await serversTime(status?.fleet?.url, over);
  if (told) {
    const off = told.getTime() - now().getTime();
    if (Math.abs(off) <= OFF_MS) return { state: 'ok', says: 'As the fleet’s server has it.' };
    return wrong(`The clock is ${Math.round(Math.abs(off) / 60_000)} min ${off > 0 ? 'behind' : 'ahead of'} that of the fleet’s server.`);
  }
  if (system.platform !== 'linux')
    return { state: 'unknown', says: 'Nobody was there to compare it with; it is not before what was recorded.' };
  const { out } = await askProgram('timedatectl', ['show', '--property=NTPSynchronized', '--value'], {
    env: system.env,
    timeoutMs: SERVER_MS,
    signal: over,
  });
  return out.trim() === 'yes'
    ? { state: 'ok', says: 'The system keeps it in step with a time server.' }
    : { state: 'unknown', says: 'Nobody was there to compare it with; it is not before what was recorded.' };
}

function wrong(says: string): Finding {
  return {
    state: 'problem',
    says,
    fix: {
      says: 'Set the clock, and have the system keep it in step with a time server: signatures and certificates are judged by it.',
      repairs: false,
      root: true,
    },
  };
}

/** By the Date of any answer (RFC 9110 §6.6.1), whatever it is. */
async function serversTime(url: string | undefined, over: AbortSignal): Promise<Date | undefined> {
  if (url === undefined) return undefined;
  try {
    const signal = AbortSignal.any([over, AbortSignal.timeout(SERVER_MS)]);
    const { headers } = await fetch(url, { method: 'HEAD', redirect: 'manual', signal });
    const date = new Date(headers.get('date') ?? '');
    return Number.isNaN(date.getTime()) ? undefined : date;
  } catch {
    return undefined;
  }
}
