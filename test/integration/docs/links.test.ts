/** What README and guides lead to is there: pages, their headings, tests, pictures; and no picture is kept that nobody shows. */

import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../../..');
const PAGES = ['README.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)].filter((name) => name.endsWith('.md'));
const PICTURES = 'docs/screenshots';

/** Targets of links and pictures, as they are written, in Markdown and in HTML. */
function targetsIn(text: string): string[] {
  const prose = text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
  const found = [...prose.matchAll(/\]\(([^)\s]+)\)/g), ...prose.matchAll(/(?:src|srcset|href)="([^"]+)"/g)];
  return found.map(([, target]) => target!).filter((target) => !/^[a-z]+:/i.test(target));
}

/** As GitHub names them. */
function headingsOf(page: string): string[] {
  return [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );
}

function read(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8');
}

/** From the clone's root, and the heading, where one is meant. */
function placeOf(page: string, target: string): { readonly path: string; readonly heading: string | undefined } {
  const [file = '', heading] = target.split('#');
  return { path: file === '' ? page : relative(ROOT, resolve(ROOT, dirname(page), decodeURI(file))), heading };
}

describe.each(PAGES)('%s', (page) => {
  it('leads to nothing that is not there', () => {
    const dead = targetsIn(read(page)).filter((target) => {
      const { path, heading } = placeOf(page, target);
      if (path.startsWith('..') || !existsSync(join(ROOT, path))) return true;
      return heading !== undefined && path.endsWith('.md') && !headingsOf(path).includes(heading);
    });
    expect(dead).toEqual([]);
  });

  it('tells in words what each picture shows', () => {
    const text = read(page);
    const silent = [...text.matchAll(/!\[\s*\]\([^)]*\)/g), ...text.matchAll(/<img(?![^>]*\balt="[^"]+")[^>]*>/g)].map(([tag]) => tag);
    expect(silent).toEqual([]);
  });
});

it('every test that the assurance page names is there', () => {
  const named = [...read('docs/assurance.md').matchAll(/`(test\/[^`]+)`/g)].map(([, path]) => path!);
  expect(named.length).toBeGreaterThan(50);
  expect([...new Set(named)].filter((path) => globSync(path, { cwd: ROOT }).length === 0)).toEqual([]);
});

it('every picture that is kept is shown somewhere', () => {
  const shown = new Set(PAGES.flatMap((page) => targetsIn(read(page)).map((target) => placeOf(page, target).path)));
  const kept = readdirSync(join(ROOT, PICTURES)).map((name) => `${PICTURES}/${name}`);
  expect(kept.filter((path) => !shown.has(path))).toEqual([]);
});

it('a dead link is seen', () => {
  expect(targetsIn('[a](docs/gone.md) `[b](x)` <img src="gone.png"> [c](https://example.com)')).toEqual(['docs/gone.md', 'gone.png']);
  expect(headingsOf('README.md')).toContain('what-it-does');
});
