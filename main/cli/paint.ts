/** A question as a terminal shows it. */

import type { Question } from '../contract/approval.ts';
import { visibleLines } from '../engine/approvals/visible.ts';

/** Select graphic rendition (ECMA-48, section 8.3.117). */
const LOUD = { plain: '', watch: '\u001b[4m', risk: '\u001b[1;4m' } as const;
const QUIET = '\u001b[0m';
const BOLD = '\u001b[1m';

/** Whether this terminal takes styles (https://no-color.org asks for fewer). */
export function takesStyle(output: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  return Boolean(output.isTTY) && !env.NO_COLOR && env.TERM !== 'dumb';
}

/** The question in lines, without its choices. Every escape sequence in it is ours. */
export function questionLines(question: Question, style: boolean): string[] {
  const { agent, action, idea } = question;
  const by = [...agent.parents, agent.version ? `${agent.name} ${agent.version}` : agent.name].join(' › ');
  const rows: [string, string][] = [
    ['why', [question.reason, ...question.policies.map(policyLine)].join('\n')],
    ['project', question.workspace ?? 'not known'],
    ['idea of', [idea.model ?? 'a model', `at ${idea.provider}`, ...(idea.after ? [`after ${idea.after}`] : [])].join(' ')],
    ['asked by', agent.pid === null ? by : `${by} (process ${agent.pid})`],
    ['answer by', clock(question.expiresAt)],
  ];
  return [
    style ? BOLD + visibleLines(question.title) + QUIET : visibleLines(question.title),
    '',
    ...indented(markedText(question, style), 4),
    ...(action.omitted > 0 ? [`    … ${action.omitted} more characters are not shown`] : []),
    '',
    ...question.effects.map(({ risk, says }) => `  ${risk === 'risk' ? '!' : '·'} ${visibleLines(says)}`),
    ...(question.effects.length > 0 ? [''] : []),
    ...rows.flatMap(([name, value]) =>
      visibleLines(value)
        .split('\n')
        .map((line, at) => `  ${(at === 0 ? name : '').padEnd(10)} ${line}`),
    ),
    '',
  ];
}

/** What can be answered, each with what it does. */
export function choiceLines({ grants }: Question): string[] {
  return [
    '  d           deny',
    '  d REASON    deny, and tell the agent why',
    '  a           allow once',
    ...(grants.includes('session') ? ['  s           allow for the rest of this conversation'] : []),
    ...(grants.includes('workspace') ? ['  w           allow in this project for 8 hours'] : []),
  ];
}

/** Title and action on one line, for lists. */
export function summaryOf({ title, action }: Question): string {
  const line = action.text.replace(/\s*\n\s*/g, ' ⏎ ');
  return visibleLines(`${title}: ${line.length > 200 ? `${line.slice(0, 199)}…` : line}`);
}

/** Local time of day. */
export function clock(iso: string): string {
  return new Date(iso).toLocaleTimeString('en-GB');
}

/** Marks are made on the pieces between them, so that nothing shown can end or begin a style of its own. */
function markedText({ action: { text, marks } }: Question, style: boolean): string {
  let out = '';
  let from = 0;
  for (const { start, end, risk } of style ? marks : []) {
    out += visibleLines(text.slice(from, start));
    // Again on each line, since each is indented on its own.
    out += visibleLines(text.slice(start, end))
      .split('\n')
      .map((line) => LOUD[risk] + line + (LOUD[risk] && QUIET))
      .join('\n');
    from = end;
  }
  return out + visibleLines(text.slice(from));
}

function policyLine({ id, contact }: Question['policies'][number]): string {
  return contact ? `policy ${id}; ask ${contact}` : `policy ${id}`;
}

function indented(text: string, by: number): string[] {
  return text.split('\n').map((line) => ' '.repeat(by) + line);
}
