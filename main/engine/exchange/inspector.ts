/** Joins interception, protocols and guard: what becomes of one exchange, from its request to its record. */

import type { Origin, ToolCall, Uninspected } from '../../contract/action.ts';
import { messageOf } from '../../contract/errors.ts';
import type { AuditEntry, ContentBlock } from '../../contract/record.ts';
import type { Outcome, Refusal } from '../../contract/verdict.ts';
import { createGate } from '../guard/gate.ts';
import { contentOf, type Guard } from '../guard/guard.ts';
import { values } from '../interception/headers.ts';
import type {
  ConnectionEvent,
  InspectedRequest,
  Inspector,
  PassedExchange,
  RequestOutcome,
  ResponseInspector,
  ResponseTransform,
} from '../interception/inspection.ts';
import {
  type AgentRequest,
  type HttpAnswer,
  header,
  type Protocol,
  type RequestHead,
  type ResponseDecoder,
  type ResponseHead,
} from '../protocols/pieces.ts';
import { protocolFor, storedAnswerIn } from '../protocols/registry.ts';
import { foreignDecoder } from './foreign.ts';
import { createNewBlocks } from './new-blocks.ts';
import { opaqueDecoder } from './opaque.ts';
import { createOrigins } from './origin.ts';
import { isBeside, providerOf } from './providers.ts';
import { leadsAway } from './redirect.ts';

export interface InspectorOptions {
  readonly guard: Guard;
  /** Resolves when durable. What it cannot keep it counts as a gap itself. */
  readonly record: (entry: AuditEntry) => Promise<unknown>;
  /** Told each credential that a request carries, before anything of that request is recorded. */
  readonly learnCredential: (value: string) => void;
  readonly count: (what: 'connections' | 'tunnels' | 'exchanges' | 'uninspected') => void;
  readonly log: (level: 'warn' | 'error', message: string) => void;
  readonly callBytes: number;
}

/** While a call is held the provider is read on this far, so that the calls behind it can be judged at the same time. */
const READ_AHEAD_BYTES = 1024 * 1024;

const CREDENTIAL_HEADERS = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key', 'proxy-authorization', 'cookie'];

