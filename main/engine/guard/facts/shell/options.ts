/** Options and operands: which words of a command are which (POSIX Utility Syntax Guidelines, with GNU's long options). */

import type { Word } from '../gathering.ts';
import type { Program } from '../programs/program.ts';
import type { Option } from './machine.ts';

export interface Parsed {
  readonly options: readonly Option[];
  readonly operands: readonly Word[];
}

export function parseWords(words: readonly Word[], program: Program, until: 'end' | 'operand' = 'end'): Parsed {
  const withValue = new Set(
    [program.values, program.reads, program.writes, program.runs, program.helps, program.pages, program.goes].join(' ').split(' '),
  );
  const options: Option[] = [];
  const operands: Word[] = [];
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i]!;
    if (word.text === '--') {
      operands.push(...words.slice(i + 1));
      break;
    }
    if (!/^-./s.test(word.text)) {
      if (until === 'operand') {
        operands.push(...words.slice(i));
        break;
      }
      operands.push(word);
      continue;
    }
    const next = words[i + 1];
    if (word.text.startsWith('--') || program.style === 'words') {
      const equals = word.text.indexOf('=');
      const name = equals < 0 ? word.text : word.text.slice(0, equals);
      const takes = equals < 0 && withValue.has(name) && next !== undefined;
      if (takes) i += 1;
      options.push(option(name, word, takes ? next : equals < 0 ? undefined : { ...word, text: word.text.slice(equals + 1) }));
      continue;
    }
    const letters = [...word.text.slice(1)];
    for (let at = 0; at < letters.length; at += 1) {
      const name = `-${letters[at]}`;
      if (!withValue.has(name)) {
        options.push(option(name, word));
        continue;
      }
      const rest = letters.slice(at + 1).join('');
      if (rest === '' && next !== undefined) i += 1;
      options.push(option(name, word, rest !== '' ? { ...word, text: rest } : next));
      break;
    }
  }
  return { options, operands };
}

/** Whether any of the space-separated options is given. GNU programs take a long one's beginning for it. */
export function hasOption(options: readonly Option[], names: string): boolean {
  return findOption(options, names) !== undefined;
}

export function findOption(options: readonly Option[], names: string): Option | undefined {
  const wanted = names.split(' ');
  return options.find(({ name }) =>
    wanted.some((one) => one === name || (one.startsWith('--') && name.length > 4 && one.startsWith(name))),
  );
}

/** Every value given to one of the space-separated options. */
export function valuesOf(options: readonly Option[], names: string | undefined): Word[] {
  if (!names) return [];
  const wanted = names.split(' ');
  return options.flatMap(({ name, value }) => (value && wanted.includes(name) ? [value] : []));
}

function option(name: string, word: Word, value?: Word): Option {
  return value ? { name, word, value } : { name, word };
}
