/** Percent signs and exclamation marks: variables, their slices and replacements, parameters of a loop (`help set`, `help for`). */

import type { Gathering } from '../gathering.ts';
import { FILLER, HOLE, holdingIn, holeOf, isOpen } from '../holes.ts';
import type { ShellState } from '../shell/machine.ts';
import { environmentVariable } from '../windows/environment.ts';

export interface CmdState {
  readonly shell: ShellState;
  /** Of `for`, by letter. */
  readonly loops: ReadonlyMap<string, string>;
  /** In a file `%%` is one percent sign and `%1` a parameter. */
  readonly batch: boolean;
  delayed: boolean;
}

const LONGEST = 64 * 1024;
const NAME = /^([^%:\r\n]{1,200})(?::([^%\r\n]{1,200}))?%/;
const DELAYED = /^([^!:\r\n]{1,200})(?::([^!\r\n]{1,200}))?!/;

export function expandPercents(text: string, state: CmdState, gathering: Gathering): string {
  if (!text.includes('%') && !text.includes('!')) return text;
  let out = '';
  let at = 0;
  while (at < text.length) {
    if (out.length > LONGEST) return HOLE;
    const character = text[at]!;
    if (character !== '%' && character !== '!') {
      out += character;
      at += 1;
      continue;
    }
    const rest = text.slice(at + 1, at + 420);
    const found = character === '%' ? percent(rest, state, gathering) : delayed(rest, state, gathering);
    out += found?.value ?? character;
    at += 1 + (found?.length ?? 0);
  }
  return out;
}

function percent(rest: string, state: CmdState, gathering: Gathering): { value: string; length: number } | undefined {
  const parameter = /^%?(~[fdpnxsatz]*(?:\$[^:%\s]+:)?)?([^\s%~])/i.exec(rest);
  if (parameter && state.loops.has(parameter[2]!) && !isVariable(rest, state)) {
    return { value: modified(state.loops.get(parameter[2]!)!, parameter[1] ?? ''), length: parameter[0].length };
  }
  if (rest.startsWith('%')) return state.batch ? { value: '%', length: 1 } : undefined;
  if (state.batch && /^(\*|\d|~[a-z$:]*\d)/i.test(rest)) {
    const match = /^(\*|~?[fdpnxsatz]*\d)/i.exec(rest);
    if (match)
      return {
        value: /~[a-z]*dp0|^0$/i.test(match[0]) ? `${state.shell.cwd ?? HOLE}\\` : parameterOf(match[0], state),
        length: match[0].length,
      };
  }
  const match = NAME.exec(rest);
  if (!match) return undefined;
  return { value: changed(variableOf(match[1]!, state, gathering), match[2]), length: match[0].length };
}

/** `%PATH%` is the variable, even where a loop has a `%P`. */
function isVariable(rest: string, state: CmdState): boolean {
  const name = NAME.exec(rest)?.[1];
  return (
    name !== undefined &&
    name.length > 1 &&
    !rest.startsWith('~') &&
    (state.shell.variables.has(name.toUpperCase()) || /^[A-Z_][A-Z0-9_]+$/.test(name))
  );
}

function delayed(rest: string, state: CmdState, gathering: Gathering): { value: string; length: number } | undefined {
  const match = DELAYED.exec(rest);
  if (!match || !(state.delayed || state.shell.variables.has(match[1]!.toUpperCase()))) return undefined;
  return { value: changed(variableOf(match[1]!, state, gathering), match[2]), length: match[0].length };
}

/** cmd.exe takes a word that begins with a slash for a switch, so that no folder may. */
function variableOf(name: string, { shell }: CmdState, gathering: Gathering): string {
  const value = environmentVariable(name, shell, gathering);
  if (!value.startsWith('/') || shell.variables.has(name.toUpperCase())) return value;
  const { home } = gathering.paths;
  if (home !== undefined && (value === home || value.startsWith(`${home}/`)) && !/^(cd|pwd)$/i.test(name))
    return `~${value.slice(home.length).replaceAll('/', '\\')}`;
  return value === '/tmp' ? 'C:\\Windows\\Temp' : '.';
}

function parameterOf(written: string, { shell }: CmdState): string {
  const index = Number(/\d/.exec(written)?.[0]);
  return Number.isNaN(index) ? shell.parameters.join(' ') : (shell.parameters[index - 1] ?? '');
}

/** `:~2,3` is a slice, `:a=b` a replacement. */
function changed(value: string, how: string | undefined): string {
  if (how === undefined) return value;
  if (isOpen(value)) return holeOf(holdingIn(value));
  const slice = /^~(-?\d+)(?:,(-?\d+))?$/.exec(how);
  if (slice) {
    const from = Number(slice[1]);
    const tail = value.slice(from < 0 ? Math.max(value.length + from, 0) : from);
    return slice[2] === undefined
      ? tail
      : tail.slice(0, Number(slice[2]) < 0 ? Math.max(tail.length + Number(slice[2]), 0) : Number(slice[2]));
  }
  const replacement = /^(\*?)([^=]+)=([\s\S]*)$/.exec(how);
  if (!replacement) return HOLE;
  const [, star, what = '', by = ''] = replacement;
  const lower = value.toLowerCase();
  const first = lower.indexOf(what.toLowerCase());
  if (first < 0) return value;
  if (star) return by + value.slice(first + what.length);
  let out = '';
  let from = 0;
  for (let found = first; found >= 0; found = lower.indexOf(what.toLowerCase(), from)) {
    out += value.slice(from, found) + by;
    from = found + what.length;
    if (out.length > LONGEST) return HOLE;
  }
  return out + value.slice(from);
}

/** `%~nx1`: parts of a path. */
function modified(value: string, how: string): string {
  const letters = how.slice(1).toLowerCase();
  const plain = how === '' ? value : value.replace(/^"([\s\S]*)"$/, '$1');
  if (letters === '' || letters === 'f' || letters === 'dpnx' || isOpen(plain)) return plain;
  if (/[atz$]/.test(letters)) return FILLER;
  const [, folder = '', name = '', ending = ''] = /^(.*[\\/])?([^\\/]*?)(\.[^.\\/]*)?$/s.exec(plain) ?? [];
  return (/[dp]/.test(letters) ? folder : '') + (letters.includes('n') ? name : '') + (letters.includes('x') ? ending : '');
}
