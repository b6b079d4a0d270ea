/** What a session comes to, from the log's tallies. */

import type { SessionSummary } from '../../../contract/activity.ts';
import { keptTexts } from '../kept-text.ts';
import { type Row, readBody, SELECT_ROWS } from '../rows.ts';
import type { Db } from '../schema.ts';
import { SESSION_KEY } from '../tally-tables.ts';
import { openingOf } from './opening.ts';
import { isTime, NO_TIME } from './shown.ts';
import { type WholeSum, wholeSums } from './whole-sums.ts';

export function summaryOf(db: Db, key: string): SessionSummary | null {
  const row = wholeSums(db)(key);
  return row ? summariesOf(db)(row) : null;
}

/** `matching`: the newest record that matches a filter, and how many do. */
export function summariesOf(db: Db): (row: WholeSum, matching?: { readonly last: number; readonly matches: number }) => SessionSummary {
  const at = db.prepare<[number], string>(`SELECT at FROM records WHERE seq = ?`).pluck();
  const opening = openings(db);
  const timeOf = (seq: number) => {
    const time = at.get(seq);
    return time !== undefined && isTime(time) ? time : undefined;
  };

  return (row, { last, matches } = { last: row.last, matches: row.records }) => {
    const { key, agent, workspace, model, records, calls, refused, released, uninspected, found, cost } = row;
    const from = timeOf(row.first) ?? timeOf(row.last) ?? NO_TIME;
    return {
      ...{ key, agent, workspace, model, from, to: timeOf(row.last) ?? from, last, records, calls, refused },
      releasedByPerson: released,
      uninspected,
      findings: found,
      usd: cost === null ? null : Math.min(cost, Number.MAX_SAFE_INTEGER) / 1e6,
      matches,
      opening: row.asks === null ? null : opening(key, row.asks),
    };
  };
}

/** Records with a person's words in which the first of them are looked for, and texts of each. */
const LOOKED_AT = 4;
const TEXTS = 20;

function openings(db: Db): (key: string, from: number) => string | null {
  const textOf = keptTexts(db);
  const rows = db.prepare<[string, number, number], Row>(`${SELECT_ROWS} WHERE ${SESSION_KEY} = ? AND r.seq >= ? ORDER BY r.seq LIMIT ?`);
  return (key, from) => {
    let looked = 0;
    for (const row of rows.iterate(key, from, LOOKED_AT * 8)) {
      const own = (readBody(row.body)?.blocks ?? []).filter(({ role }) => role === 'user').slice(0, TEXTS);
      if (own.length === 0) continue;
      for (const { hash } of own) {
        const text = textOf(hash);
        const found = text === null ? null : openingOf(text);
        if (found !== null) return found;
      }
      looked += 1;
      if (looked === LOOKED_AT) break;
    }
    return null;
  };
}
