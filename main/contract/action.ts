/** Actions: what needs a verdict, where it comes from, and what is known about it. */

export const PROTOCOL_NAMES = [
  'anthropic-messages',
  'openai-chat',
  'openai-responses',
  'google-generate-content',
  'bedrock-invoke',
  'bedrock-converse',
  'ollama-chat',
  'mcp',
  'web-assistant',
] as const;
export type ProtocolName = (typeof PROTOCOL_NAMES)[number];

/** A program on this machine, as the operating system knows it. */
export interface Process {
  readonly pid: number;
  readonly executable: string;
  readonly commandLine: readonly string[];
  /** Login name, or the numeric id where it has none. */
  readonly user: string;
  /** Absent where the platform does not tell (Windows). */
  readonly cwd?: string;
  /** From the parent upwards, without init. */
  readonly parents: readonly Ancestor[];
}

/** A program that started another one, directly or not. */
export interface Ancestor {
  readonly pid: number;
  /** The executable's file name, or what the process calls itself where it has no file. */
  readonly name: string;
  readonly executable?: string;
  /** Of an interpreter: what it runs. */
  readonly script?: string;
}

/** The program that talks to a model. */
export interface Agent {
  /** "Claude Code", or the executable's name where we do not recognise it, or "Unknown program". */
  readonly name: string;
  readonly version?: string;
  /** The nearest known agent that it descends from, where it is none itself: "curl" that was started by "Claude Code". */
  readonly startedBy?: string;
  /** Absent where the connection's process could not be found. */
  readonly process?: Process;
  /** Login name of whose connection it is, where that is known and the process is not. */
  readonly user?: string;
}

/** Whose doing it is: login name, or the numeric id where it has none. Undefined where nobody can tell. */
export function userOf({ process, user }: Agent): string | undefined {
  return process?.user ?? user;
}

/** The folder that the agent works on. Where it is not known, no path counts as inside. */
export type Workspace =
  | { readonly state: 'known'; readonly root: string; readonly cwd: string; readonly source: 'process' | 'protocol' }
  | { readonly state: 'unresolved' };

/** Where an action comes from. */
export interface Origin {
  readonly exchange: string;
  readonly session: string;
  readonly agent: Agent;
  readonly protocol: ProtocolName | 'unknown';
  /** "Anthropic", "OpenAI", or the host where we do not know who serves it. */
  readonly provider: string;
  readonly host: string;
  readonly model?: string;
  readonly workspace: Workspace;
  /** Home folder of the agent's user, where known: `~` means this. */
  readonly home?: string;
}

/** Why something could not be inspected. Policy decides on it; it never passes by accident. */
export const UNINSPECTED = [
  'malformed',
  'truncated',
  'duplicate-key',
  'too-long',
  'unknown-shape',
  'unknown-path',
  'undecodable',
  // Read, but detectors did not get through it.
  'unscanned',
] as const;
export type Uninspected = (typeof UNINSPECTED)[number];

/** A model's call of one of the agent's tools, complete. */
export interface ToolCall {
  readonly id: string;
  readonly tool: string;
  /** Parsed arguments; free text for tools that take text. Absent where `uninspected` says why. */
  readonly input?: unknown;
  readonly uninspected?: Uninspected;
}

export type Action = CallToolAction | SendPromptAction | CallMcpToolAction | ReceiveResultAction | ConnectAction;
export type ActionKind = Action['kind'];

/** Actions that a person can be asked about. */
export type HeldAction = CallToolAction | CallMcpToolAction;

/** A model asks the agent to act. */
export interface CallToolAction {
  readonly kind: 'call_tool';
  readonly id: string;
  readonly origin: Origin;
  readonly call: ToolCall;
  /** Where in the conversation: the same call at the same place is a retry, elsewhere it is a new one. */
  readonly place: string;
}

/** Content leaves for a model. */
export interface SendPromptAction {
  readonly kind: 'send_prompt';
  readonly id: string;
  readonly origin: Origin;
  /** What is sent, in order; all of the conversation, as agents resend it. Absent where it could not be read. */
  readonly contents?: readonly Content[];
  readonly uninspected?: Uninspected;
}

/** A piece of a conversation, with whose words it is. */
export interface Content {
  /** `system`, `user`, `assistant`, `tool_call`, `tool_result`. */
  readonly role: string;
  readonly text: string;
}

/** A server of the Model Context Protocol. */
export interface McpServer {
  /** As the person named it, else as it names itself, else its host or program. A server can name itself as it likes. */
  readonly name: string;
  /** Its URL without query and credentials, or its command line: what it is, whatever it says. */
  readonly address: string;
  readonly transport: 'http' | 'sse' | 'stdio';
  /** As it says itself. */
  readonly version?: string;
}

