/** On a machine with one engine for several users, whoever asks of the log finds what is theirs, and what is everybody's. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ACTIVITY_METHODS } from '../../../main/contract/activity.ts';
import { RECORD_ENDS } from '../../../main/contract/activity-filter.ts';
import type { AuditRecord } from '../../../main/contract/record.ts';
import { RECORD_KINDS } from '../../../main/contract/record-kinds.ts';
import { answer } from '../../../main/engine/audit/browse/answers.ts';
import { createBrowse } from '../../../main/engine/audit/browse/browse.ts';
import type { BrowseQuestion } from '../../../main/engine/audit/browse/messages.ts';
import { createLogReader } from '../../../main/engine/audit/browse/own-part.ts';
import { openAudit } from '../../../main/engine/audit/log.ts';
import { type Asking, askingOf, browsing, conversation, engineStarted, logOf, type Timed, timeOf, tunnel } from './browse-support.ts';
import { optionsFor, tamper, temporaryFolder } from './support.ts';

/** Every name, id, label and text of somebody has this word in it. */
type Somebody = 'ann' | 'bob' | 'zoe';
/** A session that several claim, since its id comes from requests. */
const CLAIMED = 'claimed-1';

/** What somebody does; of `zoe` the process is not known. */
function doings(who: Somebody, round: number) {
  const user = who === 'zoe' ? {} : { user: who };
  const agent = `${who}-agent`;
  const host = `${who}.example`;
  const workspace = `/home/${who}/shop`;
  const own = conversation(`${who}-${round}`, { ...user, agent, host, workspace });
  const claimed = conversation(CLAIMED, { ...user, agent: `${agent}-2`, host, workspace });
  const model = { model: `${who}-model`, responseModel: `${who}-model`, counted: { costMicroUsd: 100 + round } };
  return [
    own.exchange(`${who}-e`, {
      said: [
        ['user', `please ${who} do ${round}`],
        ['tool_result', `said by all of them ${round}`],
      ],
      data: model,
      summary: `${who} asked for work`,
    }),
    ...own.call(`${who}-a`, round % 2 === 0 ? 'allow' : 'deny', undefined, {
      findings: [{ label: `secret.${who}` }],
    }),
    ...own.call(`${who}-b`, 'ask', { approval: 'answered', outcome: round % 3 === 0 ? 'refused' : 'released' }),
    own.finding(`${who}-f`, `pii.${who}`),
    own.unread(`${who}-u`),
    claimed.exchange(`${who}-c${round}`, { said: [['user', `${who} claims ${round}`]], data: model, summary: `${who} claimed work` }),
    ...claimed.call(`${who}-d${round}`, 'allow'),
    { ...tunnel(`git.${who}.example`), ...user, agent: `${who}-git` },
    // Of no session, like what the guard does by itself.
    { kind: 'exchange' as const, verdict: 'passed', ...user, agent, host, summary: `${who} passed work`, data: { path: `/${who}` } },
  ];
}

const EVERYBODYS = [
  engineStarted,
  { kind: 'policy' as const, verdict: 'in-force', summary: 'Policies in force', data: { name: 'starter' } },
  { kind: 'policy' as const, verdict: 'settings-changed', summary: 'Settings changed', data: {} },
];

function entries(people: readonly Somebody[]): Timed[] {
  return Array.from({ length: 12 }, (_, round) => {
    // In turn, as several agents work at the same time.
    const all = people.map((who) => doings(who, round));
    const mixed = all[0]!.flatMap((_, at) => all.map((own) => own[at]!));
    return [...mixed, ...(round % 4 === 0 ? EVERYBODYS : [])].map((entry) => ({ minute: round * 20, entry }));
  }).flat();
}

let file: string;
let all: Asking;
let bobs: Asking;
/** Where his part is not looked at one by one. */
let bobsMuch: Asking;
/** A log in which nobody else ever was. */
let alone: Asking;
/** Records of bob's view in both logs, oldest first. */
let seen: { readonly here: readonly number[]; readonly alone: readonly number[] };

const PAGE = { filter: {}, limit: 200 } as const;

async function seqsOf(ask: Asking): Promise<number[]> {
  const seqs: number[] = [];
  for (let before: number | null | undefined; before !== null; ) {
    const page: { matches: { record: AuditRecord }[]; next: number | null } = await ask('search', {
      ...PAGE,
      ...(before !== undefined && { before }),
    });
    seqs.push(...page.matches.map(({ record }) => record.seq));
    before = page.next;
  }
  return seqs.reverse();
}

