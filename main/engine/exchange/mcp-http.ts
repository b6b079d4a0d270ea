/** The Model Context Protocol over HTTP: the streamable transport, and the older one with server-sent events. */

import { createHash } from 'node:crypto';
import { type Origin, userOf } from '../../contract/action.ts';
import { agentData } from '../../contract/process-data.ts';
import type { InspectedRequest, RequestOutcome, ResponseInspector, ResponseTransform } from '../interception/inspection.ts';
import { failedCall, failedRequest, idsIn, progress } from '../protocols/mcp/messages.ts';
import { bodyKind } from '../protocols/media.ts';
import { type HttpAnswer, header, type RequestHead, type ResponseHead } from '../protocols/pieces.ts';
import { byBeginning, eventsOf, mcpDocument, mcpEvents, SWALLOWED } from './mcp-answers.ts';
import { createMcpLink, type FromClient, type McpLink, type McpLinkOptions, type Unread } from './mcp-link.ts';
import { type Asked, askedBy } from './mcp-pending.ts';
import type { KeptMcpPins } from './mcp-pins.ts';
import {
  accepts,
  addressOf,
  endpointKey,
  pathOf,
  requestsIn,
  sameOrigin,
  sessionKey,
  shapeOf,
  speaksMcp,
  textOf,
  tokenIn,
} from './mcp-shape.ts';
import type { OriginOptions } from './origin.ts';
import type { Records } from './records.ts';

export interface McpHttpOptions extends Pick<McpLinkOptions, 'guard' | 'callBytes' | 'vault' | 'injectionsIn'> {
  readonly pins: Pick<KeptMcpPins, 'forUser'>;
  readonly records: Pick<Records, 'keep' | 'unread'>;
  readonly originOf: (options: OriginOptions) => Promise<Origin>;
  /** What is wrong with a redirect; undefined where there is none. */
  leadsAway(request: RequestHead, head: ResponseHead): string | undefined;
  /** For what is not MCP after all. */
  foreign(exchange: InspectedRequest, origin: Origin, head: ResponseHead, write: (bytes: Uint8Array) => Promise<void>): ResponseTransform;
  /** How long a client waits for a head before it is given one: Claude Code gives up after 60 s. */
  readonly patienceMs?: number;
  /** How often a client that has its head is told of life. */
  readonly beatMs?: number;
}

export interface McpHttp {
  /** Undefined where the request is none of MCP's. */
  request(exchange: InspectedRequest): Promise<RequestOutcome | undefined>;
}

/** Sessions remembered at once. */
const MAX_LINKS = 500;
const LATE = Symbol('late');
const ANY_CALL: Asked = { method: 'tools/call', continues: false };

interface Session {
  readonly link: McpLink;
  /** The open stream of the older transport: answers go there. */
  send?: (text: string) => Promise<void>;
}

