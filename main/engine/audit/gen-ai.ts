/**
 * The names of OpenTelemetry's conventions, and what of a record goes by each. A table of ours: the constants published on npm are
 * deprecated and moving. See open-telemetry/semantic-conventions-genai, and "HTTP" and "server" in open-telemetry/semantic-conventions.
 */

import type { AuditRecord, Json } from '../../contract/record.ts';

/** What a log's attribute can hold here. */
export type AttributeValue = string | number | boolean | readonly string[];

/** A text that the log has kept of a record's blocks. */
export interface BlockText {
  readonly role: string;
  readonly text: string;
}

export interface ConventionName {
  readonly name: string;
  /** What it holds, for the documentation. */
  readonly holds: string;
  value(record: AuditRecord, texts: readonly BlockText[]): AttributeValue | undefined;
}

/** Kinds that speak of a tool call. */
const OF_CALLS: ReadonlySet<AuditRecord['kind']> = new Set(['action', 'verdict', 'hold', 'approval', 'outcome']);

/** Well-known values of `gen_ai.provider.name`; any other provider goes by the name that we have for it. */
const PROVIDERS: Readonly<Record<string, string>> = {
  Anthropic: 'anthropic',
  OpenAI: 'openai',
  ChatGPT: 'openai',
  'Google AI Studio': 'gcp.gemini',
  'Google Vertex AI': 'gcp.vertex_ai',
  'Google Code Assist': 'gcp.gen_ai',
  'Azure AI': 'azure.ai.inference',
  'Amazon Bedrock': 'aws.bedrock',
  Cohere: 'cohere',
  DeepSeek: 'deepseek',
  Groq: 'groq',
  Mistral: 'mistral_ai',
  Perplexity: 'perplexity',
  xAI: 'x_ai',
};

const ANSWERED: ReadonlySet<string> = new Set(['assistant', 'tool_call']);

export const CONVENTION_NAMES: readonly ConventionName[] = [
  {
    name: 'gen_ai.operation.name',
    holds: '`chat` for an `exchange` with a model; `execute_tool` for `action`, `verdict`, `hold`, `approval`, `outcome` of a tool call',
    value: (record) => {
      if (record.kind === 'exchange') return record.data.protocol === 'mcp' || record.verdict === 'passed' ? undefined : 'chat';
      const about = record.data.action;
      return OF_CALLS.has(record.kind) && about !== 'send_prompt' && about !== 'connect' ? 'execute_tool' : undefined;
    },
  },
  {
    name: 'gen_ai.provider.name',
    holds: '`data.provider`, by its well-known value where it has one',
    value: ({ data }) => text(typeof data.provider === 'string' ? (PROVIDERS[data.provider] ?? data.provider) : undefined),
  },
  { name: 'gen_ai.request.model', holds: '`data.model`', value: ({ data }) => text(data.model) },
  { name: 'gen_ai.response.model', holds: '`data.responseModel`', value: ({ data }) => text(data.responseModel) },
  {
    name: 'gen_ai.response.finish_reasons',
    holds: '`data.stopReason`, as the provider says it; a list of one',
    value: ({ data }) => (typeof data.stopReason === 'string' ? [data.stopReason] : undefined),
  },
  { name: 'gen_ai.conversation.id', holds: '`session`', value: ({ session }) => text(session) },
  { name: 'gen_ai.agent.name', holds: '`agent`', value: ({ agent }) => text(agent) },
  { name: 'gen_ai.agent.version', holds: '`data.agentVersion`', value: ({ data }) => text(data.agentVersion) },
  { name: 'gen_ai.tool.name', holds: '`data.tool`', value: ({ data }) => text(data.tool) },
  { name: 'gen_ai.tool.call.id', holds: '`data.callId`', value: ({ data }) => text(data.callId) },
  {
    name: 'gen_ai.tool.call.arguments',
    holds: 'the kept text of an `action`; at `redacted` and `full` only',
    value: ({ kind }, texts) => (kind === 'action' && texts.length > 0 ? texts.map((block) => block.text).join('\n') : undefined),
  },
  { name: 'gen_ai.usage.input_tokens', holds: '`data.inputTokens`', value: ({ data }) => count(data.inputTokens) },
  { name: 'gen_ai.usage.output_tokens', holds: '`data.outputTokens`', value: ({ data }) => count(data.outputTokens) },
  { name: 'gen_ai.usage.cache_read.input_tokens', holds: '`data.cacheReadTokens`', value: ({ data }) => count(data.cacheReadTokens) },
  {
    name: 'gen_ai.usage.cache_creation.input_tokens',
    holds: '`data.cacheWriteTokens`',
    value: ({ data }) => count(data.cacheWriteTokens),
  },
  {
    name: 'gen_ai.input.messages',
    holds: 'what was new of system prompt, user and tool results, as the conventions’ JSON; at `redacted` and `full` only',
    value: ({ kind }, texts) => (kind === 'action' ? undefined : messages(texts.filter(({ role }) => !ANSWERED.has(role)))),
  },
  {
    name: 'gen_ai.output.messages',
    holds: 'what the model answered, as the conventions’ JSON; at `redacted` and `full` only',
    value: ({ kind }, texts) => (kind === 'action' ? undefined : messages(texts.filter(({ role }) => ANSWERED.has(role)))),
  },
  {
    name: 'mcp.method.name',
    holds: '`data.method`, or the one of `data.methods`, where `data.protocol` is `mcp`; `tools/call` for an `action` on an MCP server',
    value: ({ kind, data }) => {
      if (kind === 'action') return data.action === 'call_mcp_tool' ? 'tools/call' : undefined;
      if (data.protocol !== 'mcp') return undefined;
      return Array.isArray(data.methods) ? (data.methods.length === 1 ? text(data.methods[0]) : undefined) : text(data.method);
    },
  },
  { name: 'server.address', holds: '`host`', value: ({ host }) => text(host) },
  {
    name: 'server.port',
    holds: '`data.port` of a `connection`',
    value: ({ kind, data }) => (kind === 'connection' ? count(data.port) : undefined),
  },
  {
    name: 'http.response.status_code',
    holds: '`data.status` of an `exchange`',
    value: ({ kind, data }) => (kind === 'exchange' ? count(data.status) : undefined),
  },
];

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function count(value: Json | undefined): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
}

/** The conventions' messages, as JSON text: consumers read no structured attributes of logs yet. */
function messages(texts: readonly BlockText[]): string | undefined {
  if (texts.length === 0) return undefined;
  return JSON.stringify(texts.map(({ role, text: content }) => ({ role: ROLES[role] ?? role, parts: [{ type: 'text', content }] })));
}

const ROLES: Readonly<Record<string, string>> = { tool_result: 'tool', tool_call: 'assistant' };
