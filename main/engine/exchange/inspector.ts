/** Joins interception, protocols and guard: what becomes of one exchange, from its request to its record. */

import { setTimeout as pause } from 'node:timers/promises';
import type { Origin, Uninspected } from '../../contract/action.ts';
import type { Refusal, Sensitive } from '../../contract/verdict.ts';
import type { Guard } from '../guard/guard.ts';
import { codingsOf } from '../interception/encoding.ts';
import { values } from '../interception/headers.ts';
import type {
  ConnectOutcome,
  ConnectRequest,
  InspectedRequest,
  Inspector,
  RequestOutcome,
  ResponseInspector,
} from '../interception/inspection.ts';
import { PASSING } from '../protocols/passing.ts';
import type { AgentRequest, Protocol, RequestHead, ResponseDecoder, ResponseHead, Substitute } from '../protocols/pieces.ts';
import { redactedBody } from '../protocols/redaction/redacted-body.ts';
import { restoringDecoder } from '../protocols/redaction/restoring.ts';
import { createJudgeCall } from './calls.ts';
import { credentialsIn } from './credentials.ts';
import { announcingDecoder, foreignDecoder } from './foreign.ts';
import { GRPC, isGrpc } from './grpc.ts';
import { isMcpHost } from './mcp-hosts.ts';
import { createMcpHttp } from './mcp-http.ts';
import { createMcpPins, type KeptMcpPins } from './mcp-pins.ts';
import { maySpeakMcp, speaksMcp } from './mcp-shape.ts';
import type { InjectionsIn } from './mcp-tools.ts';
import { opaqueDecoder } from './opaque.ts';
import { createOrigins, type HomeOf } from './origin.ts';
import { PLAIN } from './plain.ts';
import { type Count, createRecords, type RecordsOptions, type Story } from './records.ts';
import { leadsAway } from './redirect.ts';
import { createUpgrade } from './socket.ts';
import { createSubstituteMemory } from './substitutes.ts';
import { createTransform } from './transform.ts';
import { CANNOT_REDACT, type Vault } from './vault.ts';

export interface InspectorOptions extends RecordsOptions {
  readonly guard: Guard;
  /** Told each credential that a request carries, before anything of that request is recorded. */
  readonly learnCredential: (value: string) => void;
  /** Where `~` is; the home folder of this process's user where absent. */
  readonly homeOf?: HomeOf;
  readonly callBytes: number;
  /** Where absent, what MCP servers say of their tools is remembered for as long as this inspector lives. */
  readonly mcpPins?: KeptMcpPins;
  /** Looks for orders to the model in what MCP servers say of their tools. */
  readonly injectionsIn?: InjectionsIn;
  /** What was taken out of requests. */
  readonly vault: Vault;
  /** Whether values are put back where an answer names their placeholders. */
  readonly restores?: () => boolean;
  /** Whether policy, or a switch, is about connections: only then is the guard asked about each. */
  readonly judgesConnections?: () => boolean;
}

export type { Count };

