/** One MCP session: every message between a client and a server, judged where it calls a tool or brings a result. */

import { randomUUID } from 'node:crypto';
import type { McpServer, Origin, Uninspected } from '../../contract/action.ts';
import type { Outcome, Refusal, Sensitive } from '../../contract/verdict.ts';
import { CANCELLED, type Guard } from '../guard/guard.ts';
import { explain } from '../protocols/explain.ts';
import { isObject, type JsonObject, locate, source } from '../protocols/json.ts';
import { UNREAD_TOOL } from '../protocols/line.ts';
import {
  callIn,
  cancelledBy,
  explainResult,
  failedCall,
  failedRequest,
  idKey,
  idsIn,
  type McpId,
  type McpMessage,
  type McpRequest,
  readMcp,
  toolUseIdIn,
} from '../protocols/mcp/messages.ts';
import { serverIn, textOf } from '../protocols/mcp/results.ts';
import { redactedBody } from '../protocols/redaction/redacted-body.ts';
import { type Asked, createMcpPending } from './mcp-pending.ts';
import type { McpPins } from './mcp-pins.ts';
import { createToolNotes, type InjectionsIn } from './mcp-tools.ts';
import type { Records } from './records.ts';
import type { NoteUnread } from './unread.ts';
import { CANNOT_REDACT, type Vault } from './vault.ts';

/** What becomes of a client's message. */
export type FromClient =
  /** It goes to the server as it came. */
  | { readonly kind: 'send' }
  /** It does not: the client is given these messages, as one text. `unreadable`: no request of it could be told. */
  | { readonly kind: 'answer'; readonly text: string; readonly unreadable: boolean }
  /** It does not, and nobody waits for an answer. */
  | { readonly kind: 'drop' };

/** What becomes of a server's message. */
export type FromServer = { readonly kind: 'pass' } | { readonly kind: 'replace'; readonly text: string } | { readonly kind: 'drop' };

export interface McpLink {
  server(): McpServer;
  /** Resolves when policy or a person has decided. Never rejects. */
  fromClient(text: string | Unread, about: { readonly origin: Origin; readonly signal: AbortSignal }): Promise<FromClient>;
  /**
   * Never rejects. `answersTo`: the requests that came with the HTTP request whose answer this stands in. The official Python client takes
   * any answer there for theirs, whatever its id.
   */
  fromServer(text: string | Unread, origin: Origin, answersTo?: readonly Asked[]): Promise<FromServer>;
}

/** A message that is known only by why it could not be read. */
export interface Unread {
  readonly uninspected: Uninspected;
}

export interface McpLinkOptions {
  readonly guard: Pick<Guard, 'judgeCall' | 'judgeResult'>;
  readonly records: Pick<Records, 'keep' | 'unread'>;
  readonly pins: McpPins;
  readonly callBytes: number;
  readonly address: string;
  readonly transport: McpServer['transport'];
  readonly vault: Pick<Vault, 'hide'>;
  /** Where absent, what tools are said to be is not looked at. */
  readonly injectionsIn?: InjectionsIn;
  /** As the person named it. */
  readonly name?: string;
  /** What it goes by until it has named itself. */
  readonly otherwise: string;
}