export function createInspector(options: InspectorOptions): Inspector {
  const { guard, record, learnCredential, count, log, callBytes } = options;
  const newBlocks = createNewBlocks();
  const originOf = createOrigins();

  return { plan, request, passed, connection };

  function plan(head: RequestHead): 'inspect' | 'stream' {
    return !protocolFor(head) && !storedAnswerIn(head) && isBeside(head.host, head.path) ? 'stream' : 'inspect';
  }

  async function request(exchange: InspectedRequest): Promise<RequestOutcome> {
    const { head, id, body, client } = exchange;
    for (const name of CREDENTIAL_HEADERS) {
      const value = header(head.rawHeaders, name);
      if (value !== undefined) learnCredential(value.replace(/^(Bearer|Basic)\s+/i, ''));
    }
    const asked = protocolFor(head);
    const fetches = !asked && isEmpty(body) && (FETCHES.includes(head.method) || storedAnswerIn(head) !== undefined);
    const protocol = fetches ? storedAnswerIn(head) : asked;
    const { read, uninspected } = fetches ? {} : reading(protocol, body);
    const origin = await originOf({
      exchange: id,
      head,
      process: await client.process,
      ...(protocol && { protocol }),
      ...(read && { request: read }),
    });
    const story: Story = { origin, head, read, fetches, calls: 0, refused: 0, seen: new Map() };
    // Nothing is said to a model; what comes of it is judged as any other answer.
    if (fetches) return { kind: 'forward', response: responseInspector(story, protocol, exchange) };
    count('exchanges');
    if (uninspected) noteUninspected(origin, head, uninspected, 'request');

    const outcome = await guard.judgeRequest(origin, uninspected);
    if (outcome.kind === 'refuse') {
      tell(story, 400, 'refused');
      return { kind: 'answer', answer: (protocol ?? UNKNOWN).refuseRequest(outcome.why) };
    }
    return { kind: 'forward', response: responseInspector(story, protocol, exchange) };
  }

  function responseInspector(story: Story, protocol: Protocol | undefined, exchange: InspectedRequest): ResponseInspector {
    let status = 0;
    return {
      start(head, write) {
        status = head.status;
        const away = story.fetches && !protocol ? undefined : leadsAway(story.head, head);
        if (away !== undefined) {
          status = 502;
          story.failure = away;
          return { kind: 'answer', answer: (protocol ?? UNKNOWN).failRequest(502, away) };
        }
        story.decoder = decoderFor(protocol, head);
        return { kind: 'transform', transform: transform(story, story.decoder, exchange, write) };
      },
      failed: (failure, message) => {
        status = failure;
        story.failure = message;
        return (protocol ?? UNKNOWN).failRequest(failure, message);
      },
      ended(how) {
        if (story.fetches && story.calls === 0) passed({ id: exchange.id, client: exchange.client, head: story.head, status });
        else tell(story, status, how);
      },
    };
  }

  function decoderFor(protocol: Protocol | undefined, { status, rawHeaders }: ResponseHead): ResponseDecoder {
    // Of several, clients take the first, the last or all in one; joined they are a type that nobody knows.
    const type = values(rawHeaders, 'content-type').join(', ');
    if (!protocol || status < 200 || status > 299) return foreignDecoder(type, { callBytes });
    return protocol.responseDecoder(type, { callBytes }) ?? opaqueDecoder();
  }

  function transform(
    story: Story,
    decoder: ResponseDecoder,
    exchange: InspectedRequest,
    write: (bytes: Uint8Array) => Promise<void>,
  ): ResponseTransform {
    const gate = createGate({ judge: (call) => judge(story, exchange, call), write, keepalive: () => decoder.keepalive() });
    let ahead = 0;
    let broken: { readonly error: unknown } | undefined;
    /** Settles when all that was read so far has left: pieces leave in order. */
    let allLeft = DONE;

    return {
      push(chunk) {
        if (broken) return Promise.reject(broken.error);
        const pieces = decoder.push(chunk);
        if (pieces.length === 0) return gate.kept();
        ahead += chunk.length;
        allLeft = Promise.all(pieces.map((piece) => gate.pass(piece))).then(
          () => {
            ahead -= chunk.length;
          },
          (error: unknown) => {
            broken ??= { error };
          },
        );
        return ahead > READ_AHEAD_BYTES ? allLeft : DONE;
      },
      async end() {
        const last = decoder.end().map((piece) => gate.pass(piece));
        await Promise.all([allLeft, ...last]);
        if (broken) throw broken.error;
      },
      doubt: gate.doubt,
    };
  }

  /** The same call twice in one answer is two actions: a yes is for one of them, and for that one of a retry. */
  function placeOf({ origin, read, seen }: Story, call: ToolCall): string {
    const place = read?.place ?? origin.exchange;
    if (call.uninspected) return place;
    const content = contentOf(call);
    const count = (seen.get(content) ?? 0) + 1;
    seen.set(content, count);
    return count === 1 ? place : `${place} ${count}`;
  }

  async function judge(story: Story, { signal }: InspectedRequest, call: ToolCall): Promise<Outcome> {
    const { origin, head, read } = story;
    story.calls += 1;
    if (call.uninspected) noteUninspected(origin, head, call.uninspected, 'call');
    const after = read?.after;
    const outcome = await guard.judgeCall({
      origin,
      call,
      place: placeOf(story, call),
      signal,
      ...(after !== undefined && { after }),
    });
    if (outcome.kind === 'refuse') story.refused += 1;
    return outcome;
  }

  /** The exchange's own record. It holds what is new in the conversation: agents resend all of it each time. */
  function tell(story: Story, status: number, how: string): void {
    const { origin, head, read, decoder, failure } = story;
    const answer = decoder?.summary();
    const blocks: ContentBlock[] = read ? [...newBlocks(origin.session, read.blocks)] : [];
    if (answer?.text) blocks.push({ role: 'assistant', text: answer.text });
    const model = answer?.model ?? origin.model ?? null;
    keep({
      ...about(origin),
      kind: 'exchange',
      verdict: how,
      summary: `${origin.agent.name} → ${model ?? head.path.split('?', 1)[0]} (${origin.provider}): ${ENDINGS[how] ?? how}${story.calls > 0 ? `, ${story.calls} call${story.calls === 1 ? '' : 's'}` : ''}`,
      data: {
        method: head.method,
        path: pathOf(head),
        status,
        protocol: origin.protocol,
        provider: origin.provider,
        model: origin.model ?? null,
        responseModel: answer?.model ?? null,
        streamed: read?.streamed ?? null,
        tools: read?.tools.length ?? null,
        calls: story.calls,
        refused: story.refused,
        stopReason: answer?.stopReason ?? null,
        inputTokens: answer?.usage?.inputTokens ?? null,
        outputTokens: answer?.usage?.outputTokens ?? null,
        failure: failure ?? null,
        workspace: origin.workspace.state === 'known' ? origin.workspace.root : null,
        pid: origin.agent.process?.pid ?? null,
      },
      blocks,
    });
  }

  function noteUninspected(origin: Origin, head: RequestHead, why: Uninspected, what: 'request' | 'call'): void {
    count('uninspected');
    keep({
      ...about(origin),
      kind: 'uninspected',
      verdict: why,
      summary: `${origin.agent.name}: a ${what} on ${head.host} could not be read (${why})`,
      data: { what, why, method: head.method, path: pathOf(head) },
    });
  }

  function passed({ id, head, status }: PassedExchange): void {
    count('exchanges');
    keep({
      kind: 'exchange',
      exchange: id,
      host: head.host,
      verdict: 'passed',
      summary: `${head.method} ${head.host}${pathOf(head)}: no model call, passed`,
      data: { method: head.method, path: pathOf(head), status: status ?? null, provider: providerOf(head.host).name },
    });
  }

  function connection(event: ConnectionEvent): void {
    count('connections');
    if (event.kind === 'tunnelled') count('tunnels');
    void event.client.process.then((process) =>
      keep({
        kind: 'connection',
        host: event.host,
        verdict: event.kind,
        ...(process && { agent: process.executable.split('/').at(-1) ?? process.executable }),
        summary: `${event.host}:${event.port} ${event.kind}${'message' in event ? `: ${event.message}` : ''}`,
        data: { port: event.port, pid: process?.pid ?? null, executable: process?.executable ?? null, cwd: process?.cwd ?? null },
      }),
    );
  }

  function keep(entry: AuditEntry): void {
    record(entry).catch((thrown: unknown) => log('error', `A record could not be kept: ${messageOf(thrown)}`));
  }
}

