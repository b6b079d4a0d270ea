/** Encoders and decoders: known text is worked out, because a shell may read it; of all else it is kept what is in it. */

import { gunzipSync, inflateSync } from 'node:zlib';
import { isOpen } from '../holes.ts';
import type { Special } from '../programs/program.ts';
import { fileFlow, type Handler, type Invocation, madeOf } from './machine.ts';
import { hasOption, valuesOf } from './options.ts';
import { filesOf } from './streams.ts';

type Decoder = Extract<Special, 'decoder'>;

/** Of packed text. A bomb stays a bomb: what grows beyond is not known. */
const LARGEST = 128 * 1024;
const LONGEST = 128 * 1024;
const MOST_HIDDEN = 20;

export const DECODERS: Readonly<Record<Decoder, Handler>> = {
  decoder(invocation) {
    const files = { ...invocation, operands: invocation.operands.filter((word) => !isText(word.text, invocation)) };
    const input = filesOf(files) ?? invocation.stdin;
    if (/^g(un)?zip$/.test(invocation.name) && !hasOption(invocation.options, '-c --stdout')) renamed(invocation);
    if (input.kind === 'paths') return invocation.name === 'rev' ? madeOf(input) : input;
    if (input.kind !== 'text' || isOpen(input.text) || input.text.length > LONGEST) return madeOf(input);
    const text = decoded(input.text, invocation);
    if (text === undefined) return madeOf(input);
    const decodes =
      /^(rev|gunzip|zcat|gzcat)$/.test(invocation.name) ||
      (invocation.name !== 'cut' && invocation.name !== 'tr' && hasOption(invocation.options, '-d -D --decode -r')) ||
      isCipher(invocation);
    if (decodes && text.trim().length > 1 && invocation.machine.disk.hidden.size < MOST_HIDDEN)
      invocation.machine.disk.hidden.add(text.trim());
    return { kind: 'text', text };
  },
};

/** What was in `a.gz` is in `a`, and the other way round. */
function renamed({ operands, machine, state }: Invocation): void {
  for (const { text } of operands) {
    const to = machine.gathering.paths.absolute(/\.gz$/.test(text) ? text.slice(0, -3) : `${text}.gz`, state.cwd);
    if (to !== undefined) machine.disk.files.set(to, madeOf(fileFlow(text, state, machine)));
  }
}

/** One alphabet for another, and not a change of case or of white space. */
function isCipher({ name, options, operands }: Invocation): boolean {
  const [from = '', to] = operands.map((word) => word.text);
  if (name !== 'tr' || to === undefined || hasOption(options, '-d -s')) return false;
  const changesCase = /^(\[:(upper|lower):\]|a-z|A-Z)$/;
  return /[a-z0-9]/i.test(from) && !(changesCase.test(from) && changesCase.test(to));
}

/** tr's sets and openssl's verb are no files. */
function isText(text: string, { name }: Invocation): boolean {
  return name === 'tr' || (name === 'openssl' && /^(base64|enc|-.*)$/.test(text));
}

function decoded(text: string, { name, options, operands, words }: Invocation): string | undefined {
  const decodes = hasOption(options, '-d -D --decode');
  switch (name) {
    case 'base64':
    case 'gbase64':
    case 'basenc':
      return decodes ? fromBytes(Buffer.from(text, 'base64')) : `${toBytes(text).toString('base64')}\n`;
    case 'base32':
      return decodes ? fromBase32(text) : undefined;
    case 'openssl':
      if (!words.some((word) => /^-?(base64|a)$/.test(word.text))) return undefined;
      return hasOption(options, '-d') ? fromBytes(Buffer.from(text, 'base64')) : `${toBytes(text).toString('base64')}\n`;
    case 'xxd':
      if (!hasOption(options, '-r')) return hasOption(options, '-p -ps -plain') ? `${toBytes(text).toString('hex')}\n` : undefined;
      return hasOption(options, '-p -ps -plain') ? fromBytes(Buffer.from(text.replaceAll(/\s/g, ''), 'hex')) : fromDump(text);
    case 'rev':
      return text
        .split('\n')
        .map((line) => [...line].reverse().join(''))
        .join('\n');
    case 'tac':
      return `${text.trimEnd().split('\n').reverse().join('\n')}\n`;
    case 'tr':
      return translated(
        text,
        options,
        operands.map((word) => word.text),
      );
    case 'gunzip':
    case 'zcat':
    case 'gzcat':
      return unpacked(text);
    case 'gzip':
      return decodes ? unpacked(text) : undefined;
    case 'head':
    case 'tail':
      return lines(text, name, words, options);
    case 'cut':
      return columns(text, options);
    default:
      return undefined;
  }
}

/** Bytes that are no text are carried as they are, one character each, so that a decoder behind can go on. */
function fromBytes(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return text.includes('\ufffd') ? bytes.toString('latin1') : text;
}

