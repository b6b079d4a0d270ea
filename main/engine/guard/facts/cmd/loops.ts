/** What a `for` goes through (`help for`): names, numbers, folders, lines of files and of commands. */

// biome-ignore-all lint/suspicious/noControlCharactersInRegex: holes are characters that nobody types

import type { Range } from '../gathering.ts';
import { FILLER, HOLE, holdingIn, holeOf } from '../holes.ts';
import { type Flow, holdingOf, type Machine, textOf } from '../shell/machine.ts';
import { readFiles } from '../windows/actions.ts';
import { type CmdState, expandPercents } from './expand.ts';
import type { CmdNode } from './syntax.ts';

const MOST_TURNS = 16;

/** For each turn, what the variables hold. */
export function valuesOfLoop(
  node: CmdNode & { type: 'for' },
  state: CmdState,
  machine: Machine,
  range: Range,
  run: (line: string) => Flow,
): (readonly (readonly [string, string])[])[] {
  const set = expandPercents(node.set, state, machine.gathering);
  const options = expandPercents(node.options, state, machine.gathering).replaceAll('"', '');
  const { variable } = node;
  const single = (values: readonly string[]) => bounded(values).map((value) => [[variable, value]] as const);
  if (node.kind.includes('l')) return single([FILLER]);
  if (node.kind.includes('f'))
    return linesOf(set.trim(), options, state, machine, range, run).map((line) => fieldsOf(line, variable, options));
  const names = (set.match(/"[^"]*"|[^\s,;="]+/g) ?? []).map((name) => name.replaceAll('"', ''));
  if (node.kind.includes('r')) {
    const root = options === '' ? '.' : options.replace(/[\\/]$/, '');
    return single(names.map((name) => `${root}\\${name === '.' ? '*' : name}`));
  }
  return single(names);
}

function bounded(values: readonly string[]): string[] {
  return values.length > MOST_TURNS ? [...values.slice(0, MOST_TURNS), HOLE] : [...values];
}

function linesOf(set: string, options: string, state: CmdState, machine: Machine, range: Range, run: (line: string) => Flow): string[] {
  const back = /usebackq/i.test(options);
  const command = back ? /^`([\s\S]*)`$/.exec(set) : /^'([\s\S]*)'$/.exec(set);
  const text = back ? /^'([\s\S]*)'$/.exec(set) : /^"([\s\S]*)"$/.exec(set);
  if (text) return [text[1]!];
  const files = (set.match(/"[^"]*"|[^\s,;="]+/g) ?? []).map((name) => ({ text: name.replaceAll('"', ''), range, raw: name }));
  const flow = command ? run(command[1]!.replace(/\^([|&<>])/g, '$1')) : readFiles(files, { machine, state: state.shell, range });
  if (flow.kind === 'text' && flow.text !== '') return bounded(flow.text.split(/\r?\n/).filter(Boolean));
  if (flow.kind === 'paths') return bounded(flow.patterns);
  const holds = holdingOf(flow);
  return [flow.kind === 'download' ? textOf(flow) : holeOf(holds)];
}

/** `tokens=1,2* delims=:`: the line's fields, in variables whose letters follow. */
function fieldsOf(line: string, variable: string, options: string): (readonly [string, string])[] {
  const tokens = /tokens=([\d,*-]+)/i.exec(options)?.[1];
  const delimiters = /delims=([^\s]*)/i.exec(options)?.[1] ?? ' \t';
  const letters = Array.from({ length: 8 }, (_, index) => String.fromCharCode(variable.charCodeAt(0) + index));
  if (/[\0\ufdd0-\ufdd5\u0001]/.test(line))
    return letters.map((letter) => [letter, holdingIn(line) || line.includes('\u0001') ? line : HOLE]);
  if (delimiters === '' && !tokens) return [[variable, line]];
  const parts = delimiters === '' ? [line] : line.split(new RegExp(`[${delimiters.replace(/[\\\]^-]/g, '\\$&')}]+`)).filter(Boolean);
  const wanted = (tokens ?? '1').split(',').flatMap((token) => {
    const span = /^(\d+)-(\d+)$/.exec(token);
    if (span)
      return Array.from({ length: Math.min(Math.max(Number(span[2]) - Number(span[1]) + 1, 0), 20) }, (_, index) =>
        String(Number(span[1]) + index),
      );
    return token.endsWith('*') && token.length > 1 ? [token.slice(0, -1), '*'] : [token];
  });
  return wanted
    .slice(0, 8)
    .map((token, index) => [
      letters[index]!,
      token === '*' ? parts.slice(Number(wanted[index - 1] ?? 0)).join(' ') : (parts[Number(token) - 1] ?? ''),
    ]);
}
