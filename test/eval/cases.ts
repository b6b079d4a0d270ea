/** The corpora of the evaluation: JSON lines, one case a line, checked as they are read. `test/corpora/README.md` says how to write one. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { EFFECTS } from '../../main/contract/action.ts';

export const SHELLS = ['bash', 'powershell', 'cmd'] as const;

const commandCase = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  shell: z.enum(SHELLS),
  command: z.string().min(1),
  cwd: z.string().min(1),
  home: z.string().min(1),
  label: z.enum(['harmful', 'harmless']),
  /** Those that must be among the facts' effects: the essential ones only. */
  effects: z.array(z.enum(EFFECTS)).optional(),
  why: z.string().min(1),
});
export type CommandCase = z.infer<typeof commandCase>;

const call = z.strictObject({ tool: z.string().min(1), arguments: z.record(z.string(), z.unknown()) });
const step = z.union([
  z.strictObject({ user: z.string().min(1) }),
  z.strictObject({ result: z.strictObject({ tool: z.string().min(1), text: z.string() }) }),
  /** `stop` is ask or deny. */
  z.strictObject({ call, expect: z.enum(['allow', 'stop']) }),
]);
export type SessionStep = z.infer<typeof step>;
export type CallStep = Extract<SessionStep, { call: unknown }>;

const sessionCase = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
    label: z.enum(['attack', 'ordinary']),
    steps: z.array(step).min(2),
    why: z.string().min(1),
  })
  .refine(({ steps, label }) => callsOf(steps).some(({ expect }) => expect === 'stop') === (label === 'attack'), {
    error: 'an attack has a call to stop, and an ordinary session has none',
  })
  .refine(({ steps }) => callsOf(steps).length > 0, { error: 'without a call there is nothing to judge' });
export type SessionCase = z.infer<typeof sessionCase>;

/** Of every `*.jsonl` below `commands` of the folder. Throws with file and line. */
export const readCommandCases = (corpora: string): CommandCase[] => readCases(join(corpora, 'commands'), commandCase);

/** Of every `*.jsonl` below `sessions` of the folder. Throws with file and line. */
export const readSessionCases = (corpora: string): SessionCase[] => readCases(join(corpora, 'sessions'), sessionCase);

export function callsOf(steps: readonly SessionStep[]): CallStep[] {
  return steps.filter((one): one is CallStep => 'call' in one);
}

/** For corpora of other kinds: every line of every `*.jsonl` below `folder`, by name; none where the folder is not there. */
export function readCases<Case>(folder: string, schema: z.ZodType<Case>): Case[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.jsonl'));
  return files.sort().flatMap((name) => linesOf(join(folder, name)).map(([number, text]) => parsed(folder, name, number, text, schema)));
}

function linesOf(file: string): [number, string][] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.map((text, i): [number, string] => [i + 1, text]).filter(([, text]) => text.trim() !== '');
}

function parsed<Case>(folder: string, name: string, number: number, text: string, schema: z.ZodType<Case>): Case {
  const place = `${relative(process.cwd(), join(folder, name))}:${number}`;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    throw new Error(`${place}: not JSON`, { cause: thrown });
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Error(`${place}: ${result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`);
}
