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
    found.push({
      kind: 'address',
      weight: strong ? asked.weight : asked.weight * (isOpened(text, tokens, i, sentences[token.sentence]!.word) ? 0.8 : 0.67),
      start: token.start,
      end: Math.max(token.end, asked.end),
    });
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
  if (called && !/^callers?$/i.test(text.slice(token.start, token.end))) {
    const does = directiveAfter(text, tokens, index, 24);
    return does ? { weight: 0.9, end: does.end } : { weight: 0.2, end: token.end };
  }
  if (
    /\bas (?:an?|the) (?:\w{1,12} )?$/i.test(text.slice(Math.max(0, token.start - 24), token.start)) &&
    within(tokens, index, 1, 9, you) !== undefined &&
    within(tokens, index, 1, 10, must) !== undefined
  ) {
    const does = directiveAfter(text, tokens, index, 16);
    if (does) return { weight: 0.9, end: does.end };
  }
  const suffixed = SUFFIX_IF.test(text.slice(token.start, token.end + 6));
  const before = text.slice(Math.max(0, token.start - 16), token.start);
  const isReader = isYou(text, token) || FOREIGN_IF.test(before) || within(tokens, index, 1, 4, reads) !== undefined;
  if (suffixed || (isReader && (FOREIGN_IF.test(before) || within(tokens, index, -7, -1, when) !== undefined))) {
    const does = directiveAfter(text, tokens, index, 30);
    if (does) return { weight: 0.95, end: does.end };
  }
  const modal = within(tokens, index, 1, text.charCodeAt(token.end) > 0x900 ? 20 : 7, must);
  if (modal && !isForbidden(tokens, modal)) {
    const verbLast = text.charCodeAt(token.end) > 0x900 || text.charCodeAt(token.end + 1) > 0x900;
    const does = directiveAfter(text, tokens, verbLast ? index : modal, verbLast ? 20 : 8);
    if (does && tokens[modal]!.sentence === token.sentence) return { weight: isSpecified(text, token) ? 0.4 : 0.85, end: does.end };
  }
  if (
    within(tokens, index, -6, -1, you) !== undefined &&
    /\byou(?: are|['’]re) (?:an?|the) [^.\n]{0,40}$/i.test(text.slice(Math.max(0, token.start - 60), token.start))
  ) {
    const does = directiveAfter(text, tokens, index, 24);
    return does ? { weight: 0.6, end: does.end } : { weight: 0.2, end: token.end };
  }
  const lead = text.slice(Math.max(0, token.start - 40), token.start);
  const told =
    /\b(?:ask|asks|require|requires|expect|expects|instruct|instructs|want|wants|remind|need|needs|order|orders) (?:all |any |the |our |every )?$/i.test(
      before,
    );
  if (told && !/\b(?:you|can|may|could|i|we)\b/i.test(lead) && /^ to /.test(text.slice(token.end, token.end + 4))) {
    const does = directiveAfter(text, tokens, index, 4);
    if (does) return { weight: 0.7, end: does.end };
  }
  return undefined;
}

/** A vocative: alone at the beginning, after a word that opens a note, or between commas. */
function isCalled(text: string, tokens: readonly Token[], index: number, firstWord: number): boolean {
  const token = tokens[index]!;
  const before =
    text
      .slice(Math.max(0, token.start - 4), token.start)
      .trimEnd()
      .at(-1) ?? '';
  const after = text.slice(token.end, token.end + 120);
  const close = CLOSE.test(after) || /^(?:へ|に|の|给|，|请|에게)/.test(after);
  const product = PRODUCT.test(text.slice(token.start, token.end));
  const strong = has(token.concepts, model);
  if (token.word === firstWord || OPEN.test(before)) {
    if (close || (!product && (strong ? LATER : SOON).test(after))) return true;
  }
  if (token.word - firstWord <= 2 && /^: [\p{L}`]/u.test(after)) return true;
  if (/[,;!]/.test(before) && /^\s{0,2}[:,!] /.test(after)) return true;
  if (/^: [a-z]{2,12}[ ,]/i.test(after) && /[\p{L}]$/u.test(before)) return true;
  const opened = openedBy(text, tokens, index, firstWord);
  return (
    opened &&
    (close ||
      (!product && (strong || !/^(?:model|caller)/i.test(text.slice(token.start, token.end))) && LATER.test(after)) ||
      /^\s{0,2}(?:only )?[–—)\]]/.test(after))
  );
}

/** "If you are an AI", and not "if you want the model to". */
function isYou(text: string, token: Token): boolean {
  return (
    /(?:\byou(?:['’]re| are)(?! (?:using|building|running|working|writing|calling|new|not|looking|on|in|developing|integrating|unsure|ready))|\bdu [^.\n]{0,30}bist|\bbist du|\bsie [^.\n]{0,30}sind|\bsind sie|tu es|vous êtes|\beres|usted es|\bsei\b|\bsiete\b|\bvocê é|\bu bent|\bje bent|\bent|ты\b|вы\b|jeste)[^.\n]{0,40}$/iu.test(
      text.slice(Math.max(0, token.start - 60), token.start),
    ) || /^(?: yapay| iseniz| isen)|[是]/.test(text.slice(Math.max(0, token.start - 3), token.end + 6))
  );
}

/** "No debe", "must not": what is forbidden is no order. */
function isForbidden(tokens: readonly Token[], modal: number): boolean {
  return within(tokens, modal, -2, -1, not) !== undefined || within(tokens, modal, 1, 1, not) !== undefined;
}

/** "The model must call": how specifications speak of what they describe. */
function isSpecified(text: string, token: Token): boolean {
  return (
    /\b(?:the|a|an|each|every|your) $/i.test(text.slice(Math.max(0, token.start - 6), token.start)) &&
    /^(?:model|agent|caller|bot|operator)/i.test(text.slice(token.start, token.end))
  );
}

/** What ends the name called: not what starts a value in a program. */
const CLOSE =
  /^[^\p{L}\p{N}\n]{0,3}(?:(?:[:!–—]|,(?! (?:our|my|the|an?|who|which|is|was|will|der|die|das|ein|eine|le|la|une?|el|il)\b))(?=\s{1,3}[\p{L}`"'(-])|[：，！、]|[:,](?=[\u3040-\u9fff\uac00-\ud7a3]))(?!\s{0,3}["'{[\d(])/u;
const LATER = /^(?:[ -][\p{L}\p{N}'’/]{1,16}){1,8}\)?\s{0,2}[:,!–—](?=\s)(?!\s{0,3}["'{[\d(])/u;
const SOON = /^(?:[ -][\p{L}\p{N}'’]{1,16}){1,3}\s{0,2}[:–—](?=\s)(?!\s{0,3}["'{[\d(])/u;
const OPEN = /[([>"'“*#/.:—–-]/;
/** Names that documentation of their interfaces is full of. */
const PRODUCT = /^(?:claude|chatgpt|gpt|gemini|copilot|codex|cursor|llama|mistral|deepseek)/i;

/** "Dear assistant," and "To the model:" are meant for nobody else. */
function isOpened(text: string, tokens: readonly Token[], index: number, firstWord: number): boolean {
  return CLOSE.test(text.slice(tokens[index]!.end, tokens[index]!.end + 12)) && openedBy(text, tokens, index, firstWord);
}

/** Whether a word opens a note to whom stands at `index`: at most six words before it, in its sentence. */
function openedBy(text: string, tokens: readonly Token[], index: number, firstWord: number): boolean {
  const token = tokens[index]!;
  for (let i = index - 1; i >= 0; i--) {
    const other = tokens[i]!;
    if (other.sentence !== token.sentence || token.word - other.word > 6) return false;
    if (!has(other.concepts, notice)) continue;
    if (
      !COMMON.test(text.slice(other.start, other.end)) ||
      other.word - firstWord <= 1 ||
      /[([{>"'“:]\s?$/.test(text.slice(Math.max(0, other.start - 2), other.start))
    )
      return true;
  }
  return false;
}

/** Openers that stand anywhere else as well. */
const COMMON =
  /^(?:for|to|any|all|system|message|messages|instructions?|welcome|to all|fur|für|an|pour|aux|para|a|al|per|agli|ai|do|dla|для|till|til|aan|voor|pro|icin|için|untuk|προς|если|not|note|warning|notice|important)$/i;

/** The first thing asked for at most `most` words behind `index`, in the same sentence or the next two. */
function directiveAfter(text: string, tokens: readonly Token[], index: number, most: number): Token | undefined {
  const from = tokens[index]!;
  for (let i = index + 1; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token.word - from.word > most || token.sentence - from.sentence > 2) return undefined;
    if (token.start < from.end || !has(token.concepts, DOES)) continue;
    if (within(tokens, i, -2, -1, not) !== undefined && has(token.concepts, act | send | harm | override) && !isOrderNot(text, tokens, i))
      continue;
    if (
      within(tokens, i, -2, -1, first) !== undefined ||
      /(?<!you )\bwill (?:\w{2,12} )?$/i.test(text.slice(Math.max(0, token.start - 22), token.start))
    )
      continue;
    // Another sentence about somebody else, who must.
    if (token.sentence !== from.sentence && isSubject(text, tokens, i)) continue;
    return token;
  }
  return undefined;
}

/** "Admins must approve": somebody else is asked. */
function isSubject(text: string, tokens: readonly Token[], index: number): boolean {
  const modal = within(tokens, index, -3, -1, must);
  return (
    modal !== undefined &&
    /(?:^|[.!?]\s)(?!You\b)[A-Z][a-z]{2,14} $/.test(text.slice(Math.max(0, tokens[modal]!.start - 18), tokens[modal]!.start))
  );
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

/** "If you are", in scripts whose verbs we do not look at. */
const FOREIGN_IF = /如果|若|假如|あなたが|당신이|यदि|अगर|إذا|اذا|если|якщо|e[ğg]er/i;
/** "If", behind what it is about. */
const SUFFIX_IF = /(?:なら|であれば|라면|iseniz|isen\b)/;

/** Words that make an agent or assistant a person or a program that is none of ours. */
const BEFORE =
  /(?:\buser[ -]|travel |estate |sales |insurance |booking |press |ticket |forwarding |literary |patent |shipping |cleaning |chemical |real-estate |teaching |research |personal |shop |dental |store |@|[\w][.@/_-]|\$|data |domain |view |state )$/i;
const AFTER =
  /^(?:[ -](?:manager|professor|director|to the|of (?:dr|the|mr|ms|prof)|coach|secretary|editor|producer|principal|train|number|railway)\b|[_/.(@=]\w|\(|\[|["'`]\s{0,2}[:,\]})=]|:\/\/|: (?:string|number|boolean|any|true|false|null|\w{1,20}[,;]?$))/im;

function isPartOfName(text: string, token: Token): boolean {
  return (
    BEFORE.test(text.slice(Math.max(0, token.start - 14), token.start)) ||
    AFTER.test(text.slice(token.end, token.end + 24)) ||
    /md$/i.test(text.slice(token.start, token.end)) ||
    has(token.concepts, prior) ||
    (PRODUCT.test(text.slice(token.start, token.end)) &&
      !/[A-Z]/.test(text[token.start]!) &&
      !/^(?:claude|gpt|chatgpt|copilot|gemini)[,:] /.test(text.slice(token.start, token.end + 2)))
  );
}
