import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RecordFilter } from '../../../main/contract/activity-filter.ts';
import type { AuditEntry } from '../../../main/contract/record.ts';
import { type Browse, createBrowse } from '../../../main/engine/audit/browse/browse.ts';
import { openAudit } from '../../../main/engine/audit/log.ts';
import { type Asking, askingOf, browsing, conversation, engineStarted, logOf, type Timed, timeOf, tunnel } from './browse-support.ts';
import { optionsFor, tamper, temporaryFolder } from './support.ts';

const at = (minute: number, ...entries: AuditEntry[]): Timed[] => entries.map((entry) => ({ minute, entry }));

const claude = conversation('claude-1');
const codex = conversation('codex-1', { agent: 'Codex', host: 'api.openai.com', workspace: '/home/ann/docs' });

/** Two conversations, a tunnel and the engine's own words. */
const DAY: Timed[] = [
  ...at(0, engineStarted),
  ...at(
    1,
    claude.exchange('1', {
      said: [
        ['system', 'You are an agent.'],
        ['user', '<system-reminder>Be brief.</system-reminder>\n\nFix the  basket'],
      ],
    }),
  ),
  ...at(2, ...claude.call('build', 'allow')),
  ...at(3, codex.exchange('1', { said: [['user', 'Write the docs']], data: { counted: null, responseModel: 'gpt-5' } })),
  ...at(4, tunnel('github.com')),
  ...at(5, ...claude.call('publish', 'ask', { approval: 'answered', outcome: 'released' })),
  ...at(6, ...claude.call('wipe', 'deny'), claude.finding('2', 'secret.github-token', 'pii.email')),
  ...at(7, ...claude.call('push', 'ask', { approval: 'missed', outcome: 'refused' }), claude.unread('3')),
  ...at(8, claude.exchange('4')),
  ...at(9, codex.exchange('2', { verdict: 'refused', data: { counted: null, responseModel: null } })),
];

