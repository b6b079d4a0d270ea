import { describe, expect, it } from 'vitest';
import type { Evaluation } from '../../../../main/engine/policy/installed.ts';
import { remembering } from '../../../../main/engine/policy/memo.ts';
import type { PolicyRequest } from '../../../../main/engine/policy/request.ts';

const request = (text: string): PolicyRequest => ({
  principal: { type: 'Agent', id: 'Claude Code' },
  action: { type: 'Action', id: 'call_tool' },
  resource: { type: 'Tool', id: 'Bash' },
  context: { text },
  entities: [],
});

function memo(answer: (text: string) => Evaluation = () => ({ permits: ['p'], denies: [], softs: [] })) {
  const asked: string[] = [];
  const evaluate = remembering(async ({ context }) => {
    asked.push(String(context.text));
    return answer(String(context.text));
  });
  return { asked, evaluate };
}

describe('an evaluation', () => {
  it('is made once for the same request, and anew for any other', async () => {
    const { asked, evaluate } = memo((text) => ({ permits: [], denies: text === 'rm' ? ['d'] : [], softs: [] }));
    expect((await evaluate(request('rm'))).denies).toEqual(['d']);
    expect((await evaluate(request('ls'))).denies).toEqual([]);
    expect((await evaluate(request('rm'))).denies).toEqual(['d']);
    expect(asked).toEqual(['rm', 'ls']);
  });

  it('is tried again after a failure', async () => {
    const { asked, evaluate } = memo(() => ({ failure: 'worker gone', permits: [], denies: [], softs: [] }));
    await evaluate(request('ls'));
    await evaluate(request('ls'));
    expect(asked).toHaveLength(2);
  });

  it('is tried again where observed policies failed', async () => {
    const failures = [{ id: 'holdpoint', failure: 'worker gone' }];
    const { asked, evaluate } = memo(() => ({ permits: ['p'], denies: [], softs: [], observed: { permits: [], forbids: [], failures } }));
    await evaluate(request('ls'));
    await evaluate(request('ls'));
    expect(asked).toHaveLength(2);
  });

  it('is forgotten when a thousand others were asked for since', async () => {
    const { asked, evaluate } = memo();
    await evaluate(request('first'));
    for (let i = 0; i < 1_000; i += 1) await evaluate(request(`${i}`));
    await evaluate(request('first'));
    expect(asked.filter((text) => text === 'first')).toHaveLength(2);
  });

  it('of a very long request is not kept', async () => {
    const { asked, evaluate } = memo();
    await evaluate(request('x'.repeat(10_000)));
    await evaluate(request('x'.repeat(10_000)));
    expect(asked).toHaveLength(2);
  });
});
