/** What lies before the person, and which answers count. */

import { describe, expect, it } from 'vitest';
import { ARMS_AFTER_MS, createDesk } from '../../../main/app/desk.ts';
import type { Question } from '../../../main/contract/approval.ts';
import { aQuestion } from '../../e2e/app/content.ts';

function setUp() {
  let time = 0;
  const desk = createDesk(() => time);
  return {
    desk,
    pass: (ms: number) => {
      time += ms;
    },
    shown: () => desk.view('linux').card?.questions.map((question) => question.id) ?? [],
    show(...questions: readonly Question[]) {
      desk.update(questions);
      desk.displayed(questions.map((question) => question.id));
    },
  };
}

const deny = ({ id, nonce, shown }: Question) => ({ id, nonce, shown, answer: { choice: 'deny' as const } });
const at = (seconds: number, given: Parameters<typeof aQuestion>[0] = {}) =>
  aQuestion({ askedAt: new Date(1_800_000_000_000 + seconds * 1000).toISOString(), ...given });

describe('the desk', () => {
  it('takes no answer in the first 700 ms of a question, and takes it then', () => {
    const { desk, pass, show } = setUp();
    const question = at(0);
    show(question);
    pass(ARMS_AFTER_MS - 1);
    expect(desk.check(deny(question))).toEqual({ accepted: false, why: 'arming' });
    pass(1);
    expect(desk.check(deny(question))).toEqual({ accepted: true });
  });

  it('takes no answer of a question that was never drawn, however old it is', () => {
    const { desk, pass } = setUp();
    const question = at(0);
    desk.update([question]);
    pass(60_000);
    expect(desk.check(deny(question))).toEqual({ accepted: false, why: 'arming' });
  });

  it('takes no answer for what was not displayed: another nonce, another content, a question that is gone', () => {
    const { desk, pass, show } = setUp();
    const question = at(0);
    show(question);
    pass(ARMS_AFTER_MS);
    expect(desk.check({ ...deny(question), nonce: 'another' })).toEqual({ accepted: false, why: 'changed' });
    expect(desk.check({ ...deny(question), shown: 'another' })).toEqual({ accepted: false, why: 'changed' });
    desk.update([]);
    expect(desk.check(deny(question))).toEqual({ accepted: false, why: 'gone' });
  });

  it('waits anew for the next question after an answer, so that a double click answers one', () => {
    const { desk, pass, show } = setUp();
    const [first, second] = [at(0), at(1)];
    show(first, second);
    pass(ARMS_AFTER_MS);
    desk.update([second]);
    desk.displayed([second.id]);
    expect(desk.check(deny(second))).toEqual({ accepted: false, why: 'arming' });
  });

  it('waits anew when one of a card goes and the others move to its place', () => {
    const { desk, pass, show } = setUp();
    const [first, second] = [at(0, { group: 'g' }), at(0, { group: 'g' })];
    show(first, second);
    pass(ARMS_AFTER_MS);
    desk.update([second]);
    desk.displayed([second.id]);
    expect(desk.check(deny(second))).toEqual({ accepted: false, why: 'arming' });
  });

  it('waits anew when it comes back from the tray', () => {
    const { desk, pass, show, shown } = setUp();
    const question = at(0);
    show(question);
    pass(ARMS_AFTER_MS);
    desk.setAside();
    expect(shown()).toEqual([]);
    desk.bringBack();
    desk.displayed([question.id]);
    expect(desk.check(deny(question))).toEqual({ accepted: false, why: 'arming' });
  });

  it('shows what was set aside only when asked to, and what is new at once', () => {
    const { desk, shown } = setUp();
    const [first, second] = [at(0), at(1)];
    expect(desk.update([first])).toBe(true);
    desk.setAside();
    expect(desk.update([first])).toBe(false);
    expect(shown()).toEqual([]);
    expect(desk.update([first, second])).toBe(true);
    expect(shown()).toEqual([second.id]);
    desk.bringBack();
    expect(shown()).toEqual([first.id]);
  });

  it('shows first what was asked for by name, and arms it anew', () => {
    const { desk, pass, show, shown } = setUp();
    const [first, second] = [at(0), at(1)];
    show(first, second);
    pass(ARMS_AFTER_MS);
    desk.bringBack(second.id);
    expect(shown()).toEqual([second.id]);
    desk.displayed([second.id]);
    expect(desk.check(deny(second))).toEqual({ accepted: false, why: 'arming' });
    desk.update([first]);
    expect(shown()).toEqual([first.id]);
  });

  it('shows the oldest first and counts through them: 1 of 3, 2 of 3, 3 of 3', () => {
    const { desk, shown } = setUp();
    const [first, second, third] = [at(0), at(1), at(2)];
    const position = () => desk.view('linux').position;
    desk.update([third, first, second]);
    expect([shown(), position()]).toEqual([[first.id], { index: 1, of: 3 }]);
    desk.update([third, second]);
    expect([shown(), position()]).toEqual([[second.id], { index: 2, of: 3 }]);
    desk.update([third]);
    expect([shown(), position()]).toEqual([[third.id], { index: 3, of: 3 }]);
    desk.update([]);
    desk.view('linux');
    desk.update([at(9)]);
    expect(position()).toEqual({ index: 1, of: 1 });
  });

  it('shows the questions of one answer together', () => {
    const { desk, shown } = setUp();
    const together = [at(0, { group: 'g' }), at(0, { group: 'g' })];
    desk.update([...together, at(1)]);
    expect(shown()).toEqual(together.map((question) => question.id));
  });

  it.each([
    ['three within a minute', [0, 10, 20], 1],
    ['four within a minute', [0, 10, 20, 30], 4],
    ['four within three minutes', [0, 50, 100, 150], 1],
  ])('shows %s of one session as cards of %#', (_name, seconds, together) => {
    const { desk, shown } = setUp();
    desk.update(seconds.map((second) => at(second)));
    expect(shown()).toHaveLength(together);
  });

  it('tells that what was in sight ended without an answer from here, until something else is shown', () => {
    const { desk, pass, show } = setUp();
    const [mine, theirs, next] = [at(0), at(1), at(2)];
    show(mine);
    pass(ARMS_AFTER_MS);
    desk.check(deny(mine));
    desk.update([]);
    expect(desk.view('linux').ended).toBeNull();
    show(theirs);
    desk.update([]);
    expect(desk.view('linux').ended).toEqual({ title: theirs.title });
    desk.update([next]);
    expect(desk.view('linux').ended).toBeNull();
    // Never in sight, or put aside: nobody was about to answer it.
    desk.update([]);
    expect(desk.view('linux').ended).toBeNull();
    show(next);
    desk.setAside();
    desk.update([]);
    expect(desk.view('linux').ended).toBeNull();
  });
});
