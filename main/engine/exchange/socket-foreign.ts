/** A WebSocket of no protocol that we know: its messages pass both ways, unless a call of any protocol is in one of the provider's. */

import type { SocketLink, SocketMessage, UpgradeRequest } from '../interception/inspection.ts';
import { foreignMessages } from './foreign.ts';
import { createMessageLine } from './message-line.ts';
import type { Story } from './records.ts';
import type { SocketOptions } from './socket.ts';
import { POLICY_VIOLATION, REFUSED_BINARY, REFUSED_REST, type Talk } from './talk.ts';

export interface TalkOptions extends SocketOptions {
  readonly asked: UpgradeRequest;
  /** Of the socket as a whole. */
  readonly story: Story;
  readonly link: SocketLink;
}

export function foreignTalk({ asked, story, link, guard, records, judgeCall, callBytes }: TalkOptions): Talk {
  let binary: Promise<boolean> | undefined;
  let refused = false;
  const line = createMessageLine({
    decoder: foreignMessages({ callBytes }),
    judge: (call) => judgeCall(story, asked.signal, call),
    send: link.toClient,
    lost() {
      refused = true;
      line.end().then(
        () => link.close(POLICY_VIOLATION, REFUSED_REST),
        () => undefined,
      );
    },
  });

  return {
    async fromClient(message) {
      if (!refused && (await mayPass(message))) await link.toProvider(message);
    },
    async fromProvider(message) {
      if (!refused && (await mayPass(message))) await line.push(message);
    },
    providerEnded: () => line.end(),
    ended: () => false,
  };

  /** Sound, say. Judged and recorded once for all of it: such a socket carries dozens a second. */
  function mayPass(message: SocketMessage): boolean | Promise<boolean> {
    if (message.text) return true;
    binary ??= judgeBinary();
    return binary;
  }

  async function judgeBinary(): Promise<boolean> {
    const settle = records.uninspected(story.origin, story.head, 'undecodable', 'message');
    const outcome = await guard.judgeRequest(story.origin, { uninspected: 'undecodable' });
    settle(outcome.kind);
    if (outcome.kind === 'release') return true;
    refused = true;
    story.failure = REFUSED_BINARY;
    link.close(POLICY_VIOLATION, REFUSED_BINARY);
    return false;
  }
}
