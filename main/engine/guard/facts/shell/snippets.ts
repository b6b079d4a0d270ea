/** Snippets: one-liners and scripts of other languages. They run code whatever they say; what their literals give away is said too. */

import type { Word } from '../gathering.ts';
import { gravest, HOLE, type Holding, isDownloaded, isOpen, readable } from '../holes.ts';
import { holdingOf, type Machine, NOTHING, type Region, type ShellState } from './machine.ts';
import { matchesOf, type Snippet } from './snippet.ts';
import { judgeFiles } from './snippet-files.ts';
import { folded } from './snippet-folding.ts';
import { judgeNetwork } from './snippet-network.ts';
import {
  BARE_SHELL,
  FETCHES,
  INSTALLS,
  LEADS_AWAY,
  MAKES_CODE,
  MAKES_CODE_BARE,
  ONE_VARIABLE,
  PIPE_OPEN,
  RUNS,
  RUNS_BARE,
  TEXT_EXECUTE,
  WHOLE_ENVIRONMENT,
  WRITES,
} from './snippet-patterns.ts';
import { textIn } from './snippet-strings.ts';
import { type Constants, constantsOf, stringAt, valueAt } from './snippet-values.ts';
import { judgeUnset, SECRET_NAME } from './variables.ts';

/** Code within code: `exec("…")`. */
const DEEPEST = 4;
export function judgeSnippet(given: string, language: string, where: Region, state: ShellState, machine: Machine, depth = 0): void {
  const { gathering } = machine;
  const all = where(0, given.length);
  if (isDownloaded(given)) {
    gathering.effect('download-execute', 'risk', `downloads ${machine.disk.sources.at(-1) ?? 'something'} and runs it`, all);
  } else if (isOpen(given)) gathering.effect('unresolved', 'watch', `runs ${language} code that can’t be told before it runs`, all);
  const plain = folded(given, language);
  const text = plain?.text ?? given;
  // What was put together from pieces has no place of its own in what was written.
  const region: Region = plain === undefined ? where : () => all;
  const constants = constantsOf(text, gathering.paths.home ?? '~');
  const word = (literal: string, start: number, end: number): Word => ({ text: literal, raw: literal, range: region(start, end) });
  const snippet: Snippet = { text, language, region, state, machine, constants, isText: textIn(text, language), word };

  if (plain?.hidden && (matchesOf(RUNS, snippet).length > 0 || matchesOf(new RegExp(MAKES_CODE.source, 'g'), snippet).length > 0))
    gathering.effect('unresolved', 'watch', `hides what it runs: ${readable(given, 40)}`, all);
  remembersDownloads(snippet);
  const made = judgeMadeCode(snippet, depth);
  const printed = judgeCommands(snippet, made);
  for (const match of matchesOf(LEADS_AWAY, snippet)) {
    const name = match.slice(1).find(Boolean);
    if (name) judgeUnset(name, region(match.index, match.index + match[0].length), machine);
  }
  const read = judgeFiles(snippet);
  judgeNetwork(snippet, gravest(printed, read, environmentIn(snippet)));
  if (language === 'osascript' && /\btell\s+app|keystroke|\bdo\s+script\b|\bJXA\b|\bclick\b/i.test(text))
    gathering.effect('unresolved', 'watch', 'drives other programs', all);
}

