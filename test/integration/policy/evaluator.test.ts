import { afterEach, describe, expect, it } from 'vitest';
import { createEvaluator, type Evaluator } from '../../../main/engine/policy/evaluator.ts';
import { type PolicyRequest, policyRequest } from '../../../main/engine/policy/request.ts';
import { call, compiled, PERMIT_ALL, SCHEMA, understood } from '../../unit/engine/policy/build.ts';

const MOODY = new URL('./workers/moody-worker.ts', import.meta.url);
const opened: Evaluator[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((evaluator) => evaluator.close()));
});

async function open(more: Partial<Parameters<typeof createEvaluator>[0]> = {}): Promise<Evaluator> {
  const evaluator = await createEvaluator({ schema: SCHEMA, policies: compiled(PERMIT_ALL), ...more });
  opened.push(evaluator);
  return evaluator;
}

const request = (tool = 'Bash') => policyRequest(call(tool), understood(), false);

describe('the policy worker', () => {
  it('answers many questions at once, each its own', async () => {
    const evaluator = await open({ policies: compiled('@id("p") permit (principal, action, resource == Tool::"Bash");') });
    const tools = Array.from({ length: 60 }, (_, index) => (index % 2 === 0 ? 'Bash' : `Other${index}`));
    const answers = await Promise.all(tools.map((tool) => evaluator.evaluate(request(tool))));
    expect(answers.map(({ permits }) => permits.length)).toEqual(tools.map((tool) => (tool === 'Bash' ? 1 : 0)));
  });

  it.each(['crash', 'exit'])('that dies (%s) denies what was open, and is replaced', async (tool) => {
    const said: string[] = [];
    const evaluator = await open({ worker: MOODY, log: (message) => said.push(message) });
    const before = await evaluator.evaluate(request());
    const waiting = evaluator.evaluate(request('wait'));
    const killed = await evaluator.evaluate(request(tool));
    expect(killed).toMatchObject({ failure: expect.stringMatching(/crashed|ended/), permits: [] });
    expect(await waiting).toMatchObject({ failure: killed.failure, permits: [] });
    const after = await evaluator.evaluate(request());
    expect(after.failure).toBeUndefined();
    expect(after.permits).not.toEqual(before.permits);
    expect(said).toHaveLength(1);
  });

  it('that does not answer in time is ended, denies, and is replaced', async () => {
    const evaluator = await open({ worker: MOODY, timeoutMs: 100 });
    expect(await evaluator.evaluate(request('hang'))).toMatchObject({ failure: 'no answer within 100 ms', permits: [] });
    await expect.poll(async () => (await evaluator.evaluate(request())).failure).toBeUndefined();
  });

  it('survives a trap of the real WebAssembly: a lone surrogate denies, and the next call is decided', async () => {
    const evaluator = await open();
    const good = request();
    const hostile: PolicyRequest = { ...good, context: { ...good.context, text: '\uD800' } };
    expect(await evaluator.evaluate(hostile)).toMatchObject({ failure: expect.stringContaining('crashed'), permits: [] });
    expect(await evaluator.evaluate(good)).toEqual({ permits: ['all'], denies: [], softs: [] });
  });

  it('does not start with policies that crash it', async () => {
    const [policy] = compiled(PERMIT_ALL);
    const text = `permit (principal, action, resource) when { ${'('.repeat(300)}true${')'.repeat(300)} };`;
    await expect(createEvaluator({ schema: SCHEMA, policies: [{ ...policy!, text }] })).rejects.toMatchObject({
      code: 'policy-invalid',
      message: expect.stringContaining('holdpoint policy check'),
    });
  });

  it('that cannot start is refused in words', async () => {
    const worker = new URL('./workers/stillborn-worker.ts', import.meta.url);
    await expect(createEvaluator({ schema: SCHEMA, policies: [], worker })).rejects.toMatchObject({
      code: 'policy-invalid',
      message: expect.stringContaining('no memory'),
    });
  });

  it('once closed denies everything, also what was open, and may be closed again', async () => {
    const evaluator = await open({ worker: MOODY });
    const waiting = evaluator.evaluate(request('wait'));
    // An answer to a later question shows that the first has reached the worker.
    await evaluator.evaluate(request());
    await Promise.all([evaluator.close(), evaluator.close()]);
    expect(await waiting).toMatchObject({ failure: 'closed', permits: [] });
    expect(await evaluator.evaluate(request())).toMatchObject({ failure: expect.stringContaining('closed'), permits: [] });
    await evaluator.close();
  });
});
