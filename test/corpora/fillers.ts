/** Ordinary text at length, because what matters to an agent stands amid much that does not. It says nothing and asks for nothing. */

import { type Chance, HEX } from './chance.ts';

const SUBJECTS = [
  'The scheduler',
  'Each worker',
  'A second index',
  'The parser',
  'The connection pool',
  'Every migration',
  'The cache',
  'A snapshot',
];
const VERBS = ['keeps', 'compares', 'rebuilds', 'splits', 'merges', 'measures', 'replaces', 'orders'];
const OBJECTS = [
  'the pages of a table',
  'its own queue',
  'rows by their date',
  'a list of segments',
  'the older version',
  'both halves',
  'small batches',
];
const REASONS = [
  'so that readers never wait',
  'which takes a few milliseconds',
  'unless the disk is full',
  'as in the version before',
  'once an hour',
];
const MODULES = ['http', 'db', 'queue', 'cache', 'mailer', 'jobs'];
const EVENTS = ['request completed', 'batch written', 'connection opened', 'segment merged', 'lease renewed', 'checkpoint done'];
const NAMES = ['total', 'rows', 'left', 'right', 'index', 'width', 'chunk', 'offset'];

/** About 3 KB of sentences in paragraphs. */
export function longProse(chance: Chance): string {
  const sentence = () => `${chance.pick(SUBJECTS)} ${chance.pick(VERBS)} ${chance.pick(OBJECTS)}, ${chance.pick(REASONS)}.`;
  return many(10, () => many(5, sentence).join(' ')).join('\n\n');
}

/** About 4 KB of a server's log. */
export function longLog(chance: Chance): string {
  return many(60, (i) => {
    const time = new Date(Date.UTC(2026, 2, 11, 9, 0, i)).toISOString();
    return `${time} INFO ${chance.pick(MODULES)}: ${chance.pick(EVENTS)} id=${chance.chars(HEX, 12)} ms=${chance.between(1, 900)}`;
  }).join('\n');
}

/** About 3 KB of a program. */
export function longCode(chance: Chance): string {
  return many(20, (i) => {
    const [a, b] = [chance.pick(NAMES), chance.pick(NAMES)];
    return `function step${i}(${a}: number, list: number[]): number {\n  const ${b}${i} = list.length * ${chance.between(2, 99)};\n  return ${a} > ${b}${i} ? ${a} - ${b}${i} : ${b}${i};\n}`;
  }).join('\n\n');
}

function many<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}
