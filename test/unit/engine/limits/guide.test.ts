import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { settingsSchema } from '../../../../main/contract/settings.ts';
import { finding, limitsWith, originOf, prompt, toolCall } from './support.ts';

const GUIDE = readFileSync(new URL('../../../../docs/limits.md', import.meta.url), 'utf8');
const [allowed, budgets, prices, off, bypass] = [...GUIDE.matchAll(/```json\n([\s\S]*?)```/g)].map(
  ([, json = '']) => JSON.parse(json) as object,
);

describe('the guide to limits', () => {
  it('has examples that are settings', () => {
    for (const example of [allowed, budgets, prices, off, bypass]) expect(settingsSchema.safeParse(example).error).toBeUndefined();
  });

  it('shows the refusal of a model', async () => {
    const { decide } = limitsWith(allowed!);
    const { reason } = await decide(prompt(originOf({ model: 'grok-4' })));
    expect(GUIDE.replaceAll('\\', '')).toContain(reason);
    expect(await decide(prompt(originOf({ provider: 'Azure AI', host: 'mine.openai.azure.com', model: 'gpt-5-mini' })))).toMatchObject({
      verdict: 'allow',
    });
  });

  it('shows the refusal of a budget that is used up', async () => {
    const { decide, exchange } = limitsWith(budgets!);
    const intern = () => originOf({ user: 'intern-7' });
    await exchange(intern(), { usage: { inputTokens: 2_000_000, outputTokens: 0 } });
    const { reason } = await decide(prompt(intern()));
    expect(GUIDE).toContain(reason);
    expect(await decide(prompt(originOf({ user: 'intern-8' })))).toMatchObject({ verdict: 'allow' });
  });

  it('has prices that are in force', async () => {
    const { exchange } = limitsWith(prices!);
    expect(await exchange()).toMatchObject({ counted: { costMicroUsd: 60 * 2.4 + 40 * 12 } });
    expect(await exchange(originOf({ model: 'house-7' }))).toMatchObject({ counted: { costMicroUsd: 0 } });
  });

  it('has a switch and a bypass that do what it says', async () => {
    const switched = limitsWith(off!);
    expect(await switched.decide(toolCall(originOf({ agent: { name: 'Codex' } })))).toMatchObject({ verdict: 'deny' });
    expect(await switched.decide(prompt(originOf({ host: 'api.x.ai', provider: 'xAI' })))).toMatchObject({ verdict: 'deny' });
    const suspended = limitsWith(bypass!);
    suspended.limits.bypass.begin({ minutes: 15, reason: 'The new policy stops our release build' }, 'terminal');
    suspended.state.decision = { verdict: 'deny', policies: [], reason: 'No policy permits this.' };
    expect(await suspended.decide(prompt())).toMatchObject({ verdict: 'allow' });
    const known = {
      facts: { tool: '', toolKind: 'other', text: '', effects: [], programs: [], paths: [], hosts: [] },
      findings: [finding('secret.a')],
    } as const;
    expect(await suspended.decide(prompt(), known)).toMatchObject({ verdict: 'redact' });
  });
});