/** A file that is written where something is fetched holds what was fetched. */
function remembersDownloads({ text, isText, constants, machine, state }: Snippet): void {
  const copied = /\bcopy\s*\(\s*["']https?:/.test(text);
  if (
    !copied &&
    !matchesOf(FETCHES, { text, isText }).some((match) =>
      /["'`]https?:|[\w]/.test(text.slice(match.index + match[0].length, match.index + match[0].length + 20)),
    )
  )
    return;
  const targets = [
    ...matchesOf(WRITES, { text, isText }).map((match) => valueAt(text, match.index + match[0].length, constants)),
    ...[
      ...text.matchAll(
        /\b(?:urlretrieve|getstore|mirror|copy|download\.file)\s*\(\s*["']https?:[^"'\n]{1,400}["']\s*,\s*(?:filename\s*=\s*)?/g,
      ),
    ].map((match) => valueAt(text, match.index + match[0].length, constants)),
  ];
  for (const target of targets) {
    const path = target && machine.gathering.paths.absolute(target.text, state.cwd);
    if (path !== undefined) machine.disk.files.set(path, { kind: 'download', from: 'what this code fetches' });
  }
}

/** Code that makes code: read where it is a literal, a download where something was fetched, else not to be told. */
function judgeMadeCode(snippet: Snippet, depth: number): ReadonlySet<number> {
  const { text, language, state, machine, region, constants, isText } = snippet;
  const { gathering } = machine;
  const literals = new Set<number>();
  for (const match of matchesOf(/\bimport\s*\(\s*["'`]https?:|\bfrom\s+["']https?:\/\/(?!deno\.land|esm\.sh|jsr\.io|cdn\.skypack\.dev)/g, {
    text,
    isText: () => false,
  })) {
    if (/^node/.test(language) || /^import/.test(match[0]))
      gathering.effect(
        'download-execute',
        'risk',
        `downloads code and runs it: ${readable(text.slice(match.index), 60)}`,
        region(match.index, match.index + match[0].length),
      );
  }
  const patterns = /^(perl|ruby|php)/.test(language) ? [MAKES_CODE, MAKES_CODE_BARE] : [MAKES_CODE];
  for (const pattern of patterns) {
    for (const match of matchesOf(new RegExp(pattern.source, 'g'), { text, isText })) {
      if (isMethod(text, match.index, match[0])) continue;
      if (isCommandsExec(text, match.index, match[0], language)) continue;
      const start = match.index + match[0].length;
      const value =
        /^(?:eval|exec|compile|Function)\s*\($/.test(match[0]) || match[0].startsWith('eval') ? valueAt(text, start, constants) : undefined;
      if (value && !value.text.includes(HOLE) && depth < DEEPEST) {
        literals.add(match.index);
        judgeSnippet(value.text, language, () => region(match.index, value.end), state, machine, depth + 1);
        continue;
      }
      const shown = readable(text.slice(match.index), 40);
      const fetches = matchesOf(FETCHES, { text, isText }).length > 0;
      if (fetches && /eval|exec|compile|Function|import|runpy/.test(match[0]))
        gathering.effect('download-execute', 'risk', `downloads code and runs it: ${shown}`, region(match.index, start));
      gathering.effect('unresolved', 'watch', `makes code of its own and runs it: ${shown}`, region(match.index, start));
      break;
    }
  }
  return literals;
}

/** Commands that the code hands to the system; gives what their output holds. */
function judgeCommands(snippet: Snippet, literals: ReadonlySet<number>): Holding | undefined {
  const { text, language, state, machine, region, constants, isText } = snippet;
  const { gathering } = machine;
  let holds: Holding | undefined;
  for (const match of matchesOf(RUNS, { text, isText })) {
    if (literals.has(match.index) || isMethod(text, match.index, match[0])) continue;
    if (/^exec\s*\($/.test(match[0]) && /^(python|pypy)/.test(language)) continue;
    const end = match.index + match[0].length;
    const command = wordsAt(text, end, constants);
    const range = region(match.index, command?.end ?? end);
    if (command && BARE_SHELL.test(command.text))
      gathering.effect('unresolved', 'risk', 'starts a shell that is told elsewhere what to do', range);
    else if (command) holds = gravest(holds, holdingOf(machine.runText(command.text, state, NOTHING, () => range)));
    else
      gathering.effect(
        'unresolved',
        'watch',
        `runs a command that can’t be told before it runs: ${readable(text.slice(match.index), 40)}`,
        range,
      );
  }
  if (/^(perl|ruby|tcl)/.test(language)) {
    for (const match of matchesOf(RUNS_BARE, { text, isText })) {
      const range = region(match.index, match.index + match[0].length);
      gathering.effect(
        'unresolved',
        'watch',
        `runs a command that can’t be told before it runs: ${readable(text.slice(match.index), 40)}`,
        range,
      );
    }
  }
  for (const match of [...matchesOf(PIPE_OPEN, snippet), ...(language === 'groovy' ? matchesOf(TEXT_EXECUTE, snippet) : [])]) {
    const command = match.slice(1).findLast((part) => part !== undefined && part.length > 1) ?? '';
    const range = region(match.index, match.index + match[0].length);
    if (BARE_SHELL.test(command)) gathering.effect('unresolved', 'risk', 'starts a shell that is told elsewhere what to do', range);
    else machine.runText(command, state, NOTHING, () => range);
  }
  for (const match of matchesOf(INSTALLS, snippet))
    gathering.effect(
      'install-package',
      'watch',
      `installs a package (${readable(text.slice(match.index), 40)})`,
      region(match.index, match.index + match[0].length),
    );
  // Backticks run a command there; in JavaScript they are text.
  if (/^(perl|ruby|php|lua)/.test(language)) {
    for (const match of text.matchAll(/`([^`\n]{1,2000})`|%x[({[]([^)}\]\n%]{1,2000})[)}\]]|\bqx[{(/|]([^})/|\n]{1,2000})[})/|]/g)) {
      if (isText(match.index)) continue;
      const command = match[1] ?? match[2] ?? match[3]!;
      holds = gravest(holds, holdingOf(machine.runText(command, state, NOTHING, () => region(match.index, match.index + match[0].length))));
    }
  }
  return holds;
}

function environmentIn({ text, isText }: Snippet): Holding | undefined {
  const whole = matchesOf(new RegExp(WHOLE_ENVIRONMENT.source, 'g'), { text, isText }).length > 0;
  const names = [...text.matchAll(ONE_VARIABLE)].map((match) => match.slice(1).find(Boolean) ?? '');
  if (whole) return 'environment';
  if (names.some((name) => SECRET_NAME.test(name))) return 'key';
  return /\b(?:os\.(?:hostname|userInfo|networkInterfaces)\(|socket\.gethostname\(|getpass\.getuser\(|platform\.(?:node|uname)\(|Socket\.gethostname|gethostname\(\)|Etc\.getlogin)/.test(
    text,
  )
    ? 'identity'
    : undefined;
}

/** `pattern.exec(text)` is a regular expression's, `cursor.execute` a database's. */
function isMethod(text: string, index: number, match: string): boolean {
  const before = text.slice(Math.max(0, index - 40), index);
  return (
    /^(exec|system|spawn|fork|compile|send|run|import|require)\b/.test(match) &&
    /[\w)\]/$'"`]\??\.$/.test(before) &&
    !/(child_process|cp|os|Kernel|kernel|process|builtins|proc)['")]*\.$/.test(before)
  );
}

/** JavaScript's `exec(` runs a command, Python's `exec(` code; `re.compile(` neither. */
function isCommandsExec(text: string, index: number, match: string, language: string): boolean {
  if (/^(exec|compile)\s*\($/.test(match) && !/^(python|pypy)/.test(language)) return true;
  return /^compile/.test(match) && /\bre\.$/.test(text.slice(Math.max(0, index - 3), index));
}

/** The string, or the list of strings, that starts here, as a command. */
function wordsAt(text: string, from: number, constants: Constants): { text: string; end: number } | undefined {
  const open = /^\s*(?:args\s*=\s*|cmd\s*:\s*)?/.exec(text.slice(from, from + 60))?.[0].length ?? 0;
  const at = from + open;
  const list = /^\s*(?:\[|\{\s*cmd:\s*\[)/.exec(text.slice(at, at + 40));
  if (!list) {
    const single = valueAt(text, at, constants);
    if (!single) return undefined;
    const after = text.slice(single.end, single.end + 80);
    // spawn("rm", ["-rf", "/"]), and Perl's system("rm", "-rf", "/").
    const more = /^\s*,\s*(?:\{\s*args:\s*)?(?=\[)/.exec(after);
    if (more) {
      const rest = wordsAt(text, single.end + more[0].length, constants);
      return rest ? { text: `${single.text} ${rest.text}`, end: rest.end } : undefined;
    }
    const words = [single.text];
    let end = single.end;
    for (let count = 0; count < 50; count += 1) {
      const comma = /^\s*,\s*(?=["'])/.exec(text.slice(end, end + 40));
      const next = comma && stringAt(text, end + comma[0].length, constants);
      if (!next) break;
      words.push(quoted(next.text));
      end = next.end;
    }
    const joined = words.join(' ');
    if (words.length > 1 && /\bspawn|execFile|system|exec/.test(text.slice(Math.max(0, from - 20), from))) return { text: joined, end };
    return /^\s*%\s*[\w(]|^\s*\.format\(/.test(after)
      ? { text: single.text.replaceAll(/%s|\{\}/g, HOLE), end: single.end }
      : { text: single.text, end: single.end };
  }
  const words: string[] = [];
  let position = at + list[0].length;
  for (let count = 0; count < 500; count += 1) {
    const word = valueAt(text, position, constants);
    if (!word) {
      if (/^\s*,?\s*\]/.test(text.slice(position, position + 200)) && words.length > 0) return { text: words.join(' '), end: position };
      // One word of it is not known.
      const skip = /^\s*[\w.()]{1,80}(?=\s*[,\]])/.exec(text.slice(position, position + 200));
      if (!skip || words.length === 0) return undefined;
      words.push(HOLE);
      position += skip[0].length;
    } else {
      words.push(quoted(word.text));
      position = word.end;
    }
    const comma = /^\s*,/.exec(text.slice(position, position + 200));
    position += comma?.[0].length ?? 0;
  }
  return undefined;
}

function quoted(text: string): string {
  return text.includes(HOLE) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
