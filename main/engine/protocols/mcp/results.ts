/** What an MCP server's answers say: the text of a result, the tools of a list, the server's own name. */

import { asString, isObject, type JsonObject } from '../json.ts';

/** In UTF-16 units. A result with more text is not read in full. */
export const MAX_RESULT_TEXT = 4 * 1024 * 1024;

/** All strings of a result, one a line, but not pictures and sounds; of its structured content the names too, which a server chooses. `whole` is false where there was more. */
export function textOf(result: JsonObject): { readonly text: string; readonly whole: boolean } {
  const found: string[] = [];
  let left = MAX_RESULT_TEXT;
  gather(result, false);
  return { text: found.join('\n'), whole: left >= 0 };

  function gather(value: unknown, isFree: boolean): void {
    if (left < 0) return;
    if (typeof value === 'string') {
      left -= value.length + 1;
      if (left >= 0) found.push(value);
    } else if (Array.isArray(value)) for (const item of value) gather(item, isFree);
    else if (isObject(value) && isFree) {
      for (const [name, member] of Object.entries(value)) {
        gather(name, true);
        gather(member, true);
      }
    } else if (isObject(value)) {
      const binary = value.type === 'image' || value.type === 'audio' ? 'data' : typeof value.uri === 'string' ? 'blob' : undefined;
      for (const [name, member] of Object.entries(value))
        if (name !== binary && name !== 'type' && name !== 'mimeType') gather(member, value === result && name === 'structuredContent');
    }
  }
}

export interface ListedTool {
  readonly name: string;
  /** All that a model is told of it, and what it can be given. */
  readonly definition: JsonObject;
}

const MAX_NAME = 256;

export function toolsIn(result: JsonObject): ListedTool[] {
  if (!Array.isArray(result.tools)) return [];
  return result.tools.flatMap((tool: unknown) => {
    if (!isObject(tool)) return [];
    const { name, title = null, description = null, inputSchema = null, outputSchema = null, annotations = null } = tool;
    if (typeof name !== 'string' || name.length > MAX_NAME) return [];
    return [{ name, definition: { title, description, inputSchema, outputSchema, annotations } }];
  });
}

export function serverIn(result: JsonObject): { readonly name?: string; readonly version?: string } {
  if (!isObject(result.serverInfo)) return {};
  const name = asString(result.serverInfo.name)?.slice(0, MAX_NAME);
  const version = asString(result.serverInfo.version)?.slice(0, MAX_NAME);
  return { ...(name ? { name } : {}), ...(version ? { version } : {}) };
}
