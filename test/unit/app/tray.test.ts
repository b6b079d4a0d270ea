/** The tray says the one thing that a person should know first, and its menu leads to everything else. */

import { describe, expect, it, vi } from 'vitest';
import { appMenu } from '../../../main/app/app-menu.ts';
import type { ConsoleView } from '../../../main/app/channels.ts';
import { openOwnFolder } from '../../../main/app/own-folder.ts';
import { createRefusals, type Refusal } from '../../../main/app/refusals.ts';
import { createSentences } from '../../../main/app/sentences.ts';
import { type TrayActions, trayMenu } from '../../../main/app/tray-menu.ts';
import { trayStateOf } from '../../../main/app/tray-state.ts';
import type { AuditRecord } from '../../../main/contract/record.ts';
import { aMissed, anAfternoon, aQuestion, unread } from '../../e2e/app/content.ts';
import { aView, fleetIn, statusWith } from './fixtures.ts';

const NOON = new Date('2027-01-15T12:00:00');
const sentences = createSentences({ locale: 'en-GB', now: () => NOON });
const at = (clock: string) => new Date(`2027-01-15T${clock}:00`).toISOString();

const STOPPED = { state: 'stopped', stoppedAt: at('08:00'), why: 'x' } as const;
const RESTARTED = { state: 'running', owned: true, restarted: { stoppedAt: at('08:00'), at: at('08:01') } } as const;
const OTHER_VERSION = { state: 'at-odds', because: 'version', version: '0.2.0', why: 'x' } as const;
const NOT_OURS = { state: 'at-odds', because: 'access', version: null, why: 'x' } as const;
const PAUSED = { bypass: { until: at('15:40'), reason: 'The release' } };
const VERSIONS = { guard: '0.2.0', app: '0.1.0' };

describe('the tray', () => {
  it.each<[string, string, ConsoleView, string]>([
    ['protecting', 'nothing', aView(), 'Protecting'],
    ['asking', 'questions', aView({ questions: [aQuestion(), aQuestion()] }), '2 questions are waiting for you'],
    ['asking', 'a question while paused', aView({ questions: [aQuestion()], status: statusWith(PAUSED) }), '1 question is waiting for you'],
    [
      'paused',
      'a bypass',
      aView({ status: statusWith({ ...PAUSED, ...unread(), state: 'attention' }) }),
      'Protection is paused until 15:40',
    ],
    [
      'paused',
      'a bypass over midnight',
      aView({ status: statusWith({ bypass: { until: '2027-01-16T00:20:00', reason: 'x' } }) }),
      'Protection is paused until 16 Jan, 00:20',
    ],
    [
      'attention',
      'a note',
      aView({ status: statusWith({ state: 'attention', notes: ['The log is nearly full.'] }) }),
      'The log is nearly full',
    ],
    ['attention', 'a restart', aView({ guard: RESTARTED }), 'The guard stopped and was restarted at 08:01'],
    [
      'attention',
      'a log that can’t be written, before all that is read or old',
      aView({
        status: { ...fleetIn('stale'), ...unread(), audit: { ...statusWith({}).audit, writable: false }, notes: ['The log is full.'] },
      }),
      'The log is full',
    ],
    ['outdated', 'a policy that is too old', aView({ status: fleetIn('stale') }), 'The policy is older than your company permits'],
    [
      'outdated',
      'a policy that does not hold',
      aView({ status: fleetIn('refused') }),
      'The newest policy does not hold, so the one before stays in force',
    ],
    ['attention', 'a fleet that is offline for a while', aView({ status: fleetIn('offline') }), 'The policy server does not answer'],
    [
      'outdated',
      'an engine of another version',
      aView({ versions: VERSIONS }),
      'The guard is version 0.2.0, this app is 0.1.0: restart Holdpoint',
    ],
    [
      'outdated',
      'an engine that is not understood',
      aView({ guard: OTHER_VERSION, status: null, versions: VERSIONS }),
      'The guard is version 0.2.0, this app is 0.1.0: restart Holdpoint',
    ],
    [
      'outdated',
      'one that says the same version',
      aView({ guard: OTHER_VERSION, status: null }),
      'The guard is of another version: restart Holdpoint',
    ],
    [
      'uninspected',
      'what could not be read',
      aView({ status: statusWith({ ...unread(), state: 'attention' }) }),
      '4 things could not be read',
    ],
    ['stopped', 'no guard', aView({ guard: STOPPED, status: null }), 'Guard not running'],
    ['stopped', 'another user’s guard', aView({ guard: NOT_OURS, status: null }), 'Guard not reachable'],
    ['starting', 'a start', aView({ guard: { state: 'starting' }, status: null }), 'Guard is starting'],
    // What was open before is not open any more, whatever a late message says.
    ['stopped', 'no guard and a late question', aView({ guard: STOPPED, questions: [aQuestion()] }), 'Guard not running'],
  ])('shows %s where there is %s, and says so', (kind, _what, view, line) => {
    expect(trayStateOf(view).kind).toBe(kind);
    expect(sentences.stateLine(view)).toBe(line);
  });

  it('tells times as the person’s country does, and falls back on the system’s way', () => {
    const view = aView({ status: statusWith(PAUSED) });
    const told = (locale: string) => createSentences({ locale, now: () => NOON }).stateLine(view);
    expect(told('en-US')).toMatch(/until 0?3:40\sPM$/);
    expect(told('de-DE')).toMatch(/until 15:40$/);
    for (const none of ['', 'C', 'not a locale']) expect(told(none)).toMatch(/until \S/);
  });
});

