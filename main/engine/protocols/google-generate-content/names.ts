/** Field names of Google's JSON: a field goes by its lowerCamelCase name or as the schema writes it (proto3 "JSON mapping"). */

import { folded, type JsonNode, type JsonObject } from '../json.ts';

/** A field's value by either of its names. Null is not set. */
export function field(object: JsonObject, name: string): unknown {
  return object[nameIn((key) => Object.hasOwn(object, key), name)] ?? undefined;
}

/** The same in an object's text. */
export function fieldNode(object: JsonNode, name: string): JsonNode | undefined {
  return object.members.get(fieldKey(object, name))?.value;
}

/** The name by which an object's text has a field, or would have it. */
export function fieldKey(object: JsonNode, name: string): string {
  return nameIn((key) => object.members.has(key), name);
}

/** Whether clients might differ in what they read of these fields: one is there by both names, or by a third that some would take for it. */
export function isUnclear(object: JsonObject, ...names: readonly string[]): boolean {
  const bare = names.map(bareName);
  const seen = new Set<string>();
  return Object.keys(object).some((key) => {
    const name = names[bare.indexOf(bareName(key))];
    if (name === undefined) return false;
    if (seen.has(name) || (key !== name && key !== schemaName(name))) return true;
    seen.add(name);
    return false;
  });
}

/** A name without what its spellings differ in. */
export function bareName(key: string): string {
  return folded(key).replaceAll('_', '');
}

function nameIn(has: (key: string) => boolean, name: string): string {
  const other = schemaName(name);
  return !has(name) && has(other) ? other : name;
}

function schemaName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