beforeAll(async () => {
  const dirs = ['here', 'alone'].map((name) => mkdtempSync(join(tmpdir(), `holdpoint-own-${name}-`)));
  file = await logOf(dirs[0]!, entries(['ann', 'bob', 'zoe']));
  const onlyBob = await logOf(
    dirs[1]!,
    entries(['ann', 'bob', 'zoe']).filter(
      ({ entry }) => entry.user === 'bob' || EVERYBODYS.some(({ summary }) => summary === entry.summary),
    ),
  );
  const [browse, other] = [createBrowse({ file }), createBrowse({ file: onlyBob })];
  all = askingOf(browse);
  bobs = askingOf(browse, 'bob');
  alone = askingOf(other);
  const reader = createLogReader(file, 10);
  bobsMuch = async (method, params) => {
    const log = reader.of('bob');
    expect(log.part).toBe('much');
    return answer(log, { method, params, user: 'bob' } as BrowseQuestion) as never;
  };
  seen = { here: await seqsOf(bobs), alone: await seqsOf(alone) };
  return async () => {
    reader.close();
    await Promise.all([browse.close(), other.close()]);
    for (const dir of dirs) rmSync(dir, { recursive: true, force: true });
  };
}, 60_000);

const words = fc.constantFrom(
  'work',
  'please',
  'said',
  '"said by all of them 3"',
  'ann',
  'bob',
  'zoe',
  'claims',
  'make',
  'Holdpoint',
  'nothing',
);
const somebody = fc.constantFrom('bob', 'ann', 'bob', 'zoe');
const FILTERS = {
  text: words,
  agent: fc.tuple(somebody, fc.constantFrom('agent', 'agent-2', 'git')).map((parts) => parts.join('-')),
  host: somebody.map((who) => `${who}.example`),
  label: fc.oneof(
    somebody.map((who) => `secret.${who}`),
    fc.constantFrom('secret', 'pii'),
  ),
  end: fc.constantFrom(...RECORD_ENDS),
  kind: fc.constantFrom(...RECORD_KINDS),
  from: fc.integer({ min: -10, max: 250 }).map(timeOf),
  to: fc.integer({ min: -10, max: 250 }).map(timeOf),
};
/** Few conditions, so that much matches. */
const filters = fc
  .subarray(Object.keys(FILTERS) as (keyof typeof FILTERS)[], { maxLength: 2 })
  .chain((names) => fc.record(Object.fromEntries(names.map((name) => [name, FILTERS[name] as fc.Arbitrary<string>]))));
const place = fc.option(fc.nat(), { nil: undefined, freq: 2 });
const limit = fc.integer({ min: 1, max: 60 });
const key = fc.oneof(
  fc.constantFrom('guard', 'connections', CLAIMED),
  fc.tuple(somebody, fc.nat({ max: 11 })).map(([who, round]) => `${who}-${round}`),
);

/** A question of each method; a method that is not here is one that no test asks. */
const QUESTIONS: { readonly [M in keyof typeof ACTIVITY_METHODS]: fc.Arbitrary<{ before?: number | undefined; [name: string]: unknown }> } =
  {
    sessions: fc.record({ filter: filters, before: place, limit }),
    session: fc.record({ key, before: place, limit }),
    search: fc.record({ filter: filters, before: place, limit }),
    filterChoices: fc.constant({}),
    recordProof: fc.record({ before: fc.nat() }),
    figures: fc.record({
      from: fc.integer({ min: -100, max: 250 }).map(timeOf),
      to: fc.integer({ min: -100, max: 250 }).map(timeOf),
      step: fc.constantFrom('hour', 'day'),
      offsetMinutes: fc.constantFrom(0, 60, -330),
    }),
  };

/** The same question to both logs: what it names a record by is the number that this record has there. */
function asked(method: string, { before, ...params }: { before?: number | undefined }, of: 'here' | 'alone') {
  const seq = before === undefined ? undefined : seen[of][before % seen[of].length]!;
  if (seq === undefined) return params;
  return method === 'recordProof' ? { seq } : { ...params, before: seq };
}

/** What is of one log only: places in its chain, ids. */
const OF_LOG = new Set(['id', 'hash', 'previous', 'metadata', 'checkpoint']);

function comparable(answer: unknown, of: 'here' | 'alone'): unknown {
  const places = new Map(seen[of].map((seq, at) => [seq, at]));
  return JSON.parse(
    JSON.stringify(answer, (name, value: unknown) => {
      if (OF_LOG.has(name)) return undefined;
      return typeof value === 'number' && ['seq', 'last', 'next'].includes(name) ? (places.get(value) ?? 'not a record of theirs') : value;
    }),
  );
}

