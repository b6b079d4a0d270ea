/** Policies in words: what a person reads of each in place of its Cedar text. */

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { shippedDir } from '../../../../main/engine/policy/bundle.ts';
import { compilePolicies } from '../../../../main/engine/policy/compile.ts';
import { compiled, forbid, SCHEMA } from './build.ts';

const ONLY_TEXT = 'conditions that only its text tells';

describe('every policy that ships', () => {
  it.each(['starter', 'strict'] as const)('has words: %s', (name) => {
    const dir = shippedDir(name);
    const files = readdirSync(dir)
      .filter((file) => file.endsWith('.cedar'))
      .map((file) => ({ name: file, text: readFileSync(`${dir}/${file}`, 'utf8') }));
    const { policies, problems } = compilePolicies(files, SCHEMA, () => {});
    expect(problems).toEqual([]);
    for (const { says } of policies) expect(says).not.toContain(ONLY_TEXT);
    expect(policies.map(({ id, says }) => `${id}: ${says}`).join('\n')).toMatchSnapshot();
  });
});

describe('a policy’s words', () => {
  const says = (when: string, annotations = '') => compiled(forbid('p', when, annotations))[0]!.says;

  it.each<[string, string]>([
    ['context.effects.contains("delete")', 'Refuses a tool call that deletes files.'],
    ['!context.effects.contains("delete")', 'Refuses a tool call that deletes no files.'],
    ['context.outside.contains("delete")', 'Refuses a tool call that deletes outside the project.'],
    ['context.programs.containsAny(["docker", "podman"])', 'Refuses a tool call that runs docker or podman.'],
    ['!context.programs.containsAny(["docker", "podman"])', 'Refuses a tool call that does not run docker or podman.'],
    ['context.programs.contains("git") || context.programs.contains("hg")', 'Refuses a tool call that runs git or hg.'],
    ['context.programs.containsAll(["git", "ssh"])', 'Refuses a tool call that runs git and runs ssh.'],
    [
      'context.readsIn.contains("/srv") || context.writesIn.contains("/srv")',
      'Refuses a tool call that reads or changes anything in /srv.',
    ],
    [
      '!(context.effects.contains("network") && context.effects.contains("delete"))',
      'Refuses a tool call that reaches no other computer or deletes no files.',
    ],
    ['context.text like "*terraform*"', 'Refuses a tool call that mentions “terraform”.'],
    ['context.toolName like "mcp__*"', 'Refuses a tool call that uses the tool “mcp__*”.'],
    ['context.refusals >= 3', 'Refuses a tool call that comes after 3 refusals or more.'],
    ['context.refusals > 0', 'Refuses a tool call that comes after a refusal or more.'],
    ['context.injectionSeen == false', 'Refuses a tool call that comes before any text was read that gives the agent orders.'],
    ['principal == Agent::"Codex"', 'Refuses a tool call that comes from Codex.'],
    [
      '["a.example", "b.example"].containsAll(context.hosts) && !context.hosts.isEmpty()',
      `Refuses a tool call that meets ${ONLY_TEXT} and names a host.`,
    ],
    ['!context.hosts.isEmpty() && ["a.example"].containsAll(context.hosts)', 'Refuses a tool call that reaches no host but a.example.'],
  ])('%s', (when, said) => {
    expect(says(when)).toBe(said);
  });

  it('are honest where a condition has none, and leave none of them out', () => {
    expect(says('context.model == context.provider')).toBe(`Refuses a tool call under ${ONLY_TEXT}.`);
    expect(says('context.effects.contains("delete") && context.model == context.provider')).toBe(
      `Refuses a tool call that deletes files and meets ${ONLY_TEXT}.`,
    );
    expect(says('context.effects.contains("delete") || (if context.approved then true else false)')).toBe(
      `Refuses a tool call that deletes files or meets ${ONLY_TEXT}.`,
    );
  });

  it.each([
    'principal is Agent in User::"mara"',
    'context.labels.isEmpty()',
    'context.hosts.containsAll(context.programs)',
    '[context.host].contains("a")',
    'context has text && context.port + 1 > 3',
    'if context.approved then context.changed else context.injectionSeen',
    'context == {host: "a"}',
    '[].contains(context.text)',
  ])('never leave out what they cannot say: %s', (when) => {
    const { policies } = compilePolicies(
      [{ name: 'a.cedar', text: `@id("a") @reason("No.") forbid (principal, action, resource) when { ${when} };` }],
      SCHEMA,
      () => {},
    );
    expect(policies.map((policy) => policy.says)).toEqual([expect.stringContaining(ONLY_TEXT)]);
  });

  it('say what it is about, by whom, and what is excepted', () => {
    const [every, named, excepted, redacts] = compiled(
      '@id("a") @reason("No.") forbid (principal, action, resource);' +
        '@id("b") @effect("ask") @reason("No.") forbid (principal in User::"mara", action == Action::"call_mcp_tool", resource in McpServer::"github");' +
        '@id("c") @effect("ask") @reason("No.") forbid (principal, action == Action::"connect", resource) unless { context.host == "a.example" };' +
        '@id("d") @effect("redact") forbid (principal, action == Action::"send_prompt", resource) when { context.labels.containsAny(["pii.iban", "acme.badge"]) };',
    ).map((policy) => policy.says);
    expect(every).toBe('Refuses anything that an agent does.');
    expect(named).toBe('Asks when a call of an MCP server’s tool comes from the user mara and calls the MCP server “github”.');
    expect(excepted).toBe('Asks about every unread connection, unless it goes to a.example.');
    expect(redacts).toBe('Takes account numbers and what detectors call “acme.badge” out of every request to a model.');
  });

  it('are of a bounded length, whatever the policy has in it', () => {
    const long = Array.from(
      { length: 60 },
      (_, i) => `(context.text like "*${'x'.repeat(200)}${i}*" && context.model == "${'y'.repeat(300)}${i}")`,
    );
    expect(says(long.join(' || ')).length).toBeLessThan(200);
    expect(says(`context.programs.containsAny([${long.map((_, i) => `"p${i}"`).join(', ')}])`)).toBe(
      'Refuses a tool call that runs p0, p1, p2 or 57 more.',
    );
  });
});
