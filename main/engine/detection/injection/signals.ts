/** What in a text counts for or against its being an order to a model: signals with weights, from words and their order. */

import type { Normalised } from '../normalise.ts';
import { addressesIn } from './address.ts';
import { BIT, has } from './concepts.ts';
import { shapesIn, shapesNear } from './shapes.ts';
import type { Reading, Token } from './tokens.ts';
import { DONE, ENGLISH_NOT, LOOSE, LOOT, NO, NOUN, OF_USER, PLACE, QUANTIFIERS, REPLIES, REPORTED, SOFT, TARGET } from './wording.ts';

export const KINDS = [
  'override',
  'role',
  'authority',
  'tool-directive',
  'exfiltration',
  'secrecy',
  'memory',
  'goal',
  'trigger',
  'command',
  'guard',
  'confirm',
  'address',
  'encoded',
  'prompt',
  'poison',
  'persona',
  'reply',
  'urgent',
] as const;
export type Kind = (typeof KINDS)[number];

export interface Signal {
  readonly kind: Kind;
  readonly weight: number;
  /** In the normalised text. */
  readonly start: number;
  readonly end: number;
}

/** Signals in the order of the text. */
export function signalsIn(normal: Normalised, reading: Reading): Signal[] {
  const found: Signal[] = [...shapesIn(normal.text, reading), ...addressesIn(normal.text, reading)];
  const { tokens } = reading;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    for (const rule of RULES) {
      if (!has(token.concepts, rule.of)) continue;
      const signal = rule.at(around(normal.text, tokens, i));
      if (signal) found.push(signal);
    }
  }
  found.push(...shapesNear(normal.text, found));
  return found.sort((a, b) => a.start - b.start);
}

interface Place {
  readonly text: string;
  readonly token: Token;
  /** The nearest token of `concepts` in the sentence, from `least` words (negative: before) to `most`. */
  near(concepts: number, least: number, most: number): Token | undefined;
  /** All of them. */
  all(concepts: number, least: number, most: number): Token[];
}

interface Rule {
  readonly of: number;
  at(place: Place): Signal | undefined;
}

const { must, override, prior, rules, model, agent, send, act, harm, secret, data, user, tell, not, approved, confirm, prompt, memory } =
  BIT;
const { now, task, when, you, your, guard, urgent, reads, first, decode } = BIT;

