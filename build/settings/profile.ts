/**
 * A configuration profile for macOS, with every key that management may set in a comment.
 * Format: https://developer.apple.com/documentation/devicemanagement/toplevel.
 */

import type { Json } from '../../main/contract/record.ts';
import { SETTING_KEYS, type SettingKey } from '../../main/contract/settings/keys.ts';
import { SAMPLE } from './sample.ts';
import { comment, escaped, indented } from './xml.ts';

const DOMAIN = 'com.holdpoint.guard';

export function mobileconfig(): string {
  const settings = { ...SAMPLE, fleet: { ...(SAMPLE.fleet as object), rootFile: '/Library/Application Support/Holdpoint/root.json' } };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    comment('A sample: change the values, take out what you do not want to set, and put UUIDs of your own in (uuidgen).'),
    '<plist version="1.0">',
    '<dict>',
    '  <key>PayloadContent</key>',
    '  <array>',
    '    <dict>',
    ...indented(payload('5F0B7C3E-0000-4000-8000-000000000002', DOMAIN, `${DOMAIN}.settings`, 'Holdpoint'), 6),
    '',
    ...indented(
      [comment('What can be set: key, type, meaning. Dots are nested dictionaries.'), ...SETTING_KEYS.filter(isManaged).map(keyComment)],
      6,
    ),
    '',
    ...indented(
      Object.entries(settings).flatMap(([name, value]) => entry(name, value)),
      6,
    ),
    '    </dict>',
    '  </array>',
    ...indented(payload('5F0B7C3E-0000-4000-8000-000000000001', 'Configuration', DOMAIN, 'Holdpoint settings'), 2),
    '  <key>PayloadScope</key>',
    '  <string>System</string>',
    '</dict>',
    '</plist>',
    '',
  ].join('\n');
}

/** The property list's type of a key's value. */
export function plistType({ shape, type }: SettingKey): string {
  switch (shape) {
    case 'boolean':
      return 'boolean';
    case 'integer':
      return 'integer';
    case 'number':
      return 'real';
    case 'list':
      return 'array of strings';
    case 'json':
      return type === 'map' ? 'dictionary' : 'array of dictionaries';
    case 'text':
    case 'choice':
      return 'string';
  }
}

function isManaged({ setBy }: SettingKey): boolean {
  return setBy.includes('managed');
}

function keyComment(key: SettingKey): string {
  return comment(`${key.path} (${plistType(key)}): ${key.meaning}`);
}

function payload(uuid: string, type: string, identifier: string, name: string): string[] {
  return [
    ...entry('PayloadType', type),
    ...entry('PayloadIdentifier', identifier),
    ...entry('PayloadUUID', uuid),
    ...entry('PayloadVersion', 1),
    ...entry('PayloadDisplayName', name),
  ];
}

function entry(name: string, value: Json): string[] {
  return [`<key>${escaped(name)}</key>`, ...valueLines(value)];
}

function valueLines(value: Json): string[] {
  if (typeof value === 'boolean') return [value ? '<true/>' : '<false/>'];
  if (typeof value === 'number') return [Number.isInteger(value) ? `<integer>${value}</integer>` : `<real>${value}</real>`];
  if (typeof value === 'string') return [`<string>${escaped(value)}</string>`];
  if (value === null) return [];
  const inside = Array.isArray(value)
    ? (value as readonly Json[]).flatMap(valueLines)
    : Object.entries(value).flatMap(([name, below]) => entry(name, below as Json));
  const tag = Array.isArray(value) ? 'array' : 'dict';
  return [`<${tag}>`, ...indented(inside, 2), `</${tag}>`];
}
