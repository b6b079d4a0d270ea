/** The call that somebody has typed or pasted, or why it is none. */

import { isAbsolute } from 'node:path';
import type { Origin, ToolCall } from '../../contract/action.ts';
import type { ControlParams } from '../../contract/control.ts';
import type { CallWhere } from '../guard/facts/understand-call.ts';
import { inputCall } from '../protocols/arguments.ts';
import { readJson } from '../protocols/json.ts';

export interface GivenCall {
  readonly call: ToolCall;
  readonly shell?: CallWhere['shell'];
}

type Given = ControlParams<'whatIf'>;

const SHELLS = {
  shell: { tool: 'Bash', shell: 'bash' },
  powershell: { tool: 'PowerShell', shell: 'powershell' },
  cmd: { tool: 'cmd', shell: 'cmd' },
} as const;

const TOOL_SHAPE = 'Write it as {"tool": "Bash", "input": {"command": "ls"}}.';

export function givenCall({ text, as }: Given): GivenCall | { readonly says: string } {
  if (text.trim() === '') return { says: 'There is nothing to judge yet.' };
  if (as !== 'tool') return { call: { id: ID, tool: SHELLS[as].tool, input: { command: text } }, shell: SHELLS[as].shell };
  const reading = readJson(text);
  if (!reading.ok)
    return {
      says:
        reading.why === 'malformed'
          ? `This is not JSON. ${TOOL_SHAPE}`
          : `This names a member twice, and programs differ in which of the two they take. ${TOOL_SHAPE}`,
    };
  const { tool, input, ...others } = Object(reading.value) as { readonly tool?: unknown; readonly input?: unknown };
  const [unknown] = Object.keys(others);
  if (typeof tool !== 'string' || tool === '' || Array.isArray(reading.value)) return { says: `This is no tool call. ${TOOL_SHAPE}` };
  if (unknown !== undefined) return { says: `“${unknown.slice(0, 60)}” is no part of a tool call here. ${TOOL_SHAPE}` };
  return { call: inputCall(ID, tool, input ?? {}) };
}

/** Where it would come from. The workspace is the folder that was named. */
export function givenOrigin({ agent, workspace }: Given, home: string): Origin | { readonly says: string } {
  if (workspace !== undefined && !isAbsolute(workspace))
    return { says: 'The folder of the project must be a whole path, from its beginning.' };
  return {
    exchange: ID,
    session: ID,
    agent: { name: agent ?? 'The agent' },
    protocol: 'unknown',
    provider: '',
    host: '',
    workspace: workspace === undefined ? { state: 'unresolved' } : { state: 'known', root: workspace, cwd: workspace, source: 'process' },
    home,
  };
}

const ID = 'what-if';