const RULES: readonly Rule[] = [
  {
    of: override,
    at({ text, token, near, all }) {
      if (near(not, -2, -1) || near(first, -5, -1) || /[@_.]/.test(text[token.start - 1] ?? '') || /[_(]/.test(text[token.end] ?? ''))
        return undefined;
      if (REPORTED.test(text.slice(Math.max(0, token.start - 60), token.start))) return undefined;
      if (/^(?:supersede|outrank)/i.test(text.slice(token.start, token.end)) && !near(you | your | user | model | agent, -20, 20))
        return undefined;
      const what = near(rules | prompt, 1, 8) ?? near(rules | prompt, -7, -1);
      if (/^(?:され|する場合)/.test(text.slice(token.end, token.end + 4))) return undefined;
      const earlier = all(prior, -6, 9).filter((other) => other.start !== what?.start && other.start !== token.start);
      const whose = near(user, 1, 6);
      if (
        whose &&
        !what &&
        /[a-z]/i.test(text[token.start]!) &&
        !OF_USER.test(text.slice(whose.start, whose.end + 30)) &&
        !/^[^\n]{0,40}\bnutzer|utilis|usuari|utent|gebruik/i.test(text.slice(token.end, token.end + 60))
      )
        return undefined;
      if (!what && whose) return signal('override', 0.55, token, whose);
      if (!what) {
        const everything =
          /^(?:everything|all (?:of )?(?:that|this|the above)|(?:the )?above|(?:the )?(?:text|page|question|user)\b|what you)/i.exec(
            text.slice(token.end, token.end + 40).trimStart(),
          );
        return everything ? signal('override', /user|what you/i.test(everything[0]) ? 0.6 : 0.5, token, token) : undefined;
      }
      if (/[|\\\];–=]|\)\?|\(\w/.test(text.slice(Math.min(token.end, what.end), Math.max(token.start, what.start)))) return undefined;
      const strong =
        has(what.concepts, prior) ||
        earlier.length > 1 ||
        earlier.some((other) => !QUANTIFIERS.has(text.slice(other.start, other.end).toLowerCase()));
      const own = has(what.concepts, prompt) || near(your | user, 1, 7) !== undefined;
      const after = what.word < token.word && /[a-z]/i.test(text[token.start]!) && !near(you | your | user, -14, 6);
      if (/\bdefault\b/i.test(text.slice(token.end, what.start))) return undefined;
      if (SOFT.test(text.slice(what.start, what.end))) return strong || own ? signal('override', 0.6, token, what) : undefined;
      const weight = strong && after ? 0.7 : strong ? 0.95 : own ? 0.9 : earlier.length > 0 ? 0.65 : 0.35;
      return signal('override', weight, token, what);
    },
  },
  {
    of: prompt,
    at({ text, token, near, all }) {
      const how =
        near(send, -9, 6) ?? near(tell, -7, -1) ?? all(act, -7, -1).find((each) => REPLIES.test(text.slice(each.start, each.end)));
      if (how && (near(first, -6, -1) || all(not, -14, -1).some((no) => how.word - no.word <= 2 && no.start < how.start))) return undefined;
      return how ? signal('prompt', 0.6, how, token) : undefined;
    },
  },
  {
    of: tell,
    at({ text, token, near, all }) {
      const no = near(not, -4, 0) ?? all(not, 1, 4).find((other) => !ENGLISH_NOT.test(text.slice(other.start, other.end)));
      if (!no || NO.test(text.slice(no.start, no.end)) || text[token.end] === '_' || text[token.start - 1] === '_') return undefined;
      const whom = near(user, -6, 6);
      if (whom && whom.start !== token.start)
        return signal('secrecy', /^(?:any|people|team|person|them|every)/i.test(text.slice(whom.start, whom.end)) ? 0.7 : 0.8, no, token);
      const it = /^\W{1,3}(?:this|it|that|them|on it|about (?:this|it)|its?|the (?:change|step))\b/i.test(
        text.slice(token.end, token.end + 20),
      );
      if (/^without$/i.test(text.slice(no.start, no.end)) && it) return signal('secrecy', 0.5, no, token);
      return it || near(not, 0, 0) ? signal('secrecy', 0.4, no, token) : undefined;
    },
  },
  {
    of: approved,
    at({ text, token, near }) {
      const who = near(user, -5, 5);
      if (!who || who.word === token.word + 1 || near(not, -3, -1) || has(token.concepts, not)) return undefined;
      const loose =
        LOOSE.test(text.slice(token.start, token.end)) &&
        !DONE.test(text.slice(Math.min(who.end, token.end), Math.max(who.start, token.start)));
      return signal('authority', loose ? 0.3 : who.start < token.start || near(your, -6, 6) ? 0.55 : 0.5, who, token);
    },
  },
  {
    of: confirm,
    at({ token, near }) {
      const no = near(not, -4, 0) ?? near(not, 1, 2);
      return no ? signal('confirm', 0.45, no, token) : undefined;
    },
  },
  {
    of: when,
    at({ text, token, near }) {
      const handles = near(reads, 1, 6);
      if (handles && near(you | model, 1, 5)) return signal('trigger', near(model, 1, 5) ? 0.6 : 0.4, token, handles);
      const whom = near(user, 1, 4);
      const later =
        /^(?:whenever|next time|each time|every time)/i.test(text.slice(token.start, token.end + 9)) &&
        !/\b(?:skill|tool|function|command|agent|this|it)\s{0,2}$/i.test(text.slice(Math.max(0, token.start - 12), token.start));
      return whom ? signal('trigger', later ? 0.55 : 0.3, token, whom) : undefined;
    },
  },
  {
    of: memory,
    at({ text, token, near }) {
      const how = near(act | send | memory, -9, 9);
      if (!how || near(not, -5, -1)) return undefined;
      const lasting = /session|future|long.term|conversation|md$|chats|instructions/i.test(text.slice(token.start, token.end));
      return signal('memory', lasting ? 0.55 : near(urgent | you | your | user, -12, 14) ? 0.45 : 0.3, token, how);
    },
  },
  {
    of: now,
    at({ text, token, near }) {
      const who = near(agent | model, 0, 7);
      const said = text.slice(token.start, token.end);
      const isYou =
        near(you | your, -4, 4) !== undefined || /you|bist|eres|você|sei ora|ora sei|jeste|ты|вы|你|あなた|당신|sen\b/i.test(said);
      const weight =
        who && isYou ? 0.65 : isYou ? 0.45 : who ? 0.4 : /^(?:act as|pretend|role|be my)/i.test(said) && isStart(text, token) ? 0.35 : 0.1;
      return signal('persona', weight, token, who ?? token);
    },
  },
  {
    of: not,
    at({ token, near }) {
      const limits = near(rules, 1, 3) ?? near(rules, -3, -1);
      return limits && near(now | you | agent | model, -9, 3) ? signal('goal', 0.35, token, limits) : undefined;
    },
  },
  {
    of: task,
    at: ({ text, token }) =>
      signal(
        'goal',
        /real|actual|true|only thing|new instr|neue|nuev|nouv/i.test(text.slice(token.start, token.end)) ? 0.5 : 0.4,
        token,
        token,
      ),
  },
  {
    of: send,
    at({ text, token, near }) {
      if (near(first, -3, -1) || (near(not, -3, -1) && !near(tell, -3, -1))) return undefined;
      if (NOUN.test(text.slice(token.start, token.end)) && !isStart(text, token) && !near(must | you, -4, -1)) return undefined;
      const key = near(secret, 1, 12) ?? near(secret, -8, -1);
      const rest = sentenceAfter(text, token.end);
      const where = TARGET.test(rest) ? 0.3 : PLACE.test(rest) ? 0.2 : 0;
      const what = near(data, 1, 10) ?? near(data, -6, -1);
      const plain = key && isStart(text, token) && !where && LOOT.test(text.slice(token.start, key.end)) ? 0.25 : 0;
      const weight = (key && key.start !== token.start ? 0.4 : what ? 0.2 : 0) + (where || plain);
      return weight === 0 ? undefined : signal('exfiltration', weight, token, key ?? what ?? token);
    },
  },
  {
    of: act,
    at({ text, token, near }) {
      if (near(not | first, -3, -1)) return undefined;
      const rights = near(guard, 1, 8);
      if (rights && /^(?:add|create|grant|set|change|make|assign|give|open)/i.test(text.slice(token.start, token.end)))
        return signal('guard', 0.3, token, rights);
      const key = near(secret, 1, 9);
      if (key && !near(not, 1, key.word - token.word)) return signal('exfiltration', 0.35, token, key);
      const where = /https?:\/\/|git@/.exec(text.slice(token.end, token.end + 100));
      return where ? signal('exfiltration', 0.2, token, token) : undefined;
    },
  },
  {
    of: harm | override,
    at({ token, near }) {
      const what = near(guard, 1, 7) ?? near(guard, -6, -1);
      return what && !near(not | first, -3, -1) && what.start !== token.start ? signal('guard', 0.4, token, what) : undefined;
    },
  },
  { of: urgent, at: ({ token }) => signal('urgent', 0.1, token, token) },
  {
    of: decode,
    at({ text, token }) {
      const follows = /\b(?:follow|obey|carry out|do what|act on|comply|execute (?:it|them|this|the result))\b/i.exec(
        text.slice(Math.max(0, token.start - 60), token.end + 80),
      );
      return follows ? signal('encoded', 0.7, token, token) : undefined;
    },
  },
];

