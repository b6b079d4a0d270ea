/** Editors that are driven by commands, and openssl, which encodes, decodes and connects. */

import type { Word } from '../gathering.ts';
import { gravest, isOpen, readable } from '../holes.ts';
import { hostOf } from '../hosts.ts';
import type { Special } from '../programs/program.ts';
import { judgeSending } from '../sending.ts';
import { DECODERS } from './decoders.ts';
import { copyOf, type Flow, fileFlow, type Handler, holdingOf, type Invocation, madeOf, NOTHING, UNKNOWN } from './machine.ts';
import { valuesOf } from './options.ts';

type Editor = Extract<Special, 'editor-commands' | 'openssl'>;

export const EDITORS: Readonly<Record<Editor, Handler>> = {
  'editor-commands'(invocation) {
    const { name, options, words, stdin, machine, range, raw } = invocation;
    const given = [
      ...valuesOf(options, '-c --cmd --eval --execute -e -S'),
      ...words.filter(({ text }) => /^\+./.test(text)).map((word) => ({ ...word, text: word.text.slice(1) })),
    ];
    if (/^(vi|vim|nvim|view|gvim|ex|ed)$/.test(name) && stdin.kind === 'text')
      given.push(...stdin.text.split('\n').map((text) => ({ text, raw: text, range })));
    for (const word of given) judgeExCommand(word, invocation);
    const elsewhere = stdin.kind === 'download' || (stdin.kind === 'unknown' && /^(ex|ed)$/.test(name));
    if (elsewhere)
      machine.gathering.effect('unresolved', 'watch', `drives an editor by commands that can’t be told (${readable(raw, 60)})`, range);
    return UNKNOWN;
  },

  /** `openssl enc`, `openssl base64`: bytes go through. `s_client`: they go out. */
  openssl(invocation) {
    const { words, options, stdin, machine, state, range } = invocation;
    const verb = words[0]?.text;
    const input = valuesOf(options, '-in').at(-1);
    const flow: Flow = input ? fileFlow(input.text, state, machine) : stdin;
    if (verb === 's_client') {
      const host = valuesOf(options, '-connect').map(({ text }) => hostOf(text) ?? text.replace(/:\d+$/, ''))[0];
      if (host && !isOpen(host)) machine.gathering.host(host);
      const holds = gravest(holdingOf(flow));
      if (holds) judgeSending({ holds, host, range }, machine.gathering);
      machine.disk.sources.push(`what ${readable(host ?? 'another machine')} sends`);
      return { kind: 'download', from: machine.disk.sources.at(-1)! };
    }
    const output = valuesOf(options, '-out').at(-1);
    const made = /^(base64|enc)$/.test(verb ?? '') && !input ? DECODERS.decoder({ ...invocation, operands: [], options }) : madeOf(flow);
    if (!output) return made;
    const path = machine.gathering.paths.absolute(output.text, state.cwd);
    if (path !== undefined && made) machine.disk.files.set(path, made);
    return NOTHING;
  },
};

/** `:!CMD`, `:r !CMD`, `system(…)`: what the editor would hand to a shell. */
function judgeExCommand(word: Word, { name, machine, state }: Invocation): void {
  const { text, range } = word;
  if (name === 'emacs') {
    const command = /\((?:shell-command|call-process-shell-command|async-shell-command)[^"]*"((?:\\.|[^"\\])*)"/.exec(text)?.[1];
    if (command) machine.runText(command, copyOf(state), NOTHING, () => range);
    else if (/call-process|start-process|shell-command|delete-|url-retrieve|load|eval|write-region|make-network/.test(text) || isOpen(text))
      machine.gathering.effect('unresolved', 'watch', `drives an editor by commands (${readable(word.raw, 60)})`, range);
    return;
  }
  const command =
    /(?:^|[\s|%:])!\s*(.+)$/.exec(text)?.[1] ??
    /\bsystem\(\s*['"](.+?)['"]\s*\)/.exec(text)?.[1] ??
    /\bos\.execute\(\s*['"](.+?)['"]\s*\)/.exec(text)?.[1];
  if (command) machine.runText(command, copyOf(state), NOTHING, () => range);
  else if (isOpen(text) || /\b(python3?|perl|ruby|lua|luafile|source|so|execute|exe|call|terminal|term|pyx?f?i?l?e?)\b/.test(text))
    machine.gathering.effect('unresolved', 'watch', `drives an editor by commands (${readable(word.raw, 60)})`, range);
  const target = /^:?\s*(?:w|saveas|write)!?\s+(?!!)(\S+)$/.exec(text)?.[1];
  if (target) machine.gathering.writes({ ...word, text: target }, state.cwd);
}
