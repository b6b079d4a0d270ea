/** Scans texts for what detectors know: off the event loop, each text once, and never for longer than it may take. */

import type { Finding } from '../../contract/action.ts';
import { type BlockCache, createBlockCache } from './block-cache.ts';
import { type ClassifyingPattern, compilePatterns } from './customer/patterns.ts';
import { createDetectors, kindOfRole, NOTHING, type Piece } from './detectors.ts';
import { createScanPool, type ScanPool } from './scan-pool.ts';

export interface Scanner {
  /** One scan a text, in order. Never rejects: what was not scanned says so, and is not to be taken for harmless. */
  scan(texts: readonly ScannedText[]): Promise<readonly Scan[]>;
  /** From then on every text is unscanned. May be called more than once. */
  close(): Promise<void>;
}

export interface ScannedText {
  readonly text: string;
  /** As of `Content.role`; decides which detectors look. */
  readonly role: string;
}

export interface Scan {
  /** By place. Of secrets and personal data none overlaps another; an injection or a customer's pattern may lie over them. */
  readonly findings: readonly Finding[];
  readonly unscanned?: Unscanned;
}

/** Why a text was not scanned: it took too long, detectors or their thread failed, or it is longer than is scanned. */
export type Unscanned = 'timeout' | 'failed' | 'too-long';

export interface ScannerOptions {
  /** Threads, 2 at most. 0: all in the calling thread, for where nobody else waits for it. */
  readonly workers: number;
  /** Greatest time for one piece of work; a whole scan may take four times as long. Milliseconds. */
  readonly deadlineMs?: number;
  /** The company's own patterns. Throws where one is refused: settings have checked them before. */
  readonly patterns?: readonly ClassifyingPattern[];
  /** Called with a sentence when a thread had to be replaced. */
  readonly log?: (message: string) => void;
  /** UTF-16 units of one text. */
  readonly longest?: number;
  /** The threads' module. */
  readonly worker?: URL;
}

export const DEADLINE_MS = 2_000;
const LONGEST = 4 * 1024 * 1024;
/**
 * Texts of so much together are scanned at once in the calling thread: that takes 0.2 ms, or up to 1 ms where orders to an agent
 * are looked for too, and the way to a thread and back is as long and waits behind others' work. It is bounded, because every detector is linear: the worst text of this length that was found
 * takes some 20 ms. Customers' patterns are only almost linear, so that with them everything goes to the threads.
 */
const AT_ONCE = 4 * 1024;
/** Hashing a long conversation makes way for others after so many characters. */
const HASHED_AT_ONCE = 2 * 1024 * 1024;
/** A text that took too long is not tried again for this long: agents send it again with every turn. */
const GIVEN_UP_MS = 60_000;

export function createScanner(options: ScannerOptions): Scanner {
  const { workers, deadlineMs = DEADLINE_MS, log = () => {}, patterns = [], longest = LONGEST } = options;
  const detect = createDetectors(compilePatterns(patterns));
  const cache: BlockCache<Scan> = createBlockCache();
  const pool: ScanPool | undefined =
    workers === 0
      ? undefined
      : createScanPool({
          workers: Math.min(workers, 2),
          deadlineMs,
          patterns,
          log,
          ...(options.worker !== undefined && { worker: options.worker }),
        });
  let closed = false;

  return {
    async scan(texts) {
      if (closed) return texts.map(() => FAILED);
      const scans: Scan[] = [];
      const missing: Missing[] = [];
      let hashed = 0;
      for (const [index, { text, role }] of texts.entries()) {
        if (text.length > longest) {
          scans[index] = TOO_LONG;
          continue;
        }
        hashed += text.length;
        if (hashed > HASHED_AT_ONCE) {
          hashed = 0;
          await new Promise(setImmediate);
        }
        const kind = kindOfRole(role);
        const key = cache.keyOf(kind, text);
        const known = cache.get(key);
        if (known) scans[index] = known;
        else missing.push({ index, key, piece: { kind, text } });
      }
      if (missing.length > 0) await scanMissing(missing, scans);
      return scans;
    },
    async close() {
      closed = true;
      await pool?.close();
    },
  };

  async function scanMissing(missing: readonly Missing[], scans: Scan[]): Promise<void> {
    const length = missing.reduce((sum, { piece }) => sum + piece.text.length, 0);
    if (!pool || (length <= AT_ONCE && patterns.length === 0)) {
      for (const { index, key, piece } of missing) scans[index] = kept(key, scanHere(piece));
      return;
    }
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), 4 * deadlineMs);
    try {
      const results = pool.run(
        missing.map(({ piece }) => piece),
        late.signal,
      );
      // Kept as they come: what is ready when the time is up counts, and what comes later is there for the next turn.
      const keep = async ({ index, key }: Missing, nth: number) => {
        scans[index] = kept(key, scanOf((await results[nth]) ?? 'failed'));
      };
      await Promise.all(missing.map(keep));
    } finally {
      clearTimeout(timer);
    }
  }

  function scanHere(piece: Piece): Scan {
    try {
      return scanOf(detect(piece));
    } catch {
      return FAILED;
    }
  }

  function kept(key: string, scan: Scan): Scan {
    if (scan.unscanned === undefined) cache.set(key, scan);
    else if (scan.unscanned === 'timeout') cache.set(key, scan, GIVEN_UP_MS);
    return scan;
  }
}

interface Missing {
  readonly index: number;
  readonly key: string;
  readonly piece: Piece;
}

const FAILED: Scan = { findings: NOTHING, unscanned: 'failed' };
const TIMEOUT: Scan = { findings: NOTHING, unscanned: 'timeout' };
const TOO_LONG: Scan = { findings: NOTHING, unscanned: 'too-long' };
/** Most texts hold nothing: they share one. */
const CLEAN: Scan = { findings: NOTHING };

function scanOf(result: readonly Finding[] | 'timeout' | 'failed'): Scan {
  if (result === 'timeout') return TIMEOUT;
  if (result === 'failed') return FAILED;
  return result.length === 0 ? CLEAN : { findings: result };
}
