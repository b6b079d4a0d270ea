/** Words of a command of cmd.exe: carets and quotes away, each with its place. */

import type { Range, Word } from '../gathering.ts';

/** A command's name, the rest of its line, and the rest's words. */
export interface CmdWords {
  readonly name: Word;
  /** As written behind the name, carets away: what `echo` and `set` take. */
  readonly rest: string;
  readonly words: readonly Word[];
}

const BUILTIN =
  /^(assoc|break|call|cd|chdir|cls|color|copy|date|del|dir|dpath|echo|endlocal|erase|exit|ftype|goto|keys|md|mkdir|mklink|move|path|pause|popd|prompt|pushd|rd|rem|ren|rename|rmdir|set|setlocal|shift|start|time|title|type|ver|verify|vol)(?=$|[\s/.,;=:\\"(+[\]])/i;

/** `place` gives where a stretch of the text lies. Commands of cmd.exe's own end at other marks than programs do. */
export function wordsOfLine(text: string, place: (start: number, end: number) => Range): CmdWords | undefined {
  const start = /^[\s@,;=]*/.exec(text)![0].length;
  const plain = uncareted(text);
  const own = BUILTIN.exec(plain.text.slice(start));
  const name = own ? { text: own[0], until: start + own[0].length } : nameAt(plain.text, start);
  if (name.text === '') return undefined;
  const at = (from: number, until: number) => place(plain.places[from] ?? text.length, plain.places[until] ?? text.length);
  const raw = (from: number, until: number) => text.slice(plain.places[from] ?? text.length, plain.places[until] ?? text.length);
  const words = own ? builtinWords(plain.text, name.until, at, raw) : programWords(plain.text, name.until, at, raw);
  return {
    name: { text: name.text, range: at(start, name.until), raw: raw(start, name.until) },
    rest: plain.text.slice(name.until),
    words,
  };
}

export function isBuiltin(name: string): boolean {
  return BUILTIN.test(name) && !/[\s/.,;=:\\"]/.test(name);
}

/** Carets outside quotes escape one character, and a line's end. */
function uncareted(text: string): { text: string; places: number[] } {
  let out = '';
  const places: number[] = [];
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    let character = text[at]!;
    if (character === '"') quoted = !quoted;
    else if (character === '^' && !quoted) {
      at += 1;
      if (text[at] === '\r') at += 1;
      if (text[at] === '\n') at += 1;
      character = text[at] ?? '';
      if (character === '') break;
    }
    places.push(at);
    out += character;
  }
  places.push(text.length);
  return { text: out, places };
}

function nameAt(text: string, start: number): { text: string; until: number } {
  let value = '';
  let quoted = false;
  let at = start;
  for (; at < text.length; at += 1) {
    const character = text[at]!;
    if (character === '"') quoted = !quoted;
    else if (!quoted && /[\s,;=]/.test(character)) break;
    // A switch may stand right behind a program: where/r.
    else if (!quoted && character === '/' && at > start && !/[\\/:.]/.test(value)) break;
    else value += character;
  }
  return { text: value, until: at };
}

type Place = (from: number, until: number) => Range;
type Raw = (from: number, until: number) => string;

/** As Microsoft's C runtime takes a command line apart. */
function programWords(text: string, from: number, place: Place, raw: Raw): Word[] {
  const words: Word[] = [];
  let at = from;
  while (at < text.length) {
    while (at < text.length && /\s/.test(text[at]!)) at += 1;
    if (at >= text.length) break;
    const start = at;
    let value = '';
    let quoted = false;
    for (; at < text.length; at += 1) {
      const character = text[at]!;
      if (character === '\\' && text[at + 1] === '"') {
        value += '"';
        at += 1;
      } else if (character === '"') quoted = !quoted;
      else if (!quoted && /\s/.test(character)) break;
      else value += character;
    }
    words.push({ text: value, range: place(start, at), raw: raw(start, at) });
  }
  return words;
}

/** Spaces, commas, semicolons and equals signs part them, and a slash begins a new one. */
function builtinWords(text: string, from: number, place: Place, raw: Raw): Word[] {
  const words: Word[] = [];
  let at = from;
  while (at < text.length) {
    while (at < text.length && /[\s,;=]/.test(text[at]!)) at += 1;
    if (at >= text.length) break;
    const start = at;
    let value = '';
    let quoted = false;
    for (; at < text.length; at += 1) {
      const character = text[at]!;
      if (character === '"') quoted = !quoted;
      else if (!quoted && (/[\s,;=]/.test(character) || (character === '/' && at > start && !/:$/.test(value)))) break;
      else value += character;
    }
    words.push({ text: value, range: place(start, at), raw: raw(start, at) });
  }
  return words;
}
