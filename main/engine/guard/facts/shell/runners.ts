/** Programs that run other code: shells, interpreters, package runners, ssh, xargs. */

import type { Word } from '../gathering.ts';
import { HOLE, holdingIn, isOpen, readable } from '../holes.ts';
import { isHere } from '../hosts.ts';
import { knownProgram } from '../programs/known.ts';
import type { Special } from '../programs/program.ts';
import { USUAL_TOOLS } from '../programs/usual-tools.ts';
import { judgeSending } from '../sending.ts';
import { runFile } from './files.ts';
import { copyOf, type Flow, fileFlow, type Handler, holdingOf, type Invocation, madeOf, NOTHING, newState, UNKNOWN } from './machine.ts';
import { findOption, hasOption, parseWords, valuesOf } from './options.ts';
import { UNTOLD } from './pagers.ts';
import { regionOf } from './regions.ts';
import { judgeElsewhere } from './services.ts';
import { WHOLE_ENVIRONMENT } from './snippet-patterns.ts';
import { judgeSnippet } from './snippets.ts';
import { judgeVariable } from './variables.ts';

type Runner = Extract<Special, 'interpreter' | 'snippet' | 'run-package' | 'shell' | 'ssh' | 'xargs'>;

/** What of a command that runs elsewhere is worth saying here. */
const ELSEWHERE = /^(delete|destructive|privilege|download-execute|install-package|credential-access|exfiltrate|unresolved)$/;
const FORGE_LOGIN = /^(ssh:\/\/)?git@(github\.com|gitlab\.com|bitbucket\.org|codeberg\.org|ssh\.dev\.azure\.com|git\.sr\.ht)(:\d+)?\/?$/;
const LARGEST_PRODUCT = 1_000_000;
export const CODE_RUNNERS: Readonly<Record<Runner, Handler>> = {
  /** Bash manual, "Invoking Bash": `-c TEXT [NAME [ARGUMENT …]]`, `-s`, or a file. */
  shell(invocation) {
    const { words, stdin, machine, state, range } = invocation;
    let takesText = false;
    let at = 0;
    for (; at < words.length && /^[-+]./.test(words[at]!.text); at += 1) {
      const { text } = words[at]!;
      if (text === '--') {
        at += 1;
        break;
      }
      if (/^-[a-zA-Z]*c[a-zA-Z]*$/.test(text)) takesText = true;
      if (/^[-+][a-zA-Z]*[oO]$/.test(text) || /^--(rcfile|init-file)$/.test(text)) at += 1;
    }
    // Reads, and runs nothing.
    if (words.slice(0, at).some(({ text }) => /^-[a-zA-Z]*n[a-zA-Z]*$/.test(text))) return UNKNOWN;
    const readsStdin = words.some(({ text }) => text === '-s' || text === '-');
    const [first, ...rest] = words.slice(at).filter(({ text }) => text !== '-');
    // A shell of its own: what it sets is gone when it ends.
    const inner = { ...copyOf(state), functions: new Map(), aliases: new Map() };
    if (takesText && first) {
      inner.parameters = rest.slice(1).map(({ text }) => text);
      if (rest[0]) inner.variables.set('0', [rest[0].text]);
      return machine.runText(first.text, inner, stdin, regionOf(first), first.raw);
    }
    if (first && !readsStdin) return runFile(first, rest, { state: inner, stdin, machine, range }, 'shell');
    inner.parameters = rest.map(({ text }) => text);
    return runStream(invocation, () => (stdin.kind === 'text' ? machine.runText(stdin.text, inner, NOTHING, () => range) : UNKNOWN));
  },

  /** `deno eval CODE`, `bun -e CODE` */
  snippet({ name, words, options, operands, machine, state, range }) {
    const given = valuesOf(options, '-e --eval -p --print');
    const evaluates = name === 'deno' ? operands.slice(0, 1) : [];
    for (const word of [...given, ...evaluates]) {
      machine.gathering.effect('runs-code', 'plain', `runs a line of ${name}`, word.range);
      judgeSnippet(word.text, name, regionOf(word), copyOf(state), machine);
    }
    if (words.length > 0 && given.length + evaluates.length > 0) machine.gathering.effect('runs-code', 'plain', `runs ${name}`, range);
    return undefined;
  },

  interpreter(invocation) {
    const { words, name, machine, state, stdin, range, options, operands } = invocation;
    const { gathering } = machine;
    const codeOptions = /^(python|pypy)/.test(name) ? '-c' : /^php/.test(name) ? '-r' : '-e -E --eval -p --print -pe';
    // Looks at the syntax, and runs nothing.
    const checks = /^node/.test(name) ? '-c --check' : /^php/.test(name) ? '-l' : /^(ruby|perl)/.test(name) ? '-c' : undefined;
    if (checks && hasOption(options, checks) && operands.length > 0) {
      for (const file of operands) gathering.reads(file, state.cwd);
      return UNKNOWN;
    }
    for (const word of /^(node|tsx|ts-node)/.test(name) ? valuesOf(options, '-r --require --import --loader --experimental-loader') : []) {
      if (/^(https?|data):/i.test(word.text))
        gathering.effect('download-execute', 'risk', `downloads ${readable(word.text)} and runs it`, word.range);
      else if (/^[./~]/.test(word.text)) runFile(word, [], { state: copyOf(state), stdin: NOTHING, machine, range }, 'other', name);
    }
    const code = valuesOf(options, codeOptions);
    for (const word of code) {
      gathering.effect('runs-code', 'plain', `runs a line of ${name}`, word.range);
      judgeSnippet(word.text, name, regionOf(word), copyOf(state), machine);
    }
    const edits = /^(perl|ruby)/.test(name) && options.some((option) => option.name === '-i');
    // Each line is read, none is printed: the file is empty afterwards.
    const silent =
      edits && options.some((option) => option.name === '-n') && !code.some(({ text }) => /print|say|puts|write|\bp\b|\$stdout/.test(text));
    if (silent) for (const file of operands) gathering.effect('destructive', 'watch', `empties ${readable(file.raw)}`, file.range);
    if (code.length > 0) {
      for (const file of operands) edits ? gathering.writes(file, state.cwd, 'changes') : gathering.reads(file, state.cwd);
      return printedBy(code, invocation);
    }
    const module = /^(python|pypy)/.test(name) ? findOption(options, '-m')?.value : undefined;
    if (module) {
      const after = words.slice(words.indexOf(module) + 1);
      if (module.text === 'http.server') serveFolder(after, invocation);
      if (knownProgram(module.text)) return machine.runWords([module, ...after], copyOf(state), stdin, range);
      gathering.effect('runs-code', 'plain', `runs the module ${readable(module.text)}`, range);
      return UNKNOWN;
    }
    const fetched = operands.find(({ text }) => /^https?:\/\//i.test(text));
    if (fetched) {
      gathering.effect('download-execute', 'risk', `downloads ${readable(fetched.text)} and runs it`, fetched.range);
      return UNKNOWN;
    }
    const registry = operands.find(({ text }) => /^(npm|jsr):/.test(text));
    if (registry && name === 'deno') {
      gathering.effect('install-package', 'watch', `downloads the package ${readable(registry.text)} and runs it`, registry.range);
      return UNKNOWN;
    }
    const [file, ...parameters] = operands.filter(({ text }) => text !== '-' && text !== 'run');
    if (file && !/^\/dev\/(stdin|fd\/0)$/.test(file.text))
      return runFile(file, parameters, { state: copyOf(state), stdin, machine, range }, 'other', name);
    return runStream(invocation, () => {
      gathering.effect('runs-code', 'plain', `runs a ${name} script`, range);
      if (stdin.kind === 'text') judgeSnippet(stdin.text, name, () => range, copyOf(state), machine);
      return UNKNOWN;
    });
  },

  /** npx and its like: a tool of the project runs; any other is downloaded first. */
  'run-package'({ name, words, options, operands, machine, state, stdin, range }) {
    const { gathering } = machine;
    const named = valuesOf(options, '-p --package --from --with');
    const [tool, ...rest] = operands;
    const bare = tool?.text.replace(/(?<=.)@[^/]*$/, '') ?? '';
    const pinned = tool !== undefined && bare !== tool.text;
    const root = gathering.paths.root;
    const local = root !== undefined && /^[\w.-]+$/.test(bare) && gathering.paths.exists(`${root}/node_modules/.bin/${bare}`);
    const usual =
      /^(npx|bunx|pnpx|exec|x|uvx|npm|pnpm|yarn|bun)$/.test(name) && USUAL_TOOLS.has(bare) && !words.some(({ text }) => text === 'dlx');
    // What is not there yet is not fetched either.
    const stays = hasOption(options, '--no-install --offline --no --no-download');
    for (const word of valuesOf(options, '--node-options'))
      judgeVariable({ name: 'NODE_OPTIONS', value: word.text, range: word.range }, copyOf(state), machine);
    for (const word of named)
      gathering.effect('install-package', 'watch', `downloads the package ${readable(word.text)} and runs it`, word.range);
    if (tool && named.length === 0 && !stays && (pinned ? !USUAL_TOOLS.has(bare) : !local && !usual)) {
      gathering.effect('install-package', 'watch', `downloads the package ${readable(tool.text)} and runs it`, tool.range);
    }
    if (!tool) return UNKNOWN;
    if (knownProgram(bare)) return machine.runWords([{ ...tool, text: bare }, ...rest], copyOf(state), stdin, range);
    gathering.effect('runs-code', 'plain', `runs ${readable(bare)}`, tool.range);
    return UNKNOWN;
  },

  xargs({ operands, options, stdin, machine, state, range }) {
    const placeholder = findOption(options, '-I -i --replace');
    const token = placeholder?.value?.text ?? '{}';
    const list = findOption(options, '-a --arg-file')?.value;
    const fed = stdinWords(list ? fileFlow(list.text, state, machine) : stdin);
    const command = operands.length > 0 ? operands : [{ text: 'echo', range, raw: 'xargs' }];
    if (!placeholder)
      return machine.runWords(
        [...command, ...fed.map((text) => ({ text, range, raw: 'what xargs reads' }))],
        copyOf(state),
        NOTHING,
        range,
      );
    return fed.reduce<Flow>(
      (_, text) =>
        machine.runWords(
          // Within a script of its own a line of input is a word that is not known, and no part of the script.
          command.map((word) => ({
            ...word,
            text: put(text === HOLE && /\s/.test(word.text) ? `\${${UNTOLD}}` : text, token, word.text),
          })),
          copyOf(state),
          NOTHING,
          range,
        ),
      UNKNOWN,
    );
  },

  ssh({ operands, options, words, machine, range, stdin }) {
    const { gathering, disk } = machine;
    const [target, ...after] = operands;
    // Options may also stand behind the host: `ssh host -p 22 CMD`.
    const command = parseWords(after, { values: '-i -l -p -o -F -J -L -R' }, 'operand').operands;
    for (const { text, range: where } of valuesOf(options, '-o')) {
      const local = /^\s*(?:ProxyCommand|LocalCommand|KnownHostsCommand)[\s=]+(.+)$/i.exec(text);
      if (local) machine.runText(local[1]!, newState(gathering.paths.cwd), NOTHING, () => where);
    }
    // Prints its settings, or its version, and connects to nobody.
    if (!target || hasOption(options, '-G -Q -V')) return UNKNOWN;
    const host = readable(target.text.replace(/^ssh:\/\//, '').replace(/^[^@]*@/, ''));
    gathering.host(host.toLowerCase());
    const [first] = command;
    const sent = holdingOf(stdin);
    if (sent && !/^(-n|-f)$/.test(words[0]?.text ?? ''))
      judgeSending({ holds: sent, host: isOpen(host) ? undefined : host.toLowerCase(), range }, gathering);
    // Forges answer who is asking, and give no shell.
    if (!first && FORGE_LOGIN.test(target.text)) {
      gathering.effect('network', 'plain', `asks ${host} who this is`, range);
      return UNKNOWN;
    }
    const carried = holdingIn(command.map(({ text }) => text).join(' '));
    if (carried && !/^(variable|workspace|identity)$/.test(carried))
      judgeSending({ holds: carried, host: host.toLowerCase(), range }, gathering);
    if (!first && stdin.kind !== 'text') {
      gathering.effect('network', 'watch', `logs in to ${host}`, range);
      return UNKNOWN;
    }
    gathering.effect('network', 'watch', `runs commands on ${host}`, range);
    const text = first ? command.map((word) => word.text).join(' ') : stdin.kind === 'text' ? stdin.text : '';
    const region = command.length === 1 && first ? regionOf(first) : () => range;
    judgeElsewhere(host, text, region, machine, ELSEWHERE);
    disk.sources.push(host);
    return { kind: 'download', from: host };
  },
};

/** What a line of code prints is made of what it reads: of the standard input, and of files that it names. */
function printedBy(code: readonly { readonly text: string }[], { stdin, machine, state, operands }: Invocation): Flow {
  const named = code.flatMap(({ text }) => [...text.matchAll(/["']([^"'\n]{1,200})["']/g)].map(([, literal]) => literal!));
  const files = [
    ...named.filter((literal) => /^[~./]|\.\w{2,6}$/.test(literal) && !/^\.{0,2}\/?$|^https?:/.test(literal)),
    ...operands.map(({ text }) => text),
  ];
  const all = code.some(({ text }) => WHOLE_ENVIRONMENT.test(text));
  return madeOf(
    stdin,
    all ? { kind: 'unknown', holds: 'environment' } : NOTHING,
    ...files.slice(0, 20).map((file) => fileFlow(file, state, machine)),
  );
}

/** `python -m http.server`: everybody in reach can read the folder. */
function serveFolder(words: readonly Word[], { machine, state, range, raw }: Invocation): void {
  const at = words.findIndex(({ text }) => /^(-d|--directory)$/.test(text));
  const folder = words[at + 1] && at >= 0 ? words[at + 1]! : { text: '.', raw, range };
  const bound = words.findIndex(({ text }) => /^(-b|--bind)$/.test(text));
  if (bound >= 0 && isHere(words[bound + 1]?.text ?? '')) return;
  if (machine.gathering.paths.place(folder.text, state.cwd).where === 'workspace') return;
  machine.gathering.reads(folder, state.cwd, true);
  machine.gathering.effect('network', 'watch', `lets everybody in reach read ${readable(folder.text)}`, folder.range);
  machine.gathering.effect('exfiltrate', 'watch', `lets everybody in reach read ${readable(folder.text)}`, folder.range);
}

/** A program that runs what it reads: known text is read, a download is told, all else cannot be. */
function runStream({ stdin, machine, range, raw }: Invocation, run: () => Flow): Flow {
  switch (stdin.kind) {
    case 'nothing':
      return UNKNOWN;
    case 'text':
      return run();
    case 'download':
      machine.gathering.effect('download-execute', 'risk', `downloads ${stdin.from} and runs it`, range);
      return UNKNOWN;
    default:
      machine.gathering.effect('unresolved', 'watch', `runs what it is given, which can’t be told before it runs: ${readable(raw)}`, range);
      return UNKNOWN;
  }
}

/** `xargs -I`: a word that would grow beyond reason is a hole. */
function put(text: string, token: string, word: string): string {
  return word.includes(token) && text.length * word.length > LARGEST_PRODUCT ? HOLE : word.replaceAll(token, text);
}

function stdinWords(stdin: Flow): string[] {
  if (stdin.kind === 'paths') return [...stdin.patterns];
  if (stdin.kind === 'text') return stdin.text.split(/\s+/).filter((word) => word !== '');
  return [HOLE];
}
