/**
 * The one table of settings' keys, read from the schema: what `settings explain`, the pages of documentation and the templates for
 * Windows, macOS and Linux are made from. What the schema cannot say of a key stands here beside it.
 */

import { z } from 'zod';
import { HoldpointError } from '../errors.ts';
import type { Json } from '../record.ts';
import { settingsSchema } from '../settings.ts';
import { LAYERS, type Layer } from './layers.ts';

/** How a value is written: what the templates need to know. `json` is a list of objects, or a map. */
export type Shape = 'text' | 'choice' | 'boolean' | 'integer' | 'number' | 'list' | 'json';

export interface SettingKey {
  /** Dotted: `approvals.timeoutSeconds`. */
  readonly path: string;
  readonly meaning: string;
  readonly shape: Shape;
  /** For a person: `number, 0.05 to 170`. */
  readonly type: string;
  readonly choices: readonly string[];
  readonly least: number | undefined;
  readonly most: number | undefined;
  /** UTF-16 units of a text, where that is limited. */
  readonly longest: number | undefined;
  /** Undefined where nothing is set without it. */
  readonly standard: Json | undefined;
  /**
   * Keys that belong together: whoever sets one of them sets all of them, and those that are left out have their defaults. So no lower
   * layer can add its own headers, or its own root of trust, to another's server.
   */
  readonly group: string | undefined;
  /** Never shown, logged or recorded. */
  readonly secret: boolean;
  readonly live: boolean;
  readonly setBy: readonly Layer[];
}

/** A key, or all below it. */
type Part = string;

/** Groups that the schema does not show: one excludes the other. */
const MORE_GROUPS: readonly Part[] = ['policy'];
/** What management remembers lies there, so it cannot move it. */
const BY_USER_ONLY: readonly Part[] = ['dataDir'];
/** What is about this machine, and what leads to the fleet itself: a mistake there could not be taken back from afar. */
const NOT_BY_FLEET: readonly Part[] = ['dataDir', 'proxy', 'fleet', 'policy.dir', 'upstream.extraCaFile'];
const SECRET: readonly Part[] = ['fleet.enrolmentToken', 'audit.upload.headers'];
const AT_ONCE: readonly Part[] = [
  'intercept',
  'providers',
  'policy',
  'detection',
  'redaction',
  'approvals',
  'audit.capture',
  'audit.retainDays',
  'audit.maxBytes',
  'audit.upload',
  'contact',
  'allowed',
  'budgets',
  'prices',
  'off',
  'bypass',
  'supervision',
  'tenants',
  'routes',
];

/** In the order of the schema. */
export const SETTING_KEYS: readonly SettingKey[] = keysOf(z.toJSONSchema(settingsSchema, { io: 'input' }) as Node, []);

const BY_PATH: ReadonlyMap<string, SettingKey> = new Map(SETTING_KEYS.map((key) => [key.path, key]));

/** Throws HoldpointError `not-found` naming keys that are near. */
export function settingKey(path: string): SettingKey {
  const key = BY_PATH.get(path);
  if (key !== undefined) return key;
  const near = SETTING_KEYS.filter((one) => one.path.toLowerCase().includes(path.toLowerCase()));
  const hint = near.length > 0 && path !== '' ? `Did you mean ${near.map((one) => one.path).join(', ')}?` : 'See: holdpoint settings list';
  throw new HoldpointError('not-found', `There is no setting ${JSON.stringify(path.slice(0, 100))}. ${hint}`);
}

/** Throws HoldpointError `not-found`. */
export function mayBeSetBy(path: string): readonly Layer[] {
  return settingKey(path).setBy;
}

/** What the table needs of a JSON Schema (2020-12). */
interface Node {
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly items?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly maxLength?: number;
}

function keysOf(node: Node, path: readonly string[], meaning = '', group?: string): SettingKey[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, below]) => {
    const child = below as Node;
    const here = [...path, name];
    const dotted = here.join('.');
    const says = child.description ?? meaning;
    if (child.properties === undefined) return [keyOf(child, dotted, says, group)];
    // An object without a default is absent as a whole until somebody sets it.
    const begins = group === undefined && (child.default === undefined || MORE_GROUPS.includes(dotted));
    return keysOf(child, here, says, begins ? dotted : group);
  });
}

function keyOf(node: Node, path: string, meaning: string, group: string | undefined): SettingKey {
  const shape = shapeOf(node);
  const least = node.minimum ?? node.exclusiveMinimum;
  const most = node.maximum === Number.MAX_SAFE_INTEGER ? undefined : node.maximum;
  const choices = (node.enum ?? []).map(String);
  return {
    path,
    meaning,
    shape,
    type: typeOf(shape, choices, node, most),
    choices,
    least,
    most,
    longest: node.maxLength,
    standard: node.default as Json | undefined,
    group,
    secret: isUnder(path, SECRET),
    live: isUnder(path, AT_ONCE),
    setBy: LAYERS.filter(
      (layer) => layer === 'user' || (!isUnder(path, BY_USER_ONLY) && (layer === 'managed' || !isUnder(path, NOT_BY_FLEET))),
    ),
  };
}

function shapeOf({ type, enum: choices, items }: Node): Shape {
  if (choices !== undefined) return 'choice';
  if (type === 'boolean' || type === 'integer' || type === 'number') return type;
  if (type === 'string') return 'text';
  return type === 'array' && (items as Node).type === 'string' ? 'list' : 'json';
}

function typeOf(shape: Shape, choices: readonly string[], node: Node, most: number | undefined): string {
  switch (shape) {
    case 'choice':
      return `one of ${choices.join(', ')}`;
    case 'boolean':
      return 'true or false';
    case 'integer':
    case 'number': {
      const from = node.exclusiveMinimum === undefined ? node.minimum : undefined;
      const range =
        from !== undefined && most !== undefined
          ? `, ${from} to ${most}`
          : from !== undefined
            ? `, at least ${from}`
            : most !== undefined
              ? `, more than ${node.exclusiveMinimum ?? '−∞'}, at most ${most}`
              : '';
      return `${shape === 'integer' ? 'whole number' : 'number'}${range}`;
    }
    case 'list':
      return 'list of texts';
    case 'json':
      return node.type === 'array' ? 'list of objects' : 'map';
    case 'text':
      return 'text';
  }
}

function isUnder(path: string, parts: readonly Part[]): boolean {
  return parts.some((part) => path === part || path.startsWith(`${part}.`));
}
