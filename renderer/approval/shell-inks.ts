/** How a command line falls into programs, strings, variables and signs. It is for the eye: what would run is the engine's to say. */

import type { Ink, Inked } from './highlight.ts';

export interface Dialect {
  readonly keywords: ReadonlySet<string>;
  /** After these another command begins. */
  readonly wrappers: ReadonlySet<string>;
  /** Sticky, and met only where a word may begin. */
  readonly comment: RegExp;
  /** A comment only where a command may begin. */
  readonly remark?: RegExp;
  /** Operators after which a command begins. */
  readonly separator: RegExp;
  readonly redirection: RegExp;
  readonly variable: RegExp;
  readonly assignment?: RegExp;
  readonly escape: string;
  /** Characters that open a string; those in `raw` end at the next of their kind, whatever stands before it. */
  readonly quotes: string;
  readonly raw: string;
  readonly hereDocuments: boolean;
}

const words = (list: string) => new Set(list.split(' '));

export const DIALECTS = {
  bash: {
    keywords: words('if then elif else fi for in do done while until case esac select function { } ! [[ ]]'),
    wrappers: words('sudo doas env nohup xargs exec command builtin time nice eval then do else elif if while until ! {'),
    comment: /#[^\n]*/y,
    separator: /&&|\|[|&]?|;;?&?|&(?!>)|\$?\(|\)|`/y,
    redirection: /\d?(?:&>>?|<<<|<<-?|<[&>]?|>>?[&|]?)/y,
    variable: /\$(?:\w+|\{[^}\n]{0,200}\}?|[@*#?!$-])/y,
    assignment: /[A-Za-z_]\w*\+?=/y,
    escape: '\\',
    quotes: '"\'',
    raw: "'",
    hereDocuments: true,
  },
  powershell: {
    keywords: words('if else elseif foreach for while do until switch function param return try catch finally throw in begin process end'),
    wrappers: words('sudo return throw'),
    comment: /#[^\n]*|<#[\s\S]*?(?:#>|$)/y,
    separator: /&&|\|\|?|;|&|[@$]?\(|\)|@?\{|\}|[-+*]?=|,/y,
    redirection: /\d?>>?(?:&\d)?/y,
    variable: /\$(?:\w+(?::\w+)?|\{[^}\n]{0,200}\}?|[?^$])/y,
    escape: '`',
    quotes: '"\'',
    raw: "'",
    hereDocuments: false,
  },
  cmd: {
    keywords: words('if else for in do not exist errorlevel defined goto call set'),
    wrappers: words('call start do else'),
    comment: /$^/y,
    remark: /(?:::|[Rr][Ee][Mm](?![^\s]))[^\n]*/y,
    separator: /&&?|\|\|?|\(|\)/y,
    redirection: /\d?(?:>>?(?:&\d)?|<)/y,
    variable: /%(?:~?[\w*]+%?|[\w()]+(?::[^%\n]{0,200})?%)|![\w]+!/y,
    escape: '^',
    quotes: '"',
    raw: '"',
    hereDocuments: false,
  },
} as const satisfies Record<string, Dialect>;

/** In order, and not overlapping. Each character is looked at a bounded number of times. */
export function shellInks(text: string, dialect: Dialect): Inked[] {
  const inks: Inked[] = [];
  const waiting: string[] = [];
  let beginsCommand = true;
  let at = 0;

  while (at < text.length) {
    const char = text[at]!;
    if (char === '\n') {
      at = pastHereDocuments(at + 1);
      beginsCommand = true;
    } else if (char === ' ' || char === '\t' || char === '\r') at++;
    else if (put('comment', dialect.comment) || (beginsCommand && dialect.remark && put('comment', dialect.remark))) continue;
    else if (dialect.hereDocuments && text.startsWith('<<', at) && text[at + 2] !== '<') hereDocument();
    else if (put('sign', dialect.redirection)) continue;
    else if (put('sign', dialect.separator)) beginsCommand = text[at - 1] !== ')';
    else word();
  }
  return inks;

  /** Takes what stands here. */
  function put(ink: Ink, pattern: RegExp): boolean {
    const end = endAt(pattern, text, at);
    if (end === at) return false;
    inks.push({ start: at, end, ink });
    at = end;
    return true;
  }

  function hereDocument(): void {
    const [, tag] = matchAt(/<<-?[ \t]{0,8}["']?([\w.-]{1,100})/y, text, at) ?? [];
    if (tag !== undefined) waiting.push(tag);
    put('sign', /<<-?/y);
  }

  function pastHereDocuments(from: number): number {
    let end = from;
    for (const tag of waiting.splice(0)) {
      const start = end;
      for (;;) {
        const stop = indexOr(text, '\n', end);
        const isLast = stop >= text.length || text.slice(end, stop).trim() === tag;
        end = Math.min(text.length, stop + 1);
        if (isLast) break;
      }
      if (end > start) inks.push({ start, end, ink: 'string' });
    }
    return end;
  }

  function word(): void {
    const start = at;
    const before = inks.length;
    if (beginsCommand && dialect.assignment && put('key', dialect.assignment)) {
      rest();
      return;
    }
    rest();
    const isWhole = inks.length === before;
    const said = text.slice(start, Math.min(at, start + 100));
    if (!beginsCommand) return;
    const plain = said.toLowerCase();
    beginsCommand = dialect.wrappers.has(plain);
    if (!isWhole || /^[-/\d]/.test(said)) return;
    inks.push({ start, end: at, ink: dialect.keywords.has(plain) ? 'keyword' : 'name' });
  }

  /** To the end of the word, with what is quoted or put in. */
  function rest(): void {
    const start = at;
    while (at < text.length) {
      const char = text[at]!;
      if (/\s/.test(char)) return;
      if (char === dialect.escape) at += 2;
      else if (dialect.quotes.includes(char)) string(char);
      else if (endAt(dialect.variable, text, at) > at) put('variable', dialect.variable);
      else if (at > start && (endAt(dialect.separator, text, at) > at || /[<>]/.test(char))) return;
      else at++;
    }
    at = Math.min(at, text.length);
  }

  function string(quote: string): void {
    let from = at++;
    const isRaw = dialect.raw.includes(quote);
    const close = () => {
      if (at > from) inks.push({ start: from, end: at, ink: 'string' });
    };
    while (at < text.length && text[at] !== quote) {
      if (!isRaw && text[at] === dialect.escape) at = Math.min(text.length, at + 2);
      else if (isRaw && quote === "'") at++;
      else {
        const end = endAt(dialect.variable, text, at);
        if (end > at) {
          close();
          put('variable', dialect.variable);
          from = at;
        } else at++;
      }
    }
    at = Math.min(text.length, at + 1);
    close();
  }
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Where what the pattern finds here ends; `at` where it finds nothing. */
export function endAt(pattern: RegExp, text: string, at: number): number {
  const found = matchAt(pattern, text, at);
  return found ? at + found[0].length : at;
}

function indexOr(text: string, needle: string, from: number): number {
  const index = text.indexOf(needle, from);
  return index < 0 ? text.length : index;
}
