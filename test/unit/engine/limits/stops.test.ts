import { describe, expect, it } from 'vitest';
import { connection, limitsWith, originOf, prompt, toolCall } from './support.ts';

describe('allowed models', () => {
  const allowed = { allowed: { models: ['claude-*', 'GPT-5*'] } };

  it('may be used, and others not: the refusal names the model, what is allowed, and whom to ask', async () => {
    const { decide } = limitsWith(allowed);
    expect(await decide(prompt())).toMatchObject({ verdict: 'allow' });
    expect(await decide(prompt(originOf({ model: 'gpt-5-mini' })))).toMatchObject({ verdict: 'allow' });
    expect(await decide(prompt(originOf({ model: 'grok-4' })))).toMatchObject({
      verdict: 'deny',
      reason: 'The model grok-4 may not be used here. Allowed: claude-*, GPT-5*.',
      policies: [{ id: 'limits.allowed-models', contact: '#help' }],
    });
  });

  it('are the only ones whose calls are let through', async () => {
    const { decide } = limitsWith(allowed);
    expect(await decide(toolCall(originOf({ model: 'grok-4' })))).toMatchObject({ verdict: 'deny' });
    expect(await decide(toolCall())).toMatchObject({ verdict: 'allow' });
  });

  it('refuse a request whose model nobody could tell', async () => {
    const { decide } = limitsWith(allowed);
    expect(await decide(prompt(originOf({ model: '' })))).toMatchObject({
      verdict: 'deny',
      reason: expect.stringContaining('could not be told'),
    });
  });

  it('say nothing of connections and of MCP servers', async () => {
    const { decide } = limitsWith(allowed);
    expect(await decide(connection('example.com'))).toMatchObject({ verdict: 'allow' });
  });

  it('leave a line in the log, once, when a provider answers with another model', async () => {
    const { exchange, entries } = limitsWith(allowed);
    await exchange(originOf(), { model: 'grok-4' });
    await exchange(originOf(), { model: 'grok-4' });
    await exchange(originOf({ model: 'gpt-5' }), { model: 'gpt-5-2025-08-07' });
    expect(entries).toMatchObject([{ kind: 'finding', verdict: 'model.not-allowed', data: { responseModel: 'grok-4' } }]);
  });
});

it('allowed providers are told by name or host, and others are refused', async () => {
  const { decide } = limitsWith({ allowed: { providers: ['anthropic', '*.openai.azure.com'] } });
  expect(await decide(prompt())).toMatchObject({ verdict: 'allow' });
  expect(await decide(prompt(originOf({ provider: 'Azure AI', host: 'mine.openai.azure.com' })))).toMatchObject({ verdict: 'allow' });
  expect(await decide(prompt(originOf({ provider: 'xAI', host: 'api.x.ai' })))).toMatchObject({
    verdict: 'deny',
    reason: 'The provider xAI may not be used here. Allowed: anthropic, *.openai.azure.com.',
    policies: [{ id: 'limits.allowed-providers' }],
  });
});

describe('the off switch', () => {
  it('stops everything that is a model’s, with its reason, and no connection to anybody else', async () => {
    const { decide, limits } = limitsWith({ off: { all: true, reason: 'An incident is looked into' } });
    expect(limits.judgesConnections()).toBe(true);
    for (const action of [prompt(), toolCall(), connection('claude.ai', 'Claude on the web')])
      expect(await decide(action)).toMatchObject({
        verdict: 'deny',
        reason: 'The off switch is set for every agent: An incident is looked into',
        policies: [{ id: 'off-switch', contact: '#help' }],
      });
    expect(await decide(connection('bank.example'))).toMatchObject({ verdict: 'allow' });
    expect(limits.notes()).toEqual(['The off switch is set for every agent: An incident is looked into.']);
  });

  it('stops one agent and what it starts, or one provider by name or host', async () => {
    const { decide, set } = limitsWith({ off: { agents: ['claude*'] } });
    const curl = originOf({ agent: { name: 'curl', startedBy: 'Claude Code' } });
    const codex = () => originOf({ agent: { name: 'Codex' } });
    expect(await decide(prompt())).toMatchObject({ verdict: 'deny' });
    expect(await decide(toolCall(curl))).toMatchObject({ verdict: 'deny' });
    expect(await decide(prompt(codex()))).toMatchObject({ verdict: 'allow' });
    set({ off: { providers: ['Anthropic'] } });
    expect(await decide(prompt(codex()))).toMatchObject({ verdict: 'deny' });
    set({ off: { providers: ['*.anthropic.com'] } });
    expect(await decide(prompt(codex()))).toMatchObject({ verdict: 'deny' });
    set({});
    expect(await decide(prompt())).toMatchObject({ verdict: 'allow' });
  });

  it('counts when it is set while policy is being asked', async () => {
    const { limits, state } = limitsWith({});
    const decide = limits.deciding(async () => {
      state.settings = { ...state.settings, off: { ...state.settings.off, all: true } };
      return state.decision;
    });
    expect(await decide(prompt(), { facts: toolFacts, findings: [] }, false)).toMatchObject({ verdict: 'deny' });
  });
});

const toolFacts = { tool: '', toolKind: 'other', text: '', effects: [], programs: [], paths: [], hosts: [] } as const;
