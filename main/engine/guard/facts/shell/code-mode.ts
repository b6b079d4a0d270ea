/** Codex's code mode: JavaScript that calls the agent's tools. Its literals are read; all else cannot be told. */

import { readable } from '../holes.ts';
import { judgePatch } from '../patch.ts';
import { type Machine, NOTHING, type ShellState } from './machine.ts';
import { stringAt } from './snippets.ts';

const CALL = /\btools\s*(?:\.\s*(\w+)|\[)/g;
/** Tools that touch nothing outside the agent. */
const HARMLESS = /^(update_plan|view_image|list_mcp_resources)$/;

export function judgeCode(text: string, state: ShellState, machine: Machine): void {
  const { gathering } = machine;
  let calls = 0;
  for (const match of text.matchAll(CALL)) {
    calls += 1;
    const [name, from] = [match[1] ?? '', match.index + match[0].length];
    if (HARMLESS.test(name)) continue;
    if (name === 'exec_command' && commandAt(text, from, state, machine)) continue;
    const patch = name === 'apply_patch' ? stringAt(text, from + (/^\s*\(/.exec(text.slice(from))?.[0].length ?? 0)) : undefined;
    if (patch) judgePatch(patch.text, state.cwd, gathering, () => ({ start: from, end: patch.end }));
    else
      gathering.effect(
        'unresolved',
        'watch',
        `calls a tool with what can’t be told before it runs: ${readable(text.slice(match.index), 40)}`,
        { start: match.index, end: from },
      );
  }
  gathering.effect('runs-code', 'plain', 'runs JavaScript in the agent');
  // The tools under another name, or code that is made as it runs.
  if (calls === 0 || /\beval\s*\(|\bFunction\s*\(|\bimport\s*\(|=\s*tools\b(?!\s*\.)|\btools\s*[,)}]/.test(text)) {
    gathering.effect('unresolved', 'watch', 'runs JavaScript whose calls can’t be told before it runs');
  }
}

/** `({ cmd: "…", workdir: "…" })` with literals only. */
function commandAt(text: string, from: number, state: ShellState, machine: Machine): boolean {
  const open = /^\s*\(\s*\{/.exec(text.slice(from));
  if (!open) return false;
  let position = from + open[0].length;
  let command: { text: string; start: number; end: number } | undefined;
  let cwd = state.cwd;
  for (;;) {
    const key = /^[\s,]*["']?(\w+)["']?\s*:\s*/.exec(text.slice(position));
    if (!key) break;
    const start = position + key[0].length;
    const value = stringAt(text, start);
    if (value && /^cmd$/.test(key[1]!)) command = { text: unescaped(value.text), start: start + 1, end: value.end - 1 };
    else if (value && key[1] === 'workdir') cwd = machine.gathering.paths.absolute(value.text, cwd);
    else if (/^(cmd|workdir)$/.test(key[1]!)) return false;
    const end = value?.end ?? start + (/^(\d+|true|false|null)/.exec(text.slice(start))?.[0].length ?? 0);
    if (end === start) return false;
    position = end;
  }
  // A string that goes on (`"a" + b`), or a key that is made as it runs, ends elsewhere than at the brace.
  if (!command || !/^[\s,]*\}\s*\)/.test(text.slice(position))) return false;
  const { start, end } = command;
  const exact = text.slice(start, end) === command.text;
  machine.runText(command.text, { ...state, cwd }, NOTHING, (a, b) => (exact ? { start: start + a, end: start + b } : { start, end }));
  return true;
}

function unescaped(text: string): string {
  return text.replace(/\\(n|t|r)/g, (_, letter: string) => ({ n: '\n', t: '\t', r: '\r' })[letter] ?? letter);
}
