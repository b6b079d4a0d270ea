/** Values: what an expression in code of another language is, as far as it is made of literals, constants and the home folder. */

import { HOLE } from '../holes.ts';

export interface Value {
  readonly text: string;
  readonly end: number;
}

export interface Constants {
  readonly names: ReadonlyMap<string, string>;
  readonly home: string;
}

const STRING =
  /\s*[rbuf]{0,2}(?:"""((?:\\.|(?!""")[^\\]){0,4000})"""|'''((?:\\.|(?!''')[^\\]){0,4000})'''|"((?:\\.|[^"\\\n])*)"|'((?:\\.|[^'\\\n])*)'|`((?:\\.|[^`\\])*)`)/y;
const HOME =
  /\s*(?:os\.homedir\(\)|(?:require\(["'](?:node:)?os["']\)\.)homedir\(\)|homedir\(\)|process\.env\.HOME|process\.env\[["']HOME["']\]|os\.environ\[["']HOME["']\]|os\.environ\.get\(["']HOME["']\)|os\.getenv\(["']HOME["']\)|ENV\[["']HOME["']\]|\$ENV\{["']?HOME["']?\}|getenv\(["']HOME["']\)|\$_SERVER\[["']HOME["']\]|Dir\.home|(?:pathlib\.)?Path\.home\(\)|Deno\.env\.get\(["']HOME["']\)|\$HOME\b|os\.Getenv\(["']HOME["']\))/y;
const JOIN = /\s*(?:(?:os\.)?path\.(?:join|resolve)|File\.join|join)\s*\(/y;
const AROUND =
  /\s*(?:os\.path\.(?:expanduser|abspath|realpath|normpath)|File\.expand_path|(?:pathlib\.)?Path|str|String|Pathname\.new|new URL|glob\.i?glob|glob|Dir\.glob|Dir)\s*[([]/y;
const NAME = /\s*([$@]?[A-Za-z_]\w{0,60})(?![\w(])/y;

/** The value that starts at `from`; undefined where it cannot be told. A part of it that cannot is a hole. */
export function valueAt(text: string, from: number, constants: Constants, depth = 0): Value | undefined {
  if (depth > 4) return undefined;
  let value = operand(text, from, constants, depth);
  if (!value) return undefined;
  for (let parts = 0; parts < 20; parts += 1) {
    const joint: string | undefined = matchAt(/\s*(\+|\.(?=\s*["'$])|\/(?=\s*["']))\s*/y, text, value.end)?.[0];
    if (joint === undefined) break;
    const next: Value | undefined = operand(text, value.end + joint.length, constants, depth);
    const separator: string = joint.includes('/') && !value.text.endsWith('/') ? '/' : '';
    if (!next) return { text: value.text + separator + HOLE, end: value.end + joint.length };
    value = { text: value.text + separator + next.text, end: next.end };
  }
  const suffix = matchAt(/(?:\.(?:expanduser|resolve|absolute|expand_path|to_s)\(?\)?)+/y, text, value.end);
  return suffix ? { ...value, end: value.end + suffix[0].length } : value;
}

function operand(text: string, from: number, constants: Constants, depth: number): Value | undefined {
  const string = stringAt(text, from, constants);
  if (string) return string;
  const home = matchAt(HOME, text, from);
  if (home) return { text: constants.home, end: from + home[0].length };
  const join = matchAt(JOIN, text, from);
  if (join) return joined(text, from + join[0].length, constants, depth);
  const around = matchAt(AROUND, text, from);
  if (around) {
    const inner = valueAt(text, from + around[0].length, constants, depth + 1);
    const close = inner && matchAt(/[^()\n]{0,60}?[)\]]/y, text, inner.end);
    return inner && close ? { text: inner.text, end: inner.end + close[0].length } : undefined;
  }
  const name = matchAt(NAME, text, from);
  const known = name ? constants.names.get(name[1]!) : undefined;
  return known === undefined || !name ? undefined : { text: known, end: from + name[0].length };
}

function joined(text: string, from: number, constants: Constants, depth: number): Value | undefined {
  const parts: string[] = [];
  let at = from;
  for (let count = 0; count < 20; count += 1) {
    const part = valueAt(text, at, constants, depth + 1);
    if (!part) return parts.length > 0 ? { text: `${parts.join('/')}/${HOLE}`, end: at } : undefined;
    parts.push(part.text);
    const next = matchAt(/\s*([,)])/y, text, part.end);
    if (!next) return undefined;
    at = part.end + next[0].length;
    if (next[1] === ')')
      return { text: parts.reduce((path, one) => (one.startsWith('/') ? one : `${path.replace(/\/$/, '')}/${one}`)), end: at };
  }
  return undefined;
}

/** The quoted literal that starts here, white space aside; undefined where there is none. What is put into it is looked up, or a hole. */
export function stringAt(text: string, from: number, constants?: Constants): Value | undefined {
  STRING.lastIndex = from;
  const match = STRING.exec(text);
  if (!match) return undefined;
  const value = (match[1] ?? match[2] ?? match[3] ?? match[4] ?? match[5] ?? '').replace(/\\(["'`\\/])/g, '$1');
  const end = STRING.lastIndex;
  const isTemplate = match[5] !== undefined || /^\s*[rb]?f/.test(match[0]) || (match[3] !== undefined && /[#$@]\{|\$\w/.test(value));
  if (!isTemplate) return { text: value, end };
  if (!constants) return /[#$]\{/.test(value) ? undefined : { text: value, end };
  const filled = value.replace(/[#$]?\{([^{}]{1,100})\}|\$(\w+)/g, (_, expression: string | undefined, name: string | undefined) => {
    const inner = (expression ?? `$${name}`).trim();
    const known = constants.names.get(inner) ?? constants.names.get(inner.replace(/^\$/, ''));
    if (known !== undefined) return known;
    HOME.lastIndex = 0;
    return HOME.test(inner) ? constants.home : HOLE;
  });
  return { text: filled, end };
}

/** Names that are given one literal, once. */
export function constantsOf(text: string, home: string): Constants {
  const names = new Map<string, string>();
  const spoilt = new Set<string>();
  const constants = { names, home };
  let left = 200;
  for (const match of text.matchAll(/(?<![\w.$@=!<>])([$@]?[A-Za-z_]\w{0,60})\s*:?=(?![=~>])/g)) {
    const name = match[1]!;
    left -= 1;
    if (left < 0) break;
    if (names.has(name) || spoilt.has(name)) {
      names.delete(name);
      spoilt.add(name);
      continue;
    }
    const value = valueAt(text, match.index + match[0].length, constants);
    if (value && !value.text.includes(HOLE)) names.set(name, value.text);
    else spoilt.add(name);
  }
  return constants;
}

function matchAt(pattern: RegExp, text: string, from: number): RegExpExecArray | null {
  pattern.lastIndex = from;
  return pattern.exec(text);
}