export function createMcpHttp(options: McpHttpOptions): McpHttp {
  const { guard, pins, callBytes, vault, records, originOf, leadsAway, foreign, patienceMs = 3_000, beatMs = 15_000 } = options;
  const sessions = new Map<string, Session>();

  return {
    async request(exchange) {
      switch (shapeOf(exchange)) {
        case 'messages':
          return messages(exchange);
        case 'events':
          return events(exchange);
        case 'end':
          return ending(exchange);
        case undefined:
          return undefined;
      }
    },
  };

  async function messages(exchange: InspectedRequest): Promise<RequestOutcome> {
    const { head, signal } = exchange;
    const { origin, session } = await place(exchange, 'http');
    const given = textOf(exchange);
    const verdict = session.link.fromClient(given, { origin, signal });
    const soon = await Promise.race([verdict, after(patienceMs)]);
    if (soon !== LATE) return settled(soon, false);
    // The older transport's answer to a message says only that it was taken: what comes of it comes on the stream.
    const byStream = session.send !== undefined;
    if (!byStream && !accepts(head, 'text/event-stream')) return settled(await verdict, false);
    return {
      kind: 'early',
      status: byStream ? 202 : 200,
      contentType: byStream ? 'text/plain' : 'text/event-stream',
      async settle(write) {
        const token = typeof given === 'string' ? tokenIn(given) : undefined;
        let beats = 0;
        const beat = setInterval(() => {
          beats += 1;
          const alive = token === undefined ? ': waiting for a verdict\n\n' : eventsOf(JSON.stringify(progress(token, beats)));
          void write(Buffer.from(alive)).catch(() => {}); // It has gone: its signal tells.
        }, beatMs);
        try {
          return settled(await verdict, true);
        } finally {
          clearInterval(beat);
        }
      },
    };

    function settled(outcome: FromClient, early: boolean): RequestOutcome {
      if (outcome.kind === 'send') return { kind: 'forward', response: answers(exchange, origin, session, given, early) };
      note(origin, head, { status: 200, how: 'refused', given });
      if (outcome.kind === 'drop') return given202();
      if (session.send) {
        void session.send(outcome.text).catch(() => {}); // The client has closed its stream, and with it its session.
        return given202();
      }
      const body = Buffer.from(early ? eventsOf(outcome.text) : outcome.text);
      return { kind: 'answer', answer: { status: outcome.unreadable ? 400 : 200, contentType: 'application/json', body } };
    }
  }

  /** The answer to a client's messages. */
  function answers(
    exchange: InspectedRequest,
    origin: Origin,
    session: Session,
    given: string | Unread,
    early: boolean,
  ): ResponseInspector {
    const { link } = session;
    const ids = typeof given === 'string' ? idsIn(given) : [];
    const answersTo = typeof given === 'string' ? requestsIn(given).map(askedBy) : [];
    let status = 0;
    const failing = (text: string) => {
      const answers = ids.map((id) => failedCall(id, text));
      return JSON.stringify(answers.length === 0 ? failedRequest(null, text) : answers.length === 1 ? answers[0] : answers);
    };
    return {
      start(head, write) {
        status = head.status;
        const away = leadsAway(exchange.head, head);
        if (away !== undefined) return { kind: 'answer', answer: failure(502, away) };
        const named = header(head.rawHeaders, 'mcp-session-id');
        if (named !== undefined) put(sessionKey(exchange.head, named, userOf(origin.agent)), session);
        if (early && session.send) return { kind: 'transform', transform: SWALLOWED };
        if (status < 200 || status > 299) {
          if (!early) return { kind: 'transform', transform: foreign(exchange, origin, head, write) };
          const end = () => write(Buffer.from(eventsOf(failing(`The MCP server answered with status ${status}.`))));
          return { kind: 'transform', transform: { ...SWALLOWED, end } };
        }
        const to = { link, origin, answersTo, write };
        const lost = () => failing('Holdpoint could not read what the MCP server answered, so it was kept back.');
        const transform =
          bodyKind(header(head.rawHeaders, 'content-type') ?? '') === 'events'
            ? mcpEvents(to, () => false)
            : mcpDocument(to, lost, early ? eventsOf : undefined);
        return { kind: 'transform', transform };
      },
      failed(code, message) {
        status = code;
        return failure(code, message);
      },
      ended: (how) => note(origin, exchange.head, { status, how, given }),
    };

    function failure(code: 502 | 504, message: string): HttpAnswer {
      if (early && session.send) return { status: 202, contentType: 'text/plain', body: Buffer.alloc(0) };
      return { status: code, contentType: 'application/json', body: Buffer.from(early ? eventsOf(failing(message)) : failing(message)) };
    }
  }

  /** A stream of the server's own messages; of the older transport, of all of them. */
  async function events(exchange: InspectedRequest): Promise<RequestOutcome> {
    const { head } = exchange;
    const isSpoken = speaksMcp(head);
    const isInSession = header(head.rawHeaders, 'mcp-session-id') !== undefined;
    const { origin, session } = await place(exchange, isSpoken ? 'http' : 'sse');
    let status = 0;
    const response: ResponseInspector = {
      start(answer, write) {
        status = answer.status;
        const away = leadsAway(head, answer);
        if (away !== undefined) return { kind: 'answer', answer: plain(502, away) };
        const isStream = status === 200 && bodyKind(header(answer.rawHeaders, 'content-type') ?? '') === 'events';
        if (!isStream) return { kind: 'transform', transform: foreign(exchange, origin, answer, write) };
        // One that goes on with a stream that broke off brings what a call waits for.
        const resumes = header(head.rawHeaders, 'last-event-id') !== undefined;
        const to = { link: session.link, origin, answersTo: resumes ? [ANY_CALL] : [], write };
        const speaking = mcpEvents(to, (url) => {
          const endpoint = sameOrigin(url, head);
          if (endpoint === undefined || isInSession) return false;
          session.send = (text) => write(Buffer.from(eventsOf(text)));
          put(endpointKey(head, endpoint, userOf(origin.agent)), session);
          return true;
        });
        if (isSpoken) return { kind: 'transform', transform: speaking };
        return { kind: 'transform', transform: byBeginning(speaking, () => foreign(exchange, origin, answer, write)) };
      },
      failed: (code, message) => {
        status = code;
        return plain(code, message);
      },
      ended(how) {
        delete session.send;
        note(origin, head, { status, how, given: '' });
      },
    };
    return { kind: 'forward', response };
  }

  /** The client ends its session. */
  async function ending(exchange: InspectedRequest): Promise<RequestOutcome> {
    const { origin } = await place(exchange, 'http');
    let status = 0;
    return {
      kind: 'forward',
      response: {
        start(head, write) {
          status = head.status;
          return { kind: 'transform', transform: foreign(exchange, origin, head, write) };
        },
        failed: (code, message) => plain(code, message),
        ended: (how) => note(origin, exchange.head, { status, how, given: '' }),
      },
    };
  }

  async function place(exchange: InspectedRequest, transport: 'http' | 'sse'): Promise<{ origin: Origin; session: Session }> {
    const { head, id, client } = exchange;
    const base = await originOf({ exchange: id, head, process: await client.process, user: await client.user });
    const { agent } = base;
    const named = header(head.rawHeaders, 'mcp-session-id');
    const key =
      named === undefined ? `${addressOf(head)}\n\n${agent.process?.pid ?? agent.name}` : sessionKey(head, named, userOf(base.agent));
    const known = sessions.get(endpointKey(head, head.path, userOf(base.agent))) ?? (transport === 'sse' ? undefined : sessions.get(key));
    const session: Session = known ?? {
      link: createMcpLink({
        ...{ guard, records, callBytes, vault, address: addressOf(head), transport, otherwise: head.host },
        pins: pins.forUser(userOf(base.agent)),
        ...(options.injectionsIn && { injectionsIn: options.injectionsIn }),
      }),
    };
    if (!known && transport === 'http') put(key, session);
    const server = session.link.server();
    const owner = [agent.name, userOf(agent), server.address, named ?? agent.process?.pid ?? null, 'mcp'];
    const origin: Origin = {
      ...base,
      protocol: 'mcp',
      provider: server.name,
      session: createHash('sha256').update(JSON.stringify(owner)).digest('hex').slice(0, 32),
    };
    return { origin, session };
  }

  function put(key: string, session: Session): void {
    sessions.delete(key);
    sessions.set(key, session);
    const [oldest] = sessions.keys();
    if (sessions.size > MAX_LINKS && oldest !== undefined) sessions.delete(oldest);
  }

  function note(
    origin: Origin,
    head: RequestHead,
    { status, how, given }: { readonly status: number; readonly how: string; readonly given: string | Unread },
  ): void {
    const methods = typeof given === 'string' ? requestsIn(given).map(({ method }) => method.slice(0, 100)) : [];
    const what = methods.length === 0 ? head.method : methods.join(', ');
    records.keep({
      session: origin.session,
      exchange: origin.exchange,
      agent: origin.agent.name,
      host: origin.host,
      kind: 'exchange',
      verdict: how,
      summary: `${origin.agent.name} → ${origin.provider}: ${what}`,
      data: {
        method: head.method,
        path: pathOf(head),
        status,
        protocol: 'mcp',
        provider: origin.provider,
        methods,
        ...agentData(origin.agent),
      },
    });
  }
}

function after(ms: number): Promise<typeof LATE> {
  return new Promise((resolve) => setTimeout(resolve, ms, LATE).unref());
}

function given202(): RequestOutcome {
  return { kind: 'answer', answer: { status: 202, contentType: 'text/plain', body: Buffer.alloc(0) } };
}

function plain(status: number, message: string): HttpAnswer {
  return { status, contentType: 'application/json', body: Buffer.from(JSON.stringify(failedRequest(null, message))) };
}
