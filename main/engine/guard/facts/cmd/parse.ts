/** Reads cmd.exe's lines: operators, groups, `if` and `for`, quotes and carets. Never backtracks, so that its time is linear. */

import type { CmdNode, CmdRedirect } from './syntax.ts';

export class UnreadableLine extends Error {}

const DEEPEST = 60;
const FOR = /^for(?=[\s/])/i;
const IF = /^if(?=[\s/(])/i;
const SPACE = /[ \t,;=\v\f\u00a0]/;

export function parseCmd(text: string): CmdNode {
  let at = 0;
  let depth = 0;
  const items: CmdNode[] = [];
  for (;;) {
    blank(true);
    if (at >= text.length) break;
    // A bracket that nothing has opened is where the rest is never run, as far as cmd.exe is concerned: it is read all the same.
    if (text[at] === ')') at += 1;
    else items.push(list());
  }
  return { type: 'list', items, operators: items.slice(1).map(() => '&'), start: 0, end: text.length };

  function blank(lines: boolean): void {
    while (at < text.length && (SPACE.test(text[at]!) || (lines && /[\r\n&|]/.test(text[at]!)))) at += 1;
  }

  function list(): CmdNode {
    const start = at;
    const all = [pipe()];
    const operators: ('&' | '&&' | '||')[] = [];
    for (;;) {
      blank(false);
      const two = text.slice(at, at + 2);
      const operator = two === '&&' || two === '||' ? two : two[0] === '&' ? '&' : undefined;
      if (operator === undefined) break;
      at += operator.length;
      blank(false);
      if (at >= text.length || /[\r\n)]/.test(text[at]!)) break;
      operators.push(operator);
      all.push(pipe());
    }
    return all.length === 1 ? all[0]! : { type: 'list', items: all, operators, start, end: at };
  }

  function pipe(): CmdNode {
    const start = at;
    const all = [command()];
    for (;;) {
      blank(false);
      if (text[at] !== '|' || text[at + 1] === '|') break;
      at += 1;
      blank(true);
      all.push(command());
    }
    return all.length === 1 ? all[0]! : { type: 'pipe', items: all, start, end: at };
  }

  function command(): CmdNode {
    depth += 1;
    if (depth > DEEPEST) throw new UnreadableLine('it is nested too deep');
    try {
      while (at < text.length && /[ \t@,;=]/.test(text[at]!)) at += 1;
      if (text[at] === '(') return group();
      const ahead = text.slice(at, at + 5);
      if (FOR.test(ahead)) return loop();
      if (IF.test(ahead)) return condition();
      return simple();
    } finally {
      depth -= 1;
    }
  }

  function group(): CmdNode {
    const start = at;
    at += 1;
    const inner: CmdNode[] = [];
    for (;;) {
      blank(true);
      if (at >= text.length) throw new UnreadableLine('“)” is missing');
      if (text[at] === ')') break;
      inner.push(list());
    }
    at += 1;
    const redirects: CmdRedirect[] = [];
    blank(false);
    for (let one = redirect(); one; one = redirect()) {
      redirects.push(one);
      blank(false);
    }
    return { type: 'list', items: inner, operators: inner.slice(1).map(() => '&'), redirects, start, end: at };
  }

  /** Up to an operator that is neither quoted nor escaped. */
  function simple(): CmdNode {
    const start = at;
    let written = '';
    let from = at;
    const redirects: CmdRedirect[] = [];
    let quoted = false;
    while (at < text.length) {
      const character = text[at]!;
      if (character === '"') quoted = !quoted;
      else if (character === '\n' || character === '\r') break;
      else if (character === '^' && !quoted) {
        at += text[at + 1] === '\r' ? 3 : 2;
        continue;
      } else if (!quoted) {
        if (character === '&' || character === '|' || (character === ')' && depth > 1)) break;
        if (
          character === '<' ||
          character === '>' ||
          (/\d/.test(character) && /[<>]/.test(text[at + 1] ?? '') && /[\s"]|^$/.test(text[at - 1] ?? ''))
        ) {
          written += text.slice(from, at);
          const one = redirect();
          if (one) redirects.push(one);
          // Positions stay where they are for what comes before.
          from = at;
          continue;
        }
      }
      at += 1;
    }
    written += text.slice(from, Math.min(at, text.length));
    at = Math.min(at, text.length);
    if (at === start) at += 1;
    return { type: 'simple', text: written, redirects, start, end: at };
  }

  function redirect(): CmdRedirect | undefined {
    const start = at;
    const match = /^(\d?)(>>?|<)(&\d)?/.exec(text.slice(at, at + 5));
    if (!match) return undefined;
    at += match[0].length;
    if (match[3]) return { stream: match[1] || '1', operator: match[2] as CmdRedirect['operator'], target: match[3], start, end: at };
    while (at < text.length && /[ \t,;=]/.test(text[at]!)) at += 1;
    const target = word(/[\s&|<>,;=)]/);
    return { stream: match[1] || '1', operator: match[2] as CmdRedirect['operator'], target, start, end: at };
  }

  function word(end: RegExp): string {
    const start = at;
    let quoted = false;
    while (at < text.length) {
      const character = text[at]!;
      if (character === '"') quoted = !quoted;
      else if (character === '^' && !quoted) at += 1;
      else if (/[\r\n]/.test(character) || (!quoted && end.test(character))) break;
      at += 1;
    }
    at = Math.min(at, text.length);
    return text.slice(start, at);
  }

  /** `if [/i] [not] CONDITION COMMAND [else COMMAND]`. */
  function condition(): CmdNode {
    const start = at;
    at += 2;
    blank(false);
    while (/^(\/i|not)(?=[\s])/i.test(text.slice(at, at + 4))) {
      word(/\s/);
      blank(false);
    }
    const from = at;
    const first = word(/[ \t(]/);
    if (/^(exist|defined|errorlevel|cmdextversion)$/i.test(first)) {
      blank(false);
      word(/[ \t]/);
    } else if (!/==./.test(first)) {
      while (at < text.length && /[ \t]/.test(text[at]!)) at += 1;
      const operator = /^(==|equ|neq|lss|leq|gtr|geq)/i.exec(text.slice(at, at + 3))?.[0];
      if (operator) {
        at += operator.length;
        while (at < text.length && /[ \t]/.test(text[at]!)) at += 1;
        word(/[ \t(]/);
      }
    }
    const test = text.slice(from, at);
    blank(false);
    const then = command();
    blank(false);
    const before = at;
    blank(true);
    if (!/^else(?=[\s(])/i.test(text.slice(at, at + 5))) {
      at = before;
      return { type: 'if', condition: test, then, start, end: at };
    }
    at += 4;
    blank(false);
    return { type: 'if', condition: test, then, otherwise: command(), start, end: at };
  }

  /** `for [/d | /r [FOLDER] | /l | /f ["OPTIONS"]] %v in (SET) do COMMAND`. */
  function loop(): CmdNode {
    const start = at;
    at += 3;
    blank(false);
    let kind = '';
    let options = '';
    while (text[at] === '/') {
      kind += word(/[\s"%]/)
        .slice(1)
        .toLowerCase();
      blank(false);
      if (text[at] !== '%' && text[at] !== '/') options = word(/\s/);
      blank(false);
    }
    const variable = /^%%?([^\s%])/.exec(text.slice(at, at + 4));
    if (!variable) throw new UnreadableLine('the variable of a for is missing');
    at += variable[0].length;
    blank(false);
    if (!/^in[\s(]/i.test(text.slice(at, at + 3))) throw new UnreadableLine('“in” is missing');
    at += 2;
    blank(false);
    if (text[at] !== '(') throw new UnreadableLine('the set of a for is missing');
    const from = at + 1;
    let quote = '';
    let open = 0;
    for (; at < text.length; at += 1) {
      const character = text[at]!;
      if (quote) {
        if (character === quote) quote = '';
      } else if (character === '"' || (character === "'" && open === 1) || character === '`') quote = character;
      else if (character === '(') open += 1;
      else if (character === ')') {
        open -= 1;
        if (open === 0) break;
      }
    }
    if (at >= text.length) throw new UnreadableLine('“)” is missing');
    const set = text.slice(from, at);
    at += 1;
    blank(true);
    if (!/^do[\s(@]/i.test(text.slice(at, at + 3))) throw new UnreadableLine('“do” is missing');
    at += 2;
    blank(true);
    return { type: 'for', kind, options, variable: variable[1]!, set, body: command(), start, end: at };
  }
}
