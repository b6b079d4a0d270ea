/** OpenAI Responses over a WebSocket, Codex's own way: one request and its response after the other, each as it would be over HTTP. */

import { randomUUID } from 'node:crypto';
import type { Sensitive } from '../../contract/verdict.ts';
import type { SocketMessage } from '../interception/inspection.ts';
import type { MessageDecoder } from '../protocols/messages.ts';
import { openaiRefusalEvent } from '../protocols/openai-error.ts';
import { openaiResponses } from '../protocols/openai-responses/protocol.ts';
import { type ClientMessage, markOf, readClientMessage, responsesMessages } from '../protocols/openai-responses/socket.ts';
import type { AgentRequest } from '../protocols/pieces.ts';
import { redactedBody } from '../protocols/redaction/redacted-body.ts';
import { restoringMessages } from '../protocols/redaction/restoring.ts';
import { createMessageLine, type MessageLine } from './message-line.ts';
import type { Story } from './records.ts';
import { foreignTalk, type TalkOptions } from './socket-foreign.ts';
import { POLICY_VIOLATION, REFUSED_REST, type Talk } from './talk.ts';
import { CANNOT_REDACT } from './vault.ts';

/** The status of an exchange on an open socket. */
const SWITCHING_PROTOCOLS = 101;

/** Of a conversation that is kept to tell where in it the next request is. Longer, and its place is the earlier response's id. */
const MOST_KEPT_BYTES = 32 * 1024 * 1024;

/** A request and its response. */
interface Turn {
  readonly story: Story;
  readonly decoder: MessageDecoder;
  readonly line: MessageLine;
  /** The conversation with this turn, as the agent has it. */
  readonly items: unknown[];
  bytes: number;
  /** Resolves when the agent has the response's end. */
  readonly over: PromiseWithResolvers<void>;
  ended: boolean;
}

