/** Follows the chain through an export's records, from the link before the first to the head that was signed. */

import { createHash, hash } from 'node:crypto';
import { join } from 'node:path';
import { openCheckpoint } from '../checkpoint.ts';
import { readBody } from '../rows.ts';
import type { BadRecord } from '../verify.ts';
import { type Line, lineSchema, type Manifest } from './format.ts';
import { whole } from './lines.ts';

export interface RecordCheck {
  /** False once something is wrong: the rest need not be read. */
  line(text: string): boolean;
  /** After the last line: what is wrong, if anything is. */
  end(): BadRecord | undefined;
  records(): number;
  /** The texts that the records name. */
  contents(): ReadonlySet<string>;
}

const CHECKPOINT_EVERY = 1000;
const MAX_CONTENT = 256 * 1024 * 1024;

export function createRecordCheck(options: {
  readonly manifest: Manifest;
  readonly keys: readonly Buffer[];
  /** Notes by the number of the record that they sign. */
  readonly checkpoints: ReadonlyMap<number, string>;
  /** Folder of the texts. */
  readonly content: string;
}): RecordCheck {
  const { manifest, keys, checkpoints, content } = options;
  const { range, purgedThrough, session } = manifest;
  const contents = new Set<string>();
  let link: Buffer = Buffer.from(range.previous, 'hex');
  let seq = range.from - 1;
  let firstBad: BadRecord | undefined;

  return {
    line(text) {
      if (!firstBad) firstBad = faultOf(text);
      return firstBad === undefined;
    },
    end() {
      if (firstBad) return firstBad;
      if (seq < range.to)
        return { seq: seq + 1, what: `The export ends at ${seq}, and what was signed goes to ${range.to}: the rest was cut off.` };
      if (link.toString('hex') !== range.head) return { seq, what: 'It is not the last record that was signed.' };
      const stray = [...checkpoints.keys()].find((at) => at < range.from || at > range.to);
      return stray === undefined ? undefined : { seq: stray, what: `There is a checkpoint at ${stray} that belongs to no record here.` };
    },
    records: () => seq - range.from + 1,
    contents: () => contents,
  };

  function faultOf(text: string): BadRecord | undefined {
    const line = lineIn(text);
    const next = seq + 1;
    if (!line) return { seq: next, what: 'Its line is not one that Holdpoint writes: it was changed.' };
    if (next > range.to) return { seq: line.seq, id: line.id, what: `It was put in: what was signed ends at ${range.to}.` };
    if (line.seq !== next) {
      const found = `record ${line.seq} is in its place`;
      return { seq: next, what: `Record ${next} is missing: ${found}. It was taken out, or the order was changed.` };
    }
    const what = linkFault(line) ?? bodyFault(line) ?? checkpointFault(line);
    if (what !== undefined) return { seq: line.seq, id: line.id, what };
    link = Buffer.from(line.hash, 'hex');
    seq = next;
    return undefined;
  }

  function linkFault(line: Line): string | undefined {
    // RFC 8785: names in order, no blanks.
    const { action, agent, at, bodyHash: body, exchange, host, id, kind, seq: number, session: of, verdict } = line;
    const metadata = JSON.stringify({ action, agent, at, body, exchange, host, id, kind, seq: number, session: of, verdict });
    const follows = createHash('sha256')
      .update(Buffer.from([1]))
      .update(link)
      .update(metadata)
      .digest('hex');
    return follows === line.hash
      ? undefined
      : 'Its link does not follow from its columns and the record before it: it was changed, moved or put in.';
  }

  function bodyFault(line: Line): string | undefined {
    if (line.state === 'withheld')
      return session !== null && line.session !== session && line.body === null ? undefined : 'Its body was taken out.';
    if (line.state === 'purged')
      return line.body === null && line.seq <= purgedThrough ? undefined : 'Its body is missing, and retention has not purged it.';
    if (line.body === null) return 'Its body is missing.';
    if (hash('sha256', line.body) !== line.bodyHash) return 'Its body was changed.';
    const body = readBody(line.body);
    if (!body) return 'Its body is not one that Holdpoint writes.';
    if (manifest.content === null || body.capture === 'metadata' || line.seq <= purgedThrough) return undefined;
    for (const block of body.blocks) {
      const fault = contentFault(block.hash);
      if (fault !== undefined) return `Its content ${block.hash.slice(0, 12)}… ${fault}`;
    }
    return undefined;
  }

  function contentFault(wanted: string): string | undefined {
    if (contents.has(wanted)) return undefined;
    const bytes = /^[0-9a-f]{64}$/.test(wanted) ? whole(join(content, wanted), MAX_CONTENT) : undefined;
    if (!bytes) return 'is missing.';
    if (hash('sha256', bytes) !== wanted) return 'was changed.';
    contents.add(wanted);
    return undefined;
  }

  function checkpointFault(line: Line): string | undefined {
    const note = checkpoints.get(line.seq);
    if (note === undefined) return line.seq % CHECKPOINT_EVERY === 0 ? 'Its checkpoint is missing.' : undefined;
    const head = openCheckpoint(note, keys);
    if (!head) return 'The signature of its checkpoint does not hold.';
    return head.seq === line.seq && head.hash.toString('hex') === line.hash
      ? undefined
      : 'Its checkpoint signs another record: it, or one before it, was written anew.';
  }
}

function lineIn(text: string): Line | undefined {
  try {
    return lineSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
