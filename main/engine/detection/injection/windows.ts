/** Cuts a text into passages that are read as one: a few sentences, of which one asks for something. */

import { BIT, has } from './concepts.ts';
import type { Reading, Token } from './tokens.ts';

export interface Window {
  readonly start: number;
  readonly end: number;
  readonly tokens: readonly Token[];
}

/** A passage ends with the sentence in which it gets longer than this. */
const LONG = 200;
/** A sentence that never ends is cut here. */
const LONGEST = 900;

const { override, send, act, harm, tell, approved, confirm, prompt, memory, now, must, model, agent, covert } = BIT;
/** An act that may be asked for, a claim that it may be done, or whom it is asked of. */
const ASKS = override | send | act | harm | tell | approved | confirm | prompt | memory | now | must | model | agent | covert;

/** Passages worth a closer look, in order. */
export function windowsIn(text: string, { tokens, sentences }: Reading): Window[] {
  const found: Window[] = [];
  let at = 0;
  for (let i = 0; i < sentences.length; ) {
    const start = sentences[i]!.start;
    i++;
    while (i < sentences.length && sentences[i]!.start - start < LONG && !isBreak(text, sentences[i]!.start)) i++;
    const end = sentences[i]?.start ?? text.length;
    for (let from = start; from < end; from += LONGEST) {
      const to = Math.min(end, from + LONGEST);
      const first = at;
      let asks = 0;
      for (; at < tokens.length && tokens[at]!.start < to; at++) if (has(tokens[at]!.concepts, ASKS)) asks++;
      if (asks > 0 && at - first > 1) found.push({ start: from, end: to, tokens: tokens.slice(first, at) });
    }
  }
  return found;
}

/** An empty line. */
function isBreak(text: string, at: number): boolean {
  return text.charCodeAt(at) === 10 && text.charCodeAt(at - 1) === 10;
}