/** What is gathered for the record while an exchange runs. */
interface Story {
  readonly origin: Origin;
  readonly head: RequestHead;
  readonly read: AgentRequest | undefined;
  /** It asks for something that is there, and says nothing to a model. */
  readonly fetches: boolean;
  /** How often each call came, by its content. */
  readonly seen: Map<string, number>;
  decoder?: ResponseDecoder;
  calls: number;
  refused: number;
  failure?: string;
}

const DONE = Promise.resolve();

const FETCHES = ['GET', 'HEAD', 'OPTIONS', 'DELETE'];

const ENDINGS: Record<string, string> = {
  complete: 'answered',
  refused: 'refused before it left',
  'client-gone': 'the agent went away',
  'upstream-failed': 'the provider failed',
};

function reading(protocol: Protocol | undefined, body: InspectedRequest['body']): { read?: AgentRequest; uninspected?: Uninspected } {
  if (!protocol) return { uninspected: 'unknown-path' };
  if (body.kind === 'unread') return { uninspected: body.why };
  const result = protocol.readRequest(body.bytes);
  return result.kind === 'read' ? { read: result.request } : { uninspected: result.why };
}

function isEmpty(body: InspectedRequest['body']): boolean {
  return body.kind === 'whole' && body.bytes.byteLength === 0;
}

function about(origin: Origin) {
  return { session: origin.session, exchange: origin.exchange, agent: origin.agent.name, host: origin.host };
}

/** Without the query, which may carry a key. */
function pathOf(head: RequestHead): string {
  return head.path.split('?', 1)[0] ?? head.path;
}

/** For requests of no known protocol: plain answers that a person can read. */
const UNKNOWN = {
  refuseRequest: (why: Refusal): HttpAnswer => plain(400, `Holdpoint refused this request. ${why.reason} (policy: ${why.policy})`),
  failRequest: (status: 502 | 504, message: string): HttpAnswer => plain(status, message),
};

function plain(status: number, message: string): HttpAnswer {
  return { status, contentType: 'application/json', body: Buffer.from(JSON.stringify({ error: { message } })) };
}