/** A client calls a tool of an MCP server. */
export interface CallMcpToolAction {
  readonly kind: 'call_mcp_tool';
  readonly id: string;
  readonly origin: Origin;
  readonly server: McpServer;
  readonly call: ToolCall;
  /** SHA-256 (hex) of what the server said of the tool when it listed it; absent where it did not. */
  readonly definition?: string;
  /** The server says something else of this tool than when it was first seen, and nobody has let it through since. */
  readonly changed: boolean;
  readonly place: string;
}

/** What a tool gave goes back to the agent, and so to its model. */
export interface ReceiveResultAction {
  readonly kind: 'receive_result';
  readonly id: string;
  readonly origin: Origin;
  readonly server?: McpServer;
  /** The tool; the method, such as `resources/read`, for what is no tool's. */
  readonly tool: string;
  /** All that is text in it. */
  readonly text: string;
  readonly uninspected?: Uninspected;
}

/** A program opens a connection to a host that is only tunnelled. */
export interface ConnectAction {
  readonly kind: 'connect';
  readonly id: string;
  readonly origin: Origin;
  readonly host: string;
  readonly port: number;
}

/**
 * What a tool call would do. `exfiltrate` is local data that reaches another computer, `persistence` what makes programs run by
 * themselves later, `credential-access` reading or asking for keys, `disable-guard` what would take the agent from under this guard,
 * `publish` what others see from then on. `unresolved` is what cannot be told before it runs.
 */
export const EFFECTS = [
  'read',
  'write-workspace',
  'write-outside',
  'delete',
  'destructive',
  'network',
  'exfiltrate',
  'download-execute',
  'install-package',
  'privilege',
  'persistence',
  'credential-access',
  'disable-guard',
  'publish',
  'runs-code',
  'unresolved',
] as const;
export type Effect = (typeof EFFECTS)[number];

/** How loudly a person should be told: `plain` is said, `watch` is marked amber, `risk` is marked red. */
export type Risk = 'plain' | 'watch' | 'risk';

/** One effect, with the words it comes from. */
export interface EffectFact {
  readonly effect: Effect;
  readonly risk: Risk;
  /** For a person, in lower case, as a predicate: "deletes ~/Documents/thesis, not in this project". */
  readonly says: string;
  /** UTF-16 offsets into `Facts.text`, half open. Absent where the whole action is meant. */
  readonly range?: { readonly start: number; readonly end: number };
}

export interface PathFact {
  /** Absolute and normalised where it could be resolved, else as written. */
  readonly path: string;
  readonly where: 'workspace' | 'outside' | 'unresolved';
  readonly use: 'read' | 'write' | 'delete';
}

export type ToolKind = 'shell' | 'edit' | 'read' | 'search' | 'fetch' | 'mcp' | 'other';

/** What a tool call would do, worked out from its arguments. Policy sees this, never spellings. */
export interface Facts {
  readonly tool: string;
  readonly toolKind: ToolKind;
  /** What a person is shown and what ranges point into: the command, the path and content, or the arguments as JSON. */
  readonly text: string;
  readonly effects: readonly EffectFact[];
  /** Names of the programs that would run, without their folders, in order, each once. */
  readonly programs: readonly string[];
  readonly paths: readonly PathFact[];
  readonly hosts: readonly string[];
}

/** What a detector saw. Labels are dotted: `secret.aws-access-key`. */
export interface Finding {
  readonly detector: string;
  readonly label: string;
  readonly severity: 'low' | 'medium' | 'high';
  /** UTF-16 offsets into the text that was scanned, half open: `Facts.text`, or of a `send_prompt` the content that `content` names. */
  readonly start: number;
  readonly end: number;
  /** Index into `SendPromptAction.contents`. */
  readonly content?: number;
}

/** What a session has seen and done before this action: the rule of two is about the third of these. */
export interface SessionMeter {
  /** Somebody else's words were read: a web page, an issue, what an MCP server or a download gave. */
  readonly untrusted: boolean;
  /** Some of what was read speaks to the agent as if it were its user. */
  readonly injected: boolean;
  /** Keys, credentials or personal data were read. */
  readonly sensitive: boolean;
  /** Actions that were refused in this session. */
  readonly refusals: number;
}

export interface Understanding {
  readonly facts: Facts;
  readonly findings: readonly Finding[];
  /** Detectors did not get through all of it, and why: `findings` may not be all. The effect `unresolved` says so too. */
  readonly unscanned?: 'timeout' | 'failed' | 'too-long';
  /** Absent where there is no session to speak of. */
  readonly session?: SessionMeter;
}
