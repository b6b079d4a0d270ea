/**
 * How code falls into comments, strings, keywords and signs, as ranges of the text. Made for hostile text: scanners that
 * only go forward, for the grammars in use elsewhere take minutes over some kilobytes of quotes.
 */

import { GRAMMARS, type Grammar, MARKUP } from './languages.ts';
import type { Range } from './lines.ts';
import { DIALECTS, shellInks } from './shell-inks.ts';

/** `name`: a program. `key`: what a value is given to. `value`: a number. `sign`: operators and brackets. */
export type Ink = 'comment' | 'string' | 'keyword' | 'name' | 'key' | 'value' | 'variable' | 'sign';

export interface Inked extends Range {
  readonly ink: Ink;
}

export type Language = keyof typeof GRAMMARS | keyof typeof DIALECTS | 'markup';

/** In UTF-16 units. What comes after is plain. */
export const MOST_INKED = 20_000;

/** In order, and not overlapping. Empty for a text of no known language. */
export function inksOf(text: string, language: Language | undefined): readonly Inked[] {
  if (language === undefined) return [];
  const part = text.length > MOST_INKED ? text.slice(0, MOST_INKED) : text;
  if (language === 'markup') return markupInks(part);
  if (language in DIALECTS) return shellInks(part, DIALECTS[language as keyof typeof DIALECTS]);
  return codeInks(part, GRAMMARS[language as keyof typeof GRAMMARS]);
}

const ENDINGS: Readonly<Record<string, Language>> = {
  ...endings('javascript', 'js mjs cjs jsx ts mts cts tsx'),
  ...endings('json', 'json jsonc json5 ipynb webmanifest map'),
  ...endings('python', 'py pyi pyw'),
  ...endings('yaml', 'yaml yml'),
  ...endings('settings', 'toml ini cfg conf properties env desktop service timer npmrc gitconfig editorconfig'),
  ...endings('css', 'css scss less'),
  ...endings('markup', 'html htm xml svg vue svelte xhtml plist csproj'),
  ...endings('sql', 'sql'),
  ...endings('go', 'go'),
  ...endings('rust', 'rs'),
  ...endings('java', 'java kt kts cs swift scala groovy gradle'),
  ...endings('c', 'c h cc cpp cxx hpp hh m mm'),
  ...endings('ruby', 'rb gemspec'),
  ...endings('php', 'php'),
  ...endings('bash', 'sh bash zsh profile bashrc zshrc bash_profile zprofile envrc'),
  ...endings('powershell', 'ps1 psm1 psd1'),
  ...endings('cmd', 'bat cmd'),
};
const NAMES: Readonly<Record<string, Language>> = {
  dockerfile: 'docker',
  containerfile: 'docker',
  makefile: 'make',
  gemfile: 'ruby',
  rakefile: 'ruby',
};

/** By the file's name; undefined where that says nothing. */
export function languageOfPath(path: string): Language | undefined {
  const name = (/[^/\\]*$/.exec(path.slice(-300))?.[0] ?? '').toLowerCase();
  const ending = name.slice(name.lastIndexOf('.') + 1);
  return known(NAMES, name) ?? known(ENDINGS, ending);
}

/** What a tool's text is written in, where the tool says it. */
export function languageOfTool(tool: string, toolKind: string, text: string): Language | undefined {
  const name = tool.toLowerCase().replace(/^functions\./, '');
  if (toolKind === 'shell')
    return /powershell|pwsh/.test(name) ? 'powershell' : name === 'exec' ? 'javascript' : /^cmd(?:\.exe)?$/.test(name) ? 'cmd' : 'bash';
  return /^\s{0,8}[[{]/.test(text) ? 'json' : undefined;
}

/** Those that touch the range, found without looking at all of them. */
export function inksWithin<R extends Range>(inks: readonly R[], { start, end }: Range): readonly R[] {
  const from = firstEndingAfter(inks, start);
  let to = from;
  while (to < inks.length && inks[to]!.start < end) to++;
  return inks.slice(from, to);
}

function firstEndingAfter(inks: readonly Range[], at: number): number {
  let [low, high] = [0, inks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (inks[middle]!.end <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function codeInks(text: string, { pattern, keywords, ignoreCase }: Grammar): Inked[] {
  const inks: Inked[] = [];
  for (let at = 0; at < text.length; ) {
    const found = step(pattern, text, at);
    if (!found) {
      at++;
      continue;
    }
    const { end, group } = found;
    const word = text.slice(at, end);
    if (group !== 'word') inks.push({ start: at, end, ink: group as Ink });
    else if (keywords.has(ignoreCase ? word.toLowerCase() : word)) inks.push({ start: at, end, ink: 'keyword' });
    at = end;
  }
  return inks;
}

function markupInks(text: string): Inked[] {
  const inks: Inked[] = [];
  let inTag = false;
  for (let at = 0; at < text.length; ) {
    const found = step(inTag ? MARKUP.tag : MARKUP.text, text, at);
    if (!found) {
      at++;
      continue;
    }
    const { end, group } = found;
    inks.push({ start: at, end, ink: group as Ink });
    if (group === 'keyword') inTag = !inTag;
    at = end;
  }
  return inks;
}

function step(pattern: RegExp, text: string, at: number): { readonly end: number; readonly group: string } | undefined {
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  if (!found?.groups || found[0] === '') return undefined;
  const [group] = Object.entries(found.groups).find(([, part]) => part !== undefined)!;
  return { end: at + found[0].length, group };
}

function endings(language: Language, list: string): Record<string, Language> {
  return Object.fromEntries(list.split(' ').map((ending) => [ending, language]));
}

function known(table: Readonly<Record<string, Language>>, name: string): Language | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
