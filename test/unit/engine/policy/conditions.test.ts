import { policyToJson } from '@cedar-policy/cedar-wasm/nodejs';
import { describe, expect, it } from 'vitest';
import { mentionsOf, requirementOf } from '../../../../main/engine/policy/conditions.ts';

function json(text: string) {
  const answer = policyToJson(text);
  if (answer.type === 'failure') throw new Error(JSON.stringify(answer.errors));
  return answer.json;
}

const when = (condition: string) => json(`forbid (principal, action, resource) when { ${condition} };`);

describe('what a policy cannot match without', () => {
  it.each([
    ['context.effects.contains("a")', 'effects', ['a']],
    ['context.effects.containsAny(["a", "b"])', 'effects', ['a', 'b']],
    ['["a", "b"].containsAny(context.effects)', 'effects', ['a', 'b']],
    ['context.effects.containsAll(["a", "b"])', 'effects', ['a', 'b']],
    ['context.toolKind == "shell"', 'toolKind', ['shell']],
    ['"shell" == context.toolKind', 'toolKind', ['shell']],
    ['["shell", "mcp"].contains(context.toolKind)', 'toolKind', ['shell', 'mcp']],
    ['context.approved && context.effects.contains("a")', 'effects', ['a']],
    ['context.effects.contains("a") && context.programs.contains("git")', 'programs', ['git']],
  ])('is read from %s', (condition, attribute, values) => {
    expect(requirementOf(when(condition))).toEqual({ attribute, values });
  });

  it('is read from the scope', () => {
    expect(requirementOf(json('forbid (principal, action, resource == Tool::"Bash");'))).toEqual({
      attribute: 'toolName',
      values: ['Bash'],
    });
    expect(requirementOf(json('forbid (principal, action, resource in McpServer::"github");'))).toEqual({
      attribute: 'server',
      values: ['github'],
    });
    expect(requirementOf(json('forbid (principal, action, resource == Model::"m");'))).toEqual({ attribute: 'model', values: ['m'] });
  });

  it.each([
    ['context.effects.contains("a") || context.approved'],
    ['!(context.effects.contains("a"))'],
    ['context.toolKind != "shell"'],
    ['context.effects.containsAny(["a", context.model])'],
    ['context.effects.containsAll([])'],
    ['context.effects.contains(context.model)'],
    ['["a"].containsAll(context.effects)'],
    ['if context.approved then context.effects.contains("a") else true'],
    ['context.text like "*x*"'],
  ])('is not guessed from %s', (condition) => {
    expect(requirementOf(when(condition))).toBeUndefined();
  });

  it('is not read from an unless', () => {
    expect(requirementOf(json('forbid (principal, action, resource) unless { context.effects.contains("a") };'))).toBeUndefined();
  });
});

describe('what a policy speaks of', () => {
  it('is every comparison, with whether its presence counts', () => {
    const policy = json(
      'forbid (principal, action, resource == Tool::"Bash") when { context.effects.contains("a") || !(context.hosts.contains("h")) || context.text like "x" } unless { context.programs.contains("git") };',
    );
    expect(mentionsOf(policy)).toEqual([
      { attribute: 'toolName', values: ['Bash'], positive: true },
      { attribute: 'effects', values: ['a'], positive: true },
      { attribute: 'hosts', values: ['h'], positive: false },
      { attribute: 'text', values: [], positive: true },
      { attribute: 'programs', values: ['git'], positive: false },
    ]);
  });
});
