/**
 * Administrative templates of Windows' group policy: holdpoint.admx says which registry values there are, holdpoint.adml says it in words.
 * Format: [MS-GPREG] and https://learn.microsoft.com/previous-versions/windows/desktop/policy/schema-root.
 */

import { SETTING_KEYS, type SettingKey } from '../../main/contract/settings/keys.ts';
import { REGISTRY_KEY, registryPlace, windowsControl } from './windows-types.ts';
import { escaped, indented } from './xml.ts';

/** Goes up when a key is added. */
const REVISION = '1.0';
const NAMESPACE = 'http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions';
const ROOT = 'Holdpoint';
/** What a decimal element can hold. */
const MAX_DWORD = 4_294_967_295;
const MAX_TEXT = 2000;

const MANAGED: readonly SettingKey[] = SETTING_KEYS.filter(({ setBy }) => setBy.includes('managed'));
/** `audit` and `audit.upload`, each after the one above it. */
const CATEGORIES: readonly string[] = [
  ...new Set(
    MANAGED.flatMap(({ path }) => {
      const above = path.split('.').slice(0, -1);
      return above.map((_name, at) => above.slice(0, at + 1).join('.'));
    }),
  ),
];

export function admx(): string {
  return document([
    `<policyDefinitions xmlns="${NAMESPACE}" revision="${REVISION}" schemaVersion="1.0">`,
    '  <policyNamespaces>',
    '    <target prefix="holdpoint" namespace="Holdpoint.Policies" />',
    '  </policyNamespaces>',
    `  <resources minRequiredRevision="${REVISION}" />`,
    '  <supportedOn>',
    '    <definitions>',
    '      <definition name="SUPPORTED" displayName="$(string.SUPPORTED)" />',
    '    </definitions>',
    '  </supportedOn>',
    '  <categories>',
    `    <category name="${ROOT}" displayName="$(string.${ROOT})" />`,
    ...CATEGORIES.flatMap((category) => [
      `    <category name="${idOf(category)}" displayName="$(string.${idOf(category)})">`,
      `      <parentCategory ref="${parentOf(category)}" />`,
      '    </category>',
    ]),
    '  </categories>',
    '  <policies>',
    ...MANAGED.flatMap((key) => indented(policy(key), 4)),
    '  </policies>',
    '</policyDefinitions>',
  ]);
}

export function adml(): string {
  return document([
    `<policyDefinitionResources xmlns="${NAMESPACE}" revision="${REVISION}" schemaVersion="1.0">`,
    '  <displayName>Holdpoint</displayName>',
    '  <description>Settings of Holdpoint, the guard for AI agents</description>',
    '  <resources>',
    '    <stringTable>',
    ...indented([string('SUPPORTED', 'Holdpoint 0.1 or later'), string(ROOT, 'Holdpoint')], 6),
    ...indented(
      CATEGORIES.map((category) => string(idOf(category), category)),
      6,
    ),
    ...MANAGED.flatMap((key) => indented(strings(key), 6)),
    '    </stringTable>',
    '    <presentationTable>',
    ...MANAGED.flatMap((key) => indented(presentation(key), 6)),
    '    </presentationTable>',
    '  </resources>',
    '</policyDefinitionResources>',
  ]);
}

function document(lines: readonly string[]): string {
  return ['<?xml version="1.0" encoding="utf-8"?>', ...lines, ''].join('\n');
}

/** Policies and categories are in one space of names with their strings. */
function idOf(path: string): string {
  return `key_${path.replaceAll('.', '_')}`;
}

function parentOf(path: string): string {
  const above = path.split('.').slice(0, -1);
  return above.length === 0 ? ROOT : idOf(above.join('.'));
}

function policy(key: SettingKey): string[] {
  const id = idOf(key.path);
  const { subkey, name } = registryPlace(key);
  const place = subkey === '' ? REGISTRY_KEY : `${REGISTRY_KEY}\\${subkey}`;
  const isSwitch = windowsControl(key) === 'switch';
  return [
    `<policy name="${id}" class="Machine" displayName="$(string.${id})" explainText="$(string.${id}_help)" key="${place}"${isSwitch ? ` valueName="${name}"` : ` presentation="$(presentation.${id})"`}>`,
    `  <parentCategory ref="${parentOf(key.path)}" />`,
    '  <supportedOn ref="SUPPORTED" />',
    ...(isSwitch
      ? ['  <enabledValue><decimal value="1" /></enabledValue>', '  <disabledValue><decimal value="0" /></disabledValue>']
      : ['  <elements>', ...indented(element(key, id, name), 4), '  </elements>']),
    '</policy>',
  ];
}

function element(key: SettingKey, id: string, name: string): string[] {
  const start = `id="${id}_value" valueName="${name}" required="true"`;
  switch (windowsControl(key)) {
    case 'number':
      return [`<decimal ${start} minValue="${key.least ?? 0}" maxValue="${Math.min(key.most ?? MAX_DWORD, MAX_DWORD)}" />`];
    case 'choice':
      return [
        `<enum ${start}>`,
        ...key.choices.flatMap((choice, at) => [
          `  <item displayName="$(string.${id}_${at})">`,
          `    <value><string>${escaped(choice)}</string></value>`,
          '  </item>',
        ]),
        '</enum>',
      ];
    case 'lines':
      return [`<multiText ${start} maxLength="16384" />`];
    case 'line':
    case 'switch':
      return [`<text ${start} maxLength="${MAX_TEXT}" />`];
  }
}

function strings(key: SettingKey): string[] {
  const id = idOf(key.path);
  return [
    string(id, key.path),
    string(`${id}_help`, help(key)),
    ...(windowsControl(key) === 'choice' ? key.choices.map((choice, at) => string(`${id}_${at}`, choice)) : []),
  ];
}

function help(key: SettingKey): string {
  const { meaning, type, standard, shape, live, secret } = key;
  return [
    meaning,
    `Type: ${type}.${shape === 'list' ? ' One a line.' : shape === 'json' ? ' Written as JSON.' : ''}`,
    ...(standard === undefined ? [] : [`Without it: ${JSON.stringify(standard)}.`]),
    live ? 'A change takes effect at once.' : 'A change takes effect when Holdpoint starts again.',
    ...(secret ? ['Whoever can read this computer’s registry can read it.'] : []),
  ].join('\n\n');
}

function string(id: string, text: string): string {
  return `<string id="${id}">${escaped(text)}</string>`;
}

function presentation(key: SettingKey): string[] {
  const id = idOf(key.path);
  const ref = `refId="${id}_value"`;
  const label = `${escaped(key.path)}:`;
  const inside = (): string | undefined => {
    switch (windowsControl(key)) {
      case 'number':
        return `<decimalTextBox ${ref} defaultValue="${typeof key.standard === 'number' ? key.standard : (key.least ?? 0)}">${label}</decimalTextBox>`;
      case 'choice':
        return `<dropdownList ${ref} noSort="true" defaultItem="${Math.max(key.choices.indexOf(String(key.standard)), 0)}">${label}</dropdownList>`;
      case 'lines':
        return `<multiTextBox ${ref}>${label}</multiTextBox>`;
      case 'line':
        return `<textBox ${ref}><label>${label}</label></textBox>`;
      case 'switch':
        return undefined;
    }
  };
  const shown = inside();
  return shown === undefined ? [] : [`<presentation id="${id}">`, `  ${shown}`, '</presentation>'];
}