function sentenceAfter(text: string, at: number): string {
  const part = text.slice(at, at + 160);
  const end = part.search(/[.!?](?:\s|$)|\n\n|。/);
  return end === -1 ? part : part.slice(0, end);
}

/** At the beginning of a clause, where an order starts. */
function isStart(text: string, token: Token): boolean {
  return /(?:^|[.!?:;,"'“(\n>*-]|\band|\bthen|\bund|\bet|\by|\be|\bi|\bи|\bplease|\bto)\s{0,3}$/i.test(
    text.slice(Math.max(0, token.start - 9), token.start),
  );
}

function around(text: string, tokens: readonly Token[], index: number): Place {
  const token = tokens[index]!;
  const all = (concepts: number, least: number, most: number) => {
    const found: Token[] = [];
    if (least <= 0 && most >= 0 && has(token.concepts, concepts)) found.push(token);
    for (let i = index - 1; i >= 0 && least < 0; i--) {
      const other = tokens[i]!;
      if (other.sentence !== token.sentence || other.word - token.word < least) break;
      if (other.word - token.word <= most && has(other.concepts, concepts)) found.push(other);
    }
    for (let i = index + 1; i < tokens.length && most > 0; i++) {
      const other = tokens[i]!;
      if (other.sentence !== token.sentence || other.word - token.word > most) break;
      if (other.word - token.word >= least && has(other.concepts, concepts)) found.push(other);
    }
    return found;
  };
  return { text, token, all, near: (concepts, least, most) => all(concepts, least, most)[0] };
}

function signal(kind: Kind, weight: number, a: Token, b: Token): Signal {
  return { kind, weight, start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) };
}
