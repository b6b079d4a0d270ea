/** What shells run to put what they start behind the guard: sh, and fish. */

import { type MachinePlace, machineVariables, REMOVED, type Setting, VARIABLES } from '../agents/environment.ts';

const HEAD = [
  '# Programs use Holdpoint, the guard of this machine, as their proxy. Written by `holdpoint install`.',
  '# `holdpoint proxy status` tells what holds; `holdpoint proxy remove --yes` takes it back.',
];

/** For all shells of the Bourne family, also with `set -eu`. Asks for nothing, prints nothing, changes no option of the shell. */
export function shScript(place: MachinePlace): string {
  const { plain, authority, bundle } = sorted(place);
  return lines(
    ...HEAD,
    ...plain.map(exported),
    // What would lead past the guard.
    `unset ${REMOVED.flatMap(({ name }) => [name, name.toUpperCase()]).join(' ')} || :`,
    `if [ -r '${place.bundleFile}' ]; then`,
    ...bundle.map((setting) => `  ${exported(setting)}`),
    'fi',
    `if [ -r '${place.authorityFile}' ]; then`,
    '  # Somebody’s own file has a company’s authority perhaps: the system’s bundle has that too.',
    ...authority.flatMap(([name, value]) => [
      `  case "\${${name}:-}" in`,
      `    '' | '${value}') export ${name}='${value}' ;;`,
      `    *) [ ! -r '${place.bundleFile}' ] || export ${name}='${place.bundleFile}' ;;`,
      '  esac',
    ]),
    'fi',
  );
}

export function fishScript(place: MachinePlace): string {
  const { plain, authority, bundle } = sorted(place);
  return lines(
    ...HEAD,
    ...plain.map(fishExported),
    ...REMOVED.flatMap(({ name }) => [name, name.toUpperCase()]).map((name) => `set -e ${name}`),
    `if test -r '${place.bundleFile}'`,
    ...bundle.map((setting) => `    ${fishExported(setting)}`),
    'end',
    `if test -r '${place.authorityFile}'`,
    ...authority.flatMap(([name, value]) => [
      `    if test -z "$${name}" -o "$${name}" = '${value}'`,
      `        ${fishExported([name, value])}`,
      `    else if test -r '${place.bundleFile}'`,
      `        ${fishExported([name, place.bundleFile])}`,
      '    end',
    ]),
    'end',
  );
}

/** `NAME=value` lines for pam_env (pam_env.conf(5)): no shell, no quotes needed for what stands here. */
export function pamLines(place: MachinePlace, emptied: readonly string[]): readonly string[] {
  // There is no way to unset one there that others who read the file know, and programs take an empty one for none.
  return [...settingLines(place), ...emptied.map((name) => `${name}=`)];
}

/** The same for systemd (environment.d(5)), which passes over empty values, but not over what becomes empty. */
export function systemdLines(place: MachinePlace, emptied: readonly string[]): readonly string[] {
  return [...settingLines(place), ...emptied.map((name) => `${name}=\${HOLDPOINT_NOTHING:-}`)];
}

function settingLines(place: MachinePlace): readonly string[] {
  return machineVariables(place).map(([name, value]) => `${name}=${value}`);
}

function sorted(place: MachinePlace): Record<'plain' | 'authority' | 'bundle', readonly Setting[]> {
  const settings = machineVariables(place);
  const of = (...kinds: string[]) => settings.filter((_, at) => kinds.includes(VARIABLES[at]?.value ?? ''));
  return { plain: of('proxy', 'loopback', 'yes'), authority: of('authority'), bundle: of('bundle') };
}

function exported([name, value]: Setting): string {
  return `export ${name}='${value}'`;
}

function fishExported([name, value]: Setting): string {
  return `set -gx ${name} '${value}'`;
}

function lines(...all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