const folder = mkdtempSync(join(tmpdir(), 'holdpoint-browse-'));
let day: string;
let browse: Browse;
let ask: Asking;
beforeAll(async () => {
  day = await logOf(folder, DAY);
  browse = createBrowse({ file: day });
  ask = askingOf(browse);
});
afterAll(async () => {
  await browse.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the sessions of a log', () => {
  it('come last active first, with what each of them comes to', async () => {
    const { sessions, next } = await ask('sessions', { limit: 10 });
    expect(sessions.map(({ key }) => key)).toEqual(['codex-1', 'claude-1', 'connections', 'guard']);
    expect(next).toBeNull();
    expect(sessions[1]).toEqual({
      ...{ key: 'claude-1', agent: 'Claude Code', workspace: '/home/ann/shop', model: 'claude-sonnet-4-5-20250929' },
      ...{ from: timeOf(1), to: timeOf(8), last: 21, records: 18, matches: 18, calls: 4, refused: 2, releasedByPerson: 1 },
      ...{ uninspected: 1, findings: 1, usd: 0.009, opening: 'Fix the basket' },
    });
    expect(sessions[0]).toMatchObject({ model: 'gpt-5', usd: null, opening: 'Write the docs', refused: 0, records: 2 });
    expect(sessions[2]).toMatchObject({ agent: 'git', records: 1, opening: null, workspace: null });
  });

  it.each<[RecordFilter, [string, number][]]>([
    [{ agent: 'Codex' }, [['codex-1', 2]]],
    [{ host: 'github.com' }, [['connections', 1]]],
    [{ label: 'secret' }, [['claude-1', 1]]],
    [{ label: 'secret.github-token' }, [['claude-1', 1]]],
    [{ label: 'secret.git' }, []],
    [{ end: 'refused' }, [['claude-1', 2]]],
    [{ end: 'released', agent: 'Claude Code' }, [['claude-1', 1]]],
    [{ end: 'missed' }, [['claude-1', 1]]],
    [
      { kind: 'exchange' },
      [
        ['codex-1', 2],
        ['claude-1', 2],
      ],
    ],
    [{ text: 'docs' }, [['codex-1', 1]]],
    [{ text: '…' }, []],
    [
      { from: timeOf(3), to: timeOf(5) },
      [
        ['connections', 1],
        ['codex-1', 1],
      ],
    ],
    [{ from: timeOf(600) }, []],
    [
      {},
      [
        ['codex-1', 2],
        ['claude-1', 18],
        ['connections', 1],
        ['guard', 1],
      ],
    ],
  ])('are narrowed by %j to those that have such records', async (filter, expected) => {
    const { sessions } = await ask('sessions', { filter, limit: 10 });
    expect(sessions.map(({ key, matches }) => [key, matches])).toEqual(expected);
  });

  it('are given a page at a time, none twice and none left out, with and without a filter that most records meet', async () => {
    const many = Array.from({ length: 1500 }, (_, n): Timed[] => {
      const one = conversation(`session-${n % 60}`, { agent: n % 3 === 0 ? 'Codex' : 'Claude Code' });
      return at(n, ...one.call(`step-${n}`, 'allow'), one.exchange(`${n}`), tunnel('example.com'));
    }).flat();
    const ask = browsing(await logOf(temporaryFolder(), many));
    const pages = async (filter: RecordFilter, limit: number) => {
      const found: { key: string; last: number; matches: number }[] = [];
      for (let before: number | undefined; ; ) {
        const { sessions, next } = await ask('sessions', { filter, limit, ...(before !== undefined && { before }) });
        found.push(...sessions);
        if (next === null) return found.map(({ key, last, matches }) => [key, last, matches]);
        before = next;
      }
    };
    const all = await pages({}, 7);
    expect(all).toHaveLength(61);
    expect(all).toEqual(await pages({}, 100));
    expect(all.map(([, last]) => last)).toEqual(all.map(([, last]) => last).toSorted((a, b) => Number(b) - Number(a)));
    // Every record of these agents and more than are looked through one by one.
    const expected = Array.from({ length: 60 }, (_, n) => [`session-${59 - n}`, 6000 - 4 * n - 1, 75]);
    expect(await pages({ from: timeOf(0), host: 'api.anthropic.com' }, 7)).toEqual(expected.map(([key, last]) => [key, last, 75]));
    expect(await pages({ agent: 'Codex' }, 7)).toEqual(expected.filter((_, n) => n % 3 === 2));
    expect(await pages({ end: 'allowed' }, 7)).toEqual(expected.map(([key, last]) => [key, Number(last) - 1, 25]));
  });

  it('are in the order of their records, whatever the clock said', async () => {
    const file = await logOf(temporaryFolder(), [
      ...at(500, claude.exchange('1')),
      ...at(10, codex.exchange('1')),
      ...at(9, codex.exchange('2')),
    ]);
    const { sessions } = await browsing(file)('sessions', { limit: 10 });
    expect(sessions.map(({ key, from, to }) => [key, from, to])).toEqual([
      ['codex-1', timeOf(10), timeOf(9)],
      ['claude-1', timeOf(500), timeOf(500)],
    ]);
    const later = await browsing(file)('sessions', { filter: { from: timeOf(400) }, limit: 10 });
    expect(later.sessions.map(({ key }) => key)).toEqual(['claude-1']);
  });

  it('have no opening where the log keeps no text, and half of no character', async () => {
    const said = [['user', `${'x'.repeat(199)}😀 and more`]] as const;
    const [hidden, shown] = await Promise.all(
      (['metadata', 'redacted'] as const).map(async (capture) => {
        const file = await logOf(temporaryFolder(), at(0, claude.exchange('1', { said })), { capture });
        return (await browsing(file)('sessions', { limit: 1 })).sessions[0]?.opening;
      }),
    );
    expect(hidden).toBeNull();
    expect(shown).toBe('x'.repeat(199));
  });

  it('are told of a log that a version without tallies has written, once it has been opened', async () => {
    const dir = temporaryFolder();
    const file = await logOf(dir, DAY);
    const ofAgents = async () => (await browsing(file)('sessions', { limit: 10 })).sessions.filter(({ key }) => key !== 'guard');
    const before = await ofAgents();
    tamper(file, (db) => {
      for (const table of ['summed', 'session_sums', 'mark_sums', 'marks', 'quarter_sums', 'use_sums', 'asked', 'owned', 'owners'])
        db.exec(`DROP TABLE ${table}`);
    });
    const log = await openAudit(optionsFor(dir));
    const ask = browsing(file);
    await expect.poll(ofAgents, { timeout: 20_000 }).toEqual(before);
    await log.append(engineStarted);
    await log.close();
    // The engine started, was not stopped, was found so, and started again.
    expect((await ask('sessions', { limit: 10 })).sessions[0]).toMatchObject({ key: 'guard', records: 3 });
    expect((await ask('sessions', { filter: { label: 'pii' }, limit: 10 })).sessions).toHaveLength(1);
  });
});
