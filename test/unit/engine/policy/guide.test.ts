import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EFFECTS } from '../../../../main/contract/action.ts';
import { inspectLine } from '../../../../main/engine/guard/inspect.ts';
import { ANNOTATIONS } from '../../../../main/engine/policy/annotations.ts';
import { compilePolicies } from '../../../../main/engine/policy/compile.ts';
import { readTests } from '../../../../main/engine/policy/tests.ts';
import { CLOSED_WORDS } from '../../../../main/engine/policy/vocabulary.ts';
import { SCHEMA } from './build.ts';

const GUIDE = readFileSync(new URL('../../../../docs/policy.md', import.meta.url), 'utf8');
const EXAMPLES = [...GUIDE.matchAll(/```cedar\n([\s\S]*?)```/g)].map(([, text]) => text ?? '');

describe('the policy guide', () => {
  it('has examples that can be used as they stand, all together', () => {
    expect(EXAMPLES.length).toBeGreaterThanOrEqual(6);
    const files = EXAMPLES.map((text, index) => ({ name: `${index}.cedar`, text }));
    expect(compilePolicies(files, SCHEMA, () => {}).problems).toEqual([]);
  });

  it('tells of every attribute and every effect', () => {
    const attributes = [...SCHEMA.matchAll(/^ {4}(\w+): /gm)].map(([, name]) => name);
    expect(attributes.length).toBeGreaterThan(20);
    for (const name of [...attributes, ...EFFECTS]) expect(GUIDE).toContain(`\`${name}\``);
  });

  it('tells of every annotation, and of every word for what could not be read', () => {
    for (const name of ANNOTATIONS) expect(GUIDE).toContain(`\`@${name}\``);
    for (const word of CLOSED_WORDS.get('uninspected') ?? []) if (word !== '') expect(GUIDE).toContain(`\`${word}\``);
  });

  it('has lines that can be judged', async () => {
    const lines = [...GUIDE.matchAll(/^\{ "kind": .*\}$/gm)].map(([line]) => line);
    expect(lines).toHaveLength(5);
    const decide = async () => ({ verdict: 'allow', policies: [], reason: '' }) as const;
    for (const line of lines)
      expect(await inspectLine(line, { decide, scan: async () => [], strict: true })).toMatchObject({ verdict: 'allow' });
  });

  it('has tests in the form that it describes', () => {
    const [, text = ''] = /```json\n(\[\n {2}\{\n {4}"name"[\s\S]*?)```/.exec(GUIDE) ?? [];
    const { tests, problems } = readTests([{ name: 'guide', text }]);
    expect(problems).toEqual([]);
    expect(tests).toHaveLength(2);
  });
});