describe('the tray’s menu', () => {
  const chosen: unknown[] = [];
  const note =
    (name: string) =>
    (...given: unknown[]) =>
      void chosen.push([name, ...given]);
  const actions: TrayActions = {
    showQuestion: note('question'),
    showQuestions: note('questions'),
    openConsole: note('console'),
    openConsoleAt: note('place'),
    resume: note('resume'),
    retry: note('retry'),
    quit: note('quit'),
  };
  const menuOf = (view: ConsoleView, refusals: readonly Refusal[] = []) => {
    const items = trayMenu(view, refusals, sentences, actions);
    const flat = items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? item.submenu : [])]);
    return {
      labels: flat.filter(({ type }) => type !== 'separator').map(({ label }) => label),
      choose(label: string) {
        chosen.length = 0;
        const click = flat.find((item) => item.label === label)?.click as (() => void) | undefined;
        click?.();
        return chosen[0];
      },
    };
  };

  it('names the open questions, five of them, and brings up the one that is chosen', () => {
    const questions = Array.from({ length: 7 }, (_, i) => aQuestion({ title: `Agent ${i} wants something` }));
    const menu = menuOf(aView({ questions }));
    expect(menu.labels.slice(1, 7)).toEqual([0, 1, 2, 3, 4].map((i) => `Agent ${i} wants something`).concat('and 2 more…'));
    expect(menu.choose('Agent 3 wants something')).toEqual(['question', questions[3]!.id]);
    expect(menu.choose('and 2 more…')).toEqual(['questions']);
  });

  it('shows what hostile titles hide, takes no character of theirs for a key, and stays narrow', () => {
    const title = `R&D \u202Eagent\nwants ${'x'.repeat(100_000)}`;
    const [, line] = menuOf(aView({ questions: [aQuestion({ title })] })).labels;
    expect(line).toMatch(/^R&&D ⟦U\+202E⟧agent⟦U\+000A⟧wants x+…$/);
    expect(line!.length).toBeLessThan(90);
  });

  it('leads to what was missed, to what could not be read, and to what was refused', () => {
    const refusals = [
      { seq: 9, at: at('11:58'), says: 'Codex: Credentials stay where they are.', session: 's1' },
      { seq: 4, at: at('09:03'), says: 'Connections to this host are refused.', session: null },
    ];
    const menu = menuOf(aView({ missed: [aMissed(aQuestion())], status: statusWith(unread()) }), refusals);
    expect(menu.choose('1 missed question…')).toEqual(['place', 'missed']);
    expect(menu.choose('4 things could not be read…')).toEqual(['place', 'uninspected']);
    expect(menu.choose('11:58  Codex: Credentials stay where they are')).toEqual(['place', { session: 's1', seq: 9 }]);
    expect(menu.choose('09:03  Connections to this host are refused')).toEqual(['place', 'activity']);
  });

  it('offers a pause where settings permit one, for as long as they permit, and to end the one that is on', () => {
    expect(menuOf(aView()).labels.join()).not.toMatch(/Pause|Resume/);
    const allowed = (minutes: number) => aView({ status: statusWith({ bypassAllowed: { minutes } }) });
    expect(menuOf(allowed(480)).labels).toEqual(expect.arrayContaining(['&Pause protection', 'For 15 minutes…', 'For 1 hour…']));
    expect(menuOf(allowed(30)).labels.filter((label) => label?.startsWith('For'))).toEqual(['For 15 minutes…']);
    expect(menuOf(allowed(10)).labels.filter((label) => label?.startsWith('For'))).toEqual(['For 10 minutes…']);
    expect(menuOf(allowed(60)).choose('For 1 hour…')).toEqual(['place', { bypass: { minutes: 60 } }]);
    const on = menuOf(aView({ status: statusWith({ bypassAllowed: { minutes: 60 }, ...PAUSED }) }));
    expect(on.labels.join()).not.toContain('Pause protection');
    expect(on.choose('&Resume protection now')).toEqual(['resume']);
  });

  it('offers to try again where there is no guard, or none for us', () => {
    for (const guard of [STOPPED, NOT_OURS, OTHER_VERSION])
      expect(menuOf(aView({ guard, status: null })).choose('&Start the guard again')).toEqual(['retry']);
    expect(menuOf(aView()).labels).not.toContain('&Start the guard again');
  });
});

