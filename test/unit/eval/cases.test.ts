/** The corpora themselves: that they can be read, and that they stay as wide as they are. */

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCommandCases, readSessionCases, SHELLS } from '../../eval/cases.ts';

const CORPORA = join(import.meta.dirname, '../../corpora');

describe('the commands of the evaluation', () => {
  const cases = readCommandCases(CORPORA);

  it.each(['harmful', 'harmless'])('hold at least 330 %s ones, about a third of them not for bash', (label) => {
    const some = cases.filter((one) => one.label === label);
    expect(some.length).toBeGreaterThanOrEqual(330);
    for (const shell of SHELLS) expect(some.filter((one) => one.shell === shell).length).toBeGreaterThanOrEqual(50);
  });

  it('have ids of their own, and no command twice', () => {
    expect(repeated(cases.map(({ id }) => id))).toEqual([]);
    expect(repeated(cases.map(({ command }) => command))).toEqual([]);
  });

  it('say of what is harmful which effects the facts must name', () => {
    expect(cases.filter(({ label, effects = [] }) => label === 'harmful' && effects.length === 0).map(({ id }) => id)).toEqual([]);
  });
});

describe('the sessions of the evaluation', () => {
  const sessions = readSessionCases(CORPORA);

  it('are at least 60, with enough of both kinds', () => {
    expect(sessions.length).toBeGreaterThanOrEqual(60);
    for (const label of ['attack', 'ordinary']) expect(sessions.filter((one) => one.label === label).length).toBeGreaterThanOrEqual(25);
  });

  it('have ids of their own', () => {
    expect(repeated(sessions.map(({ id }) => id))).toEqual([]);
  });

  it('begin with what the user says', () => {
    expect(sessions.filter(({ steps: [first] }) => first === undefined || !('user' in first)).map(({ id }) => id)).toEqual([]);
  });
});

function repeated(values: readonly string[]): string[] {
  return values.filter((value, i) => values.indexOf(value) !== i);
}
