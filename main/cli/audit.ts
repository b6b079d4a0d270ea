/** `holdpoint audit`: reads the log of a data folder, whether or not an engine is running; that of a machine's service as far as it is one's own. */

import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { AuditRecord } from '../contract/record.ts';
import { type ServicePlaces, servicePlaces } from '../contract/service-places.ts';
import { visibleLine, visibleLines } from '../engine/approvals/visible.ts';
import {
  EXPORT_FORMATS,
  type ExportFormat,
  exportRecords,
  type ShownRecord,
  searchRecords,
  showRecord,
  tailRecords,
} from '../engine/audit/read.ts';
import { LOG_FILE } from '../engine/audit/schema.ts';
import { verifyLog } from '../engine/audit/verify.ts';
import { offlineDataDir } from '../engine/engine-place.ts';
import { version } from '../engine/version.ts';
import { exportTo, placeToVerify, verifyExportAt } from './audit-export.ts';
import { askingService, forRoot, logPlace } from './audit-own.ts';
import { type Command, DONE, type Io, NO, PLACE_OPTIONS, placeOf, print, printJson, UsageError } from './io.ts';

const MAX_LIMIT = 100_000;
const AGES: ReadonlyMap<string, number> = new Map([
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

export const audit: Command = (args, io) => auditAt(servicePlaces(), args, io);

/** `places`: where the machine's service would be. */
export async function auditAt(places: ServicePlaces, args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      ...PLACE_OPTIONS,
      json: { type: 'boolean' },
      since: { type: 'string' },
      format: { type: 'string' },
      limit: { type: 'string' },
      to: { type: 'string' },
      session: { type: 'string' },
      'with-content': { type: 'boolean' },
      report: { type: 'boolean' },
      key: { type: 'string' },
    },
    allowPositionals: true,
  });
  const [verb = 'tail', ...words] = positionals;
  const limit = limitIn(values.limit);
  const since = values.since === undefined ? undefined : timeIn(values.since, Date.now());
  const format = formatIn(values.format);
  if (values.key !== undefined && (verb !== 'verify' || words.length === 0))
    throw new UsageError('--key FILE goes with verify PATH: the log of a data folder has its key beside it.');
  if (values['with-content'] && values.to === undefined) throw new UsageError('--with-content goes with export --to DIR.');
  if (values.report && (values.to === undefined || values.session === undefined))
    throw new UsageError('--report goes with export --session ID --to DIR: it tells of one session.');
  if ((values.to ?? values.session) !== undefined && verb !== 'export')
    throw new UsageError(`--to and --session go with export, not with ${verb}.`);
  if (verb === 'verify' && words[0] !== undefined && words.length === 1) {
    const place = placeToVerify(words[0]);
    if (place.kind === 'log') return verify(place.path, io, values.json);
    return verifyExportAt(place.path, values.key, io, values.json ?? false);
  }
  if (words.length > 0 && (verb === 'tail' || verb === 'verify' || verb === 'export'))
    throw new UsageError(`${JSON.stringify(words.at(-1))} is one word too many.`);
  const place = logPlace((values.config ?? values['data-dir'] ?? io.env.HOLDPOINT_DATA_DIR) !== undefined, places);
  if (place.kind === 'service') return askService(place.runDir, { verb, words, limit, since, json: values.json }, io);
  const file = place.kind === 'file' ? place.file : join(offlineDataDir(placeOf(values)), LOG_FILE);
  switch (verb) {
    case 'tail':
      return list(tailRecords(file, { limit }), io, values.json);
    case 'search':
      // Newest last, as tail has it: a terminal shows the end.
      return list(searchRecords(file, textIn(words), { limit, since }).reverse(), io, values.json);
    case 'show':
      return show(showRecord(file, idIn(words)), io, values.json);
    case 'verify':
      return verify(file, io, values.json);
    case 'export':
      if (values.to !== undefined) {
        const { to, session, report = false, 'with-content': withContent = report } = values;
        return exportTo({ file, to, since, session, format, withContent, report }, io, values.json ?? false);
      }
      for await (const line of exportRecords(file, { since, session: values.session, format, version: await version() }))
        if (!io.output.write(`${line}\n`)) await once(io.output, 'drain');
      return DONE;
    default:
      throw unknown(verb);
  }
}

interface AskedOwn {
  readonly verb: string;
  readonly words: readonly string[];
  readonly limit: number;
  readonly since: Date | undefined;
  readonly json: boolean | undefined;
}