const methods = Object.keys(ACTIVITY_METHODS) as (keyof typeof ACTIVITY_METHODS)[];

describe('one of several users', () => {
  it('sees records of their own, and a log that has others’ too', async () => {
    const whole = await seqsOf(all);
    expect(seen.here.length).toBeGreaterThan(100);
    expect(whole.length).toBeGreaterThan(2 * seen.here.length);
    expect(seen.here).toHaveLength(seen.alone.length);
  });

  it.each(methods)('is answered %s as if nobody else were there, whatever they ask', async (method) => {
    await fc.assert(
      fc.asyncProperty(QUESTIONS[method], async (question) => {
        const [here, much, there] = await Promise.all([
          bobs(method, asked(method, question, 'here') as never),
          bobsMuch(method, asked(method, question, 'here') as never),
          alone(method, asked(method, question, 'alone') as never),
        ]);
        expect(much).toEqual(here);
        const told = JSON.stringify({ ...here, ...(method === 'session' && { key: undefined }) });
        expect(told).not.toMatch(/ann|zoe/);
        expect(comparable(here, 'here')).toEqual(comparable(there, 'alone'));
      }),
      // A proof goes through the chain to its end.
      { numRuns: method === 'recordProof' ? 40 : 150 },
    );
  });
});

describe('the connection that one of several users is answered from', () => {
  it('has no table with anything of others under its plain name', () => {
    const reader = createLogReader(file);
    onTestFinished(() => reader.close());
    const { db } = reader.of('bob');
    const tables = db
      .prepare<[], string>(`SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`)
      .pluck()
      .all();
    const views = db.prepare<[], string>(`SELECT name FROM temp.sqlite_schema WHERE type = 'view'`).pluck().all();
    expect(tables.filter((name) => !views.includes(name) && !name.startsWith('search_'))).toEqual([
      // Of the whole chain, and of nobody.
      'checkpoints',
      // Texts, by the hash that only a record tells.
      'content',
      'keys',
      // Gives numbers of records, which `records` then knows or not.
      'search',
      'summed',
    ]);
  });

  it('is another’s as soon as another asks, and knows somebody from their first record on', async () => {
    const dir = temporaryFolder();
    const log = await openAudit(optionsFor(dir));
    const browse = createBrowse({ file: join(dir, 'audit.db') });
    onTestFinished(async () => {
      await browse.close();
      await log.close();
    });
    const seenBy = async (user?: string) => (await askingOf(browse, user)('search', PAGE)).matches.map(({ record }) => record.summary);
    await log.append(engineStarted);
    expect(await seenBy('ann')).toEqual(['Holdpoint started']);
    await log.append({ ...tunnel('ann.example'), user: 'ann' });
    await log.append({ ...tunnel('bob.example'), user: 'bob' });
    await log.append({ ...tunnel('zoe.example') });
    expect(await seenBy('ann')).toEqual(['ann.example:443 tunnelled', 'Holdpoint started']);
    expect(await seenBy('bob')).toEqual(['bob.example:443 tunnelled', 'Holdpoint started']);
    expect(await seenBy("bob' OR 1=1")).toEqual(['Holdpoint started']);
    expect(await seenBy()).toHaveLength(4);
    expect((await log.records({ limit: 10, user: 'bob' })).map(({ host }) => host)).toEqual(['bob.example', null]);
    expect((await log.records({ limit: 1, before: 3, user: 'bob' })).map(({ summary }) => summary)).toEqual(['Holdpoint started']);
    expect(await log.records({ limit: 10 })).toHaveLength(4);
  });
});

