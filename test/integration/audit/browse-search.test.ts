import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RecordFilter } from '../../../main/contract/activity-filter.ts';
import { type Browse, createBrowse } from '../../../main/engine/audit/browse/browse.ts';
import { searchRecords } from '../../../main/engine/audit/read.ts';
import { type Asking, askingOf, conversation, engineStarted, logOf, timeOf, tunnel } from './browse-support.ts';

const claude = conversation('claude-1');
const codex = conversation('codex-1', { agent: 'Codex', host: 'api.openai.com' });
const LONG = `${'word '.repeat(400)}the Größenrechner stands here ${'tail '.repeat(400)}`;

const folder = mkdtempSync(join(tmpdir(), 'holdpoint-browse-'));
let file: string;
let browse: Browse;
let ask: Asking;
beforeAll(async () => {
  file = await logOf(folder, [
    { minute: 0, entry: engineStarted },
    { minute: 1, entry: claude.exchange('1', { said: [['user', LONG]] }) },
    ...claude.call('build', 'allow').map((entry) => ({ minute: 2, entry })),
    ...claude.call('wipe', 'deny', undefined, { findings: [{ label: 'pii.email' }] }).map((entry) => ({ minute: 3, entry })),
    { minute: 4, entry: codex.exchange('1', { said: [['user', 'Build the docs']] }) },
    { minute: 5, entry: codex.finding('1', 'secret.github-token') },
    { minute: 6, entry: tunnel('github.com') },
    ...codex.call('ship', 'ask', { approval: 'unattended', outcome: 'refused' }).map((entry) => ({ minute: 7, entry })),
    { minute: 8, entry: claude.unread('9') },
  ]);
  browse = createBrowse({ file });
  ask = askingOf(browse);
});
afterAll(async () => {
  await browse.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a search', () => {
  it.each<[RecordFilter, number[]]>([
    [{ text: 'build' }, [7, 3]],
    [{ text: 'BUILD make' }, [3]],
    [{ text: 'build', agent: 'Codex' }, [7]],
    [{ text: 'build', host: 'api.anthropic.com', kind: 'action' }, [3]],
    [{ text: '"OR" NEAR(' }, []],
    [{ text: '*' }, []],
    [{ host: 'github.com' }, [9]],
    [{ label: 'secret' }, [8]],
    [{ label: 'pii.email' }, [5]],
    [{ label: 'pii', end: 'found' }, [5]],
    [{ label: 'pi' }, []],
    [{ end: 'allowed' }, [4]],
    [{ end: 'refused' }, [14, 6]],
    [{ end: 'missed' }, [13]],
    [{ end: 'released' }, []],
    [{ end: 'uninspected' }, [15]],
    [{ kind: 'verdict', agent: 'Claude Code' }, [6, 4]],
    [{ from: timeOf(6), to: timeOf(7) }, [9]],
    [{ from: timeOf(7), text: 'ship' }, [14, 13, 12, 10]],
    [{ from: '2026-11-24T10:08:00Z' }, [15]],
    [{}, [15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]],
  ])('for %j finds the records %j', async (filter, seqs) => {
    const { matches, next } = await ask('search', { filter, limit: 50 });
    expect(matches.map(({ record }) => record.seq)).toEqual(seqs);
    expect(next).toBeNull();
  });

  it('shows the words around what was found, be it in the record’s line or in what was said', async () => {
    const found = async (text: string) => (await ask('search', { filter: { text }, limit: 1 })).matches[0]?.found;
    expect(await found('größenrechner')).toMatch(/^…(word )+the Größenrechner stands here (tail )+.{0,5}…$/);
    expect(await found('grossenrechner stands')).toBeUndefined();
    expect(await found('groSSenrechner')).toBeUndefined();
    expect(await found('Grossen')).toBeUndefined();
    expect(await found('GROßENRECHNER')).toContain('Größenrechner');
    expect(await found('docs')).toBe('Build the docs');
    expect(await found('wipe')).toBe('Claude Code: Bash: make wipe');
    expect((await ask('search', { filter: { agent: 'Codex' }, limit: 1 })).matches[0]?.found).toBeNull();
  });

  it('goes on from page to page', async () => {
    const seqs: number[] = [];
    for (let before: number | undefined; ; ) {
      const { matches, next } = await ask('search', {
        filter: { agent: 'Claude Code' },
        limit: 2,
        ...(before !== undefined && { before }),
      });
      seqs.push(...matches.map(({ record }) => record.seq));
      if (next === null) break;
      before = next;
    }
    expect(seqs).toEqual([15, 6, 5, 4, 3, 2]);
  });

  it('finds the same records as the command line', async () => {
    const { matches } = await ask('search', { filter: { text: 'make' }, limit: 50 });
    expect(matches.map(({ record }) => record.seq)).toEqual(searchRecords(file, 'make').map(({ seq }) => seq));
  });

  it('can choose from the agents, hosts and labels that there are', async () => {
    expect(await ask('filterChoices', {})).toEqual({
      agents: ['Codex', 'Claude Code', 'git'],
      hosts: ['api.openai.com', 'api.anthropic.com', 'github.com'],
      labels: ['pii.email', 'secret.github-token'],
    });
  });
});
