/** Inquiries for tests: an agent that wants to delete something. */

import type { CallToolAction, EffectFact } from '../../../../main/contract/action.ts';
import type { Remember } from '../../../../main/contract/verdict.ts';
import type { Inquiry } from '../../../../main/engine/guard/world.ts';

export interface InquirySketch {
  readonly text?: string;
  readonly effects?: readonly EffectFact[];
  readonly session?: string;
  readonly agent?: string;
  /** Whose program it is. */
  readonly user?: string;
  /** Project root; `null` where it is not known. */
  readonly root?: string | null;
  readonly cwd?: string;
  readonly remember?: Remember;
  readonly content?: string;
  readonly title?: string;
  readonly input?: unknown;
  readonly signal?: AbortSignal;
}

export function inquiry(sketch: InquirySketch = {}): Inquiry {
  const { text = 'rm -rf build', root = '/home/dev/proj', remember = 'workspace' } = sketch;
  const action: CallToolAction = {
    kind: 'call_tool',
    id: 'action-1',
    place: 'place-1',
    call: { id: 'toolu_1', tool: 'Bash', input: 'input' in sketch ? sketch.input : { command: text } },
    origin: {
      exchange: 'exchange-1',
      session: sketch.session ?? 'session-1',
      agent: {
        name: sketch.agent ?? 'Claude Code',
        version: '2.1.0',
        process: {
          pid: 4242,
          executable: '/usr/bin/claude',
          commandLine: ['claude'],
          user: sketch.user ?? 'dev',
          cwd: '/home/dev/proj',
          parents: [
            { pid: 2, name: 'zsh' },
            { pid: 1, name: 'gnome-terminal' },
          ],
        },
      },
      protocol: 'anthropic-messages',
      provider: 'Anthropic',
      host: 'api.anthropic.com',
      model: 'claude-opus',
      workspace: root === null ? { state: 'unresolved' } : { state: 'known', root, cwd: sketch.cwd ?? root, source: 'process' },
    },
  };
  return {
    action,
    understanding: {
      facts: { tool: 'Bash', toolKind: 'shell', text, effects: sketch.effects ?? [], programs: ['rm'], paths: [], hosts: [] },
      findings: [],
    },
    decision: {
      verdict: 'ask',
      policies: [{ id: 'ask-before-deleting', effect: 'ask', reason: 'It deletes.', contact: 'it@example.com', remember }],
      reason: 'It deletes files.',
    },
    title: sketch.title ?? 'Claude Code wants to delete files',
    remember,
    content: sketch.content ?? `content of ${text}`,
    signal: sketch.signal ?? new AbortController().signal,
  };
}