export function createMcpLink(options: McpLinkOptions): McpLink {
  const { guard, records, pins, callBytes, address, transport, otherwise, vault } = options;
  const pending = createMcpPending();
  const tools = createToolNotes({ records, pins, address, server, ...(options.injectionsIn && { injectionsIn: options.injectionsIn }) });
  const held = new Map<string, Set<AbortController>>();
  const self = randomUUID();
  if (options.name !== undefined) pins.call(address, options.name);

  return { server, fromClient, fromServer };

  function server(): McpServer {
    const own = pins.identity(address);
    return { address, transport, name: options.name ?? own.name ?? otherwise, ...(own.version !== undefined && { version: own.version }) };
  }

  async function fromClient(
    given: string | Unread,
    { origin, signal }: { readonly origin: Origin; readonly signal: AbortSignal },
  ): Promise<FromClient> {
    const reading = typeof given === 'string' ? readMcp(given) : given;
    if ('uninspected' in reading) {
      const call = { id: '', tool: UNREAD_TOOL, uninspected: reading.uninspected };
      const settle = noteUnread(reading.uninspected, 'to', origin);
      const outcome = await guard.judgeCall({ origin, call, mcp: { server: server(), changed: false }, place: randomUUID(), signal });
      settle(outcome.kind);
      if (outcome.kind === 'release') return { kind: 'send' };
      return unreadableAnswer(typeof given === 'string' ? idsIn(given) : [], explain(call, outcome.why));
    }
    const taken = reading.messages.map(cancelledBy).filter((id) => id !== undefined);
    for (const id of taken) for (const call of held.get(idKey(id)) ?? []) call.abort(CANCELLED);
    const requests = reading.messages.filter((message) => message.kind === 'request');
    const verdicts = await Promise.all(
      requests.map((request) => (request.method === 'tools/call' ? judgeCall(request, origin, signal) : RELEASED)),
    );
    if (requests.length > 0 && verdicts.every((verdict) => verdict === undefined)) return { kind: 'drop' };
    // What the server never had cannot be taken back there.
    if (reading.messages.length === 1 && taken.length === 1 && !pending.has(taken[0]!)) return { kind: 'drop' };
    if (verdicts.every((verdict) => verdict?.kind === 'release')) {
      for (const request of requests) pending.sent(request);
      return { kind: 'send' };
    }
    return answer(
      requests.flatMap((request, at) => {
        const verdict = verdicts[at];
        // Nobody waits for an answer to what was taken back.
        if (verdict === undefined) return [];
        const text = verdict.kind === 'refuse' ? explain(callIn(request, callBytes), verdict.why) : NOT_ALONE;
        return [request.method === 'tools/call' ? failedCall(request.id, text) : failedRequest(request.id, text)];
      }),
      reading.batch,
    );
  }

  /** Undefined where the client has taken the call back meanwhile. */
  async function judgeCall(request: McpRequest, origin: Origin, signal: AbortSignal): Promise<Outcome | undefined> {
    const call = callIn(request, callBytes);
    const settle = call.uninspected && noteUnread(call.uninspected, 'to', origin);
    const toolUseId = toolUseIdIn(request);
    const key = idKey(request.id);
    const cancellation = new AbortController();
    const gone = () => cancellation.abort(signal.reason);
    signal.addEventListener('abort', gone, { once: true });
    if (signal.aborted) gone();
    const alike = held.get(key) ?? new Set();
    held.set(key, alike.add(cancellation));
    try {
      const { definition, changed } = pins.of(address, call.tool);
      const outcome = await guard.judgeCall({
        origin,
        call,
        mcp: {
          server: server(),
          changed,
          ...(definition !== undefined && { definition }),
          ...(toolUseId !== undefined && { toolUseId }),
        },
        // An id that the server has had, or another session's, is another call's: what was answered then does not count now.
        place: toolUseId ?? `${self} request ${key} ${pending.calls(request.id)}`,
        signal: cancellation.signal,
      });
      settle?.(outcome.kind);
      if (cancellation.signal.reason === CANCELLED) return undefined;
      if (outcome.kind === 'release' && changed && pins.of(address, call.tool).definition === definition) pins.accept(address, call.tool);
      return outcome;
    } finally {
      signal.removeEventListener('abort', gone);
      alike.delete(cancellation);
      if (alike.size === 0) held.delete(key);
    }
  }

  async function fromServer(given: string | Unread, origin: Origin, answersTo: readonly Asked[] = []): Promise<FromServer> {
    const reading = typeof given === 'string' ? readMcp(given) : given;
    if ('uninspected' in reading) {
      const { uninspected } = reading;
      const settle = noteUnread(uninspected, 'from', origin);
      const outcome = await guard.judgeResult({ origin, server: server(), tool: UNREAD_TOOL, text: '', uninspected });
      settle(outcome.kind);
      if (outcome.kind === 'release') return { kind: 'pass' };
      const ids = typeof given === 'string' ? idsIn(given) : [];
      const answers = ids.map((id) => keptBack(id, outcome.why));
      return answers.length === 0 ? { kind: 'drop' } : { kind: 'replace', text: textFor(answers, answers.length > 1) };
    }
    const replaced: (JsonObject | undefined)[] = [];
    for (const message of reading.messages) replaced.push(await messageFromServer(message, origin, answersTo));
    if (replaced.every((one) => one === undefined)) return { kind: 'pass' };
    if (!reading.batch) return { kind: 'replace', text: JSON.stringify(replaced[0]) };
    const text = given as string;
    const { items } = locate(text);
    return { kind: 'replace', text: `[${replaced.map((one, at) => (one ? JSON.stringify(one) : source(text, items[at]!))).join(',')}]` };
  }

  /** What the client gets in its place, where that is not the message itself. */
  async function messageFromServer(message: McpMessage, origin: Origin, answersTo: readonly Asked[]): Promise<JsonObject | undefined> {
    if (message.kind === 'request') return void noteRequest(message, origin);
    const judged = answersTo.find(({ method }) => RESULTS.has(method));
    if (message.kind === 'notification' || (message.id === null && !judged)) return undefined;
    const { id, result, error } = message;
    const asked = id === null ? [] : pending.of(id);
    const own = likeliest(asked, result);
    const which = own && RESULTS.has(own.method) ? own : (judged ?? own);
    if (result && asked.some(({ method }) => method === 'initialize')) pins.name(address, serverIn(result));
    const list = result && [...asked, ...answersTo].find(({ method }) => method === 'tools/list');
    if (list) await tools.listed(result, list.continues, origin);
    if (!judged && asked.length > 0 && !asked.some(({ method }) => RESULTS.has(method))) {
      settled();
      return undefined;
    }
    // A failure's words are read by the model as a result's are.
    const { text, whole } = textOf(result ?? { error });
    const tool = which?.method === 'tools/call' ? which.tool : which?.method;
    const uninspected: Uninspected | undefined = whole ? undefined : 'too-long';
    const settle = uninspected && noteUnread(uninspected, 'from', origin);
    const outcome = await guard.judgeResult({
      origin,
      server: server(),
      tool: tool ?? UNREAD_TOOL,
      text,
      ...(uninspected && { uninspected }),
    });
    settle?.(outcome.kind);
    const instead =
      outcome.kind === 'refuse'
        ? keptBack(id, outcome.why)
        : outcome.redact && withoutSensitive(id, result ? { result } : { error }, origin, outcome.redact);
    settled();
    return instead;

    function settled(): void {
      if (id !== null) pending.answered(id, own);
    }
  }

  function withoutSensitive(id: McpId | null, said: JsonObject, origin: Origin, redact: readonly Sensitive[]): JsonObject {
    const redacted = redactedBody(Buffer.from(JSON.stringify(said)), vault.hide(origin.session, redact));
    return redacted
      ? { jsonrpc: '2.0', id, ...(JSON.parse(Buffer.from(redacted).toString()) as JsonObject) }
      : keptBack(id, CANNOT_REDACT.why);
  }

  function keptBack(id: McpId | null, why: Refusal): JsonObject {
    const asked = id === null ? undefined : likeliest(pending.of(id), undefined);
    return id === null || (asked && asked.method !== 'tools/call')
      ? failedRequest(id, explainResult(why))
      : failedCall(id, explainResult(why));
  }

  function noteUnread(why: Uninspected, way: 'to' | 'from', origin: Origin): ReturnType<NoteUnread> {
    records.keep({
      ...about(origin),
      kind: 'uninspected',
      verdict: why,
      summary: `${origin.agent.name}: a message ${way} the MCP server ${server().name} could not be read (${why})`,
      data: { what: 'message', why, way, protocol: 'mcp', server: { ...server() } },
    });
    return records.unread(origin, { what: 'message', why, path: '' });
  }

  /** A server may ask the client too: for words of its model, or of its person. */
  function noteRequest({ method, params }: McpRequest, origin: Origin): void {
    if (method === 'ping' || method === 'roots/list') return;
    records.keep({
      ...about(origin),
      kind: 'exchange',
      verdict: 'passed',
      summary: `${server().name} asks ${origin.agent.name} for ${method.slice(0, 100)}`,
      data: { method: method.slice(0, 100), protocol: 'mcp', server: { ...server() } },
      ...(isObject(params) && { blocks: [{ role: 'user', text: textOf(params).text }] }),
    });
  }
}