function toBytes(text: string): Buffer {
  return /[^\0-\xff]/.test(text) ? Buffer.from(text) : Buffer.from(text, /[\x80-\xff]/.test(text) ? 'latin1' : 'utf8');
}

function unpacked(text: string): string | undefined {
  const bytes = Buffer.from(text, 'latin1');
  for (const unpack of [gunzipSync, inflateSync]) {
    try {
      return unpack(bytes, { maxOutputLength: LARGEST }).toString('utf8');
    } catch {
      // Not packed in this way, cut off, or too much of it.
    }
  }
  return undefined;
}

function fromBase32(text: string): string {
  const bits = [...text.toUpperCase().replaceAll(/[^A-Z2-7]/g, '')]
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  return fromBytes(Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2))));
}

/** `00000000: 7265 6d20  rm` */
function fromDump(text: string): string {
  const hex = text.split('\n').map((line) => (/^[0-9a-f]+:\s((?:[0-9a-f]{2,4}\s)+)/i.exec(line)?.[1] ?? '').replaceAll(/\s/g, ''));
  return fromBytes(Buffer.from(hex.join(''), 'hex'));
}

function translated(text: string, options: Invocation['options'], [from = '', to]: readonly string[]): string | undefined {
  const complement = hasOption(options, '-c -C --complement');
  const source = setOf(from);
  if (source === undefined) return undefined;
  const known = new Set(source);
  if (hasOption(options, '-d --delete')) return [...text].filter((one) => known.has(one) === complement).join('');
  if (hasOption(options, '-s --squeeze-repeats') && to === undefined)
    return [...text].filter((one, at, all) => one !== all[at - 1] || !known.has(one)).join('');
  const target = to === undefined ? undefined : setOf(to);
  if (!target || target.length === 0) return undefined;
  if (complement) return [...text].map((one) => (known.has(one) ? one : target.at(-1)!)).join('');
  const places = new Map(source.map((one, at) => [one, target[Math.min(at, target.length - 1)]!]));
  return [...text].map((one) => places.get(one) ?? one).join('');
}

/** tr(1): ranges, classes and escapes. */
function setOf(text: string): string[] | undefined {
  const expanded = text
    .replaceAll('[:upper:]', 'A-Z')
    .replaceAll('[:lower:]', 'a-z')
    .replaceAll('[:digit:]', '0-9')
    .replaceAll('[:alpha:]', 'A-Za-z')
    .replaceAll('[:alnum:]', '0-9A-Za-z')
    .replaceAll('[:space:]', ' \\t\\n\\r')
    .replaceAll('[:blank:]', ' \\t')
    .replaceAll(/\\([ntr\\])/g, (_, one: string) => ({ n: '\n', t: '\t', r: '\r', '\\': '\\' })[one] ?? one)
    .replaceAll(/\\([0-7]{1,3})/g, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 8)));
  if (expanded.includes('[:')) return undefined;
  const set: string[] = [];
  const letters = [...expanded];
  for (let at = 0; at < letters.length; at += 1) {
    const [first, dash, last] = letters.slice(at, at + 3);
    if (dash === '-' && last !== undefined && first! <= last && last.codePointAt(0)! - first!.codePointAt(0)! < 256) {
      for (let code = first!.codePointAt(0)!; code <= last.codePointAt(0)!; code += 1) set.push(String.fromCodePoint(code));
      at += 2;
    } else set.push(first!);
  }
  return set;
}

function lines(text: string, name: string, words: Invocation['words'], options: Invocation['options']): string | undefined {
  const given = valuesOf(options, '-n --lines').at(-1)?.text ?? words.find((word) => /^-\d+$/.test(word.text))?.text.slice(1);
  const bytes = valuesOf(options, '-c --bytes').at(-1)?.text;
  const count = Number(bytes ?? given ?? 10);
  if (!Number.isInteger(count) || count < 0) return undefined;
  if (bytes !== undefined) return name === 'head' ? text.slice(0, count) : text.slice(-count || text.length);
  const all = text.replace(/\n$/, '').split('\n');
  return `${(name === 'head' ? all.slice(0, count) : all.slice(-count || all.length)).join('\n')}\n`;
}

function columns(text: string, options: Invocation['options']): string | undefined {
  const fields = valuesOf(options, '-f --fields').at(-1)?.text;
  const characters = valuesOf(options, '-c --characters -b').at(-1)?.text;
  const range = /^(\d*)(-?)(\d*)$/.exec(fields ?? characters ?? '');
  if (!range) return undefined;
  const from = Number(range[1] || 1) - 1;
  const to = range[3] ? Number(range[3]) : range[2] ? undefined : from + 1;
  const mark = valuesOf(options, '-d --delimiter').at(-1)?.text ?? '\t';
  return text
    .split('\n')
    .map((line) => (fields === undefined ? line.slice(from, to) : line.includes(mark) ? line.split(mark).slice(from, to).join(mark) : line))
    .join('\n');
}
