/** The agents' tools, as data: which are shells, editors, readers and fetchers, and which argument holds what. */

import type { ToolKind } from '../../../contract/action.ts';

/** What to make of a tool's arguments. Argument names are tried in order; the first that is there counts. */
export type ToolReading =
  | { readonly kind: 'shell'; readonly command: string; readonly folder?: string; readonly shell?: 'powershell' }
  /** `content` becomes the file's; or `before` is replaced by `after`; `edits` is a list of such replacements. */
  | {
      readonly kind: 'edit';
      readonly path: string;
      readonly content?: string;
      readonly before?: string;
      readonly after?: string;
      readonly edits?: string;
    }
  /** One tool that views, creates and edits, by its `command` (Anthropic's text editor tool). */
  | { readonly kind: 'editor' }
  /** JavaScript that calls the agent's other tools (Codex's code mode). */
  | { readonly kind: 'code' }
  | { readonly kind: 'patch'; readonly patch: string; readonly folder?: string }
  | { readonly kind: 'delete'; readonly path: string }
  | { readonly kind: 'move'; readonly from: string; readonly to: string }
  | { readonly kind: 'read'; readonly path: string; readonly toolKind: 'read' | 'search' }
  | { readonly kind: 'fetch'; readonly url: string }
  /** Asks a search engine or another service that the agent names itself. */
  | { readonly kind: 'web-search'; readonly query: string }
  /** Keeps the agent's own notes, asks the person, or starts an agent whose calls are judged themselves. */
  | { readonly kind: 'harmless' };

const PATH = 'file_path filePath absolute_path path filename file target_file notebook_path';
const WRITE: ToolReading = { kind: 'edit', path: PATH, content: 'content contents text file_text new_source' };
const REPLACE: ToolReading = {
  kind: 'edit',
  path: PATH,
  before: 'old_string oldString old_str search',
  after: 'new_string newString new_str replace new_source content code_edit',
  edits: 'edits',
};
const READ: ToolReading = { kind: 'read', path: `${PATH} paths dir_path directory`, toolKind: 'read' };
const SEARCH: ToolReading = { kind: 'read', path: 'path dir_path directory include_directory', toolKind: 'search' };
const SHELL: ToolReading = {
  kind: 'shell',
  command: 'command cmd script commands action',
  folder: 'workdir cwd working_directory dir_path directory',
};
const PATCH: ToolReading = { kind: 'patch', patch: 'input patch patchText diff', folder: 'workdir cwd' };
const FETCH: ToolReading = { kind: 'fetch', url: 'url urls uri prompt' };
const WEB_SEARCH: ToolReading = { kind: 'web-search', query: 'query q search_term' };
const HARMLESS: ToolReading = { kind: 'harmless' };

/** By name in lower case, without `_` and `-`: agents spell the same tool in many ways. */
const TOOLS: Readonly<Record<string, ToolReading>> = {
  // Shells: Claude Code, opencode, Copilot; Codex; Gemini CLI; others.
  ...names(
    'bash shell execcommand localshellcall localshell containerexec runshellcommand runterminalcmd runterminalcommand runinterminal executecommand runcommand terminal execute',
    SHELL,
  ),
  // Codex's way to type into a shell that is already running.
  writestdin: { kind: 'shell', command: 'chars input' },
  exec: { kind: 'code' },
  ...names('powershell pwsh', { ...SHELL, shell: 'powershell' }),
  // Writers and editors: Claude Code, opencode; Gemini CLI; Cline, Copilot, Cursor.
  ...names('write writefile writetofile createfile create', WRITE),
  ...names('edit multiedit notebookedit replace editfile searchreplace replacestringinfile inserteditintofile editnotebookfile', REPLACE),
  ...names('strreplaceeditor strreplacebasededittool texteditor', { kind: 'editor' }),
  ...names('applypatch patch', PATCH),
  ...names('deletefile removefile', { kind: 'delete', path: PATH }),
  ...names('movefile renamefile', {
    kind: 'move',
    from: 'source from old_path oldPath source_path',
    to: 'destination to new_path newPath target_path',
  }),
  // Readers.
  ...names('read readfile readmanyfiles view viewfile viewimage readnotebook', READ),
  ...names('ls list listdir listdirectory listfiles', { ...READ, toolKind: 'search' }),
  ...names(
    'glob grep greptool search searchfiles searchfilecontent filesearch grepsearch codebasesearch codesearch ripgrep find listcodedefinitionnames',
    SEARCH,
  ),
  ...names('webfetch fetch fetchurl fetchwebpage openurl', FETCH),
  ...names('websearch googlewebsearch searchweb', WEB_SEARCH),
  // What touches nothing but the agent itself.
  ...names(
    'todowrite todoread updateplan exitplanmode enterplanmode task agent taskcreate taskupdate taskget tasklist bashoutput killshell killbash taskoutput taskstop askuserquestion skill ' +
      'savememory writetodos todo memory think reportintent toolsearch listmcpresources askfollowupquestion attemptcompletion requestuserinput slashcommand structuredoutput',
    HARMLESS,
  ),
};

/** What `command` means for a tool that edits; anything else is a shell's. */
const EDITOR_COMMANDS = /^(view|create|str_replace|insert|undo_edit)$/;

/** Undefined for a tool that is not in the catalogue. */
export function knownTool(tool: string): ToolReading | undefined {
  const key = tool
    .toLowerCase()
    .replace(/^functions\./, '')
    .replaceAll(/[_-]/g, '');
  return Object.hasOwn(TOOLS, key) ? TOOLS[key] : undefined;
}

/** A tool of an MCP server: `mcp__server__tool` (Claude Code, Codex), `server__tool` (others). */
export function isMcpTool(tool: string): boolean {
  return /^mcp__|[^_]__[^_]/.test(tool);
}

/** What the shape of unknown arguments says; the most that they could mean. */
export function readingByShape(input: Readonly<Record<string, unknown>>): ToolReading | undefined {
  const has = (names: string) => argument(input, names) !== undefined;
  if (has('path') && EDITOR_COMMANDS.test(String(input.command))) return { kind: 'editor' };
  if (has('command cmd script commands')) return SHELL;
  if (has(PATH) && has('content contents file_text')) return WRITE;
  if (has(PATH) && (has('old_string oldString old_str') || has('new_string newString new_str') || Array.isArray(input.edits)))
    return REPLACE;
  if (has('patch patchText diff')) return PATCH;
  return undefined;
}

/** The first of the space-separated arguments that is there. */
export function argument(input: Readonly<Record<string, unknown>>, names: string | undefined): unknown {
  return everyArgument(input, names)[0];
}

/** All of them that are there: which of two spellings the agent obeys is its own matter, so each is judged. */
export function everyArgument(input: Readonly<Record<string, unknown>>, names: string | undefined): unknown[] {
  return (names ?? '')
    .split(' ')
    .filter((name) => Object.hasOwn(input, name) && input[name] !== undefined && input[name] !== null)
    .map((name) => input[name]);
}

export function toolKindOf(reading: ToolReading): ToolKind {
  switch (reading.kind) {
    case 'shell':
    case 'code':
      return 'shell';
    case 'edit':
    case 'editor':
    case 'patch':
    case 'delete':
    case 'move':
      return 'edit';
    case 'read':
      return reading.toolKind;
    case 'fetch':
      return 'fetch';
    case 'web-search':
      return 'search';
    case 'harmless':
      return 'other';
  }
}

function names(list: string, reading: ToolReading): Record<string, ToolReading> {
  return Object.fromEntries(list.split(' ').map((name) => [name, reading]));
}
