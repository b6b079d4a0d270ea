/** A page's style sheet is one sheet, and a class name in it is everybody's: each must have one file that says what it looks like. */

import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../../build/places.ts';

const BUNDLES = ['renderer/console/console.css', 'renderer/approval/approval.css'];

/** What a page may refine within its own parts: the design, and what every page of the console is laid out by. */
const COMMON = /^(?:design$|renderer\/console\/console\.css$)/;

/** Names of one file that others refine within their own parts, and why. */
const REFINED: Readonly<Record<string, string>> = {
  action: 'an action is shown wherever there is one',
  'action-text': 'a smaller one has less room in a group',
  effects: 'they stand closer in a group',
  words: 'a step shows them, and so does what the log has of it',
};

describe.each(BUNDLES)('the styles of %s', (entry) => {
  const files = filesOf(entry);

  it('define each name in one file', () => {
    const definers = new Map<string, Set<string>>();
    for (const [file, css] of files)
      for (const name of defined(css)) definers.set(name, (definers.get(name) ?? new Set()).add(ownerOf(file)));
    const shared = [...definers].filter(([, owners]) => owners.size > 1).map(([name, owners]) => `.${name}: ${[...owners].join(', ')}`);
    expect(shared).toEqual([]);
  });

  it('leave alone what is another page’s', () => {
    const meant: string[] = [];
    for (const [file, css] of files) {
      const names = defined(css).filter((name) => !COMMON.test(ownerOf(file)) && !Object.hasOwn(REFINED, name));
      for (const [other, text] of files) {
        if (other === file || ownerOf(other) === 'design') continue;
        meant.push(...named(text, names).map((name) => `.${name} of ${file} in ${other}`));
      }
    }
    expect(meant).toEqual([]);
  });
});

it('sees a name that two files define, however it is written', () => {
  expect(defined('/* .no { } */ .a,\n.b > .c { top: 0 } @media (x) { .d:hover .e { } .f.g { } :where(.h) .i { } li.j { } }')).toEqual([
    'a',
    'b',
    'd',
    'j',
  ]);
  expect(named('.x .a:not(.b) { }', ['a', 'b', 'c'])).toEqual(['a', 'b']);
});

/** Of the sheet and all that it imports. */
function filesOf(entry: string, files = new Map<string, string>()): ReadonlyMap<string, string> {
  if (files.has(entry)) return files;
  const css = readFileSync(join(ROOT, entry), 'utf8');
  files.set(entry, css);
  for (const [, imported] of css.matchAll(/@import "(\.[^"]+)"/g)) filesOf(relative('.', join(dirname(entry), imported!)), files);
  return files;
}

/** The design is one thing, whatever files it is written in. */
function ownerOf(file: string): string {
  return file.startsWith('renderer/design/') ? 'design' : file;
}

/** Names that a rule hits wherever they stand: those that stand alone at its beginning. Two together are a narrower thing. */
function defined(css: string): string[] {
  const names = selectorsOf(css).flatMap((selector) => {
    const [first = ''] = selector.replace(/:{1,2}[\w-]+(?:\([^()]*\))?/g, '').split(/[\s>+~]+/);
    const [name, ...more] = [...first.matchAll(/\.([\w-]+)/g)].map(([, found]) => found!);
    return name !== undefined && more.length === 0 ? [name] : [];
  });
  return [...new Set(names)];
}

function named(css: string, names: readonly string[]): string[] {
  const all = new Set(selectorsOf(css).flatMap((selector) => [...selector.matchAll(/\.([\w-]+)/g)].map(([, name]) => name!)));
  return names.filter((name) => all.has(name));
}

function selectorsOf(css: string): string[] {
  const rules = css.replace(/\/\*.*?\*\//gs, '').matchAll(/([^{};]*)\{/g);
  return [...rules]
    .flatMap(([, selectors]) => (selectors!.trim().startsWith('@') ? [] : selectors!.split(/,(?![^(]*\))/)))
    .map((one) => one.trim());
}
