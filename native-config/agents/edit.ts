/** Changes to settings files of others, as text: made so that they can be taken back, whatever else has changed meanwhile. Pure. */

import { applyEdits, type Edit, findNodeAtLocation, getNodeValue, modify, type Node, type ParseError, parseTree } from 'jsonc-parser';

/** What is wanted of a file. */
export type FileEdit =
  /** Members of the object that stands under `at` in a JSON file, comments allowed. */
  | { readonly kind: 'members'; readonly at: string; readonly members: { readonly [name: string]: string } }
  /** Texts in the list that stands under `path` in a JSON file, whose folders of the path are objects. */
  | { readonly kind: 'items'; readonly path: readonly string[]; readonly items: readonly string[] }
  /** Lines between two marks, at the end. */
  | { readonly kind: 'block'; readonly mark: string; readonly lines: readonly string[] };

/** What is needed to take an edit back. */
export interface Made {
  /** Text replaced, first to last: undone last to first. */
  readonly splices: readonly Splice[];
  /** Members: what they were before, as JSON; absent for those that were not there. Items: those that were there, and how much of the path. */
  readonly previous: { readonly [name: string]: unknown };
  /** Members: whether the object itself is ours. */
  readonly created: boolean;
}

export interface Splice {
  readonly at: number;
  /** How long the text is that was put there. */
  readonly length: number;
  readonly removed: string;
}

export type Outcome<T> = ({ readonly kind: 'done' } & T) | { readonly kind: 'conflict'; readonly why: string };

/** `text` is '' for a file that is not there. */
export function makeEdit(text: string, edit: FileEdit): Outcome<{ readonly text: string; readonly made: Made }> {
  if (edit.kind === 'block') return addBlock(text, edit);
  const { mark, json } = markedJson(text);
  const outcome = edit.kind === 'items' ? addItems(json, edit) : setMembers(json, edit);
  if (outcome.kind === 'conflict') return outcome;
  const splices = outcome.made.splices.map((splice) => ({ ...splice, at: splice.at + mark.length }));
  return { kind: 'done', text: mark + outcome.text, made: { ...outcome.made, splices } };
}

/** Of a file that has not changed since: exactly what it was. */
export function undoExactly(text: string, { splices }: Made): string {
  return splices.reduceRight((now, { at, length, removed }) => now.slice(0, at) + removed + now.slice(at + length), text);
}

/** Of a file that has: only what the edit put there goes, and nothing else. */
export function undoWithin(text: string, edit: FileEdit, made: Made): Outcome<{ readonly text: string }> {
  if (edit.kind === 'block') return removeBlock(text, edit);
  const { mark, json } = markedJson(text);
  const outcome = edit.kind === 'items' ? removeItems(json, edit, made) : restoreMembers(json, edit, made);
  return outcome.kind === 'conflict' ? outcome : { kind: 'done', text: mark + outcome.text };
}

/** Whether the file says what the edit wants. */
export function isMade(text: string, edit: FileEdit): boolean {
  if (edit.kind === 'block') return text.includes(blockOf(edit));
  const { root, faults } = read(markedJson(text).json);
  if (edit.kind === 'items') return faults.length === 0 && edit.items.every((item) => listAt(root, edit.path)?.includes(item));
  return faults.length === 0 && Object.entries(edit.members).every(([name, value]) => valueAt(root, [edit.at, name]) === value);
}

/** What stands under `at` in a JSON file, where it is text; nothing where the file cannot be read. */
export function membersIn(text: string, at: string): { readonly [name: string]: string } {
  const value = valueAt(read(markedJson(text).json).root, [at]);
  const members = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(members.filter((member): member is [string, string] => typeof member[1] === 'string'));
}

type Block = Extract<FileEdit, { kind: 'block' }>;
type Members = Extract<FileEdit, { kind: 'members' }>;
type Items = Extract<FileEdit, { kind: 'items' }>;

/** Editors on Windows put a byte order mark before a file, which is no part of its JSON. */
function markedJson(text: string): { readonly mark: string; readonly json: string } {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  return { mark, json: text.slice(mark.length) };
}

function marksOf({ mark }: Block) {
  return { begin: `# >>> holdpoint: ${mark} >>>`, end: `# <<< holdpoint: ${mark} <<<` };
}