export function createInspector(options: InspectorOptions): Inspector {
  const { catalogue, guard, learnCredential, count, callBytes, vault, judgesConnections = () => false, restores = () => true } = options;
  const records = createRecords(options);
  const judgeCall = createJudgeCall({ guard, records });
  const originOf = createOrigins(catalogue, options.homeOf);
  const substitutes = createSubstituteMemory();
  const upgrade = createUpgrade({
    ...{ catalogue, guard, records, judgeCall, originOf, learnCredential, count, callBytes, substitutes, vault, restores },
  });

  const mcp = createMcpHttp({
    guard,
    records,
    originOf,
    callBytes,
    vault,
    pins: options.mcpPins ?? createMcpPins({ load: () => undefined, save: () => {}, log: () => {} }),
    ...(options.injectionsIn && { injectionsIn: options.injectionsIn }),
    leadsAway: (head, answer) => leadsAway(catalogue, head, answer),
    foreign(exchange, origin, answer, write) {
      const story: Story = { origin, head: exchange.head, read: undefined, calls: 0, refused: 0, seen: new Map() };
      const decoder = foreignDecoder(values(answer.rawHeaders, 'content-type').join(', '), { callBytes });
      return createTransform({ decoder, judge: (call) => judgeCall(story, exchange.signal, call), write });
    },
  });

  return { plan, request, passed: records.passed, connect, upgrade, connection: records.connection };

  function plan(head: RequestHead): ReturnType<Inspector['plan']> {
    if (maySpeakMcp(head) || catalogue.protocolFor(head) || catalogue.countingIn(head) || catalogue.storedAnswerIn(head)) return 'inspect';
    if (catalogue.isBeside(head.host, head.path)) return 'stream';
    return isGrpc(head.rawHeaders) ? 'opaque' : 'inspect';
  }

  async function request(exchange: InspectedRequest): Promise<RequestOutcome> {
    const { head, id, body, client } = exchange;
    for (const credential of credentialsIn(head)) learnCredential(credential);
    const spoken = catalogue.protocolFor(head);
    const asked = spoken ?? catalogue.countingIn(head);
    if (speaksMcp(head) || !(asked ?? catalogue.storedAnswerIn(head))) {
      const outcome = await mcp.request(exchange);
      if (outcome) {
        count('exchanges');
        return outcome;
      }
    }
    const stored = catalogue.storedAnswerIn(head);
    const known = isMcpHost(head.host) || catalogue.announcedBy(head).length > 0;
    const fetches = !asked && (known || (isEmpty(body) && (FETCHES.includes(head.method) || stored !== undefined)));
    const protocol = fetches ? stored : asked;
    const { read, uninspected } = fetches ? {} : reading(protocol, head.path, body);
    const origin = await originOf({
      exchange: id,
      head,
      process: await client.process,
      user: await client.user,
      ...(protocol && { protocol }),
      ...(read && { request: read }),
    });
    // Counting a request's tokens asks no model.
    const asks = !fetches && (spoken !== undefined || asked === undefined);
    const bytes = body.kind === 'whole' ? body.bytes.byteLength : 0;
    const story: Story = { origin, head, read, calls: 0, refused: 0, seen: new Map(), ...(asks && { asks: bytes }) };
    // Nothing is said to a model; what comes of it is judged as any other answer.
    if (fetches) return { kind: 'forward', response: responseInspector(story, protocol, exchange, true) };
    count('exchanges');
    const settle = uninspected && records.uninspected(origin, head, uninspected, 'request');

    const outcome = await guard.judgeRequest(origin, { ...(uninspected && { uninspected }), ...(read && { contents: read.blocks }) });
    settle?.(outcome.kind);
    const ready = outcome.kind === 'refuse' ? outcome : readyBody(story, protocol, body, outcome);
    if (ready.kind === 'refuse') {
      const answer = speakerFor(protocol, head).refuseRequest(ready.why);
      records.exchange(story, { status: answer.status, how: 'refused' });
      return { kind: 'answer', answer };
    }
    return { kind: 'forward', response: responseInspector(story, spoken, exchange, false), ...(ready.bytes && { body: ready.bytes }) };
  }

  /** What leaves in the body's place: without what policy wants taken out, and with results for calls that the agent never saw. */
  function readyBody(
    { origin, head, read }: Story,
    protocol: Protocol | undefined,
    body: InspectedRequest['body'],
    { redact }: { readonly redact?: readonly Sensitive[] },
  ): ReadyBody {
    if (body.kind !== 'whole') return redact ? CANNOT_REDACT : { kind: 'ready' };
    const redacted = redact && redactedBody(body.bytes, vault.hide(origin.session, redact));
    if (redact && !redacted) return CANNOT_REDACT;
    const mended = protocol && read && substitutes.mended(head.host, protocol, redacted ?? body.bytes);
    const bytes = mended ?? redacted;
    return { kind: 'ready', ...(bytes && { bytes }) };
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
      tried(attempt) {
        story.tried = [...(story.tried ?? []), attempt];
      },
      start(head, write) {
        status = head.status;
        const mayLead = fetches && !protocol && catalogue.announcedBy(story.head).length === 0;
        const away = mayLead ? undefined : leadsAway(catalogue, story.head, head);
        if (away !== undefined) {
          status = 502;
          story.failure = away;
          return { kind: 'answer', answer: speakerFor(protocol, story.head).failRequest(502, away) };
        }
        if (!isDecodable(story.head.method, head)) {
          status = 502;
          story.failure = `${story.head.host} answered in an encoding that cannot be read, so its answer was not passed on.`;
          records.uninspected(story.origin, story.head, 'undecodable', 'answer')('refuse');
          return { kind: 'answer', answer: speakerFor(protocol, story.head).failRequest(502, story.failure) };
        }
        decoder = !protocol && isGrpc(story.head.rawHeaders) && isGrpc(head.rawHeaders) ? PASSING : decoderFor(protocol, head, story);
        const hidden = vault.of(story.origin.session);
        if (protocol && restores() && !hidden.isEmpty)
          decoder = restoringDecoder(decoder, values(head.rawHeaders, 'content-type').join(', '), hidden);
        return {
          kind: 'transform',
          transform: createTransform({ decoder, judge: (call) => judgeCall(story, exchange.signal, call), write }),
        };
      },
      failed: (failure, message) => {
        status = failure;
        story.failure = message;
        return speakerFor(protocol, story.head).failRequest(failure, message);
      },
      ended(how) {
        if (fetches && story.calls === 0) {
          const way = story.tried?.at(-1)?.way;
          records.passed({ id: exchange.id, client: exchange.client, head: story.head, status, ...(way !== undefined && { way }) });
        } else records.exchange(story, { status, how, answer: decoder?.summary() });
      },
    };
  }

  function decoderFor(protocol: Protocol | undefined, { status, rawHeaders }: ResponseHead, { head, origin }: Story): ResponseDecoder {
    // Of several, clients take the first, the last or all in one; joined they are a type that nobody knows.
    const type = values(rawHeaders, 'content-type').join(', ');
    if (status < 200 || status > 299) return foreignDecoder(type, { callBytes });
    const announced = protocol ? [] : catalogue.announcedBy(head);
    if (announced.length > 0) return announcingDecoder({ callBytes }, announced, (named) => follow(origin, named));
    if (!protocol) return foreignDecoder(type, { callBytes });
    const substituted = (substitute: Substitute) => substitutes.add(head.host, substitute);
    return protocol.responseDecoder(type, { callBytes, substituted }, head.path) ?? opaqueDecoder();
  }

  /** Whether model calls that go there will be seen. */
  function follow(origin: Origin, named: string): boolean {
    const followed = catalogue.follow(origin.host, named);
    if (followed?.isNew) records.followed(origin, followed.host);
    return followed !== undefined;
  }

  async function connect({ client, host, port }: ConnectRequest): Promise<ConnectOutcome> {
    if (!judgesConnections()) return { kind: 'release' };
    const head: RequestHead = { method: 'CONNECT', host, port, path: '', rawHeaders: [] };
    const known = Promise.all([client.process, client.user]);
    const [process, user] = (await Promise.race([known, pause(ATTRIBUTION_MS, undefined, { ref: false })])) ?? [];
    const outcome = await guard.judgeConnect(await originOf({ exchange: client.connection, head, process, user }), host, port);
    if (outcome.kind === 'release') return outcome;
    return { kind: 'refuse', message: `${outcome.why.reason} (policy: ${outcome.why.policy})` };
  }
}

