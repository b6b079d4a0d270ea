/** What the events between an item's start and its end say of its content: clients read one or the other, so all must agree. */

import { isObject, type JsonObject } from '../json.ts';
import type { Item } from './items.ts';

/** An event that carries a part of a call's content. */
export interface Claim {
  readonly field: Field;
  readonly part: 'added' | 'delta' | 'done';
}

export interface Claims {
  /** UTF-16 units of content so far. */
  readonly length: number;
  /** Whether the event is of the shape that its type has. */
  add(claim: Claim, event: JsonObject): boolean;
  /** Whether the complete item says the same. */
  hold(item: Item): boolean;
}

/** Members of the call that some of its events repeat. */
const NAMED = ['name', 'call_id'];

type Field = 'arguments' | 'input' | 'command' | 'diff';

const FIELDS: { readonly [base: string]: Field } = {
  'response.function_call_arguments': 'arguments',
  'response.custom_tool_call_input': 'input',
  'response.shell_call_command': 'command',
  'response.apply_patch_call_operation_diff': 'diff',
};

export function claimedBy(type: string): Claim | undefined {
  const dot = type.lastIndexOf('.');
  const base = type.slice(0, dot);
  const part = type.slice(dot + 1);
  if (!Object.hasOwn(FIELDS, base) || (part !== 'added' && part !== 'delta' && part !== 'done')) return undefined;
  return { field: FIELDS[base]!, part };
}

export function createClaims(): Claims {
  const deltas = new Map<string, string[]>();
  const wholes: { readonly key: string; readonly text: unknown }[] = [];
  let length = 0;

  return {
    get length() {
      return length;
    },
    add({ field, part }, event) {
      const key = field === 'command' ? `command ${String(event.command_index)}` : field;
      const text = event[part === 'delta' ? 'delta' : field];
      if (part === 'added') return text === undefined || text === '';
      if (typeof text !== 'string') return false;
      length += text.length;
      // Clients of Realtime run what this event names.
      for (const key of NAMED) if (event[key] !== undefined && event[key] !== null) wholes.push({ key, text: event[key] });
      if (part === 'done') wholes.push({ key, text });
      else if (deltas.has(key)) deltas.get(key)!.push(text);
      else deltas.set(key, [text]);
      return true;
    },
    hold(item) {
      for (const [key, texts] of deltas) if (said(item, key) !== texts.join('')) return false;
      return wholes.every(({ key, text }) => said(item, key) === text);
    },
  };
}

function said(item: Item, key: string): unknown {
  const { action, operation } = item;
  if (key === 'diff') return isObject(operation) ? operation.diff : undefined;
  if (!key.startsWith('command ')) return item[key];
  const commands = isObject(action) ? action.commands : undefined;
  return Array.isArray(commands) ? commands[Number(key.slice('command '.length))] : undefined;
}
