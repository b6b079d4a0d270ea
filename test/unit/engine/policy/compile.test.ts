import { describe, expect, it } from 'vitest';
import { compilePolicies } from '../../../../main/engine/policy/compile.ts';
import { compiled, forbid, PERMIT_ALL, SCHEMA } from './build.ts';

function problemsOf(text: string, ...more: string[]) {
  const files = [text, ...more].map((content, index) => ({ name: `${index}.cedar`, text: content }));
  return compilePolicies(files, SCHEMA, () => {}).problems;
}

/** Line and column, from 1 and in characters, of a piece of the text. */
function placeOf(text: string, piece: string) {
  const lines = text.slice(0, text.indexOf(piece)).split('\n');
  return { line: lines.length, column: [...(lines.at(-1) ?? '')].length + 1 };
}

describe('compiling policies', () => {
  it('knows file, line, actions and annotations of each', () => {
    const policies = compiled(
      `// first\n${PERMIT_ALL}\n${forbid('b', 'context.effects.contains("read")', '@effect("ask") @remember("session")')}`,
    );
    expect(policies).toMatchObject([
      {
        id: 'all',
        file: 'test.cedar',
        line: 2,
        effect: 'allow',
        actions: ['call_tool', 'send_prompt', 'call_mcp_tool', 'receive_result', 'connect'],
      },
      {
        id: 'b',
        line: 4,
        effect: 'ask',
        remember: 'session',
        actions: ['call_tool'],
        requirement: { attribute: 'effects', values: ['read'] },
      },
    ]);
  });

  it('reads a list of actions', () => {
    expect(compiled('@id("a") permit (principal, action in [Action::"send_prompt"], resource);')[0]?.actions).toEqual(['send_prompt']);
  });

  // Each text has characters of more than one byte before the mistake.
  const before = '// één 😀\n@id("ok") permit (principal, action, resource);\n';
  it.each([
    ['a syntax error', '@id("a") @reason("é😀") forbid (principal, action, resource) when { (true };', '};', /unexpected token/],
    [
      'an unknown action',
      '@id("a") @reason("é😀") forbid (principal, action == Action::"call_tol", resource);',
      'Action::"call_tol"',
      /unrecognized action/,
    ],
    [
      'an unknown attribute',
      '@id("a") @reason("é😀") forbid (principal, action == Action::"call_tool", resource) when { "😀" != "x" && context.lables.contains("x") };',
      'context.lables',
      /`lables`/,
    ],
    [
      'an attribute that another action lacks',
      '@id("a") @reason("é😀") forbid (principal, action, resource) when { context.effects.contains("read") };',
      'context.effects',
      /`effects` in context for Action::.* not found/,
    ],
    [
      'a wrong type',
      '@id("a") @reason("é😀") forbid (principal, action, resource) when { context.approved == "yes" };',
      'context.approved == "yes"',
      /./,
    ],
    ['an unknown annotation', '@id("a") @reason("é😀") @efect("ask") forbid (principal, action, resource);', '@efect', /@efect/],
    ['a bad value', '@id("a") @reason("é😀") @effect("asc") forbid (principal, action, resource);', '@effect', /not known on a forbid/],
    [
      'an annotation twice',
      '@id("a") @reason("é😀") @reason("b") forbid (principal, action, resource);',
      '@reason("b")',
      /duplicate annotation/,
    ],
    ['no id', '@reason("é😀") forbid (principal, action, resource);', '@reason', /no @id/],
    ['no reason', '@id("a") @contact("é😀") forbid (principal, action, resource);', '@id("a")', /no @reason/],
    [
      'an id that is taken',
      '@reason("é😀") @id("ok") forbid (principal, action, resource);',
      '@id("ok") forbid',
      /already taken in 0.cedar, line 2/,
    ],
    ['a template', '@id("a") @reason("é😀") forbid (principal == ?principal, action, resource);', '?principal', /template/],
    [
      'an effect that does not exist',
      `@id("a") @reason("é😀") forbid (principal, action == Action::"call_tool", resource) when { context.effects.contains("destructiv") };`,
      '"destructiv"',
      /can never be "destructiv"/,
    ],
    [
      'a host in capitals',
      `@id("a") @reason("é😀") forbid (principal, action == Action::"call_tool", resource) when { context.hosts.contains("Example.com") };`,
      '"Example.com"',
      /normalised/,
    ],
    ['a policy without an end', '@id("a") @reason("é😀") forbid (principal, action, resource)', undefined, /unexpected end/],
  ])('tells line and column of %s', (_, text, piece, message) => {
    const whole = before + text;
    const problems = problemsOf(whole);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ severity: 'error', file: '0.cedar', message: expect.stringMatching(message) });
    const place = piece === undefined ? { line: 3 } : placeOf(whole, piece);
    expect(problems[0]).toMatchObject(place);
  });

  it('gives a hint where there is a likely correction', () => {
    expect(problemsOf('@id("a") @reason("x") forbid (principal, action == Action::"call_tol", resource);')[0]?.hint).toContain('call_tool');
  });

  it('tells all mistakes of all files at once, in their order', () => {
    const problems = problemsOf(
      'permit (principal, action, resource);\nforbid (nobody);',
      '@id("x") @foo("y") permit (principal, action, resource);\n@id("z") permit (principal);',
    );
    expect(problems.map(({ file, line }) => `${file}:${line}`)).toEqual(['0.cedar:1', '0.cedar:2', '1.cedar:1', '1.cedar:2']);
  });

  it('refuses an id that another file has taken', () => {
    expect(problemsOf(PERMIT_ALL, PERMIT_ALL)).toMatchObject([
      { file: '1.cedar', message: expect.stringContaining('already taken in 0.cedar') },
    ]);
  });

  it('warns of a policy that can never match, and does not refuse it', () => {
    expect(problemsOf('@id("a") @reason("x") forbid (principal, action, resource) when { false };')).toMatchObject([
      { severity: 'warning', policy: 'a', message: expect.stringContaining('impossible') },
    ]);
  });

  it('says where it is before each step that may crash', () => {
    const steps: string[] = [];
    compilePolicies([{ name: 'a.cedar', text: `${PERMIT_ALL}\n${forbid('b', 'true')}` }], SCHEMA, ({ file, line }) =>
      steps.push(`${file}:${line}`),
    );
    expect(steps).toEqual(['a.cedar:1', 'a.cedar:3', 'a.cedar:3']);
  });
});
