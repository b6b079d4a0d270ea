/** What a conversation has met tightens what may follow, and an ordinary day goes on all the same. */

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SessionMeter } from '../../../main/contract/action.ts';
import { understandCall } from '../../../main/engine/guard/facts/understand-call.ts';
import { createPolicy, type Policy } from '../../../main/engine/policy/engine.ts';
import { HOME, WORKSPACE } from '../../unit/engine/guard/facts/reading.ts';
import { call } from '../../unit/engine/policy/build.ts';

let policy: Policy;
beforeAll(async () => {
  policy = await createPolicy({});
});
afterAll(() => policy.close());

const ORDINARY = readFileSync(new URL('judgement/ordinary.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('# '))
  .map((line) => (line.includes('<<') && line.includes('EOF') ? line.replaceAll('\\n', '\n') : line));

const FRESH: SessionMeter = { untrusted: false, injected: false, sensitive: false, refusals: 0 };

describe('an ordinary day', () => {
  it.each<[string, SessionMeter]>([
    ['somebody else’s words', { ...FRESH, untrusted: true }],
    ['somebody else’s words and what is secret', { ...FRESH, untrusted: true, sensitive: true }],
    ['words that speak as the user would', { ...FRESH, untrusted: true, sensitive: true, injected: true }],
  ])('goes on after %s: at most one command in a hundred is asked about', async (_, session) => {
    const stopped: string[] = [];
    for (const command of ORDINARY) {
      const input = { command };
      const facts = understandCall({ id: '1', tool: 'Bash', input }, { workspace: WORKSPACE, home: HOME, realpath: () => undefined });
      const action = call('Bash', { call: { input }, origin: { workspace: WORKSPACE, home: HOME } });
      const { verdict } = await policy.decide(action, { facts, findings: [], session }, false);
      if (verdict !== 'allow') stopped.push(command);
    }
    expect(ORDINARY.length).toBeGreaterThan(400);
    expect(stopped.length, stopped.join('\n')).toBeLessThanOrEqual(ORDINARY.length / 100);
  });
});