function blockOf(edit: Block): string {
  const { begin, end } = marksOf(edit);
  return `${[begin, ...edit.lines, end].join('\n')}\n`;
}

function addBlock(text: string, edit: Block): Outcome<{ text: string; made: Made }> {
  const { begin, end } = marksOf(edit);
  if (text.includes(begin) || text.includes(end))
    return { kind: 'conflict', why: `has lines between the marks "${begin}" and "${end}" that are not known here. Remove them` };
  const gap = text === '' || text.endsWith('\n') ? '' : '\n';
  const put = `${gap}${blockOf(edit)}`;
  const splices = [{ at: text.length, length: put.length, removed: '' }];
  return { kind: 'done', text: text + put, made: { splices, previous: {}, created: false } };
}

function removeBlock(text: string, edit: Block): Outcome<{ text: string }> {
  const { begin, end } = marksOf(edit);
  // An editor may have given the whole file other line ends.
  const block = [blockOf(edit), blockOf(edit).replaceAll('\n', '\r\n')].find((lines) => text.includes(lines)) ?? blockOf(edit);
  const at = text.indexOf(block);
  if (at < 0)
    return text.includes(begin) || text.includes(end)
      ? { kind: 'conflict', why: `was changed between the marks "${begin}" and "${end}". Remove them, and what is between, yourself` }
      : { kind: 'done', text };
  return { kind: 'done', text: text.slice(0, at) + text.slice(at + block.length) };
}

function setMembers(text: string, { at, members }: Members): Outcome<{ text: string; made: Made }> {
  const start = text.trim() === '' ? '{}\n' : text;
  const fault = faultOf(start, at);
  if (fault !== undefined) return { kind: 'conflict', why: fault };
  const { root } = read(start);
  const previous: Record<string, unknown> = {};
  const splices: Splice[] = start === text ? [] : [{ at: 0, length: start.length, removed: text }];
  let now = start;
  // In front, each before the last one: behind, they would come between the file's last member and its comment.
  for (const [name, value] of Object.entries(members).reverse()) {
    const before = valueAt(root, [at, name]);
    if (before !== undefined) previous[name] = before;
    if (before !== value) now = change(now, modify(now, [at, name], value, { ...formatOf(start), getInsertionIndex: () => 0 }), splices);
  }
  return { kind: 'done', text: now, made: { splices, previous, created: valueAt(root, [at]) === undefined } };
}

function restoreMembers(text: string, { at, members }: Members, { previous, created }: Made): Outcome<{ text: string }> {
  if (text.trim() === '') return { kind: 'done', text };
  const fault = faultOf(text, at);
  if (fault !== undefined) return { kind: 'conflict', why: fault };
  const { root } = read(text);
  const changed = Object.keys(members).filter(
    (name) => ![members[name], previous[name], undefined].includes(valueAt(root, [at, name]) as string),
  );
  if (changed.length > 0)
    return {
      kind: 'conflict',
      why: `has another value now for ${changed.join(', ')} in "${at}". Set it as you want it, and remove the rest yourself`,
    };
  let now = text;
  for (const [name, value] of Object.entries(members)) {
    if (valueAt(root, [at, name]) === value) now = applyEdits(now, modify(now, [at, name], previous[name], formatOf(text)));
  }
  const left = valueAt(read(now).root, [at]);
  const isEmpty = typeof left === 'object' && left !== null && Object.keys(left).length === 0;
  return { kind: 'done', text: created && isEmpty ? applyEdits(now, modify(now, [at], undefined, formatOf(text))) : now };
}

function addItems(text: string, { path, items }: Items): Outcome<{ text: string; made: Made }> {
  const start = text.trim() === '' ? '{}\n' : text;
  const { root } = read(start);
  const fault = faultOf(start) ?? faultAlong(root, path);
  if (fault !== undefined) return { kind: 'conflict', why: fault };
  const list = listAt(root, path);
  const splices: Splice[] = start === text ? [] : [{ at: 0, length: start.length, removed: text }];
  const format = formatOf(start);
  const missing = items.filter((item) => !list?.includes(item));
  let now = start;
  if (!list) now = change(now, modify(now, [...path], missing, { ...format, getInsertionIndex: () => 0 }), splices);
  else
    for (const [at, item] of missing.entries())
      now = change(now, modify(now, [...path, list.length + at], item, { ...format, isArrayInsertion: true }), splices);
  const depth = path.filter((_name, at) => valueAt(root, path.slice(0, at + 1)) !== undefined).length;
  const previous = { items: items.filter((item) => list?.includes(item)), depth };
  return { kind: 'done', text: now, made: { splices, previous, created: !list } };
}

