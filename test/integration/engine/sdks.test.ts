import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProviderReply, ProviderRequest } from '../../../main/cli/demo/provider.ts';
import type { Turn } from '../../../main/cli/demo/turns.ts';
import type { Question } from '../../../main/contract/approval.ts';
import type { ControlClient } from '../../../main/engine/control/client.ts';
import { ASK_ALL, type GuardProcess, startGuardProcess } from '../../support/guard-process.ts';
import { fetchThrough } from '../../support/proxied-fetch.ts';
import { SDK_HOSTS, sdkReply, sdkWays } from './sdk-ways.ts';

/** What the model says, by the user's words; the SDKs run in this process, through the real engine. */
const TURNS: Record<string, Turn> = {
  talk: { text: 'Nothing to do.' },
  delete: { text: 'I will tidy up.', calls: [{ id: 'call_marker_1', tool: 'Bash', input: { command: 'rm -rf /srv/marker-files' } }] },
  parallel: {
    text: 'Two things.',
    calls: [
      { id: 'call_marker_1', tool: 'Bash', input: { command: 'echo first' } },
      { id: 'call_marker_2', tool: 'Bash', input: { command: 'echo second' } },
    ],
  },
};

function reply(request: ProviderRequest): ProviderReply {
  return sdkReply(request, (said) => TURNS[Object.keys(TURNS).find((word) => said.includes(word)) ?? 'talk']!);
}

let guard: GuardProcess;
let control: ControlClient;
let fetchIt: typeof fetch;

beforeAll(async () => {
  guard = await startGuardProcess({ reply, hosts: SDK_HOSTS, policy: ASK_ALL, config: { approvals: { timeoutSeconds: 60 } } });
  control = await guard.control(true);
  fetchIt = await fetchThrough(guard.ready);
}, 60_000);
afterAll(() => guard.stop());

/** Questions that some test has answered: the engine may still tell of one that has just ended. */
const known = new Set<string>();

/** Answers the next questions as they come; gives back what was asked. */
async function answering<T>(choice: (question: Question) => 'allow' | 'deny', work: Promise<T>): Promise<{ result: T; asked: Question[] }> {
  const asked: Question[] = [];
  const answer = async (open: Question[]) => {
    for (const question of open.filter(({ id }) => !known.has(id))) {
      known.add(question.id);
      asked.push(question);
      const { id, nonce, shown } = question;
      await control.call('answer', {
        id,
        nonce,
        shown,
        answer: choice(question) === 'allow' ? { choice: 'allow', for: 'once' } : { choice: 'deny' },
      });
    }
  };
  const stop = control.on('questions', (open) => void answer(open));
  try {
    return { result: await work, asked };
  } finally {
    stop();
  }
}

describe.each(sdkWays(() => fetchIt))('$name', { timeout: 60_000 }, (way) => {
  it('gets text without a question', async () => {
    const { result, asked } = await answering(() => 'deny', way.ask('talk'));
    expect(result).toMatchObject({ text: 'Nothing to do.', commands: [] });
    expect(asked).toHaveLength(0);
  });

  it('gets the call when it is allowed', async () => {
    const { result, asked } = await answering(() => 'allow', way.ask(`delete ${way.name} yes`));
    expect(result).toMatchObject({ text: 'I will tidy up.', commands: ['rm -rf /srv/marker-files'] });
    expect(asked).toHaveLength(1);
  });

  it('gets an explanation and no call when it is denied', async () => {
    const { result } = await answering(() => 'deny', way.ask(`delete ${way.name} no`));
    expect(result.commands).toEqual([]);
    expect(result.text).toMatch(/I will tidy up\.[\s\S]*Holdpoint refused this Bash call/);
    expect(['end_turn', 'stop', 'completed', 'STOP']).toContain(result.stop);
  });

  it('gets the one of two parallel calls that is allowed', async () => {
    const { result, asked } = await answering(
      (question) => (question.action.text.includes('second') ? 'allow' : 'deny'),
      way.ask(`parallel ${way.name}`),
    );
    expect(result.commands).toEqual(['echo second']);
    expect(asked).toHaveLength(2);
    expect(new Set(asked.map(({ group }) => group)).size).toBe(1);
  });
});
