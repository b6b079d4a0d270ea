/** Snippets: one-liners and scripts of other languages. They run code whatever they say; what their literals give away is said too. */

import { readable } from '../holes.ts';
import { hostOf } from './hosts.ts';
import { type Machine, NOTHING, type Region, type ShellState } from './machine.ts';

const STRING = /\s*[rbuf]?(?:"((?:\\.|[^"\\\n])*)"|'((?:\\.|[^'\\\n])*)'|`((?:\\.|[^`\\])*)`)/y;
const SPACE = /\s*/y;

/** Calls that hand a command to the system. A list of words is a command too. */
const RUNS =
  /\b(?:os\.(?:system|popen)|subprocess\.(?:run|call|Popen|check_output|check_call|getoutput)|(?:child_process['"]?\)?\.)?(?:exec|execSync|execFile|execFileSync|spawn|spawnSync)|system|shell_exec|passthru|popen|pty\.spawn|Open3\.\w+|qx)\s*\(|\bsystem\s+(?=["'])|\bexec\s+(?=["'])/g;
/** Code that makes code. */
const MAKES_CODE =
  /(?<![.\w])(?:eval|exec|compile|Function)\s*\(|\(\s*(?:eval|exec)\s*\)|\binstance_eval\b|\b__import__\s*\(|%x[({[]|\bmarshal\.loads/;
const DELETES =
  /\b(?:shutil\.rmtree|os\.(?:remove|unlink|removedirs|rmdir)|(?:fs\.|fsPromises\.|promises\.)?(?:rmSync|rmdirSync|unlinkSync|unlink|rmdir|rm)|rimraf(?:\.sync)?|FileUtils\.(?:rm\w*|remove\w*)|File\.(?:delete|unlink)|rmtree)\s*\(|\bFileUtils\.rm\w*\s+(?=["'])|\bunlink\s+(?=["'])/g;
const WRITES =
  /\b(?:writeFileSync|writeFile|appendFileSync|appendFile|createWriteStream|file_put_contents|File\.write)\s*\(|\bopen\s*\((?=\s*[rbuf]?["'][^"'\n]*["']\s*,\s*(?:mode\s*=\s*)?["'][wax+])/g;
const FETCHES =
  /\b(?:requests\.\w+|urllib\.request\.\w+|urlopen|urlretrieve|fetch|axios(?:\.\w+)?|https?\.(?:get|request)|Net::HTTP\.\w+|LWP::\w+|httpx\.\w+|file_get_contents|socket\.(?:create_connection|connect))\s*\(|\b(?:import|require)\b[^\n]*\b(?:socket|paramiko|smtplib|ftplib|telnetlib)\b/g;

export function judgeSnippet(text: string, language: string, region: Region, state: ShellState, machine: Machine): void {
  const { gathering } = machine;
  const all = region(0, text.length);
  const made = MAKES_CODE.exec(text);
  const runs = [...text.matchAll(RUNS)].filter((match) => !isMethod(text, match));
  if (made && !runs.some((match) => match.index === made.index)) {
    gathering.effect(
      'unresolved',
      'watch',
      `makes code of its own and runs it: ${readable(text.slice(made.index), 40)}`,
      region(made.index, made.index + made[0].length),
    );
  }
  for (const match of runs) {
    const end = match.index + match[0].length;
    const command = wordsAt(text, end);
    if (command !== undefined) machine.runText(command.text, state, NOTHING, () => region(match.index, command.end));
    else
      gathering.effect(
        'unresolved',
        'watch',
        `runs a command that can’t be told before it runs: ${readable(text.slice(match.index), 40)}`,
        region(match.index, end),
      );
  }
  // Backticks run a command there; in JavaScript they are text.
  if (/^(perl|ruby|php)/.test(language))
    for (const match of text.matchAll(/`([^`\n]+)`/g)) machine.runText(match[1]!, state, NOTHING, () => all);
  for (const match of text.matchAll(DELETES)) {
    const end = match.index + match[0].length;
    const path = stringAt(text, end);
    const range = region(match.index, path?.end ?? end);
    if (path) gathering.deletes({ text: path.text, range, raw: path.text }, state.cwd);
    else {
      gathering.effect('delete', 'watch', 'deletes files', range);
      gathering.effect('unresolved', 'watch', `deletes what can’t be told before it runs: ${readable(text.slice(match.index), 40)}`, range);
    }
  }
  for (const match of text.matchAll(WRITES)) {
    const path = stringAt(text, match.index + match[0].length);
    if (path) gathering.writes({ text: path.text, range: region(match.index, path.end), raw: path.text }, state.cwd);
  }
  for (const match of text.matchAll(FETCHES)) {
    const url = stringAt(text, match.index + match[0].length);
    const host = url && hostOf(url.text);
    if (url && !host) continue;
    if (host) gathering.host(host);
    gathering.effect(
      'network',
      host && /get|open|retrieve|fetch/i.test(match[0]) ? 'plain' : 'watch',
      host ? `talks to ${host}` : 'talks to another machine',
      region(match.index, url?.end ?? match.index + match[0].length),
    );
  }
}

/** `pattern.exec(text)` is a regular expression's, `cursor.execute` a database's. */
function isMethod(text: string, match: RegExpExecArray): boolean {
  const before = text.slice(Math.max(0, match.index - 40), match.index);
  return /^(exec|system)\b/.test(match[0]) && /[\w)\]/]\.$/.test(before) && !/(child_process|cp|os|Kernel|kernel)['")]*\.$/.test(before);
}

/** The string, or the list of strings, that starts here, as a command. */
function wordsAt(text: string, from: number): { text: string; end: number } | undefined {
  SPACE.lastIndex = from;
  SPACE.exec(text);
  const at = SPACE.lastIndex;
  if (text[at] !== '[') {
    const single = stringAt(text, at);
    if (!single) return undefined;
    // spawn("rm", ["-rf", "/"])
    const list = /^\s*,\s*(?=\[)/.exec(text.slice(single.end));
    const rest = list ? wordsAt(text, single.end + list[0].length) : undefined;
    if (list && !rest) return undefined;
    return /^\s*[+%.]/.test(text.slice(single.end))
      ? undefined
      : { text: rest ? `${single.text} ${rest.text}` : single.text, end: rest?.end ?? single.end };
  }
  const words: string[] = [];
  let position = at + 1;
  for (;;) {
    const word = stringAt(text, position);
    if (!word) return /^\s*,?\s*\]/.test(text.slice(position)) && words.length > 0 ? { text: words.join(' '), end: position } : undefined;
    words.push(`'${word.text.replaceAll("'", `'\\''`)}'`);
    const comma = /^\s*,/.exec(text.slice(word.end, word.end + 200));
    position = word.end + (comma?.[0].length ?? 0);
  }
}

/** The quoted literal that starts here, white space aside; undefined where there is none. */
export function stringAt(text: string, from: number): { text: string; end: number } | undefined {
  STRING.lastIndex = from;
  const match = STRING.exec(text);
  if (!match) return undefined;
  const value = match[1] ?? match[2] ?? match[3] ?? '';
  if (match[3] !== undefined && value.includes('${')) return undefined;
  return { text: value.replace(/\\(["'`\\])/g, '$1'), end: STRING.lastIndex };
}