type ReadyBody = { readonly kind: 'ready'; readonly bytes?: Uint8Array } | { readonly kind: 'refuse'; readonly why: Refusal };

/** A tunnel is not kept waiting longer for the name of its program: policy then sees an unknown one. */
const ATTRIBUTION_MS = 500;

const FETCHES = ['GET', 'HEAD', 'OPTIONS', 'DELETE'];

function reading(
  protocol: Protocol | undefined,
  path: string,
  body: InspectedRequest['body'],
): { read?: AgentRequest; uninspected?: Uninspected } {
  if (!protocol) return { uninspected: 'unknown-path' };
  if (body.kind === 'unread') return { uninspected: body.why };
  const result = protocol.readRequest(body.bytes, path);
  return result.kind === 'read' ? { read: result.request } : { uninspected: result.why };
}

/** Whose words an answer of ours is in. */
function speakerFor(protocol: Protocol | undefined, { rawHeaders }: RequestHead): Pick<Protocol, 'refuseRequest' | 'failRequest'> {
  return protocol ?? (isGrpc(rawHeaders) ? GRPC : PLAIN);
}

/** An answer without a body (RFC 9112 §6.3) has nothing to decode. */
function isDecodable(method: string, { status, rawHeaders }: ResponseHead): boolean {
  return method === 'HEAD' || status === 204 || status === 304 || codingsOf(values(rawHeaders, 'content-encoding')) !== undefined;
}

function isEmpty(body: InspectedRequest['body']): boolean {
  return body.kind === 'whole' && body.bytes.byteLength === 0;
}
