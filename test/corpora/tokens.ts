/**
 * Credentials of a live shape are not committed: a corpus writes `{{kind:seed}}` or `{{kind:seed|filter|filter}}`, and this makes the
 * token, always the same for the same kind and seed. A doubled brace that is no such placeholder stays as it is.
 */

import { createChance } from './chance.ts';
import { KINDS } from './kinds.ts';

const PLACEHOLDER = /\{\{([a-z0-9-]+):([a-z0-9]+)((?:\|[a-z0-9]+)*)\}\}/g;

/** What may be done to a token, or to a text between `{{begin|filter}}` and `{{end}}`. */
const FILTERS: Readonly<Record<string, (text: string) => string>> = {
  base64: (text) => Buffer.from(text).toString('base64'),
  base64url: (text) => Buffer.from(text).toString('base64url'),
  hex: (text) => Buffer.from(text).toString('hex'),
  url: (text) => encodeURIComponent(text),
  json: (text) => JSON.stringify(text).slice(1, -1),
  numbered: (text) => onLines(text, (line, index) => `${String(index + 1).padStart(6)}\t${line}`),
  grep: (text) => onLines(text, (line, index) => `config/app.pem:${index + 1}:${line}`),
  added: (text) => onLines(text, (line) => `+${line}`),
  removed: (text) => onLines(text, (line) => `-${line}`),
  quoted: (text) => onLines(text, (line) => `> ${line}`),
  indented: (text) => onLines(text, (line) => `    ${line}`),
  commented: (text) => onLines(text, (line) => `# ${line}`),
  joined: (text) => text.replaceAll('\n', ' '),
  bare: (text) => text.replace(/-----[^\n]*-----\n?/g, '').replaceAll('\n', ''),
  first: (text) => text.slice(0, Math.ceil(text.length / 2)),
  second: (text) => text.slice(Math.ceil(text.length / 2)),
  masked: (text) => `${text.slice(0, 6)}${'*'.repeat(Math.max(text.length - 10, 4))}${text.slice(-4)}`,
  short: (text) => `${text.slice(0, 8)}…`,
  upper: (text) => text.toUpperCase(),
  backslash: (text) => text.replace(/(.{40})/g, '$1\\\n'),
  wrapped: (text) => text.replace(/(.{76})/g, '$1\n'),
};

const BLOCK = /\{\{begin((?:\|[a-z0-9]+)+)\}\}([\s\S]*?)\{\{end\}\}/g;

/** The text with its tokens in it. Throws on a kind or a filter that nobody knows. */
export function expandTokens(text: string): string {
  const withTokens = text.replace(PLACEHOLDER, (_, kind: string, seed: string, filters: string) => filtered(tokenOf(kind, seed), filters));
  return withTokens.replace(BLOCK, (_, filters: string, inner: string) => filtered(inner, filters));
}

/** The kinds that a text names, whether known or not. */
export function kindsIn(text: string): readonly string[] {
  return [...text.matchAll(PLACEHOLDER)].map((match) => match[1]!);
}

function tokenOf(kind: string, seed: string): string {
  const make = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (make === undefined) throw new Error(`No kind of token is called ${kind}.`);
  return make(createChance(`${kind}:${seed}`));
}

function filtered(text: string, names: string): string {
  return names
    .split('|')
    .filter((name) => name !== '')
    .reduce((value, name) => {
      const filter = Object.hasOwn(FILTERS, name) ? FILTERS[name] : undefined;
      if (filter === undefined) throw new Error(`No filter is called ${name}.`);
      return filter(value);
    }, text);
}

function onLines(text: string, change: (line: string, index: number) => string): string {
  return text.split('\n').map(change).join('\n');
}
