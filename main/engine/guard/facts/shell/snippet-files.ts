/** Files that code of other languages reads, writes, copies and deletes. */

import { gravest, type Holding, readable } from '../holes.ts';
import { fileFlow, holdingOf } from './machine.ts';
import {
  CHANGES_FILES,
  COPIES,
  DELETES,
  DELETES_EACH,
  EMPTIES,
  LITERALS,
  MAYBE_SECRET,
  PATHLIB,
  PATHLIB_LOOSE,
  PERL_OPEN,
  READS,
  WHOLE,
  WRITES,
} from './snippet-patterns.ts';
import { valueAt } from './snippet-values.ts';
import { matchesOf, type Snippet } from './snippets.ts';

const KEPT = /^(generated|scratch|nothing)$/;

/** Gives the gravest of what is read. */
export function judgeFiles(snippet: Snippet): Holding | undefined {
  judgeDeletions(snippet);
  judgeWrites(snippet);
  return gravest(judgeReads(snippet), judgeLiterals(snippet));
}

function judgeDeletions(snippet: Snippet): void {
  const { text, region, state, machine, constants, word } = snippet;
  const { gathering } = machine;
  const pathlib = matchesOf(PATHLIB, snippet);
  for (const match of matchesOf(DELETES, snippet)) {
    if (pathlib.some((one) => match.index > one.index && match.index < one.index + one[0].length)) continue;
    // `list.remove(x)`, `element.remove()`: something of the program's own.
    if (/^(remove|rm|rmdir|unlink)\s*\(/.test(match[0]) && /[\w)\]]\.$/.test(text.slice(Math.max(0, match.index - 2), match.index)))
      continue;
    if (/^(remove|rm)\s*\(/.test(match[0]) && !/^(lua|node|deno|bun|R)/.test(snippet.language)) continue;
    const end = match.index + match[0].length;
    const target = valueAt(text, end, constants);
    const range = region(match.index, target?.end ?? end);
    const whole =
      WHOLE.test(match[0]) ||
      (target !== undefined && /^\s*,\s*(?:\{[^}]*\brecursive\b|recursive\s*=\s*T)/.test(text.slice(target.end, target.end + 80)));
    if (target)
      gathering.deletes(
        { ...word(target.text, match.index, target.end), range, raw: text.slice(match.index, target.end) },
        state.cwd,
        whole ? 'whole' : undefined,
      );
    else unclear(`deletes what can’t be told before it runs: ${readable(text.slice(match.index), 40)}`, range, snippet);
  }
  for (const match of matchesOf(DELETES_EACH, snippet)) {
    const rest = /^["']?\s*,?\s*/.exec(text.slice(match.index + match[0].length))?.[0].length ?? 0;
    const target = valueAt(text, match.index + match[0].length + rest, constants);
    const range = region(match.index, target?.end ?? match.index + match[0].length);
    if (target) gathering.deletes({ ...word(target.text, match.index, target.end), range }, state.cwd, 'found');
    else unclear(`deletes what can’t be told before it runs: ${readable(text.slice(match.index), 40)}`, range, snippet);
  }
  for (const match of pathlib) {
    const target = word(match[2]!, match.index, match.index + match[0].length);
    if (/^(unlink|rmdir)/.test(match[3]!)) gathering.deletes(target, state.cwd);
    else gathering.writes(target, state.cwd);
  }
  if (/^(python|pypy)/.test(snippet.language)) {
    for (const match of matchesOf(PATHLIB_LOOSE, snippet)) {
      if (pathlib.some((one) => match.index >= one.index && match.index < one.index + one[0].length)) continue;
      const range = region(match.index + 1, match.index + match[0].length);
      unclear(`deletes what can’t be told before it runs: ${readable(text.slice(Math.max(0, match.index - 10)), 40)}`, range, snippet);
    }
  }
  for (const match of matchesOf(EMPTIES, snippet)) {
    const target = valueAt(text, match.index + match[0].length, constants);
    if (!target) continue;
    const place = gathering.writes(word(target.text, match.index, target.end), state.cwd, 'empties');
    if (!KEPT.test(place.kind)) gathering.effect('destructive', 'watch', `empties ${place.shown}`, region(match.index, target.end));
  }
}

function unclear(says: string, range: { start: number; end: number }, { machine }: Snippet): void {
  machine.gathering.effect('delete', 'watch', says, range);
  machine.gathering.effect('unresolved', 'watch', says, range);
}

function judgeWrites(snippet: Snippet): void {
  const { text, state, machine, constants, word } = snippet;
  for (const match of [...matchesOf(WRITES, snippet), ...matchesOf(PERL_OPEN, snippet)]) {
    const target = valueAt(text, match.index + match[0].length, constants);
    if (target)
      machine.gathering.writes({ ...word(target.text, match.index, target.end), raw: text.slice(match.index, target.end) }, state.cwd);
  }
  for (const match of matchesOf(COPIES, snippet)) {
    const from = valueAt(text, match.index + match[0].length, constants);
    const comma = from && /^\s*,/.exec(text.slice(from.end, from.end + 80));
    const to = comma ? valueAt(text, from.end + comma[0].length, constants) : undefined;
    if (from && to && !/^https?:/i.test(from.text)) {
      const path = machine.gathering.paths.absolute(to.text, state.cwd);
      if (path !== undefined) machine.disk.files.set(path, fileFlow(from.text, state, machine));
    }
    if (to) machine.gathering.writes(word(to.text, match.index, to.end), state.cwd);
  }
}

function judgeReads({ text, language, isText, state, machine, constants, word }: Snippet): Holding | undefined {
  let holds: Holding | undefined;
  for (const match of matchesOf(READS, { text, isText })) {
    if (/^file\s*\(/.test(match[0]) && !/^(php|R)/.test(language)) continue;
    const target = valueAt(text, match.index + match[0].length, constants);
    if (!target || target.text === '' || /^[a-z]+:\/\//i.test(target.text)) continue;
    const [, mode = ''] = /^\s*,\s*(?:mode\s*=\s*)?["']([\w+]{1,4})["']/.exec(text.slice(target.end, target.end + 40)) ?? [];
    if (/[wax]/.test(mode) || target.text.includes('\0')) continue;
    machine.gathering.reads({ ...word(target.text, match.index, target.end), raw: target.text }, state.cwd);
    holds = gravest(holds, holdingOf(fileFlow(target.text, state, machine)));
  }
  return holds;
}

/** A place where passwords are kept is told wherever it is named, and so is one that starts programs, where something is written. */
function judgeLiterals({ text, state, machine, word }: Snippet): Holding | undefined {
  const { gathering } = machine;
  let holds: Holding | undefined;
  let left = 500;
  for (const match of text.matchAll(LITERALS)) {
    const literal = match[1] ?? match[2]!;
    left -= 1;
    if (left < 0) break;
    if (!MAYBE_SECRET.test(literal) || /\s/.test(literal.trim())) continue;
    // `HOME + "/.ssh/id_rsa"`, and the parts of a path that is put together.
    const meant = /^\/?\.[a-z]/.test(literal) ? [literal, `~/${literal}`] : [literal];
    const end = match.index + match[0].length;
    const started = meant.find((one) => gathering.paths.place(one, state.cwd).starts !== undefined);
    if (started && CHANGES_FILES.test(text)) gathering.writes(word(started, match.index, end), state.cwd);
    const named = meant.find((one) => gathering.paths.place(one, state.cwd).kind === 'secret');
    if (!named) continue;
    gathering.reads(word(named, match.index, end), state.cwd);
    holds = 'secret';
  }
  return holds;
}