function removeItems(text: string, { path, items }: Items, { previous }: Made): Outcome<{ text: string }> {
  if (text.trim() === '') return { kind: 'done', text };
  const fault = faultOf(text);
  if (fault !== undefined) return { kind: 'conflict', why: fault };
  const theirs = Array.isArray(previous.items) ? previous.items : [];
  const format = formatOf(text);
  let now = text;
  for (const item of items.filter((one) => !theirs.includes(one))) {
    const at = listAt(read(now).root, path)?.indexOf(item) ?? -1;
    if (at >= 0) now = applyEdits(now, modify(now, [...path, at], undefined, format));
  }
  for (let depth = path.length; depth > Number(previous.depth); depth -= 1) {
    const value = valueAt(read(now).root, path.slice(0, depth));
    if (typeof value !== 'object' || value === null || Object.keys(value).length > 0) break;
    now = applyEdits(now, modify(now, path.slice(0, depth), undefined, format));
  }
  return { kind: 'done', text: now };
}

function listAt(root: Node | undefined, path: readonly string[]): readonly unknown[] | undefined {
  const value = valueAt(root, path);
  return Array.isArray(value) ? value : undefined;
}

/** What stands in the way: a list's place that is taken by something else, or a name in it that stands twice. */
function faultAlong(root: Node | undefined, path: readonly string[]): string | undefined {
  for (const [at, name] of path.entries()) {
    const node = root && findNodeAtLocation(root, path.slice(0, at + 1));
    if (!node) return undefined;
    const twice = repeatedIn(node);
    if (twice !== undefined) return `names "${twice}" twice. Correct it`;
    const wanted = at === path.length - 1 ? 'array' : 'object';
    if (node.type !== wanted) return `has something else than an ${wanted} under "${name}". Correct it`;
  }
  return undefined;
}

/** What keeps a JSON file from being edited. */
function faultOf(text: string, at?: string): string | undefined {
  const { root, faults } = read(text);
  const [first] = faults;
  if (first || root?.type !== 'object') {
    const line = text.slice(0, first?.offset ?? 0).split('\n').length;
    return `is not a JSON object that can be read (line ${line}). Correct it`;
  }
  const value = at === undefined ? undefined : findNodeAtLocation(root, [at]);
  const twice = [root, value].map(repeatedIn).find((name) => name !== undefined);
  if (twice !== undefined) return `names "${twice}" twice. Correct it`;
  return value === undefined || value.type === 'object' ? undefined : `has something else than an object under "${at}". Correct it`;
}

/** The first name that stands twice: programs differ in which one they take. */
function repeatedIn(node: Node | undefined): string | undefined {
  const names = node?.type === 'object' ? (node.children ?? []).map(({ children }) => String(children?.[0]?.value)) : [];
  return names.find((name, at) => names.indexOf(name) !== at);
}

function read(text: string): { readonly root: Node | undefined; readonly faults: readonly ParseError[] } {
  const faults: ParseError[] = [];
  return { root: parseTree(text, faults, { allowTrailingComma: true }), faults };
}

function valueAt(root: Node | undefined, path: readonly string[]): unknown {
  const node = root && findNodeAtLocation(root, [...path]);
  return node && getNodeValue(node);
}

function change(text: string, edits: readonly Edit[], splices: Splice[]): string {
  let now = text;
  // From the end, so that what stands before keeps its place.
  for (const { offset, length, content } of [...edits].sort((a, b) => b.offset - a.offset)) {
    splices.push({ at: offset, length: content.length, removed: now.slice(offset, offset + length) });
    now = now.slice(0, offset) + content + now.slice(offset + length);
  }
  return now;
}

/** As the file has it: its line ends, and the indentation of its first indented line. */
function formatOf(text: string) {
  const indent = /^([ \t]+)\S/m.exec(text)?.[1] ?? '  ';
  return {
    formattingOptions: {
      insertSpaces: !indent.startsWith('\t'),
      tabSize: indent.startsWith('\t') ? 1 : indent.length,
      eol: text.includes('\r\n') ? '\r\n' : '\n',
    },
  };
}
