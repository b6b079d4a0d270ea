/** Where a text turns to a model: a name called, a note to it, what it must do, what it is to do if it reads this. */

import { BIT, has } from './concepts.ts';
import type { Signal } from './signals.ts';
import type { Reading, Token } from './tokens.ts';

const { model, agent, notice, must, not, act, send, harm, override, when, you, reads, first, prior } = BIT;
const DOES = act | send | harm | override;

/** Signals `address`, heavier where something is asked of whom it addresses. */
export function addressesIn(text: string, { tokens, sentences }: Reading): Signal[] {
  const found: Signal[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (!has(token.concepts, model | agent) || isPartOfName(text, token)) continue;
    const strong = has(token.concepts, model);
    const asked = askedOf(text, tokens, i, sentences[token.sentence]!.word);
    if (!asked) continue;
    found.push({ kind: 'address', weight: strong ? asked.weight : asked.weight * 0.62, start: token.start, end: Math.max(token.end, asked.end) });
  }
  return found;
}

interface Asked {
  readonly weight: number;
  readonly end: number;
}

function askedOf(text: string, tokens: readonly Token[], index: number, firstWord: number): Asked | undefined {
  const token = tokens[index]!;
  const called = isCalled(text, tokens, index, firstWord);
  if (called) {
    const does = directiveAfter(text, tokens, index, 24);
    return does ? { weight: 0.9, end: does.end } : { weight: 0.2, end: token.end };
  }
  const modal = within(tokens, index, 1, 7, must);
  if (modal) {
    const does = directiveAfter(text, tokens, modal, 8);
    if (does && tokens[modal]!.sentence === token.sentence) return { weight: 0.75, end: does.end };
  }
  const condition = within(tokens, index, -7, -1, when);
  if (condition !== undefined && (within(tokens, index, -5, -1, you) !== undefined || within(tokens, index, 1, 4, reads) !== undefined)) {
    const does = directiveAfter(text, tokens, index, 30);
    if (does) return { weight: 0.8, end: does.end };
  }
  return undefined;
}

/** A vocative: alone at the beginning, after a word that opens a note, or between commas. */
function isCalled(text: string, tokens: readonly Token[], index: number, firstWord: number): boolean {
  const token = tokens[index]!;
  const before = text.slice(Math.max(0, token.start - 3), token.start).trimEnd().at(-1) ?? '';
  const after = text.slice(token.end, token.end + 90);
  const close = /^[^\p{L}\p{N}\n]{0,3}[:,!–—：，！、](?!\s{0,3}["'{[\d])/u.test(after) || /^(?:へ|に|の|给|，|请|에게)/.test(after);
  if (token.word === firstWord || /[([{>"'“*#/.:—–-]/.test(before)) {
    if (close || /^(?:[ -][\p{L}\p{N}'’]{1,16}){1,6}\s{0,2}[:,!–—](?!\s{0,3}["'{[\d])/u.test(after)) return true;
  }
  if (/[,;!]/.test(before) && /^\s{0,2}[:,!]/.test(after)) return true;
  const opened = openedBy(tokens, index);
  if (opened === undefined || opened < firstWord - 0) return false;
  return close || /^(?:[ -][\p{L}\p{N}'’]{1,16}){1,9}\s{0,2}[:,!–—.]/u.test(after) || /^\s{0,2}[–—)\]]/.test(after);
}

/** The word that opens a note to whom stands at `index`: at most six words before it, in its sentence. */
function openedBy(tokens: readonly Token[], index: number): number | undefined {
  const token = tokens[index]!;
  for (let i = index - 1; i >= 0; i--) {
    const other = tokens[i]!;
    if (other.sentence !== token.sentence || token.word - other.word > 6) return undefined;
    if (has(other.concepts, notice)) return other.word;
  }
  return undefined;
}

/** The first thing asked for at most `most` words behind `index`, in the same sentence or the next two. */
function directiveAfter(text: string, tokens: readonly Token[], index: number, most: number): Token | undefined {
  const from = tokens[index]!;
  for (let i = index + 1; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token.word - from.word > most || token.sentence - from.sentence > 2) return undefined;
    if (token.start < from.end || !has(token.concepts, DOES)) continue;
    if (within(tokens, i, -2, -1, not) !== undefined && has(token.concepts, act | send | harm | override) && !isOrderNot(text, tokens, i)) continue;
    if (within(tokens, i, -2, -1, first) !== undefined) continue;
    return token;
  }
  return undefined;
}

/** "do not report the eval" asks for something; "must not push" is a rule for those who work here. */
function isOrderNot(_text: string, tokens: readonly Token[], index: number): boolean {
  return within(tokens, index, -4, -1, must) === undefined;
}

function within(tokens: readonly Token[], index: number, least: number, most: number, concepts: number): number | undefined {
  const token = tokens[index]!;
  const step = most < 0 ? -1 : 1;
  for (let i = index + step; i >= 0 && i < tokens.length; i += step) {
    const distance = tokens[i]!.word - token.word;
    if (tokens[i]!.sentence !== token.sentence || distance < least || distance > most) return undefined;
    if (has(tokens[i]!.concepts, concepts)) return i;
  }
  return undefined;
}

/** Words that make an agent or assistant a person or a program that is none of ours. */
const BEFORE =
  /(?:\buser[ -]|travel |estate |sales |insurance |booking |press |ticket |forwarding |literary |patent |shipping |cleaning |chemical |real-estate |teaching |research |personal |shop |dental |store |@|[\w][.@/_-]|\$|data |domain |view |state )$/i;
const AFTER =
  /^(?:[ -](?:manager|professor|director|to the|of (?:dr|the|mr|ms|prof)|coach|secretary|editor|producer|principal|train|number|railway)\b|[_/.(@=]\w|\(|\[|["'`]\s{0,2}[:,\]})=]|:\/\/|: (?:string|number|boolean|any|true|false|null|\w{1,20}[,;]?$))/im;

function isPartOfName(text: string, token: Token): boolean {
  return BEFORE.test(text.slice(Math.max(0, token.start - 14), token.start)) || AFTER.test(text.slice(token.end, token.end + 24)) || has(token.concepts, prior);
}