const RELEASED: Outcome = { kind: 'release' };
const RESULTS: ReadonlySet<string> = new Set(['tools/call', 'tasks/result', 'resources/read', 'prompts/get']);
const NOT_ALONE = 'Holdpoint did not send this, because it came together with a call that was refused. Send it again by itself.';

/** Of requests with the same id, the one that an answer belongs to: a list tells itself, and of the others what is judged comes first. */
function likeliest(asked: readonly Asked[], result: JsonObject | undefined): Asked | undefined {
  const list = Array.isArray(result?.tools) ? asked.find(({ method }) => method === 'tools/list') : undefined;
  return list ?? asked.find(({ method }) => RESULTS.has(method)) ?? asked[0];
}

function answer(answers: readonly JsonObject[], batch: boolean): FromClient {
  return { kind: 'answer', text: textFor(answers, batch), unreadable: false };
}

/** As far as requests can be told from it, each gets its answer. */
function unreadableAnswer(ids: readonly McpId[], text: string): FromClient {
  if (ids.length === 0) return { kind: 'answer', text: JSON.stringify(failedRequest(null, text)), unreadable: true };
  return answer(
    ids.map((id) => failedCall(id, text)),
    ids.length > 1,
  );
}

function textFor(answers: readonly JsonObject[], batch: boolean): string {
  return JSON.stringify(batch ? answers : answers[0]);
}

function about({ session, exchange, agent, host }: Origin) {
  return { session, exchange, agent: agent.name, ...(host !== '' && { host }), user: agent.process?.user };
}
