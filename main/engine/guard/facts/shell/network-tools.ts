/** Raw connections, names to look up, mail, and clients that send files. */

import type { Word } from '../gathering.ts';
import { gravest, holdingIn, isOpen, readable } from '../holes.ts';
import { hostOf, isHere } from '../hosts.ts';
import type { Special } from '../programs/program.ts';
import { judgeSending } from '../sending.ts';
import { isRemotePath, sendFiles } from './hosts.ts';
import { fileFlow, type Handler, holdingOf, type Invocation, NOTHING, UNKNOWN } from './machine.ts';
import { hasOption, valuesOf } from './options.ts';

type NetworkTool = Extract<Special, 'hands-over' | 'mail' | 'netcat' | 'sends-files' | 'sends-stdin' | 'uploads'>;

/** Verbs of clouds' tools that copy, from here or to here. */
const COPIES =
  /^(.*[-:])?(cp|copy|copyto|sync|bisync|mv|move|put|upload|upload-batch|rsync|mirror|push|publish|deploy|create-function|update-function-code)$/;

export const NETWORK_TOOLS: Readonly<Record<NetworkTool, Handler>> = {
  netcat({ options, operands, state, machine, range, stdin }) {
    const { gathering, disk } = machine;
    const addresses = operands.filter(({ text }) => text !== '-' && !/^(stdio|exec|system|file|open|pty|gopen|-$)\b/i.test(text));
    const target = addresses[0] ?? operands[0];
    if (target && hasOption(options, '-U')) machine.gathering.reads(target, state.cwd);
    const host = target && hostIn(target.text);
    const shown = host ?? (target ? readable(target.text) : 'another machine');
    const runs = options.find(({ name }) => /^(-e|--exec|-c|--sh-exec|--lua-exec)$/.test(name));
    if (runs || operands.some(({ text }) => /\b(exec|system|shell):/i.test(text))) {
      gathering.effect('download-execute', 'risk', `lets ${shown} run commands here`, range);
    }
    if (hasOption(options, '-l --listen') || operands.some(({ text }) => /listen/i.test(text))) {
      gathering.effect('network', 'watch', 'waits for a connection from another machine', range);
      return UNKNOWN;
    }
    if (host) gathering.host(host);
    for (const { text } of operands) {
      const file = /^(?:file|open|gopen):([^,]+)/i.exec(text)?.[1];
      if (file && target) sendFiles([{ ...target, text: file, raw: file }], host, target, machine, state);
    }
    const holds = holdingOf(stdin);
    if (holds) judgeSending({ holds, host, range }, gathering);
    const asks = hasOption(options, '-z') || (host !== undefined && isHere(host));
    gathering.effect('network', asks ? 'plain' : 'watch', `opens a raw connection to ${shown}`, range);
    disk.sources.push(`what ${shown} sends`);
    return { kind: 'download', from: disk.sources.at(-1)! };
  },

  /** Whatever comes in goes to the host that the words name: telnet, `openssl s_client`, websocat. */
  'sends-stdin'({ operands, words, stdin, machine, range }) {
    const holds = gravest(holdingOf(stdin), ...words.map(({ text }) => holdingIn(text)));
    const host = [...operands, ...words].map(({ text }) => hostOf(text)).find((one) => one !== undefined);
    if (host) machine.gathering.host(host);
    if (holds) judgeSending({ holds, host, range }, machine.gathering);
    return UNKNOWN;
  },

  /** Clients of queues and stores: what they are given goes to others, wherever these are. */
  'hands-over'(invocation) {
    const { words, stdin, machine, state, range } = invocation;
    if (words.some(({ text }) => /^(localhost|127\.0\.0\.1)(:\d+)?$|\/\/(localhost|127\.0\.0\.1)\b/.test(text))) return UNKNOWN;
    const files = words
      .filter(({ text }) => /^@?[.~/\w][\w./~-]*$/.test(text))
      .map((word) => ({ ...word, text: word.text.replace(/^@/, '') }));
    const holds = gravest(
      holdingOf(stdin),
      ...words.map(({ text }) => holdingIn(text)),
      ...files.map(({ text }) => holdingOf(fileFlow(text, state, machine))).filter((one) => one !== 'workspace'),
    );
    if (holds && holds !== 'variable') judgeSending({ holds, host: undefined, range }, machine.gathering);
    return UNKNOWN;
  },

  mail({ operands, options, words, stdin, machine, state, range }) {
    const files = valuesOf(options, '-a -A --attach --attachment -f --body').filter(({ text }) => !/@[\w.-]+\.\w/.test(text));
    for (const file of files) machine.gathering.reads(file, state.cwd);
    const holds = gravest(
      holdingOf(stdin),
      ...words.map(({ text }) => holdingIn(text)),
      ...files.map(({ text }) => holdingOf(fileFlow(text, state, machine))),
    );
    const to = [...operands, ...words].map(({ text }) => /[\w.+-]+@([\w.-]+)/.exec(text)?.[1]).find((one) => one !== undefined);
    if (to) machine.gathering.host(to.toLowerCase());
    judgeSending({ holds, host: to, range }, machine.gathering);
    return UNKNOWN;
  },

  /** A program whose operands are files that it hands to a service of its own: `gh gist create`, `croc send`. */
  'sends-files'(invocation) {
    const { stdin, machine, state, range } = invocation;
    const files = filesAmong(invocation);
    for (const file of files) machine.gathering.reads(file, state.cwd, true);
    const to = { text: '', raw: '', range };
    if (files.length > 0) sendFiles(files, undefined, to, machine, state);
    if (stdin.kind !== 'nothing') judgeSending({ holds: holdingOf(stdin), host: undefined, range }, machine.gathering);
    return UNKNOWN;
  },

  /** Clouds' copy commands: what is here and goes to an address leaves. */
  uploads(invocation) {
    const { operands, options, machine, state, range, stdin, raw } = invocation;
    const at = operands.findIndex(({ text }) => COPIES.test(text));
    const sources =
      at < 0
        ? []
        : operands
            .slice(at + 1)
            .filter(({ text }, index, all) => !isRemotePath(text) && text !== '-' && (index < all.length - 1 || all.length === 1));
    const files = [
      ...(sources.length > 0 ? sources : filesAmong(invocation)),
      ...valuesOf(options, '-f --file --source -s --body --zip-file --upload-file --from-file').map((word) => ({
        ...word,
        text: word.text.replace(/^file(b)?:\/\//, ''),
      })),
    ];
    const verb = operands[at];
    const remote = operands.filter(({ text }) => isRemotePath(text));
    const target = operands.at(-1);
    if (!verb) return UNKNOWN;
    if (remote.length > 1) {
      machine.gathering.effect('network', 'watch', `copies within the cloud (${readable(raw, 60)})`, range);
      return UNKNOWN;
    }
    if (target && remote[0] && target !== remote[0]) {
      machine.gathering.effect('network', 'plain', `fetches ${readable(remote[0].text)}`, range);
      if (target.text !== '-') machine.gathering.writes(target, state.cwd);
      const fetched = { kind: 'download', from: readable(remote[0].text) } as const;
      if (target.text !== '-') machine.disk.files.set(machine.gathering.paths.place(target.text, state.cwd).path, fetched);
      return target.text === '-' ? fetched : NOTHING;
    }
    if (files.length === 0 && !operands.some(({ text }) => text === '-')) return UNKNOWN;
    for (const file of files) machine.gathering.reads(file, state.cwd, true);
    sendFiles(files, undefined, target ?? { text: '', raw: '', range }, machine, state);
    if (operands.some(({ text }) => text === '-')) judgeSending({ holds: holdingOf(stdin), host: undefined, range }, machine.gathering);
    return UNKNOWN;
  },
};

/** What looks like a path rather than a verb: sub-commands have been taken for operands as well. */
function filesAmong({ operands, machine, state }: Invocation): Word[] {
  return operands.filter(
    ({ text }) =>
      !isRemotePath(text) &&
      text !== '-' &&
      (/[./~*]/.test(text) || isOpen(text) || machine.disk.files.has(machine.gathering.paths.place(text, state.cwd).path)),
  );
}

/** netcat's first word, or what socat calls an address: `TCP:host:80`, `OPENSSL:host:443,verify=0`. */
function hostIn(text: string): string | undefined {
  if (isOpen(text)) return hostOf(text);
  const host = text
    .replace(/^(?:tcp|udp|openssl|ssl|socks\w*|proxy|sctp)[46]?(?:-connect|-sendto|-datagram)?:/i, '')
    .replace(/[:,].*$/, '')
    .toLowerCase();
  return host === '' ? undefined : host;
}
