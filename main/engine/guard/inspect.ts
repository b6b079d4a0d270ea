/** One line of `holdpoint inspect`: a tool call or a text in, its verdict out, by the same code as the live path. */

import { z } from 'zod';
import type { Action, Facts, McpServer, Understanding, Uninspected } from '../../contract/action.ts';
import { messageOf } from '../../contract/errors.ts';
import type { ObservedPolicy } from '../../contract/verdict.ts';
import { understandCall } from './facts/understand-call.ts';
import { givenFindings, meterOf, originOf, situationShape } from './inspect-situation.ts';
import { mcpFacts } from './mcp-facts.ts';
import { factsOf, type ScanTexts, understandWith } from './understand.ts';
import type { World } from './world.ts';

export interface InspectJudge {
  readonly decide: World['decide'];
  readonly scan: ScanTexts;
  /** As a test: a key that its kind does not have is refused, and this computer's disk is not looked at, so that it ends the same everywhere. */
  readonly strict?: boolean;
}

export interface Inspected {
  readonly verdict: 'allow' | 'redact' | 'ask' | 'deny';
  readonly effects: readonly string[];
  readonly findings: readonly { readonly label: string; readonly start: number; readonly end: number }[];
  readonly policies: readonly string[];
  readonly reason: string;
  /** What policies that are only observed would have said; absent where none met it. */
  readonly observed?: readonly ObservedPolicy[];
}

/** UTF-16 units of one line. */
const LONGEST_LINE = 16 * 1024 * 1024;

/** `address` is the server's URL, or its command line where it runs here. */
const server = { server: z.string().min(1), address: z.string().default(''), tool: z.string().min(1) };

const lineSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('tool_call'),
    tool: z.string().min(1),
    arguments: z.unknown().optional(),
    shell: z.enum(['bash', 'powershell', 'cmd']).optional(),
    cwd: z.string().min(1).optional(),
    home: z.string().min(1).optional(),
    ...situationShape,
  }),
  z.object({ kind: z.enum(['prompt', 'tool_result']), text: z.string(), ...situationShape }),
  z.object({
    kind: z.literal('mcp_call'),
    ...server,
    arguments: z.unknown().optional(),
    changed: z.boolean().default(false),
    cwd: z.string().min(1).optional(),
    home: z.string().min(1).optional(),
    ...situationShape,
  }),
  z.object({ kind: z.literal('mcp_result'), ...server, text: z.string(), ...situationShape }),
  z.object({ kind: z.literal('connect'), host: z.string().min(1), port: z.int().min(1).max(65535).default(443), ...situationShape }),
]);
type Line = z.infer<typeof lineSchema>;

/** Never rejects. A line that is not understood gives `error`, which says what is wrong with it; that is never an allow. */
export async function inspectLine(line: string, judge: InspectJudge): Promise<Inspected | { readonly error: string }> {
  try {
    const parsed = parse(line, judge.strict ?? false);
    if ('error' in parsed) return parsed;
    const action = actionOf(parsed.line);
    const understanding = await understand(parsed.line, action, judge);
    const decision = await judge.decide(action, understanding, parsed.line.approved ?? false);
    return {
      verdict: decision.verdict,
      effects: [...new Set(understanding.facts.effects.map(({ effect }) => effect))],
      findings: understanding.findings.map(({ label, start, end }) => ({ label, start, end })),
      policies: decision.policies.map(({ id }) => id),
      reason: decision.reason,
      ...(decision.observed && { observed: decision.observed }),
    };
  } catch (thrown) {
    return { error: `This line could not be judged: ${messageOf(thrown)}` };
  }
}

function parse(text: string, strict: boolean): { line: Line } | { error: string } {
  if (text.length > LONGEST_LINE) return { error: `This line has ${text.length} characters; at most ${LONGEST_LINE} are read.` };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    return { error: `This line is not JSON: ${messageOf(thrown)}` };
  }
  const result = lineSchema.safeParse(value);
  const [unknown] = strict && result.success ? Object.keys(Object(value)).filter((key) => !Object.hasOwn(result.data, key)) : [];
  if (unknown !== undefined) return { error: `"${unknown}" is no key of a line of this kind.` };
  if (result.success) return { line: result.data };
  const problems = result.error.issues.map(({ path, message }) => (path.length > 0 ? `"${path.join('.')}": ${message}` : message));
  return { error: `This line is not a tool call, prompt, tool result, MCP call, MCP result or connection. ${problems.join('; ')}` };
}

async function understand(line: Line, action: Action, { scan, strict }: InspectJudge): Promise<Understanding> {
  const understanding = await understandWith(factsOfLine(line, action, strict ? () => undefined : undefined), action, scan);
  const session = meterOf(line);
  return { ...understanding, findings: [...understanding.findings, ...givenFindings(line)], ...(session && { session }) };
}

function factsOfLine(line: Line, action: Action, realpath: (() => undefined) | undefined): Facts {
  const shell = line.kind === 'tool_call' ? line.shell : undefined;
  if (action.kind === 'call_tool') return understandCall(action.call, { ...action.origin, shell, realpath });
  return action.kind === 'call_mcp_tool' ? mcpFacts(action, realpath) : factsOf(action);
}

function actionOf(line: Line): Action {
  const id = 'inspect';
  const origin = originOf(line);
  const uninspected: { uninspected?: Uninspected } = line.uninspected === undefined ? {} : { uninspected: line.uninspected };
  switch (line.kind) {
    case 'tool_call':
      return { kind: 'call_tool', id, origin, call: { id, tool: line.tool, input: line.arguments ?? {}, ...uninspected }, place: id };
    case 'mcp_call': {
      const call = { id, tool: line.tool, input: line.arguments ?? {}, ...uninspected };
      return { kind: 'call_mcp_tool', id, origin, server: serverOf(line), call, changed: line.changed, place: id };
    }
    case 'mcp_result':
      return { kind: 'receive_result', id, origin, server: serverOf(line), tool: line.tool, text: line.text, ...uninspected };
    case 'connect':
      return { kind: 'connect', id, origin, host: line.host, port: line.port };
    default:
      return {
        kind: 'send_prompt',
        id,
        origin,
        contents: [{ role: line.kind === 'prompt' ? 'user' : 'tool_result', text: line.text }],
        ...uninspected,
      };
  }
}

function serverOf({ server, address }: { readonly server: string; readonly address: string }): McpServer {
  return { name: server, address, transport: /^https?:/i.test(address) ? 'http' : 'stdio' };
}