describe('recent refusals', () => {
  const refused = (seq: number, given: Partial<AuditRecord> = {}): AuditRecord => ({
    ...anAfternoon()[0]!,
    seq,
    kind: 'verdict',
    verdict: 'deny',
    agent: 'Codex',
    session: 's1',
    data: { reason: `Reason ${seq}.` },
    ...given,
  });

  it('are found in the log at the start, then noted as they come, the newest five', async () => {
    const onChange = vi.fn();
    const refusals = createRefusals(onChange);
    const matches = [refused(3), refused(2, { kind: 'verdict', verdict: 'allow' }), refused(1)].map((record) => ({ record, found: null }));
    await refusals.load({ call: (async () => ({ matches, next: null })) as never });
    expect(refusals.recent.map(({ seq }) => seq)).toEqual([3, 1]);
    expect(refusals.recent[0]).toMatchObject({ says: 'Codex: Reason 3.', session: 's1' });
    for (let seq = 4; seq <= 8; seq++) refusals.note(refused(seq, seq === 5 ? { kind: 'outcome', verdict: 'refused' } : {}));
    refusals.note(refused(9, { kind: 'outcome', verdict: 'released' }));
    expect(refusals.recent.map(({ seq }) => seq)).toEqual([8, 7, 6, 5, 4]);
    expect(onChange).toHaveBeenCalledTimes(6);
  });

  it('are looked for in the newest records where the log can’t be searched, and are none where there is no answer', async () => {
    const call = vi.fn(async (method: string) => {
      if (method === 'search') throw new Error('not yet');
      return [refused(2), ...anAfternoon()];
    });
    const refusals = createRefusals(() => {});
    await refusals.load({ call: call as never });
    expect(refusals.recent.map(({ says }) => says)).toContain('Codex: Reason 2.');
    const none = createRefusals(() => {});
    await none.load({ call: (() => Promise.reject(new Error('gone'))) as never });
    expect(none.recent).toEqual([]);
  });
});

describe('the application’s menu', () => {
  it('has copying on macOS, no developer’s tools, and is none elsewhere', () => {
    expect(JSON.stringify(appMenu('darwin'))).toContain('editMenu');
    expect(JSON.stringify(appMenu('darwin'))).not.toMatch(/viewMenu|toggleDevTools|reload/i);
    expect([appMenu('linux'), appMenu('win32')]).toEqual([null, null]);
  });
});

describe('a data folder that is another user’s', () => {
  it('is said to be so, with what to do', () => {
    const denied = () => {
      throw Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
    };
    expect(openOwnFolder('/home/other/.holdpoint', denied)).toEqual({
      problem:
        'The folder /home/other/.holdpoint can’t be used: it belongs to another user of this computer. Start Holdpoint with a folder of your own: --data-dir FOLDER.',
    });
    expect(openOwnFolder('/d', () => undefined)).toEqual({ path: '/d/app' });
  });
});
