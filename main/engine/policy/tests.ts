/** A bundle's own tests: an action that is given, and what is expected to be said of it. */

import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { z } from 'zod';
import { messageOf } from '../../contract/errors.ts';
import type { VerdictKind } from '../../contract/verdict.ts';
import type { Policy } from './engine.ts';
import type { PolicyFile } from './files.ts';
import { type PolicyProblem, problemOf } from './problems.ts';
import { positionAt } from './statements.ts';

/** One test, with its place. */
export interface PolicyTest extends z.infer<typeof testSchema> {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

export interface TestFailure extends Pick<PolicyTest, 'file' | 'line' | 'column'> {
  readonly name: string;
  /** What was expected and what came, a sentence each. */
  readonly reasons: readonly string[];
}

/** What is said of a given action, by the same code as the live path. */
export interface Judged {
  readonly verdict: VerdictKind;
  readonly effects: readonly string[];
  readonly findings: readonly { readonly label: string }[];
  readonly policies: readonly string[];
  readonly reason: string;
  readonly observed?: readonly { readonly id: string }[];
}

/** Turns a given action, in the form of a line of `holdpoint inspect`, into facts and puts it to policy. */
export type Judge = (line: string, decide: Policy['decide']) => Promise<Judged | { readonly error: string }>;

const ids = z.array(z.string().min(1));
const testSchema = z.strictObject({
  name: z.string().min(1).max(300).optional(),
  given: z.looseObject({ kind: z.string() }),
  expect: z.strictObject({
    verdict: z.enum(['allow', 'redact', 'ask', 'deny']),
    policies: ids.optional(),
    effects: ids.optional(),
    findings: ids.optional(),
    observed: ids.optional(),
  }),
});
const MAX_TESTS = 10_000;

/** Each file holds one test or a list of them. */
export function readTests(files: readonly PolicyFile[]): {
  readonly tests: readonly PolicyTest[];
  readonly problems: readonly PolicyProblem[];
} {
  const tests: PolicyTest[] = [];
  const problems: PolicyProblem[] = [];
  for (const file of files) {
    try {
      readFile(file, tests, problems);
    } catch (thrown) {
      problems.push(problemOf(file.name, `cannot be read: ${messageOf(thrown)}.`, 'nest it less deeply'));
    }
  }
  const [file] = files;
  if (tests.length > MAX_TESTS && file)
    problems.push(problemOf(file.name, `There are more than ${MAX_TESTS} tests.`, 'keep those that matter'));
  return { tests: tests.slice(0, MAX_TESTS), problems };
}

/** Those that fail, in order. Never rejects: what cannot be judged has failed. */
export async function failingTests(tests: readonly PolicyTest[], decide: Policy['decide'], judge: Judge): Promise<TestFailure[]> {
  const failures: TestFailure[] = [];
  for (const test of tests) {
    const { file, line, column } = test;
    const reasons = await reasonsOf(test, decide, judge);
    if (reasons.length > 0) failures.push({ file, line, column, name: nameOf(test), reasons });
  }
  return failures;
}

/** A failed test as what it is to a bundle: a mistake that keeps it from being used. */
export function failureProblem({ file, line, column, name, reasons }: TestFailure): PolicyProblem {
  return { severity: 'error', file, line, column, message: `The test ${JSON.stringify(name)} fails: ${reasons.join(' ')}` };
}

/** Throws where the text is nested too deeply for its parser. */
function readFile({ name, text }: PolicyFile, tests: PolicyTest[], problems: PolicyProblem[]): void {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true });
  const [error] = errors;
  if (!root || error) {
    const at = positionAt(text, error?.offset ?? 0);
    problems.push({ ...problemOf(name, `is not JSON: ${error ? printParseErrorCode(error.error) : 'it is empty'}.`), ...at });
    return;
  }
  for (const node of root.type === 'array' ? (root.children ?? []) : [root]) {
    const at = positionAt(text, node.offset);
    const parsed = testSchema.safeParse(parsedNode(text, node));
    if (parsed.success) tests.push({ ...parsed.data, file: name, ...at });
    else
      problems.push({
        ...problemOf(name, `This is no test. ${parsed.error.issues.map(issueLine).join('; ')}.`, 'see the policy guide for their form'),
        ...at,
      });
  }
}

async function reasonsOf({ given, expect }: PolicyTest, decide: Policy['decide'], judge: Judge): Promise<string[]> {
  let judged: Awaited<ReturnType<Judge>>;
  try {
    judged = await judge(JSON.stringify(given), decide);
  } catch (thrown) {
    judged = { error: messageOf(thrown) };
  }
  if ('error' in judged) return [`What is given cannot be judged: ${judged.error}`];
  const { verdict, reason, policies } = judged;
  const by = policies.length > 0 ? `${policies.join(', ')}: ${reason}` : reason;
  return [
    ...(verdict === expect.verdict ? [] : [`Expected ${expect.verdict}, got ${verdict} (${by})`]),
    ...lacking('policy', expect.policies, policies),
    ...lacking('effect', expect.effects, judged.effects),
    ...lacking(
      'finding',
      expect.findings,
      judged.findings.flatMap(({ label }) => families(label)),
    ),
    ...lacking(
      'observed policy',
      expect.observed,
      (judged.observed ?? []).map(({ id }) => id),
    ),
  ];
}

/** All that are named must be there; an empty list says that there is none. */
function lacking(what: string, expected: readonly string[] | undefined, there: readonly string[]): string[] {
  if (expected === undefined) return [];
  const list = there.length === 0 ? 'there is none' : `there is ${[...new Set(there)].join(', ')}`;
  if (expected.length === 0) return there.length === 0 ? [] : [`Expected no ${what}, and ${list}.`];
  const missing = expected.filter((one) => !there.includes(one));
  return missing.length === 0 ? [] : [`Expected the ${what} ${missing.join(', ')}, and ${list}.`];
}

/** `secret.aws-access-key` is also `secret`, as policies have it. */
function families(label: string): string[] {
  return label.split('.').map((_, index, parts) => parts.slice(0, index + 1).join('.'));
}

function nameOf({ name, given }: PolicyTest): string {
  if (name !== undefined) return name;
  const told = JSON.stringify(given);
  return told.length > 120 ? `${told.slice(0, 119).toWellFormed()}…` : told;
}

/** The parser's own: a value taken out of its tree would not be an object with every key that can stand in JSON. */
function parsedNode(text: string, { offset, length }: Node): unknown {
  return JSON.parse(text.slice(offset, offset + length));
}

function issueLine({ path, message }: { readonly path: readonly PropertyKey[]; readonly message: string }): string {
  return path.length > 0 ? `"${path.join('.')}": ${message}` : message;
}
