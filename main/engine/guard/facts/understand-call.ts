/** What a tool call would do, worked out from its arguments alone. */

import type { Facts, ToolCall, ToolKind } from '../../../contract/action.ts';
import { messageOf } from '../../../contract/errors.ts';
import { createGathering, type Gathering, type Word } from './gathering.ts';
import { readable } from './holes.ts';
import { judgePatch } from './patch.ts';
import { createPaths, type Where } from './paths.ts';
import { judgeCode } from './shell/code-mode.ts';
import { judgeHost } from './shell/hosts.ts';
import { type Flow, type Machine, NOTHING, newState, type Region, type ShellState } from './shell/machine.ts';
import { judgeOutput } from './shell/shown.ts';
import { createShells } from './shells.ts';
import { argument, everyArgument, isMcpTool, knownTool, readingByShape, type ToolReading, toolKindOf } from './tools.ts';

export interface CallWhere extends Where {
  /** The shell that a shell tool talks to; `bash` where it is not given and the tool's name does not say. */
  readonly shell?: 'bash' | 'powershell' | 'cmd' | undefined;
}

type Input = Readonly<Record<string, unknown>>;

/** What is shown, and what was gathered of it. */
interface Reading {
  readonly text: string;
  readonly toolKind: ToolKind;
}

/**
 * Never throws: what cannot be understood is the effect `unresolved`, with a sentence. Shell text is read up to 64 KB, and six
 * scripts deep: bash (and what sh and zsh share with it), PowerShell (5.1 and 7), and cmd.exe, each within each other.
 *
 * Scratch space: writing and deleting below /tmp (and $TMPDIR, which is taken to be there) has no effect of its own, though its
 * paths are told as `outside`; deleting /tmp itself, or anywhere else outside, is `delete` and `destructive`.
 */
export function understandCall(call: ToolCall, where: CallWhere): Facts {
  const gathering = createGathering(createPaths(where));
  const known = knownTool(call.tool);
  const toolKind = isMcpTool(call.tool) ? 'mcp' : known ? toolKindOf(known) : 'other';
  if (call.uninspected !== undefined) {
    const text = `${call.tool}: its arguments could not be read (${call.uninspected})`;
    gathering.effect('unresolved', 'risk', `can’t be told: its arguments could not be read (${call.uninspected})`);
    return { tool: call.tool, toolKind, text, ...gathering.facts() };
  }
  try {
    const { text, toolKind: kind } = read(call, where, gathering);
    return { tool: call.tool, toolKind: kind, text, ...gathering.facts() };
  } catch (thrown) {
    gathering.effect('unresolved', 'risk', `can’t be told: Holdpoint failed to read it (${readable(messageOf(thrown))})`);
    const text = shownInput(call.input);
    return { tool: call.tool, toolKind, text, ...withinText(gathering.facts(), text.length) };
  }
}

function read(call: ToolCall, where: CallWhere, gathering: Gathering): Reading {
  const mcp = isMcpTool(call.tool);
  const input: Input = isRecord(call.input) ? call.input : {};
  const given = (mcp ? mcpReading(call.tool) : freeText(knownTool(call.tool), call.input)) ?? readingByShape(input);
  const reading = given?.kind === 'editor' ? editorReading(input) : given;
  const cwd = gathering.paths.cwd;
  if (!reading) {
    const text = shownInput(call.input);
    const says = mcp
      ? `asks an MCP server for ${readable(call.tool)}, whose effects can’t be told`
      : `uses ${readable(call.tool)}, a tool that Holdpoint does not know`;
    gathering.effect('unresolved', 'watch', says);
    return { text, toolKind: mcp ? 'mcp' : 'other' };
  }
  const text = judge(reading, call, input, where, gathering, cwd);
  return { text, toolKind: mcp ? 'mcp' : toolKindOf(reading) };
}