export function responsesTalk(options: TalkOptions): Talk {
  const { asked, link, guard, records, judgeCall, originOf, count, callBytes, substitutes, vault, restores } = options;
  const { head, client, signal } = asked;
  /** For what the provider says while no response is due, and is none: its limits, say. */
  const beside = foreignTalk(options);
  const gone = Promise.withResolvers<void>();
  if (signal.aborted) gone.resolve();
  else signal.addEventListener('abort', () => gone.resolve(), { once: true });
  let turn: Turn | undefined;
  let turns = 0;
  /** Settles when all of the last turn has left. */
  let settled = Promise.resolve();
  let kept: { readonly id: string; readonly items: readonly unknown[]; readonly bytes: number } | undefined;
  /** Nothing goes to the provider any more: it has left, or what it sends cannot be told apart. */
  let closing = false;

  return {
    async fromClient(message) {
      // One response after the other: an answer of ours must not come in the middle of one of the provider's.
      if (turn && readMessage(message).kind !== 'aside') await Promise.race([turn.over.promise, gone.promise]);
      if (signal.aborted || closing) return;
      // Only now is known what it goes on from.
      await ask(message, readMessage(message));
    },
    async fromProvider(message) {
      if (closing) return;
      if (turn) return turn.line.push(message);
      await settled;
      await beside.fromProvider(message);
    },
    async providerEnded() {
      closing = true;
      const last = turn;
      // One that rejects has no agent to write to.
      await last?.line.end().catch(() => undefined);
      if (last) finish(last, 'upstream-failed');
      await settled;
      await beside.providerEnded();
    },
    ended(how) {
      if (turn) finish(turn, how === 'complete' ? 'client-gone' : how);
      return turns > 0;
    },
  };

  function readMessage(message: SocketMessage): ClientMessage {
    if (!message.text) return { kind: 'uninspected', why: 'undecodable' };
    const { data } = message;
    const text = Buffer.from(data.buffer, data.byteOffset, data.length).toString('utf8');
    return readClientMessage(text, (id) => (kept?.id === id ? kept.items : undefined));
  }

  async function ask(message: SocketMessage, said: ClientMessage): Promise<void> {
    if (said.kind === 'aside') return link.toProvider(message);
    const read = said.kind === 'create' ? said.request : undefined;
    const uninspected = said.kind === 'uninspected' ? said.why : undefined;
    const story = await storyOf(read, message.data.length);
    turns += 1;
    count('exchanges');
    const settle = uninspected && records.uninspected(story.origin, head, uninspected, 'request');
    const outcome = await guard.judgeRequest(story.origin, {
      ...(uninspected && { uninspected }),
      ...(read && { contents: read.blocks }),
    });
    settle?.(outcome.kind);
    if (signal.aborted || closing) return records.unsent(story.origin);
    const ready = outcome.kind === 'refuse' ? outcome : withoutSensitive(story, message, outcome.redact);
    if (ready.kind === 'refuse') {
      records.exchange(story, { status: 400, how: 'refused' });
      return link.toClient({ text: true, data: Buffer.from(JSON.stringify(openaiRefusalEvent(ready.why))) });
    }
    const { input, recalled } = said.kind === 'create' ? said : { input: [], recalled: false };
    turn = begin(story, input, message.data.length + (recalled ? (kept?.bytes ?? 0) : 0));
    const mended = read && substitutes.mended(head.host, openaiResponses, ready.data);
    await link.toProvider({ text: message.text, data: mended ?? ready.data });
  }

  function withoutSensitive(
    { origin }: Story,
    { data }: SocketMessage,
    redact: readonly Sensitive[] | undefined,
  ): { readonly kind: 'ready'; readonly data: Uint8Array } | typeof CANNOT_REDACT {
    const redacted = redact ? redactedBody(data, vault.hide(origin.session, redact)) : data;
    return redacted ? { kind: 'ready', data: redacted } : CANNOT_REDACT;
  }

  async function storyOf(read: AgentRequest | undefined, asks: number): Promise<Story> {
    const origin = await originOf({
      exchange: randomUUID(),
      head,
      process: await client.process,
      user: await client.user,
      protocol: openaiResponses,
      ...(read && { request: read }),
    });
    const { tried } = options.story;
    return { origin, head, read, calls: 0, refused: 0, seen: new Map(), asks, ...(tried && { tried }) };
  }

  function begin(story: Story, input: readonly unknown[], bytes: number): Turn {
    const read = responsesMessages({ callBytes, substituted: (substitute) => substitutes.add(head.host, substitute) });
    const hidden = vault.of(story.origin.session);
    const decoder = restores() && !hidden.isEmpty ? restoringMessages(read, hidden) : read;
    const begun: Turn = {
      story,
      decoder,
      items: [...input],
      bytes,
      over: Promise.withResolvers(),
      ended: false,
      line: createMessageLine({
        decoder,
        judge: (call) => judgeCall(story, signal, call),
        send: (message) => send(begun, message),
        lost: () => void closeAfter(begun),
      }),
    };
    return begun;
  }

  /** What the agent gets is what it will send back: from that, its next request is understood. */
  function send(to: Turn, message: SocketMessage): Promise<void> {
    const mark = message.text ? markOf(message.data) : undefined;
    const sent = link.toClient(message);
    if (mark?.kind === 'item') {
      to.items.push(mark.item);
      to.bytes += message.data.length;
    }
    if (mark?.kind === 'end') {
      if (mark.responseId !== undefined)
        kept = to.bytes > MOST_KEPT_BYTES ? undefined : { id: mark.responseId, items: to.items, bytes: to.bytes };
      finish(to, 'complete');
    }
    return sent;
  }

  function finish(ending: Turn, how: 'complete' | 'client-gone' | 'upstream-failed'): void {
    if (ending.ended) return;
    ending.ended = true;
    if (turn === ending) turn = undefined;
    const record = () => records.exchange(ending.story, { status: SWITCHING_PROTOCOLS, how, answer: ending.decoder.summary() });
    settled = ending.line.end().then(record, record);
    ending.over.resolve();
  }

  /** The explanation that stands for the rest ends the response; the provider's own end cannot be told from what follows. */
  async function closeAfter(lost: Turn): Promise<void> {
    closing = true;
    await lost.line.end().catch(() => undefined);
    finish(lost, 'complete');
    await settled;
    link.close(POLICY_VIOLATION, REFUSED_REST);
  }
}
