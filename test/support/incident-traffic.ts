/** A guard with some traffic behind it: conversations whose calls are allowed, held and refused. */

import { anthropicTurn, type Call } from '../../main/cli/demo/turns.ts';
import type { ControlClient } from '../../main/engine/control/client.ts';
import { type GuardProcess, startGuardProcess } from './guard-process.ts';
import { fetchThrough } from './proxied-fetch.ts';

export const POLICY = `
@id("test.requests") @effect("allow")
permit (principal, action == Action::"send_prompt", resource);
@id("test.calls") @effect("allow")
permit (principal, action == Action::"call_tool", resource);
@id("team.deleting") @effect("ask") @reason("This deletes something that may not come back, so a person decides.") @remember("session")
forbid (principal, action == Action::"call_tool", resource) when { context.effects.contains("delete") };
@id("team.downloads") @effect("deny") @reason("Nothing is downloaded and run at once here.") @contact("#help-agents")
forbid (principal, action == Action::"call_tool", resource) when { context.effects.contains("download-execute") };
`;

export interface Traffic {
  readonly guard: GuardProcess;
  readonly control: ControlClient;
  /** A conversation of its own; its id is the guard's. */
  converse(): Conversation;
}

export interface Conversation {
  /** The person says something, and the model answers. What was called before is said to have given `results`. */
  say(text: string, answer: { readonly text: string; readonly calls?: readonly Omit<Call, 'id'>[] }, results?: string): Promise<void>;
}

/** How whoever sits there answers a question, told by its text: nothing leaves it open. */
export type Answers = (text: string) => { readonly choice: 'allow' } | { readonly choice: 'deny'; readonly reason?: string };

export async function startTraffic(answers: Answers = () => ({ choice: 'allow' })): Promise<Traffic> {
  let next: { readonly text: string; readonly calls: readonly Call[] } = { text: '', calls: [] };
  let called = 0;
  const guard = await startGuardProcess({ policy: POLICY, reply: () => anthropicTurn(next) });
  const fetchIt = await fetchThrough(guard.ready);
  const control = await guard.control(true);
  control.on('questions', (questions) => {
    for (const { id, nonce, shown, action } of questions) {
      const given = answers(action.text);
      const answer = given.choice === 'allow' ? { ...given, for: 'once' as const } : given;
      // One that was told twice is answered once.
      void control.call('answer', { id, nonce, shown, answer }).catch(() => {});
    }
  });
  let conversations = 0;

  return {
    guard,
    control,
    converse() {
      conversations += 1;
      const session = `conversation-${conversations}`;
      const messages: object[] = [];
      let open: readonly Call[] = [];
      return {
        async say(text, { text: said, calls = [] }, results = 'Done.') {
          messages.push({
            role: 'user',
            content: [...open.map(({ id }) => ({ type: 'tool_result', tool_use_id: id, content: results })), { type: 'text', text }],
          });
          open = calls.map((call) => ({ ...call, id: `toolu_${++called}` }));
          next = { text: said, calls: open };
          const response = await fetchIt('https://api.anthropic.com/v1/messages', {
            method: 'POST',
            headers: {
              'content-type': 'application/json',
              'x-api-key': 'none',
              'anthropic-version': '2023-06-01',
              'user-agent': 'claude-cli/2.1.14 (external, cli)',
            },
            body: JSON.stringify({
              model: 'claude-sonnet-4-5',
              max_tokens: 1000,
              stream: true,
              system: `You are an agent. This is ${session}.`,
              metadata: { user_id: `user_x_account__session_${session}` },
              messages,
            }),
          });
          await response.text();
          messages.push({
            role: 'assistant',
            content: [{ type: 'text', text: said }, ...open.map(({ id, tool, input }) => ({ type: 'tool_use', id, name: tool, input }))],
          });
        },
      };
    },
  };
}
