/** What a publication would change, in lines for a person. */

import type { Json } from '../../../contract/record.ts';
import { settingKey } from '../../../contract/settings/keys.ts';
import { loadBundle } from '../../policy/bundle.ts';
import { valuesOf } from '../../settings/layers.ts';
import { shownValue } from '../../settings/shown.ts';
import type { BundleContent } from './content.ts';

/** `+`, `-` and `~` stand for what is new, gone and changed. Empty where nothing is. */
export async function changesBetween(before: BundleContent | undefined, after: BundleContent): Promise<string[]> {
  const [was, is] = [await policiesOf(before), await policiesOf(after)];
  return [
    ...compared(was, is, (id) => `policy ${id}`),
    ...compared(settingsOf(before), settingsOf(after), (key) => `setting ${key}`, shownChange),
    ...compared(textsOf(before), textsOf(after), (file) => `tests in ${file}`),
  ];
}

export function isSame(one: BundleContent | undefined, other: BundleContent): boolean {
  return one !== undefined && spelled(one) === spelled(other);
}

function spelled({ policies, tests, settings }: BundleContent): string {
  const sorted = (texts: Readonly<Record<string, unknown>>) => Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([sorted(policies), sorted(tests), sorted(settings)]);
}

function compared<V>(
  before: ReadonlyMap<string, V>,
  after: ReadonlyMap<string, V>,
  name: (key: string) => string,
  detail: (key: string, before: V | undefined, after: V | undefined) => string = () => '',
): string[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort();
  return keys.flatMap((key) => {
    const [was, is] = [before.get(key), after.get(key)];
    if (JSON.stringify(was) === JSON.stringify(is)) return [];
    const sign = was === undefined ? '+' : is === undefined ? '-' : '~';
    return [`${sign} ${name(key)}${detail(key, was, is)}`];
  });
}

async function policiesOf(content: BundleContent | undefined): Promise<ReadonlyMap<string, string>> {
  if (!content || Object.keys(content.policies).length === 0) return new Map();
  const { policies } = await loadBundle({ given: { name: 'the bundle', ...content } });
  return new Map(policies.map(({ id, text }) => [id, text]));
}

function settingsOf(content: BundleContent | undefined): ReadonlyMap<string, Json> {
  return valuesOf(content?.settings ?? {});
}

function textsOf(content: BundleContent | undefined): ReadonlyMap<string, string> {
  return new Map(Object.entries(content?.tests ?? {}));
}

function shownChange(key: string, before: Json | undefined, after: Json | undefined): string {
  const shown = (value: Json | undefined) => (value === undefined ? 'not set' : JSON.stringify(shownValue(settingKey(key), value)));
  return `: ${shown(before)} → ${shown(after)}`;
}
