/** What a person is told who looks at no window: the right thing, once, and with a way to it. */

import { beforeEach, describe, expect, it } from 'vitest';
import { createNotifications, type Notice, type Notifications } from '../../../main/app/notifications.ts';
import { createSentences } from '../../../main/app/sentences.ts';
import { aMissed, anAfternoon, aQuestion } from '../../e2e/app/content.ts';
import { aView, fleetIn, statusWith } from './fixtures.ts';

let time = 0;
let shown: Notice[] = [];
let notifications: Notifications;
beforeEach(() => {
  [time, shown] = [0, []];
  notifications = createNotifications({
    sentences: createSentences({ locale: 'en-GB' }),
    show: (notice) => void shown.push(notice),
    now: () => time,
  });
});
const titles = () => shown.map(({ title }) => title);
const paused = aView({ status: statusWith({ bypass: { until: '2027-01-15T15:40:00.000Z', reason: 'x' } }) });

describe('notifications', () => {
  it('are one of a kind a minute, and another kind’s is not kept back by that', () => {
    const missed = [aMissed(aQuestion({ title: 'Codex wants to push' }))];
    notifications.missed(missed);
    notifications.missed(missed);
    notifications.guard({ state: 'stopped', stoppedAt: '2027-01-15T08:00:00.000Z', why: 'The port is taken.' });
    expect(shown).toEqual([
      { title: 'A question was not answered, so it was refused', body: 'Codex wants to push', place: 'missed' },
      { title: 'The guard is not running', body: 'The port is taken.', place: 'status' },
    ]);
    time = 60_000;
    notifications.missed([...missed, ...missed]);
    expect(titles().at(-1)).toBe('2 questions were not answered, so they were refused');
  });

  it('tell that a bypass is on, and over, by what the engine says, also where the connection was lost meanwhile', () => {
    notifications.view(paused);
    notifications.view(aView({ status: null, guard: { state: 'restarting', stoppedAt: '2027-01-15T08:00:00.000Z', why: 'x' } }));
    notifications.view(paused);
    expect(shown).toEqual([{ title: expect.stringMatching(/^Protection is paused until/), body: 'x', place: 'activity' }]);
    notifications.view(aView());
    notifications.view(aView());
    expect(titles().slice(1)).toEqual(['Protection is on again']);
  });

  it('tell once that something is out of date, and what', () => {
    notifications.view(aView({ status: fleetIn('current') }));
    notifications.view(aView({ status: fleetIn('stale') }));
    time = 600_000;
    notifications.view(aView({ status: null, guard: { state: 'starting' } }));
    notifications.view(aView({ status: fleetIn('stale') }));
    expect(shown).toEqual([{ title: 'Holdpoint is out of date', body: 'The policy is older than your company permits.', place: 'status' }]);
    notifications.view(aView({ status: fleetIn('stale'), versions: { guard: '0.2.0', app: '0.1.0' } }));
    expect(shown.at(-1)!.body).toBe('The guard is version 0.2.0, this app is 0.1.0: restart Holdpoint.');
  });

  it('tell of a budget that is nearly used up, a guard that came back, and one that is another user’s', () => {
    notifications.record({
      ...anAfternoon()[0]!,
      kind: 'policy',
      verdict: 'budget-warning',
      summary: '84 % of today’s budget “This laptop” is used.',
    });
    notifications.record({ ...anAfternoon()[0]!, kind: 'policy', verdict: 'bypass-begun' });
    const { restarted } = { restarted: { stoppedAt: '2027-01-15T08:00:00.000Z', at: '2027-01-15T08:00:02.000Z' } };
    notifications.guard({ state: 'running', owned: true, restarted });
    notifications.guard({ state: 'running', owned: true, restarted: null });
    notifications.guard({ state: 'at-odds', because: 'access', version: null, why: '/d belongs to another user of this computer.' });
    expect(shown.map(({ title, body }) => [title, body])).toEqual([
      ['A budget for today is nearly used up', '84 % of today’s budget “This laptop” is used.'],
      [expect.stringMatching(/^The guard stopped and was restarted at/), 'Agents could not reach their models meanwhile.'],
      ['Guard not reachable', '/d belongs to another user of this computer.'],
    ]);
  });
});
