/** Questions in a terminal: each is shown, and answered by a typed line. */

import { createInterface, type Interface } from 'node:readline';
import type { Answer, Question } from '../contract/approval.ts';
import { messageOf, missingCase } from '../contract/errors.ts';
import { visibleLines } from '../engine/approvals/visible.ts';
import type { ControlClient } from '../engine/control/client.ts';
import { type Io, print } from './io.ts';
import { choiceLines, questionLines, takesStyle } from './paint.ts';

export interface AttendOptions {
  readonly client: ControlClient;
  readonly io: Io;
  /** Ends it. */
  readonly signal?: AbortSignal;
  readonly now?: () => number;
}

/** What was typed before a question could be read is not its answer. */
const ARMING_MS = 700;

/** Shows questions one at a time, oldest first, until the input or the engine ends. Says which. */
export async function attendApprovals({ client, io, signal, now = Date.now }: AttendOptions): Promise<'input-ended' | 'engine-ended'> {
  const style = takesStyle(io.output, io.env);
  let waiting: readonly Question[] = [];
  let current: { readonly question: Question; readonly shownAt: number; answered: boolean } | undefined;

  const forget = client.on('questions', update);
  let lines: Interface | undefined;
  let answers: Promise<unknown> = Promise.resolve();
  const stop = () => lines?.close();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    print(io, 'Waiting for questions. Ctrl+C ends.', '');
    update(await client.call('questions', {}));
    return await Promise.race([client.closed.then(() => 'engine-ended' as const), inputEnded()]);
  } finally {
    forget();
    signal?.removeEventListener('abort', stop);
    lines?.close();
  }

  /** The input is read from here on: a line that a pipe had ready before is for the question that is open. */
  function inputEnded(): Promise<'input-ended'> {
    const reading = createInterface({ input: io.input });
    lines = reading;
    reading.on('line', (line) => {
      answers = Promise.all([answers, take(line.trim())]);
    });
    return new Promise((resolve) => {
      reading.once('close', () => void answers.then(() => resolve('input-ended')));
      if (signal?.aborted) reading.close();
    });
  }

  function update(questions: readonly Question[]): void {
    waiting = questions;
    if (current && !questions.some(({ id }) => id === current?.question.id)) {
      if (!current.answered) print(io, 'It has ended: answered elsewhere, given up by the agent, or out of time.', '');
      current = undefined;
    }
    const [next] = questions;
    if (current || !next) return;
    current = { question: next, shownAt: now(), answered: false };
    const others = questions.length - 1;
    print(
      io,
      ...questionLines(next, style),
      ...choiceLines(next),
      ...(others > 0 ? ['', `  ${others} more ${others === 1 ? 'question waits' : 'questions wait'}.`] : []),
      '',
    );
  }

  async function take(line: string): Promise<void> {
    if (line === '') return;
    if (!current || current.answered) return print(io, 'Nothing is being asked.');
    if (io.input.isTTY && now() - current.shownAt < ARMING_MS) return print(io, 'Too quick to have been read: not taken. Type it again.');
    const asked = current;
    const answer = answerOf(line, asked.question);
    if (!answer) return print(io, 'That is none of the choices:', ...choiceLines(asked.question));
    asked.answered = true;
    const { id, nonce, shown } = asked.question;
    try {
      await client.call('answer', { id, nonce, shown, answer });
      print(io, `${saidOf(answer)}.`, '');
    } catch (thrown) {
      asked.answered = false;
      print(io, visibleLines(messageOf(thrown)), '');
    }
    update(waiting);
  }
}

/** `d`, `d REASON`, `a`, `s`, `w`; undefined for all else, and for what policy does not permit. */
function answerOf(line: string, { grants }: Question): Answer | undefined {
  const [, letter, rest] = /^(\w)(?:\s+(.*))?$/.exec(line) ?? [];
  if (letter === 'd') return rest ? { choice: 'deny', reason: rest.slice(0, 2000) } : { choice: 'deny' };
  if (rest) return undefined;
  if (letter === 'a') return { choice: 'allow', for: 'once' };
  if (letter === 's' && grants.includes('session')) return { choice: 'allow', for: 'session' };
  if (letter === 'w' && grants.includes('workspace')) return { choice: 'allow', for: 'workspace' };
  return undefined;
}

/** What an answer did, as a beginning of a sentence. */
export function saidOf(answer: Answer): string {
  if (answer.choice === 'deny') return answer.reason ? 'Denied, and the agent is told why' : 'Denied';
  switch (answer.for) {
    case 'once':
      return 'Allowed once';
    case 'session':
      return 'Allowed for the rest of this conversation';
    case 'workspace':
      return 'Allowed in this project for 8 hours';
    default:
      return missingCase(answer.for);
  }
}
