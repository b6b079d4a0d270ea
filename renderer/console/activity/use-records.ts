/** The log's records as far as they have been fetched, with new ones as they come. */

import { useCallback, useEffect, useRef, useState } from 'react';
import type { AuditRecord } from '../../../main/contract/record.ts';
import { ask } from '../../ask.ts';
import { bridge } from '../../bridge.ts';

/** Older ones are left to the command line. */
const MOST = 5_000;
const PAGE = 200;

export interface Records {
  readonly records: readonly AuditRecord[];
  /** There may be earlier ones. */
  readonly more: boolean;
  /** Nothing is known of the log yet. */
  readonly isLoading: boolean;
  loadEarlier(): void;
}

/** Starts anew whenever an engine is there again: what is missing in between is fetched. */
export function useRecords(running: boolean): Records {
  const [records, setRecords] = useState<readonly AuditRecord[]>([]);
  const [more, setMore] = useState(false);
  const [loaded, setLoaded] = useState(false);
  const oldest = useRef<number>(undefined);

  const take = useCallback((some: readonly AuditRecord[]) => {
    setRecords((known) => {
      const seen = new Set(known.map((record) => record.seq));
      const all = [...known, ...some.filter((record) => !seen.has(record.seq))].sort((a, b) => b.seq - a.seq).slice(0, MOST);
      oldest.current = all.at(-1)?.seq;
      return all;
    });
  }, []);

  const fetchBefore = useCallback(
    async (before?: number) => {
      const reply = await ask('records', { limit: PAGE, ...(before !== undefined && { before }) });
      const some = reply.ok ? reply.result : [];
      take(some);
      setMore(some.length > 0 && some.at(-1)!.seq > 1);
      setLoaded(true);
    },
    [take],
  );

  useEffect(() => {
    if (!running) return;
    const off = bridge().on('console:record', (record) => take([record]));
    void fetchBefore();
    return off;
  }, [running, take, fetchBefore]);

  return {
    records,
    more: more && records.length < MOST,
    isLoading: running && !loaded,
    loadEarlier: () => void fetchBefore(oldest.current),
  };
}
