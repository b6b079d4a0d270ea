/** The page of documentation about settings: every key of the table. */

import { SETTING_KEYS, type SettingKey } from '../../main/contract/settings/keys.ts';
import type { Layer } from '../../main/contract/settings/layers.ts';
import { plistType } from './profile.ts';
import { registryPlace, registryType } from './windows-types.ts';

const BEGINNING = `# Settings

This page is made from the table of keys; a test keeps it up to date. The same keys are the configuration file’s, the fleet’s and the management’s. \`settings.schema.json\` beside this page is their JSON Schema.

## Who sets them

1. **The machine’s management**: group policy on Windows, a configuration profile on macOS, a file of root’s on Linux.
2. **The fleet’s policy**: settings in the signed bundle. Whoever can fetch the bundle can read them.
3. **The user’s configuration file**: \`holdpoint engine --config FILE\`.

The earlier beats the later, key by key: a managed \`approvals.unattended\` leaves the user’s \`approvals.timeoutSeconds\` alone. A list or a map is one value; those of two layers are not put together. Keys of one *group* come from one hand: whoever sets one of them sets them all, and the rest of them have their defaults. So nobody can add headers of their own to another’s server.

A layer in which anything is wrong, or which has a key that this version does not know, is not taken at all: what it said last stays in force, and the status says what is wrong. \`holdpoint settings list\` shows what is in force, and \`holdpoint settings explain KEY\` who set it, who else would have, and whom to ask.

## Managed settings

| system | where | how |
| --- | --- | --- |
| Windows | \`HKLM\\SOFTWARE\\Policies\\Holdpoint\` | \`a.b\` is the value \`b\` of the subkey \`a\`. Lists have one entry a line (REG_MULTI_SZ); maps and lists of objects are JSON text. Or all of it as JSON in the text \`Settings\`, which single values beat. Templates: \`native-config/managed/templates/holdpoint.admx\` and \`en-US/holdpoint.adml\` |
| macOS | a configuration profile for \`com.holdpoint.guard\`, which the system keeps in \`/Library/Managed Preferences/com.holdpoint.guard.plist\` | \`a.b\` is \`b\` in the dictionary \`a\`. Or all of it as JSON in the string \`Settings\`. Sample: \`native-config/managed/templates/holdpoint.mobileconfig\` |
| Linux | \`/etc/holdpoint/managed.json\` | JSON. File and folders must be root’s, and nobody else may write to them; the engine must be able to read it. Sample: \`native-config/managed/templates/managed.json\` |

They are looked at when the engine starts and every 30 seconds. When they vanish or cannot be used, the last good ones stay in force, over a restart too, with a note in the status and a record \`tamper\`. To end management for good, set an empty object first (\`{}\` on Linux, \`Settings\` = \`{}\` elsewhere), wait until the engine has seen it, then take it away.

Changes of keys with *next start* wait until the engine starts again; the status says so.
`;

export function settingsPage(): string {
  const sections = Map.groupBy(SETTING_KEYS, ({ path }) => path.split('.')[0] ?? path);
  return [BEGINNING, '## Keys', '', ...[...sections].flatMap(([name, keys]) => [`### ${name}`, '', ...keys.flatMap(lines)])].join('\n');
}

const NAMES: Readonly<Record<Layer, string>> = { managed: 'management', fleet: 'fleet', user: 'user' };

function lines(key: SettingKey): string[] {
  const { path, meaning, type, standard, setBy, live, group, secret } = key;
  const { subkey, name } = registryPlace(key);
  const rows: [string, string][] = [
    ['type', type],
    ['default', standard === undefined ? 'not set' : `\`${JSON.stringify(standard)}\``],
    ['set by', setBy.map((layer) => NAMES[layer]).join(', ')],
    ['a change', live ? 'at once' : 'next start'],
    ...(group === undefined ? [] : [['group', `\`${group}\``] satisfies [string, string]]),
    ...(secret ? [['secret', 'never shown, logged or recorded'] satisfies [string, string]] : []),
    ...(setBy.includes('managed')
      ? ([
          ['Windows', `${subkey === '' ? '' : `subkey \`${subkey}\`, `}value \`${name}\`, ${registryType(key)}`],
          ['macOS', plistType(key)],
        ] satisfies [string, string][])
      : []),
  ];
  return [`**\`${path}\`**: ${meaning}`, '', ...rows.map(([what, value]) => `- ${what}: ${value}`), ''];
}
