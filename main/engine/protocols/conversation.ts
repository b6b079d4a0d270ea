/** A request's conversation as it is read: its blocks for the record, and the hashes that tell where in it we are. */

import { createHash } from 'node:crypto';
import type { ContentBlock } from '../../contract/record.ts';
import { isObject } from './json.ts';
import { hashable, written } from './remembered.ts';

export interface Conversation {
  readonly blocks: readonly ContentBlock[];
  /** Not part of the place: agents put the date, budgets and counters there, and a retry may differ in them. */
  system(text: string): void;
  /** `beginning`: whether it belongs to the first message of the user. */
  text(role: 'user' | 'assistant', text: string): void;
  /** Something that is no text, such as an image: `data` counts for the place, `label` is what the record keeps. */
  other(role: 'user' | 'assistant' | 'tool_result', label: string, data: string): void;
  call(id: unknown, tool: unknown, input: unknown): void;
  result(id: unknown, text: string): void;
  /** The first user message ends: what comes is not the conversation's beginning any more. */
  endOpening(): void;
  hashes(): { readonly place: string; readonly opening: string };
  /** The newest result's origin: the file or address that it was read from, else the tool. */
  after(): string | undefined;
}

const MAX_LABEL = 200;

/** Arguments that name what a tool reads, most telling first. */
const READ_FROM = ['file_path', 'filePath', 'notebook_path', 'path', 'filename', 'url', 'uri'];

/** `before` is what the conversation stands on where the request does not repeat it: an earlier response's id. */
export function createConversation(before = ''): Conversation {
  const blocks: ContentBlock[] = [];
  /** What is hashed: at once, because each call of a hash takes as long as hashing many texts. */
  const place = [before];
  const opening: string[] = [];
  const origins = new Map<unknown, string>();
  let newest: unknown;
  let inOpening = true;

  function add(role: string, text: string, hashed = text): void {
    blocks.push({ role, text });
    // Lengths, so that no two conversations run together into the same bytes.
    place.push(role, ' ', String(hashed.length), '\n', hashable(hashed));
  }

  return {
    blocks,
    system: (text) => void blocks.push({ role: 'system', text }),
    text(role, text) {
      add(role, text);
      if (role === 'user' && inOpening) opening.push(String(text.length), '\n', hashable(text));
    },
    other: (role, label, data) => add(role, `[${label.slice(0, MAX_LABEL)}]`, data),
    call(id, tool, input) {
      const name = typeof tool === 'string' ? tool : '';
      add('tool_call', callText(name, input));
      origins.set(id, originOf(name, input));
    },
    result(id, text) {
      add('tool_result', text);
      newest = id;
    },
    endOpening() {
      if (blocks.some((block) => block.role === 'user')) inOpening = false;
    },
    hashes: () => ({ place: sha256(place.join('')), opening: sha256(opening.join('')) }),
    after: () => origins.get(newest),
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function callText(name: string, input: unknown): string {
  if (typeof input !== 'object' || input === null) return JSON.stringify({ name, input });
  return `{"name":${JSON.stringify(name)},"input":${written(input, () => JSON.stringify(input))}}`;
}

/** Arguments may be JSON text, as OpenAI sends them back. */
function originOf(tool: string, input: unknown): string {
  const given = typeof input === 'string' && input.length < 4096 ? parsed(input) : input;
  if (isObject(given)) {
    for (const name of READ_FROM) {
      const value = given[name];
      if (typeof value === 'string' && value !== '') return lastPart(value).slice(0, MAX_LABEL);
    }
  }
  return tool.slice(0, MAX_LABEL);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A path's file; an address's host and path. */
function lastPart(value: string): string {
  if (URL.canParse(value) && /^https?:/i.test(value)) {
    const { host, pathname } = new URL(value);
    return host + (pathname === '/' ? '' : pathname);
  }
  return value.split(/[/\\]/).findLast((part) => part !== '') ?? value;
}
