import { describe, expect, it } from 'vitest';
import { uninspectedFate, uninspectedPhrase, uninspectedSchema, uninspectedSentence } from '../../../../main/contract/uninspected.ts';
import { createUnreadTally, type UnreadThing, withoutIds } from '../../../../main/engine/exchange/unread.ts';

const CODEX = { agent: { name: 'Codex' }, host: 'api.openai.com', provider: 'OpenAI' };
const ODD: UnreadThing = { what: 'request', why: 'unknown-path', path: '/v1/odd?key=secret' };

function tallying() {
  let clock = Date.parse('2026-11-24T10:00:00.000Z');
  let settled = 0;
  const tally = createUnreadTally({
    redact: (text) => text.replaceAll('hush', '[redacted]'),
    onSettled: () => {
      settled += 1;
    },
    now: () => {
      clock += 1000;
      return clock;
    },
  });
  return { ...tally, settled: () => settled };
}

describe('what could not be read', () => {
  it('is one row for the same agent, place and reason, with its first and last time and what became of it', () => {
    const tally = tallying();
    const settle = [tally.note(CODEX, ODD), tally.note(CODEX, { ...ODD, path: '/v1/odd?key=other' }), tally.note(CODEX, ODD)];
    settle[0]!('release');
    settle[1]!('refuse');
    expect(tally.newest()).toEqual([
      {
        agent: 'Codex',
        host: 'api.openai.com',
        path: '/v1/odd',
        what: 'request',
        why: 'unknown-path',
        count: 3,
        passed: 1,
        refused: 1,
        first: '2026-11-24T10:00:01.000Z',
        last: '2026-11-24T10:00:03.000Z',
      },
    ]);
    expect(tally.settled()).toBe(2);
    expect(() => uninspectedSchema.array().parse(tally.newest())).not.toThrow();
  });

  it('is told apart by agent, host, path, kind and reason, the newest first', () => {
    const tally = tallying();
    tally.note(CODEX, ODD);
    tally.note({ ...CODEX, agent: { name: 'Claude Code' } }, ODD);
    tally.note({ ...CODEX, host: 'chatgpt.com' }, ODD);
    tally.note(CODEX, { ...ODD, path: '/v1/other' });
    tally.note(CODEX, { ...ODD, what: 'answer' });
    tally.note(CODEX, { ...ODD, why: 'malformed' });
    tally.note(CODEX, ODD);
    const rows = tally.newest();
    expect(rows.map(({ count }) => count)).toEqual([2, 1, 1, 1, 1, 1]);
    expect(rows[0]).toMatchObject({ agent: 'Codex', host: 'api.openai.com', path: '/v1/odd', what: 'request', why: 'unknown-path' });
  });

  it('is bounded, and all of it is still counted', () => {
    const tally = tallying();
    for (let i = 0; i < 500; i += 1) {
      const name = `${'x'.repeat(200)}-${'abcdefghij'[i % 10]}${'abcdefghij'[Math.floor(i / 10) % 10]}${'abcdefghij'[Math.floor(i / 100)]}`;
      tally.note({ ...CODEX, agent: { name } }, { ...ODD, path: `/${name.slice(-3)}/${'y/'.repeat(5_000)}` });
    }
    expect(tally.total()).toBe(500);
    expect(tally.newest()).toHaveLength(20);
    for (const row of tally.newest()) expect(row.agent.length + row.path.length).toBeLessThanOrEqual(260);
    // A row that is gone can still be settled, and begins anew.
    tally.note({ ...CODEX, agent: { name: `${'x'.repeat(200)}-aaa` } }, { ...ODD, path: '/aaa/' })('refuse');
    expect(tally.newest()[0]).toMatchObject({ count: 1, refused: 1 });
  });

  it('of a server that is a program goes by the server’s name', () => {
    const tally = tallying();
    tally.note({ ...CODEX, host: '', provider: 'notes' }, { what: 'message', why: 'malformed', path: '' });
    expect(tally.newest()).toMatchObject([{ host: 'notes', path: '' }]);
  });

  it('has no credential in its path', () => {
    const tally = tallying();
    tally.note(CODEX, { ...ODD, path: '/v1/hush/odd' });
    expect(tally.newest()[0]!.path).toBe('/v1/[redacted]/odd');
  });
});

describe('a path', () => {
  it.each([
    ['/v1/threads/thread_abc123DEF456ghi/runs/42', '/v1/threads/*/runs/*'],
    ['/backend-api/conversation/6f1c2b1e-5a0f-4c1e-9f0e-0a1b2c3d4e5f', '/backend-api/conversation/*'],
    ['/v1/files/msg_01AbCdEf9?x=1', '/v1/files/*'],
    [`/bot/${'a1'.repeat(20)}/send`, '/bot/*/send'],
    ['/v1beta/models/gpt-5.2/count_tokens', '/v1beta/models/gpt-5.2/count_tokens'],
    ['/v1/chat/completions', '/v1/chat/completions'],
    ['', ''],
  ])('%s is told as %s', (path, told) => {
    expect(withoutIds(path)).toBe(told);
  });
});

describe('its words', () => {
  const row = { ...CODEX, agent: 'Codex', path: '', first: '', last: '', passed: 0, refused: 0 };

  it('tell a person what and why', () => {
    expect(uninspectedPhrase({ what: 'request', why: 'unknown-path', count: 3 })).toBe('3 requests to a path that Holdpoint does not know');
    expect(uninspectedPhrase({ what: 'call', why: 'too-long', count: 1 })).toBe('1 tool call too long to be read whole');
  });

  it.each([
    [{ count: 3, passed: 3, refused: 0 }, 'let through'],
    [{ count: 1, passed: 0, refused: 1 }, 'refused'],
    [{ count: 1, passed: 0, refused: 0 }, 'no verdict yet'],
    [{ count: 6, passed: 3, refused: 2 }, '3 let through, 2 refused, 1 no verdict yet'],
  ])('of %j say: %s', (counts, fate) => {
    expect(uninspectedFate(counts)).toBe(fate);
  });

  it('are one sentence for all of it, and none where there is nothing', () => {
    const rows = [
      { ...row, what: 'request', why: 'unknown-path', count: 3 },
      { ...row, agent: 'Claude Code', what: 'answer', why: 'undecodable', count: 1 },
    ] as const;
    expect(uninspectedSentence([], 0)).toBeUndefined();
    expect(uninspectedSentence(rows.slice(0, 1), 3)).toBe('Codex on api.openai.com: 3 requests to a path that Holdpoint does not know.');
    expect(uninspectedSentence(rows, 14)).toBe('14 things could not be read, the last from Codex on api.openai.com.');
  });
});
