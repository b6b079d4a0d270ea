import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EFFECTS } from '../../../../main/contract/action.ts';
import { compilePolicies } from '../../../../main/engine/policy/compile.ts';
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
});
