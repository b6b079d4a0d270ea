import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Browse, createBrowse } from '../../../main/engine/audit/browse/browse.ts';
import { openAudit } from '../../../main/engine/audit/log.ts';
import { conversation, logOf } from './browse-support.ts';
import { optionsFor, temporaryFolder } from './support.ts';

type Options = Parameters<typeof createBrowse>[0];
const ALL = { user: undefined };

function opened(options: Options): Browse {
  const browse = createBrowse(options);
  onTestFinished(() => browse.close());
  return browse;
}

/** A thread that answers `filterChoices` with what it has been told, ends for `figures`, and never answers `session`. */
function oddThread(): URL {
  const file = join(temporaryFolder(), 'odd-worker.mjs');
  writeFileSync(
    file,
    `import { parentPort, threadId } from 'node:worker_threads';
     parentPort.on('message', ({ method }) => {
       if (method === 'figures') throw new Error('out of paper');
       if (method === 'session') for (;;);
       parentPort.postMessage({ kind: 'answer', result: { agents: [String(threadId)], hosts: [], labels: [] } });
     });`,
  );
  return pathToFileURL(file);
}

const FIGURES = { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z', step: 'day', offsetMinutes: 0 } as const;

describe('the thread that reads', () => {
  it('is started by the first question, answers several at a time while the log is written, and ends when nobody asks', async () => {
    const dir = temporaryFolder();
    const log = await openAudit(optionsFor(dir));
    onTestFinished(() => log.close());
    const browse = opened({ file: join(dir, 'audit.db'), idleMs: 1 });
    expect(browse.running()).toBe(false);
    const one = conversation('claude-1');
    await log.append(one.exchange('1'));
    const [sessions, story, none] = await Promise.all([
      browse.handlers.sessions({ limit: 10 }, ALL),
      browse.handlers.session({ key: 'claude-1', limit: 10 }, ALL),
      browse.handlers.search({ filter: { text: 'nothing' }, limit: 10 }, ALL),
    ]);
    expect([sessions.sessions.length, story.records.length, none.matches.length]).toEqual([1, 1, 0]);
    await expect.poll(() => browse.running()).toBe(false);
    await log.append(one.exchange('2'));
    expect((await browse.handlers.sessions({ limit: 10 }, ALL)).sessions[0]?.records).toBe(2);
  });

  it('says where the log is not, and finds it once it is there', async () => {
    const dir = temporaryFolder();
    const browse = opened({ file: join(dir, 'audit.db') });
    await expect(browse.handlers.sessions({ limit: 1 }, ALL)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining(dir),
    });
    await logOf(dir, [{ entry: conversation('claude-1').exchange('1') }]);
    expect((await browse.handlers.sessions({ limit: 1 }, ALL)).sessions).toHaveLength(1);
  });

  it('is replaced when it crashes: only the question that it was at goes without an answer', async () => {
    const browse = opened({ file: '/none', module: oddThread() });
    const asked = [
      browse.handlers.filterChoices({}, ALL),
      browse.handlers.figures(FIGURES, ALL),
      browse.handlers.filterChoices({}, ALL),
    ] as const;
    const [first, second, third] = await Promise.allSettled(asked);
    expect(second).toMatchObject({ reason: { message: 'The audit log could not be searched: out of paper.' } });
    expect([first.status, third.status]).toEqual(['fulfilled', 'fulfilled']);
    expect(await asked[2]).not.toEqual(await asked[0]);
  });

  it('is replaced when a question takes too long, and says so', async () => {
    const browse = opened({ file: '/none', module: oddThread(), deadlineMs: 2000 });
    const stuck = browse.handlers.session({ key: 'k', limit: 1 }, ALL);
    await expect(stuck).rejects.toThrow('The audit log could not be searched: it took longer than 2 seconds; ask for less of it.');
    expect((await browse.handlers.filterChoices({}, ALL)).agents).toHaveLength(1);
  });

  it('has no more waiting for it than it may, and refuses what is open when it is closed', async () => {
    const browse = createBrowse({ file: '/none', module: oddThread(), maxWaiting: 2 });
    const open = [browse.handlers.session({ key: 'k', limit: 1 }, ALL), browse.handlers.filterChoices({}, ALL)];
    const ends = Promise.allSettled(open);
    await expect(browse.handlers.filterChoices({}, ALL)).rejects.toThrow('2 questions are waiting already; ask again in a moment.');
    await browse.close();
    expect((await ends).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(browse.handlers.filterChoices({}, ALL)).rejects.toThrow('Holdpoint is stopping');
    expect(browse.running()).toBe(false);
  });
});