function askService(runDir: string, { verb, words, limit, since, json }: AskedOwn, io: Io): Promise<number> {
  if (verb === 'verify' || verb === 'export') throw forRoot(verb);
  return askingService(runDir, async (log) => {
    switch (verb) {
      case 'tail':
        return list(await log.tail(limit), io, json);
      case 'search':
        return list((await log.search(textIn(words), { limit, since })).reverse(), io, json);
      case 'show':
        return show(await log.show(idIn(words)), io, json);
      default:
        throw unknown(verb);
    }
  });
}

function unknown(verb: string): UsageError {
  return new UsageError(`There is no audit command ${JSON.stringify(verb)}: tail, search, show, verify or export.`);
}

function textIn(words: readonly string[]): string {
  if (words.length === 0) throw new UsageError('The text to look for is missing, as in: holdpoint audit search "rm -rf".');
  return words.join(' ');
}

function idIn([id, ...rest]: readonly string[]): string {
  if (id === undefined || rest.length > 0) throw new UsageError('Name one record by its ID or number; holdpoint audit tail shows them.');
  return id;
}

/** A point in time: an ISO date or time, or an age such as 30d, 12h, 45m. Throws UsageError. */
export function timeIn(text: string, now: number): Date {
  const [, count, unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  if (count !== undefined) return new Date(now - Number(count) * AGES.get(unit)!);
  const time = /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d)?)?$/.test(text) ? new Date(text) : undefined;
  if (!time || Number.isNaN(time.getTime()))
    throw new UsageError(`--since ${text} is no time: give 2026-05-01, 2026-05-01T09:30:00Z, or an age such as 30d, 12h, 45m.`);
  return time;
}

function limitIn(text = '50'): number {
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MAX_LIMIT) throw new UsageError(`--limit ${text} is no number from 1 to ${MAX_LIMIT}.`);
  return limit;
}

function formatIn(text = 'ndjson'): ExportFormat {
  const format = EXPORT_FORMATS.find((known) => known === text);
  if (!format) throw new UsageError(`--format ${text} is not known: ndjson, otlp or ocsf is.`);
  return format;
}

function list(records: readonly AuditRecord[], io: Io, json: boolean | undefined): number {
  if (json) printJson(io, { records });
  else if (records.length === 0) print(io, 'No records.');
  else print(io, ...records.map(lineOf));
  return DONE;
}

function show(shown: ShownRecord, io: Io, json: boolean | undefined): number {
  if (json) printJson(io, shown);
  else print(io, ...shownLines(shown));
  return DONE;
}

/** The summary says the verdict in words, so that the columns stay narrow. */
function lineOf({ seq, at, kind, summary }: AuditRecord): string {
  return `${String(seq).padStart(6)}  ${at.slice(0, 19).replace('T', ' ')}  ${kind.padEnd(11)}  ${visibleLine(summary, 300)}`;
}

function shownLines({ record, body, content, proof }: ShownRecord): string[] {
  const { seq, id, at, kind, verdict, session, exchange, action, agent, host, summary, data, hash } = record;
  const rows = Object.entries({ id, at, kind, verdict, agent, host, session, exchange, action }).filter(([, value]) => value !== null);
  const bodies = {
    kept: '',
    purged: 'Its content was purged by retention; its place in the chain stays.',
    missing: 'Its content is missing, and nothing explains why.',
  };
  const proofs = {
    signed: `signed: the chain holds from here to the checkpoint at ${proof.checkpoint?.seq}`,
    unsigned: 'not signed yet: no checkpoint comes after it',
    broken: 'BROKEN: see holdpoint audit verify',
  };
  return [
    `Record ${seq}: ${visibleLine(summary, 1_000)}`,
    '',
    ...rows.map(([name, value]) => `  ${name.padEnd(10)} ${visibleLine(String(value), 300)}`),
    `  ${'hash'.padEnd(10)} ${hash}`,
    `  ${'proof'.padEnd(10)} ${proofs[proof.state]}`,
    ...(bodies[body] ? ['', bodies[body]] : []),
    '',
    ...visibleLines(JSON.stringify(data, null, 2))
      .split('\n')
      .map((line) => `  ${line}`),
    ...content.flatMap(({ role, hash, text }) => [
      '',
      `  ${visibleLine(role, 100)} (${hash.slice(0, 12)})`,
      ...visibleLines(text ?? '(not kept)')
        .split('\n')
        .map((line) => `    ${line}`),
    ]),
  ];
}

async function verify(file: string, io: Io, json: boolean | undefined): Promise<number> {
  const result = await verifyLog(file);
  if (json) printJson(io, result);
  else if (result.ok)
    print(io, `The log is whole: ${result.records} ${result.records === 1 ? 'record' : 'records'}, none changed, removed or reordered.`);
  else if (result.firstBad)
    print(io, `The log was touched. First bad record: ${result.firstBad.seq}. ${visibleLines(result.firstBad.what)}`);
  return result.ok ? DONE : NO;
}
