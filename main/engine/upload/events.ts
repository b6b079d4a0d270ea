/** What is told besides the records: gaps, and signed heads of the chain. */

import { ORIGIN } from '../audit/checkpoint.ts';
import type { OtlpLog } from '../audit/otlp.ts';
import type { OwedGap } from './progress.ts';

/** A gap, or a stretch of records that are told without what they said: retention has purged it, or it is gone and nothing says why. */
export interface ToldGap extends Omit<OwedGap, 'reason'> {
  readonly reason: OwedGap['reason'] | 'purged' | 'missing';
}

export function gapLog(gap: ToldGap): OtlpLog {
  const { from, to, count, reason, message, hash, at } = gap;
  return {
    time: Date.parse(at) || 0,
    severityNumber: 13,
    severityText: 'WARN',
    eventName: 'holdpoint.upload.gap',
    body: `${count} ${count === 1 ? 'record' : 'records'} of ${from} to ${to}: ${REASONS[reason]}`,
    attributes: {
      // The same whenever the same gap is told, and another one's in another log.
      'holdpoint.record.id': `gap-${reason}-${from}-${to}-${hash.slice(0, 8)}`,
      'holdpoint.gap.from': from,
      'holdpoint.gap.to': to,
      'holdpoint.gap.count': count,
      'holdpoint.gap.reason': reason,
      ...(message !== '' && { 'holdpoint.gap.message': message }),
      ...(hash !== '' && { 'holdpoint.gap.hash': hash }),
    },
  };
}

/** `note` vouches for every record up to `seq`: who keeps it can tell later that the log was cut or written anew. */
export function checkpointLog({ seq, note, at }: { readonly seq: number; readonly note: string; readonly at: string }): OtlpLog {
  const hash = Buffer.from(note.split('\n')[2] ?? '', 'base64').toString('hex');
  return {
    time: Date.parse(at) || 0,
    severityNumber: 9,
    severityText: 'INFO',
    eventName: 'holdpoint.checkpoint',
    body: `The log up to record ${seq}, signed`,
    attributes: {
      'holdpoint.record.id': `checkpoint-${seq}-${hash.slice(0, 8)}`,
      'holdpoint.checkpoint.seq': seq,
      'holdpoint.checkpoint.hash': hash,
      'holdpoint.checkpoint.origin': ORIGIN,
      'holdpoint.checkpoint.note': note,
    },
  };
}

const REASONS: Readonly<Record<ToldGap['reason'], string>> = {
  backlog: 'passed over, because more were waiting than audit.upload.maxBacklogRecords permits. They are in the log.',
  rejected: 'the collector took the rest of the request and rejected these. They are in the log.',
  unacceptable: 'the collector refuses this one, and takes others. It is in the log.',
  'too-large': 'the collector does not take a record of this size, and takes others. It is in the log.',
  cut: 'the collector was told of them, and the log no longer has them: it was cut, or is an older copy.',
  purged: 'what they said was purged by retention before it could be uploaded. Their place in the chain follows.',
  missing: 'what they said is gone from the log, and retention has not purged it.',
};