function judge(
  reading: Exclude<ToolReading, { kind: 'editor' }>,
  call: ToolCall,
  input: Input,
  where: CallWhere,
  gathering: Gathering,
  cwd: string | undefined,
): string {
  switch (reading.kind) {
    case 'shell':
      return judgeShell(reading, call, input, where, gathering);
    case 'code': {
      const text = typeof call.input === 'string' ? call.input : shownInput(call.input);
      judgeCode(text, newState(cwd), createShells(gathering));
      return text;
    }
    case 'edit':
      return judgeEdit(reading, input, call, gathering, cwd);
    case 'patch': {
      const patch = typeof call.input === 'string' ? call.input : argument(input, reading.patch);
      if (typeof patch !== 'string') return unreadable(call, gathering);
      judgePatch(patch, folderOf(reading.folder, input, gathering), gathering, (start, end) => ({ start, end }));
      return patch;
    }
    case 'delete':
    case 'read': {
      const paths = everyArgument(input, reading.path).flat();
      if (reading.kind === 'read' && paths.length === 0) {
        gathering.effect('read', 'plain', 'searches this project');
        return shownInput(call.input);
      }
      return judgePaths(reading.kind === 'read' ? 'Read' : 'Delete', paths, call, gathering, (word) =>
        reading.kind === 'read' ? gathering.reads(word, cwd, /grep|search/i.test(call.tool)) : gathering.deletes(word, cwd),
      );
    }
    case 'move': {
      const [from, to] = [everyArgument(input, reading.from), everyArgument(input, reading.to)];
      if (from.length === 0 || to.length === 0) return unreadable(call, gathering);
      return judgePaths('Move', [...from, ...to], call, gathering, (word) => gathering.writes(word, cwd, 'moves'));
    }
    case 'fetch': {
      const urls = everyArgument(input, reading.url)
        .flat()
        .filter((url) => typeof url === 'string');
      if (urls.length === 0) return unreadable(call, gathering);
      const text = shownInput(call.input);
      for (const url of urls.flatMap((one) => (/\s/.test(one) ? (one.match(/https?:\/\/[^\s"'<>)]+/g) ?? []) : [one]))) {
        const start = text.indexOf(url);
        judgeHost(
          { text: url, raw: url, range: { start: Math.max(start, 0), end: Math.max(start, 0) + (start < 0 ? 0 : url.length) } },
          createShells(gathering),
          cwd,
        );
      }
      return text;
    }
    case 'web-search':
      gathering.effect('network', 'plain', `searches the web for ${readable(String(argument(input, reading.query) ?? 'something'), 60)}`);
      return shownInput(call.input);
    case 'harmless':
      return shownInput(call.input);
  }
}

function judgeShell(
  reading: ToolReading & { kind: 'shell' },
  call: ToolCall,
  input: Input,
  where: CallWhere,
  gathering: Gathering,
): string {
  const given = typeof call.input === 'string' ? [call.input] : everyArgument(input, reading.command);
  // Codex's local shell call keeps its command one level further down.
  const nested = given.flatMap((value) => (isRecord(value) ? everyArgument(value, reading.command) : [value]));
  const scripts = nested.map(scriptOf);
  if (scripts.length === 0 || scripts.some((script) => script === undefined)) return unreadable(call, gathering);
  const text = scripts.join('\n');
  const shell = where.shell ?? reading.shell ?? 'bash';
  const machine = createShells(gathering);
  const folders = [input, ...given.filter(isRecord)];
  let at = 0;
  for (const script of scripts) {
    const offset = at;
    const cwd = folders.reduce<string | undefined>(
      (folder, values) => folderOf(reading.folder, values, gathering, folder),
      gathering.paths.cwd,
    );
    const printed = readAs(shell, script!, newState(cwd), machine, (start, end) => ({ start: offset + start, end: offset + end }));
    judgeOutput(printed, machine, { start: offset, end: offset + script!.length });
    at += script!.length + 1;
  }
  return text;
}

function readAs(shell: NonNullable<CallWhere['shell']>, script: string, state: ShellState, machine: Machine, region: Region): Flow {
  switch (shell) {
    case 'bash':
      return machine.runText(script, state, NOTHING, region);
    case 'powershell':
      return machine.others.powershell({ text: script, state, stdin: NOTHING, region, machine, shown: script });
    case 'cmd':
      return machine.others.cmd({ text: script, state, stdin: NOTHING, region, machine, shown: script });
  }
}

/** A script, or the words of one command: `["bash", "-lc", SCRIPT]` is its script. */
function scriptOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value) || !value.every((word) => typeof word === 'string') || value.length === 0) return undefined;
  const [program = '', flag = '', script = ''] = value;
  if (value.length === 3 && /^(\/(usr\/)?bin\/)?(ba|z)?sh$/.test(program) && /^-l?c$/.test(flag)) return script;
  return value.map((word) => (/^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}

function judgeEdit(
  reading: ToolReading & { kind: 'edit' },
  input: Input,
  call: ToolCall,
  gathering: Gathering,
  cwd: string | undefined,
): string {
  const paths = everyArgument(input, reading.path).filter((path) => typeof path === 'string');
  if (paths.length === 0) return unreadable(call, gathering);
  const edits = argument(input, reading.edits);
  const changes = (Array.isArray(edits) ? edits.filter(isRecord) : [input]).map(
    (edit) => [argument(edit, reading.before), argument(edit, reading.after)] as const,
  );
  const content = everyArgument(input, reading.content);
  const body =
    reading.before === undefined
      ? content.map(shownInput).join('\n')
      : changes.map(([before, after]) => [...lines('-', before), ...lines('+', after)].join('\n')).join('\n');
  const head = judgePaths(reading.before === undefined ? 'Write' : 'Edit', paths, call, gathering, (word) =>
    gathering.writes(word, cwd, reading.before === undefined ? 'writes' : 'changes'),
  );
  const text = `${head}\n${body}`;
  if (paths.some((path) => /(^|[/\\])package\.json$/.test(path))) judgeLifecycle(text, head.length, gathering, cwd);
  return text;
}

/** npm runs these by itself, on every machine that installs the package (npm docs, "Life Cycle Scripts"). */
const LIFECYCLE =
  /^(?!- ).*"((?:pre|post)?install|prepare|(?:pre|post)prepare|prepublish(?:Only)?|(?:pre|post)pack)"\s*:\s*"((?:\\.|[^"\\\n]){1,2000})"/gm;
/** What nearly every project has there. */
const USUAL_LIFECYCLE =
  /^(husky( install)?( \|\| (true|exit 0))?|is-ci \|\| husky.*|npm run [\w:-]+|(pnpm|yarn|bun)( run)? [\w:-]+|tsc( [\w. -]+)?|patch-package|prisma generate|electron-builder install-app-deps|nuxt prepare|lefthook install|simple-git-hooks|svelte-kit sync( \|\| echo '')?|playwright install( [\w-]+)*|node-gyp rebuild|ngcc.*)$/;

function judgeLifecycle(text: string, from: number, gathering: Gathering, cwd: string | undefined): void {
  for (const match of text.matchAll(LIFECYCLE)) {
    if (match.index < from) continue;
    const [whole, name, command = ''] = match;
    const start = match.index + whole.lastIndexOf(`"${name}"`);
    const range = { start, end: match.index + whole.length };
    const script = command.replace(/\\(["\\/])/g, '$1');
    const risk = USUAL_LIFECYCLE.test(script.trim()) ? 'plain' : 'watch';
    gathering.effect('persistence', risk, `makes npm run “${readable(script, 60)}” whenever this project is installed`, range);
    createShells(gathering).runText(script, newState(cwd), NOTHING, () => range);
  }
}

/** Judges each path, and gives the line that shows them: "Write /work/a.ts". */
function judgePaths(verb: string, paths: readonly unknown[], call: ToolCall, gathering: Gathering, use: (word: Word) => void): string {
  if (paths.length === 0 || !paths.every((path) => typeof path === 'string' && path !== '')) return unreadable(call, gathering);
  let text = verb;
  for (const path of paths as readonly string[]) {
    use({ text: path, raw: path, range: { start: text.length + 1, end: text.length + 1 + path.length } });
    text += ` ${path}`;
  }
  return text;
}

function editorReading(input: Input): Exclude<ToolReading, { kind: 'editor' }> {
  const path = 'path file_path';
  switch (input.command) {
    case 'view':
      return { kind: 'read', path, toolKind: 'read' };
    case 'create':
      return { kind: 'edit', path, content: 'file_text content' };
    default:
      return { kind: 'edit', path, before: 'old_str old_string', after: 'new_str insert_text new_string' };
  }
}

/** Text in place of arguments is a patch, a script or a command, as the tool has it. */
function freeText(reading: ToolReading | undefined, input: unknown): ToolReading | undefined {
  if (reading?.kind === 'code' && isRecord(input)) return readingByShape(input);
  if (typeof input !== 'string') return reading;
  return reading && /^(shell|code|patch|harmless)$/.test(reading.kind) ? reading : undefined;
}

/** An MCP tool is believed to do what its name says only where that has effects that can be told. */
export function mcpReading(tool: string): ToolReading | undefined {
  const reading = knownTool(tool.replace(/^.*__/, ''));
  return reading && /^(shell|edit|editor|delete|move|read|fetch|patch)$/.test(reading.kind) ? reading : undefined;
}

function folderOf(names: string | undefined, input: Input, gathering: Gathering, otherwise = gathering.paths.cwd): string | undefined {
  const folders = everyArgument(input, names);
  if (folders.length === 0) return otherwise;
  const [folder] = folders;
  return folders.length === 1 && typeof folder === 'string' ? gathering.paths.absolute(folder || '.', otherwise) : undefined;
}

function unreadable(call: ToolCall, gathering: Gathering): string {
  gathering.effect('unresolved', 'watch', `uses ${readable(call.tool)} with arguments that Holdpoint does not know`);
  return shownInput(call.input);
}

function lines(sign: string, value: unknown): string[] {
  return value === undefined || value === ''
    ? []
    : shownInput(value)
        .split('\n')
        .map((line) => `${sign} ${line}`);
}

function shownInput(input: unknown): string {
  if (typeof input === 'string') return input;
  return input === undefined ? '' : JSON.stringify(input, null, 2);
}

function withinText(facts: ReturnType<Gathering['facts']>, length: number): ReturnType<Gathering['facts']> {
  return { ...facts, effects: facts.effects.map(({ range, ...effect }) => (range && range.end <= length ? { ...effect, range } : effect)) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