describe('whose a record is', () => {
  it('is known when retention has purged what it says', async () => {
    const dir = temporaryFolder();
    await logOf(dir, entries(['ann', 'bob']));
    // A purge comes with the opening.
    const log = await openAudit(optionsFor(dir, { retainDays: 1, now: () => new Date(Date.parse(timeOf(10 * 24 * 60))) }));
    onTestFinished(() => log.close());
    const of = await log.records({ limit: 500, user: 'bob' });
    expect(of.filter(({ summary }) => summary === '(purged)').length).toBeGreaterThan(100);
    expect(JSON.stringify(of)).not.toContain('ann');
    const ask = browsing(join(dir, 'audit.db'), 'bob');
    expect((await ask('sessions', { limit: 100 })).sessions.find(({ key: of }) => of === CLAIMED)).toMatchObject({
      records: 36,
      calls: 12,
    });
    expect((await ask('sessions', { limit: 100 })).sessions.filter(({ key: of }) => of.startsWith('ann'))).toEqual([]);
  });

  it('is not known of what an earlier version has summed up, which only an admin sees, nothing of it lost', async () => {
    const dir = temporaryFolder();
    const made = await logOf(dir, entries(['ann', 'bob']));
    const figures = { from: timeOf(-60), to: timeOf(600), step: 'hour', offsetMinutes: 0 } as const;
    const before = { sessions: await browsing(made)('sessions', { limit: 100 }), figures: await browsing(made)('figures', figures) };
    tamper(made, (db) => db.exec(AS_BEFORE));
    const log = await openAudit(optionsFor(dir, { now: () => new Date(Date.parse(timeOf(24 * 60))) }));
    await log.append({ ...tunnel('git.bob.example'), user: 'bob' });
    await log.close();
    const [whole, own] = [browsing(made), browsing(made, 'bob')];
    const after = (await whole('sessions', { limit: 100 })).sessions.filter(({ key: of }) => of !== 'guard' && of !== 'connections');
    expect(after.length).toBeGreaterThan(20);
    for (const session of after) expect(before.sessions.sessions).toContainEqual(session);
    expect(await whole('figures', figures)).toEqual(before.figures);
    expect((await own('sessions', { limit: 100 })).sessions.map(({ key: of, records }) => [of, records])).toEqual([
      ['connections', 1],
      // That the engine before did not stop cleanly is everybody's.
      ['guard', 1],
    ]);
    expect((await own('search', { filter: { text: 'work' }, limit: 100 })).matches).toEqual([]);
  });
});

/** The tables of the version before, and what they held. */
const AS_BEFORE = `
  CREATE TABLE tallied (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL) STRICT;
  INSERT INTO tallied SELECT * FROM summed;
  CREATE TABLE sessions (
    key TEXT PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, agent TEXT, workspace TEXT, model TEXT, asks INTEGER,
    records INTEGER NOT NULL, calls INTEGER NOT NULL, refused INTEGER NOT NULL, released INTEGER NOT NULL,
    uninspected INTEGER NOT NULL, found INTEGER NOT NULL, cost INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX sessions_last ON sessions (last);
  INSERT INTO sessions SELECT key, min(first), max(last), (SELECT agent FROM session_sums f WHERE f.key = s.key ORDER BY first LIMIT 1),
      (SELECT workspace FROM session_sums f WHERE f.key = s.key ORDER BY last DESC LIMIT 1),
      (SELECT model FROM session_sums f WHERE f.key = s.key ORDER BY last DESC LIMIT 1), min(asks), sum(records), sum(calls), sum(refused),
      sum(released), sum(uninspected), sum(found), sum(cost) FROM session_sums s GROUP BY key;
  CREATE TABLE session_marks (
    mark TEXT NOT NULL, key TEXT NOT NULL, last INTEGER NOT NULL, records INTEGER NOT NULL, PRIMARY KEY (mark, key)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO session_marks SELECT mark, key, max(last), sum(records) FROM mark_sums GROUP BY mark, key;
  CREATE TABLE quarters (
    quarter INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL,
    allowed INTEGER NOT NULL, released INTEGER NOT NULL, refused INTEGER NOT NULL, uninspected INTEGER NOT NULL
  ) STRICT;
  INSERT INTO quarters SELECT quarter, min(first), max(last), sum(allowed), sum(released), sum(refused), sum(uninspected)
    FROM quarter_sums GROUP BY quarter;
  CREATE TABLE uses (
    quarter INTEGER NOT NULL, model TEXT NOT NULL, exchanges INTEGER NOT NULL, input INTEGER NOT NULL, output INTEGER NOT NULL, cost INTEGER,
    PRIMARY KEY (quarter, model)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO uses SELECT quarter, model, sum(exchanges), sum(input), sum(output), sum(cost) FROM use_sums GROUP BY quarter, model;
  CREATE TABLE questions (action TEXT PRIMARY KEY, asked INTEGER, ended INTEGER, ending TEXT) STRICT, WITHOUT ROWID;
  CREATE INDEX questions_asked ON questions (asked);
  INSERT INTO questions SELECT action, asked, ended, ending FROM asked;
  DROP TABLE summed; DROP TABLE owners; DROP TABLE owned; DROP TABLE session_sums; DROP TABLE mark_sums; DROP TABLE quarter_sums;
  DROP TABLE use_sums; DROP TABLE asked;
`;
