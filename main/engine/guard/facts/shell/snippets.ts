/** Snippets: one-liners and scripts of other languages. They run code whatever they say; what their literals give away is said too. */

import type { Range } from '../gathering.ts';
import { isDownloaded, isOpen, readable } from '../holes.ts';
import { hostOf } from '../hosts.ts';
import { type Machine, NOTHING, type Region, type ShellState } from './machine.ts';

const STRING = /\s*[rbuf]?(?:"((?:\\.|[^"\\\n])*)"|'((?:\\.|[^'\\\n])*)'|`((?:\\.|[^`\\])*)`)/y;
const SPACE = /\s*/y;

/** Calls that hand a command to the system. A list of words is a command too. */
const RUNS =
  /\b(?:os\.(?:system|popen)|subprocess\.(?:run|call|Popen|check_output|check_call|getoutput)|(?:child_process['"]?\)?\.)?(?:exec|execSync|execFile|execFileSync|spawn|spawnSync)|system|shell_exec|passthru|popen|pty\.spawn|os\.execute|Open3\.\w+|qx)\s*\(|\bsystem\s+(?=["'])|\bexec\s+(?=["'])|\bdo shell script\s+(?=")/g;
/** Perl and Ruby need no parentheses. */
const RUNS_BARE = /\b(?:system|exec)\s+(?=[\w$@%])/g;
/** Code that makes code. */
const MAKES_CODE =
  /(?<![.\w])(?:eval|exec|compile|Function)\s*\(|\(\s*(?:eval|exec)\s*\)|\binstance_eval\b|\b__import__\s*\(|%x[({[]|\bmarshal\.loads/;
const DELETES =
  /\b(?:shutil\.rmtree|os\.(?:remove|unlink|removedirs|rmdir)|(?:fs\.|fsPromises\.|promises\.)?(?:rmSync|rmdirSync|unlinkSync|unlink|rmdir|rm)|rimraf(?:['"]?\))?(?:\.sync)?|FileUtils\.(?:rm\w*|remove\w*)|File\.(?:delete|unlink)|rmtree)\s*\(|\bFileUtils\.rm\w*\s+(?=["'])|\bunlink\s+(?=["'$@\w])/g;
/** Deletions that take what is in a folder too. */
const WHOLE = /rmtree|rimraf|rm_r|remove_(?:entry|dir)/;
const WRITES =
  /\b(?:writeFileSync|writeFile|appendFileSync|appendFile|createWriteStream|file_put_contents|File\.write)\s*\(|\bopen\s*\((?=\s*[rbuf]?["'][^"'\n]*["']\s*,\s*(?:mode\s*=\s*)?["'][wax+])/g;
/** What becomes of the second of two paths; the first is read. */
const COPIES =
  /\b(?:copyFileSync|copyFile|cpSync|renameSync|symlinkSync|linkSync|shutil\.(?:copy\w*|move)|os\.(?:rename|replace|symlink|link)|FileUtils\.(?:cp\w*|mv|ln\w*))\s*\(/g;
const EMPTIES = /\b(?:os\.truncate|(?:fs\.)?truncate(?:Sync)?|File\.truncate)\s*\(/g;
/** pathlib: the path comes first. */
const PATHLIB =
  /\bPath\(\s*[rbuf]?(["'])((?:\\.|(?!\1)[^\\\n]){0,400})\1\s*\)(?:\.(?:expanduser|resolve|absolute)\(\))*\.(write_text|write_bytes|touch|mkdir|unlink|rmdir|open\(\s*["'][wax])/g;
const PERL_OPEN = /\bopen(?:\s*\(\s*|\s+)(?:my\s+)?[$\w]+\s*,\s*["']\+?>>?["']\s*,(?=\s*["'])/g;
/** Every quoted text; a place where passwords are kept is told wherever it is named. */
const LITERALS = /"((?:\\.|[^"\\\n]){0,400})"|'((?:\\.|[^'\\\n]){0,400})'/g;
/** Where such a word stands, a file that starts programs is taken to be written. */
const CHANGES_FILES = /write|append|copy|rename|symlink|truncate/i;
const MAYBE_SECRET = /(^|[/~])\.[a-z]|^\/(etc|proc)\/|Library\//i;
/** Raw connections, whoever listens at the other end. */
const CONNECTS =
  /\bsocket\.(?:create_connection|connect)\s*\(|\.connect(?:_ex)?\s*\(\s*(?:\(\s*["']|\d)|\bnet\.(?:connect|createConnection)\s*\(|\bTCPSocket\.(?:open|new)\b|\bfsockopen\s*\(|\bstream_socket_client\s*\(|\b(?:use|require)\s+(?:IO::)?Socket\b/g;
/** A shell with nothing to read in this text is told elsewhere what to do. */
const BARE_SHELL = /^\s*'?(?:\/(?:usr\/)?bin\/)?(?:ba|z|da|k)?sh'?(?:\s+'?-i'?)?(?:\s+[<>0-9&][^|;]*|\s*)$/;
/** What makes of a request more than a question. */
const SENDS = /^\s*(?:[+%.]|,?[^;\n]{0,200}?\b(?:data|json|body|files|method)\b\s*[:=])/;
const FETCHES =
  /\b(?:requests\.\w+|urllib\.request\.\w+|urlopen|urlretrieve|fetch|axios(?:\.\w+)?|https?(?:['"]\))?\.(?:get|request)|Net::HTTP\.\w+|LWP::\w+|httpx\.\w+|file_get_contents)\s*\(|\b(?:import|require)\b[^\n]*\b(?:socket|paramiko|smtplib|ftplib|telnetlib)\b/g;

export function judgeSnippet(text: string, language: string, region: Region, state: ShellState, machine: Machine): void {
  const { gathering } = machine;
  const all = region(0, text.length);
  if (isDownloaded(text))
    gathering.effect('download-execute', 'risk', `downloads ${machine.disk.sources.at(-1) ?? 'something'} and runs it`, all);
  else if (isOpen(text.replace(LITERALS, '')))
    gathering.effect('unresolved', 'watch', `runs ${language} code that can’t be told before it runs`, all);
  const path = (literal: string, range: Range) => ({ text: literal, raw: literal, range });
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
    if (command !== undefined && BARE_SHELL.test(command.text))
      gathering.effect('unresolved', 'risk', 'starts a shell that is told elsewhere what to do', region(match.index, command.end));
    else if (command !== undefined) machine.runText(command.text, state, NOTHING, () => region(match.index, command.end));
    else
      gathering.effect(
        'unresolved',
        'watch',
        `runs a command that can’t be told before it runs: ${readable(text.slice(match.index), 40)}`,
        region(match.index, end),
      );
  }
  if (/^(perl|ruby)/.test(language))
    for (const match of text.matchAll(RUNS_BARE))
      gathering.effect(
        'unresolved',
        'watch',
        `runs a command that can’t be told before it runs: ${readable(text.slice(match.index), 40)}`,
        region(match.index, match.index + match[0].length),
      );
  // Backticks run a command there; in JavaScript they are text.
  if (/^(perl|ruby|php)/.test(language))
    for (const match of text.matchAll(/`([^`\n]+)`/g)) machine.runText(match[1]!, state, NOTHING, () => all);
  if (language === 'osascript' && /\btell\s+app|keystroke|\bdo\s+script\b/i.test(text))
    gathering.effect('unresolved', 'watch', 'drives other programs', all);
  const pathlib = [...text.matchAll(PATHLIB)];
  for (const match of text.matchAll(DELETES)) {
    if (pathlib.some((one) => match.index > one.index && match.index < one.index + one[0].length)) continue;
    const end = match.index + match[0].length;
    const target = stringAt(text, end);
    const range = region(match.index, target?.end ?? end);
    const whole =
      WHOLE.test(match[0]) || (target !== undefined && /^\s*,\s*\{[^}]*\brecursive\b/.test(text.slice(target.end, target.end + 80)));
    if (target) gathering.deletes(path(target.text, range), state.cwd, whole ? 'whole' : undefined);
    else {
      const says = `deletes what can’t be told before it runs: ${readable(text.slice(match.index), 40)}`;
      gathering.effect('delete', 'watch', says, range);
      gathering.effect('unresolved', 'watch', says, range);
    }
  }
  for (const match of text.matchAll(WRITES)) {
    const target = stringAt(text, match.index + match[0].length);
    if (target) gathering.writes(path(target.text, region(match.index, target.end)), state.cwd);
  }
  for (const match of text.matchAll(PERL_OPEN)) {
    const target = stringAt(text, match.index + match[0].length);
    if (target) gathering.writes(path(target.text, region(match.index, target.end)), state.cwd);
  }
  for (const match of text.matchAll(COPIES)) {
    const from = stringAt(text, match.index + match[0].length);
    const comma = from && /^\s*,/.exec(text.slice(from.end, from.end + 80));
    const to = comma ? stringAt(text, from.end + comma[0].length) : undefined;
    if (to) gathering.writes(path(to.text, region(match.index, to.end)), state.cwd);
  }
  for (const match of text.matchAll(EMPTIES)) {
    const target = stringAt(text, match.index + match[0].length);
    if (!target) continue;
    const place = gathering.writes(path(target.text, region(match.index, target.end)), state.cwd, 'empties');
    if (!/^(generated|scratch|nothing)$/.test(place.kind))
      gathering.effect('destructive', 'watch', `empties ${place.shown}`, region(match.index, target.end));
  }
  for (const match of pathlib) {
    const target = path(match[2]!, region(match.index, match.index + match[0].length));
    if (/^(unlink|rmdir)/.test(match[3]!)) gathering.deletes(target, state.cwd);
    else gathering.writes(target, state.cwd);
  }
  for (const match of text.matchAll(LITERALS)) {
    const literal = match[1] ?? match[2]!;
    if (!MAYBE_SECRET.test(literal)) continue;
    // `HOME + "/.ssh/id_rsa"`, and the parts of a path that is put together.
    const meant = /^\/?\.[a-z]/.test(literal) ? [literal, `~/${literal}`] : [literal];
    const started = meant.find((one) => gathering.paths.place(one, state.cwd).kind === 'machinery');
    if (started && CHANGES_FILES.test(text)) gathering.writes(path(started, region(match.index, match.index + match[0].length)), state.cwd);
    const named = meant.find((one) => gathering.paths.place(one, state.cwd).kind === 'secret');
    if (named) gathering.reads(path(named, region(match.index, match.index + match[0].length)), state.cwd);
  }
  for (const match of text.matchAll(CONNECTS))
    gathering.effect('network', 'watch', 'opens a connection to another machine', region(match.index, match.index + match[0].length));
  for (const match of text.matchAll(FETCHES)) {
    const url = stringAt(text, match.index + match[0].length);
    const host = url && hostOf(url.text);
    if (url && !host) continue;
    if (host) gathering.host(host);
    const asks = url && host && /get|open|retrieve|fetch/i.test(match[0]) && !SENDS.test(text.slice(url.end, url.end + 260));
    gathering.effect(
      'network',
      asks ? 'plain' : 'watch',
      host ? `${asks ? 'talks' : 'sends something'} to ${host}` : 'opens a connection to another machine',
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
