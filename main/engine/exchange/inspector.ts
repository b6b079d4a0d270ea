/** Joins interception, protocols and guard: what becomes of one exchange, from its request to its record. */

import type { ToolCall, Uninspected } from '../../contract/action.ts';
import type { Outcome, Refusal } from '../../contract/verdict.ts';
import { contentOf, type Guard } from '../guard/guard.ts';
import { values } from '../interception/headers.ts';
import type {
  ConnectOutcome,
  InspectedRequest,
  Inspector,
  RequestOutcome,
  ResponseInspector,
  UpgradeOutcome,
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
import { opaqueDecoder } from './opaque.ts';
import { createOrigins } from './origin.ts';
import { isBeside } from './providers.ts';
import { type Count, createRecords, type RecordsOptions, type Story } from './records.ts';
import { leadsAway } from './redirect.ts';
import { createTransform } from './transform.ts';

export interface InspectorOptions extends RecordsOptions {
  readonly guard: Guard;
  /** Told each credential that a request carries, before anything of that request is recorded. */
  readonly learnCredential: (value: string) => void;
  readonly callBytes: number;
}

export type { Count };

const CREDENTIAL_HEADERS = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key', 'proxy-authorization', 'cookie'];

export function createInspector(options: InspectorOptions): Inspector {
  const { guard, learnCredential, count, callBytes } = options;
  const records = createRecords(options);
  const originOf = createOrigins();

  return { plan, request, passed: records.passed, connect, upgrade, connection: records.connection };

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
    const story: Story = { origin, head, read, calls: 0, refused: 0, seen: new Map() };
    // Nothing is said to a model; what comes of it is judged as any other answer.
    if (fetches) return { kind: 'forward', response: responseInspector(story, protocol, exchange, true) };
    count('exchanges');
    if (uninspected) records.uninspected(origin, head, uninspected, 'request');

    const outcome = await guard.judgeRequest(origin, uninspected);
    if (outcome.kind === 'refuse') {
      records.exchange(story, { status: 400, how: 'refused' });
      return { kind: 'answer', answer: (protocol ?? UNKNOWN).refuseRequest(outcome.why) };
    }
    return { kind: 'forward', response: responseInspector(story, protocol, exchange, false) };
  }

  /** `fetches`: it asks for something that is there, and says nothing to a model. */
  function responseInspector(
    story: Story,
    protocol: Protocol | undefined,
    exchange: InspectedRequest,
    fetches: boolean,
  ): ResponseInspector {
    let status = 0;
    let decoder: ResponseDecoder | undefined;
    return {
      start(head, write) {
        status = head.status;
        const away = fetches && !protocol ? undefined : leadsAway(story.head, head);
        if (away !== undefined) {
          status = 502;
          story.failure = away;
          return { kind: 'answer', answer: (protocol ?? UNKNOWN).failRequest(502, away) };
        }
        decoder = decoderFor(protocol, head);
        return { kind: 'transform', transform: createTransform({ decoder, judge: (call) => judge(story, exchange, call), write }) };
      },
      failed: (failure, message) => {
        status = failure;
        story.failure = message;
        return (protocol ?? UNKNOWN).failRequest(failure, message);
      },
      ended(how) {
        if (fetches && story.calls === 0) records.passed({ id: exchange.id, client: exchange.client, head: story.head, status });
        else records.exchange(story, { status, how, answer: decoder?.summary() });
      },
    };
  }

  function decoderFor(protocol: Protocol | undefined, { status, rawHeaders }: ResponseHead): ResponseDecoder {
    // Of several, clients take the first, the last or all in one; joined they are a type that nobody knows.
    const type = values(rawHeaders, 'content-type').join(', ');
    if (!protocol || status < 200 || status > 299) return foreignDecoder(type, { callBytes });
    return protocol.responseDecoder(type, { callBytes }) ?? opaqueDecoder();
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
    if (call.uninspected) records.uninspected(origin, head, call.uninspected, 'call');
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

  async function connect(): Promise<ConnectOutcome> {
    return { kind: 'release' };
  }

  async function upgrade(): Promise<UpgradeOutcome> {
    return {
      kind: 'answer',
      answer: plain(426, 'Holdpoint: WebSockets cannot be inspected yet. Use the same service over plain HTTP requests.'),
    };
  }
}

const FETCHES = ['GET', 'HEAD', 'OPTIONS', 'DELETE'];

function reading(protocol: Protocol | undefined, body: InspectedRequest['body']): { read?: AgentRequest; uninspected?: Uninspected } {
  if (!protocol) return { uninspected: 'unknown-path' };
  if (body.kind === 'unread') return { uninspected: body.why };
  const result = protocol.readRequest(body.bytes);
  return result.kind === 'read' ? { read: result.request } : { uninspected: result.why };
}

function isEmpty(body: InspectedRequest['body']): boolean {
  return body.kind === 'whole' && body.bytes.byteLength === 0;
}

/** For requests of no known protocol: plain answers that a person can read. */
const UNKNOWN = {
  refuseRequest: (why: Refusal): HttpAnswer => plain(400, `Holdpoint refused this request. ${why.reason} (policy: ${why.policy})`),
  failRequest: (status: 502 | 504, message: string): HttpAnswer => plain(status, message),
};

function plain(status: number, message: string): HttpAnswer {
  return { status, contentType: 'application/json', body: Buffer.from(JSON.stringify({ error: { message } })) };
}
