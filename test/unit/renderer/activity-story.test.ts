/** A story while somebody reads it: pages in both directions, live records, and engines that go away. */

import { describe, expect, it, vi } from 'vitest';
import type { Reply } from '../../../main/app/channels.ts';
import type { ControlParams, ControlResult } from '../../../main/contract/control.ts';
import { pageAfter } from '../../../renderer/console/activity/story/newer.ts';
import { createStory, NO_STORY, type StoryState } from '../../../renderer/console/activity/story/story.ts';
import { createStoryWindow } from '../../../renderer/console/activity/story/window.ts';
import { toldActivity } from '../../e2e/app/told-activity.ts';
import { aLog, BASH, type Log } from '../../e2e/app/told-afternoon.ts';

const WHO = { session: 's', agent: 'A', host: 'h', workspace: '/w', model: 'm', version: '1' };
const OTHER = { ...WHO, session: 'other' };

/** A session of so many commands, three records each, with others between them. */
function aLongLog(count: number, between = 0): Log {
  const log = aLog();
  for (let i = 1; i <= count; i++) {
    log.turn(WHO, { ago: count - i, calls: [BASH(`echo ${i}`)] });
    for (let j = 0; j < between; j++) log.add('engine', count - i, { summary: 'between', session: 'other' });
  }
  return log;
}

function reading(log: Log, at: number | null = null) {
  let state: StoryState = NO_STORY;
  let isGone = false;
  const asked: ControlParams<'session'>[] = [];
  const told = toldActivity(log);
  const story = createStory({
    key: 's',
    at,
    waitingSince: null,
    ask: async (params): Promise<Reply<ControlResult<'session'>>> => {
      asked.push(params);
      return isGone ? { ok: false, why: 'unreachable', says: 'The guard is not running.' } : { ok: true, result: told.session(params) };
    },
    onChange: (next) => {
      state = next;
    },
  });
  story.connect();
  return {
    story,
    asked,
    get state() {
      return state;
    },
    texts: () => state.steps.map(({ text }) => text),
    gone: (is: boolean) => {
      isGone = is;
    },
  };
}

describe('a story', () => {
  it('begins at the end, and goes on to its beginning page by page without a hole', async () => {
    const reader = reading(aLongLog(500));
    await vi.waitFor(() => expect(reader.texts().at(-1)).toBe('echo 500'));
    expect(reader.texts()).toHaveLength(100);
    for (let pages = 1; reader.state.hasOlder; pages++) {
      reader.story.loadOlder();
      await vi.waitFor(() => expect(reader.texts().length).toBe(Math.min(500, (pages + 1) * 100)));
    }
    expect(reader.texts()).toEqual(Array.from({ length: 500 }, (_, i) => `echo ${i + 1}`));
  });

  it('begins at a record in the middle, and goes on to the present', async () => {
    const log = aLongLog(300, 4);
    const at = log.records.find(({ summary }) => summary === 'A: Bash: echo 100')!.seq;
    const reader = reading(log, at);
    await vi.waitFor(() => expect(reader.texts()).toContain('echo 100'));
    expect(reader.state).toMatchObject({ hasNewer: true });
    while (reader.state.hasNewer) {
      const before = reader.texts().length;
      reader.story.loadNewer();
      await vi.waitFor(() => expect(reader.texts().length > before || !reader.state.hasNewer).toBe(true));
    }
    const first = Number(reader.texts()[0]!.slice(5));
    expect(reader.texts()).toEqual(Array.from({ length: 301 - first }, (_, i) => `echo ${first + i}`));
  });

  it('takes live records at once, and what they said a moment later', async () => {
    const log = aLongLog(3);
    const reader = reading(log);
    await vi.waitFor(() => expect(reader.texts()).toHaveLength(3));
    const known = log.records.length;
    log.turn(WHO, { ago: 0, asked: 'And now?', calls: [BASH('echo live\necho more')] });
    log.turn(OTHER, { ago: 0, calls: [BASH('echo elsewhere')] });
    reader.story.happen({ records: log.records.slice(known), lost: false });
    expect(reader.texts().at(-1)).toBe('echo live');
    await vi.waitFor(() => expect(reader.state.steps.at(-2)?.words[0]?.text).toBe('And now?'));
    expect(reader.texts().at(-1)).toBe('echo live\necho more');
    expect(reader.state.summary?.calls).toBe(4);
    reader.story.stop();
  });

  it('keeps what it had while no engine answers, says why, and catches up with the next', async () => {
    const log = aLongLog(3);
    const reader = reading(log);
    await vi.waitFor(() => expect(reader.texts()).toHaveLength(3));
    reader.gone(true);
    reader.story.connect();
    await vi.waitFor(() => expect(reader.state.problem).toBe('The guard is not running.'));
    expect(reader.texts()).toHaveLength(3);
    for (let i = 4; i <= 200; i++) log.turn(WHO, { ago: 0, calls: [BASH(`echo ${i}`)] });
    reader.gone(false);
    reader.story.connect();
    await vi.waitFor(() => expect(reader.texts().at(-1)).toBe('echo 200'), { timeout: 4_000 });
    expect(reader.state.problem).toBeNull();
    // All of it is there, or can be paged to.
    const numbers = reader.texts().map((text) => Number(text!.slice(5)));
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, i) => 201 - numbers.length + i));
    reader.story.stop();
  });
});

describe('the page after a record', () => {
  it.each([
    ['side by side', 0],
    ['with others between', 7],
    ['far apart', 400],
  ])('has no hole: %s', async (_name, between) => {
    const log = aLongLog(60, between);
    const own = log.records.filter(({ session }) => session === 's').map(({ seq }) => seq);
    const told = toldActivity(log);
    let turns = 0;
    for (const from of [0, own[10]!, own[100]!, own.at(-1)!]) {
      const reply = await pageAfter(from, 20, async (before, limit) => {
        turns += 1;
        return { ok: true, result: told.session({ key: 's', before, limit }) };
      });
      const after = own.filter((seq) => seq > from);
      const got = reply.ok ? reply.result.records.map(({ record }) => record.seq) : [];
      expect(got).toEqual(after.slice(0, got.length));
      if (after.length > 0) expect(got.length).toBeGreaterThan(0);
    }
    expect(turns).toBeLessThan(80);
  });
});

describe('what is held of a story', () => {
  const log = aLongLog(100);
  const { records } = toldActivity(log).session({ key: 's', limit: 500 });

  it.each(['oldest', 'newest'] as const)('is bounded by letting the %s go, whole exchanges at a time', (end) => {
    const window = createStoryWindow(null);
    window.add(records);
    const nearest = window.trim(end, 100)!;
    expect(window.size).toBeLessThanOrEqual(100);
    expect(window.size % 3).toBe(0);
    const kept = window.records().map(({ record }) => record.seq);
    expect(end === 'oldest' ? nearest + 1 : nearest - 1).toBe(end === 'oldest' ? kept[0] : kept.at(-1));
    expect(window.trim(end, 100)).toBeUndefined();
  });

  it('works out only those steps again that a record belongs to', () => {
    const window = createStoryWindow(null);
    window.add(records.slice(0, -1));
    const before = window.steps();
    window.add(records);
    const after = window.steps();
    expect(after.slice(0, -1).every((step, i) => step === before[i])).toBe(true);
    expect(after).toHaveLength(before.length);
  });
});
