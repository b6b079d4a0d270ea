/** WebSockets: which of them may be opened, and whose messages they carry. */

import type { Guard } from '../guard/guard.ts';
import { values } from '../interception/headers.ts';
import type { Inspector, SocketInspector, UpgradeRequest } from '../interception/inspection.ts';
import { openaiResponses } from '../protocols/openai-responses/protocol.ts';
import type { Protocol, RequestHead } from '../protocols/pieces.ts';
import type { JudgeCall } from './calls.ts';
import type { Catalogue } from './catalogue.ts';
import { credentialsIn } from './credentials.ts';
import { foreignDecoder } from './foreign.ts';
import type { createOrigins } from './origin.ts';
import { PLAIN } from './plain.ts';
import type { Count, Records, Story } from './records.ts';
import { leadsAway } from './redirect.ts';
import { foreignTalk } from './socket-foreign.ts';
import { responsesTalk } from './socket-responses.ts';
import type { SubstituteMemory } from './substitutes.ts';
import type { Talk } from './talk.ts';
import { createTransform } from './transform.ts';
import type { Vault } from './vault.ts';

export interface SocketOptions {
  readonly catalogue: Catalogue;
  readonly guard: Pick<Guard, 'judgeRequest'>;
  readonly records: Records;
  readonly judgeCall: JudgeCall;
  readonly originOf: ReturnType<typeof createOrigins>;
  readonly learnCredential: (value: string) => void;
  readonly count: (what: Count) => void;
  readonly callBytes: number;
  readonly substitutes: SubstituteMemory;
  readonly vault: Vault;
  readonly restores: () => boolean;
}

/** Gives the inspector's `upgrade`. A socket of no known protocol is a request that could not be read: policy decides. */
export function createUpgrade(options: SocketOptions): Inspector['upgrade'] {
  const { catalogue, guard, records, originOf, learnCredential, count } = options;

  return async (asked) => {
    const { head, id, client } = asked;
    for (const credential of credentialsIn(head)) learnCredential(credential);
    const protocol = protocolOf(catalogue, head);
    const origin = await originOf({
      exchange: id,
      head,
      process: await client.process,
      user: await client.user,
      ...(protocol && { protocol }),
    });
    const story: Story = { origin, head, read: undefined, calls: 0, refused: 0, seen: new Map() };
    if (!protocol && !catalogue.isBeside(head.host, head.path)) {
      count('exchanges');
      const settle = records.uninspected(origin, head, 'unknown-path', 'request');
      const outcome = await guard.judgeRequest(origin, { uninspected: 'unknown-path' });
      settle(outcome.kind);
      if (outcome.kind === 'refuse') {
        records.exchange(story, { status: 400, how: 'refused' });
        return { kind: 'answer', answer: PLAIN.refuseRequest(outcome.why) };
      }
    }
    return { kind: 'inspect', socket: socketInspector(options, asked, story, protocol) };
  };
}

/** Of the protocols, this one is spoken over WebSockets: the same path, fetched with an upgrade. */
function protocolOf(catalogue: Catalogue, { host, path }: RequestHead): Protocol | undefined {
  return catalogue.protocolFor({ method: 'POST', host, path }) === openaiResponses ? openaiResponses : undefined;
}

function socketInspector(options: SocketOptions, asked: UpgradeRequest, story: Story, protocol: Protocol | undefined): SocketInspector {
  const { catalogue, records, judgeCall, callBytes } = options;
  const { id, client, head, signal } = asked;
  const failRequest = (protocol ?? PLAIN).failRequest;
  let talk: Talk | undefined;

  return {
    start(link) {
      talk = (protocol ? responsesTalk : foreignTalk)({ ...options, asked, story, link });
    },
    refused(answer, write) {
      const away = leadsAway(catalogue, head, answer);
      if (away !== undefined) {
        story.failure = away;
        return { kind: 'answer', answer: failRequest(502, away) };
      }
      const decoder = foreignDecoder(values(answer.rawHeaders, 'content-type').join(', '), { callBytes });
      return { kind: 'transform', transform: createTransform({ decoder, judge: (call) => judgeCall(story, signal, call), write }) };
    },
    tried(attempt) {
      story.tried = [...(story.tried ?? []), attempt];
    },
    failed(status, message) {
      story.failure = message;
      return failRequest(status, message);
    },
    fromClient: async (message) => talk?.fromClient(message),
    fromProvider: async (message) => talk?.fromProvider(message),
    providerEnded: async () => talk?.providerEnded(),
    broken: (why) => records.uninspected(story.origin, head, why, 'message')('refuse'),
    ended(how, status) {
      if (talk?.ended(how)) return;
      if (story.calls > 0 || story.failure !== undefined) records.exchange(story, { status, how });
      else records.passed({ id, client, head, status });
    },
  };
}
