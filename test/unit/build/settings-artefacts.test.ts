import { describe, expect, it } from 'vitest';
import { adml, admx } from '../../../build/settings/admx.ts';
import { settingsPage } from '../../../build/settings/page.ts';
import { mobileconfig } from '../../../build/settings/profile.ts';
import { managedJson, SAMPLE } from '../../../build/settings/sample.ts';
import { SETTING_KEYS } from '../../../main/contract/settings/keys.ts';
import { checkLayer } from '../../../main/engine/settings/check.ts';

const MANAGED = SETTING_KEYS.filter(({ setBy }) => setBy.includes('managed'));
const TEMPLATES = '../../../native-config/managed/templates';

describe('what is made from the table of settings', () => {
  it.each<[string, () => string, string]>([
    ['page', settingsPage, '../../../docs/settings.md'],
    ['Windows template', admx, `${TEMPLATES}/holdpoint.admx`],
    ['words of the Windows template', adml, `${TEMPLATES}/en-US/holdpoint.adml`],
    ['macOS profile', mobileconfig, `${TEMPLATES}/holdpoint.mobileconfig`],
    ['Linux sample', managedJson, `${TEMPLATES}/managed.json`],
  ])('ships as it is: the %s', async (_what, make, file) => {
    await expect(make()).toMatchFileSnapshot(file);
  });

  it('names every key on the page', () => {
    const page = settingsPage();
    for (const { path, meaning } of SETTING_KEYS) expect(page).toContain(`**\`${path}\`**: ${meaning}`);
  });

  it('shows settings that hold', () => {
    expect([...checkLayer({ layer: 'managed', json: SAMPLE, source: 'x', base: '/' }).keys()]).toContain('fleet.url');
  });
});

describe('the templates for Windows', () => {
  it('are XML, with a policy for every key that management may set, and every word that it needs', () => {
    const [definitions, words] = [elements(admx()), elements(adml())];
    const policies = definitions.filter(({ tag }) => tag === 'policy');
    expect(policies.map(({ attributes: { key, valueName } }) => [key, valueName])).toHaveLength(MANAGED.length);
    const categories = new Set(definitions.filter(({ tag }) => tag === 'category').map(({ attributes: { name } }) => name));
    for (const { attributes } of definitions.filter(({ tag }) => tag === 'parentCategory')) expect(categories).toContain(attributes.ref);
    const ids = (tag: string) => words.filter((one) => one.tag === tag).map(({ attributes: { id = '' } }) => id);
    expect(new Set(ids('string')).size).toBe(ids('string').length);
    const wanted = (kind: string) => [...admx().matchAll(new RegExp(`\\$\\(${kind}\\.(\\w+)\\)`, 'g'))].map(([, id]) => id);
    expect(ids('string').sort()).toEqual([...new Set(wanted('string'))].sort());
    expect(ids('presentation').sort()).toEqual(wanted('presentation').sort());
  });

  it('write each setting where the engine looks for it', () => {
    const text = admx();
    for (const { path } of MANAGED) {
      const at = text.indexOf(`name="key_${path.replaceAll('.', '_')}"`, text.indexOf('<policies>'));
      const policy = text.slice(at, text.indexOf('</policy>', at));
      const names = path.split('.');
      expect(policy).toContain(`key="${['SOFTWARE\\Policies\\Holdpoint', ...names.slice(0, -1)].join('\\')}"`);
      expect(policy).toContain(`valueName="${names.at(-1)}"`);
    }
  });
});

describe('the profile for macOS', () => {
  it('is a property list that names every key that management may set', () => {
    const text = mobileconfig();
    expect(elements(text).filter(({ tag }) => tag === 'plist')).toHaveLength(1);
    for (const { path } of MANAGED) expect(text).toContain(`<!-- ${path} (`);
  });
});

interface Element {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Reads XML strictly, as far as the templates use it: throws at what is not well-formed. */
function elements(text: string): Element[] {
  const found: Element[] = [];
  const open: string[] = [];
  const token =
    /<\?xml [^?]*\?>|<!DOCTYPE [^>]*>|<!--(?:(?!--)[\s\S])*-->|<(\/?)([A-Za-z][\w.-]*)((?:\s+[\w:.-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;
  let at = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    at = token.lastIndex;
    const [whole, closing, tag, attributes = '', single, between] = match;
    if (/&(?!(amp|lt|gt|quot);)/.test(between ?? attributes)) throw new Error(`A bare & in ${whole}`);
    if (between !== undefined && between.trim() !== '' && open.length === 0) throw new Error(`Text outside: ${whole}`);
    if (tag === undefined) continue;
    if (closing) {
      const last = open.pop();
      if (last !== tag) throw new Error(`${whole} ends ${last}`);
      continue;
    }
    const pairs = [...attributes.matchAll(/([\w:.-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value] as const);
    if (new Set(pairs.map(([name]) => name)).size !== pairs.length) throw new Error(`An attribute twice in ${whole}`);
    found.push({ tag, attributes: Object.fromEntries(pairs) });
    if (!single) open.push(tag);
  }
  if (at !== text.length || open.length > 0)
    throw new Error(`Not XML at ${JSON.stringify(text.slice(at, at + 60))}, open: ${open.join(' ')}`);
  return found;
}
