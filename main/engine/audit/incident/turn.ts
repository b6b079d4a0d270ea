/** One exchange of a story: what was said to the model, what it answered, what it wanted done, and what it took. */

import type { BlockReference } from '../draft.ts';
import { type Row, readBody } from '../rows.ts';
import { numberIn, objectIn, textIn } from './facts.ts';
import { type Html, html } from './html.ts';
import type { Texts } from './texts.ts';
import { clock, money, WORDS } from './words.ts';

/** Leaves out what agents only say again: they resend the conversation, and after a pause the log may hold it twice. */
export interface Resent {
  fresh(blocks: readonly BlockReference[]): readonly BlockReference[];
}

export function createResent(): Resent {
  const said = new Set<string>();
  return {
    fresh(blocks) {
      const known = (block: BlockReference) => block.role === 'tool_call' || said.has(keyOf(block));
      const first = blocks.findIndex((block) => !known(block));
      // Up to the model's last word among them: what comes after it may be said a second time in earnest.
      const again = blocks
        .slice(0, first < 0 ? blocks.length : first)
        .findLastIndex(({ role }) => role === 'assistant' || role === 'tool_call');
      const fresh = blocks.slice(again + 1).filter((block) => block.role !== 'tool_call' && !(block.role === 'system' && known(block)));
      for (const block of blocks) said.add(keyOf(block));
      return fresh;
    },
  };
}

function keyOf({ role, hash }: BlockReference): string {
  return `${role} ${hash}`;
}

/** What was said, in the order in which it was: the answer is the record's last. */
export function saidHtml(row: Row, resent: Resent, texts: Texts): Html {
  const body = readBody(row.body);
  if (!body) return html`<li><i class="shape noted"></i><div class="what"><p class="aside">${WORDS.purgedTurn}</p></div></li>`;
  return html`${resent.fresh(body.blocks).map(
    (block) => html`<li class="said"><i class="shape noted"></i><div class="what">
<p class="title"><b>${WORDS.role[block.role] ?? WORDS.otherRole(block.role)}</b></p>
${texts.shown(block)}
</div></li>
`,
  )}`;
}

/** The line above a turn: from when to when, with which model, what it took, how it ended. */
export function turnHtml(from: string, rows: readonly Row[]): Html {
  return html`${rows.map((row) => {
    const { summary, data = {} } = readBody(row.body) ?? {};
    const cost = numberIn(objectIn(data.counted).costMicroUsd);
    const [input, output] = [numberIn(data.inputTokens), numberIn(data.outputTokens)];
    const told = [
      ...(summary === undefined ? [] : [withoutAgent(summary, row.agent)]),
      ...(textIn(data.failure) === null ? [] : [textIn(data.failure)!]),
      ...(input === null || output === null ? [] : [WORDS.tokens(input, output)]),
      ...(cost === null ? [] : [money(cost)]),
      WORDS.records([row.seq]),
    ];
    return html`<p class="turn" id="${row.seq}"><time>${spanOf(from, row.at)}</time> ${told.join(' · ')}</p>`;
  })}`;
}

function spanOf(from: string, to: string): string {
  return clock(from) === clock(to) ? clock(to) : `${clock(from)} – ${clock(to)}`;
}

/** Whose exchange it was stands at the top. */
function withoutAgent(summary: string, agent: string | null): string {
  return agent !== null && summary.startsWith(`${agent} → `) ? summary.slice(agent.length + 3) : summary;
}
