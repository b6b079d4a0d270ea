/**
 * The environment of all users' programs on Linux. Each file is for those that no other one reaches:
 * - /etc/profile.d: login shells (a console, ssh, most graphical sessions). Read in order of name, so ours comes after a company's own.
 * - /etc/bash.bashrc: terminals of a session that had begun before the guard was installed; zsh's and fish's files for theirs.
 * - /etc/environment, by pam_env: what no shell starts, such as cron's jobs, `ssh host command` and display managers.
 * - /etc/environment.d, by systemd: services of a user's own, and the programs that a desktop starts as such (environment.d(5)). Read in order
 *   of name as well; Debian has /etc/environment itself among them, as 99-environment.conf.
 *
 * NO_PROXY is replaced, not added to: an exception that somebody made for a provider would lead past the guard. What the company's proxy does
 * not serve the engine reaches without it.
 */

import { existsSync } from 'node:fs';
import { type MachinePlace, REMOVED } from '../agents/environment.ts';
import { machinePlace } from '../machine-place.ts';
import type { PartState } from '../part.ts';
import { isAsWanted, pending } from '../steps/perform.ts';
import type { EditStep, WriteStep } from '../steps/step.ts';
import type { System } from '../system.ts';
import { assignedNames } from './company-proxy.ts';
import { stateOfEnvironment } from './environment-state.ts';
import type { ProxyWay } from './proxy.ts';
import { fishScript, pamLines, shScript, systemdLines } from './shell-scripts.ts';

export const PROFILE = '/etc/profile.d/zz-holdpoint.sh';
export const ENVIRONMENT_D = '/etc/environment.d/zz-holdpoint.conf';
/** Of our lines in files of others. */
export const MARK = 'proxy';

export function createLinuxEnvironment(system: System): ProxyWay {
  const files = (place: MachinePlace): readonly (WriteStep | EditStep)[] => {
    const names = REMOVED.map(({ name }) => name);
    const emptied = assignedNames(system, { environmentD: ENVIRONMENT_D, mark: MARK }, names);
    return [
      written(PROFILE, 'Login shells lead programs to the guard', shScript(place)),
      block('/etc/environment', 'Programs that no shell starts are led to the guard (cron, ssh with a command)', pamLines(place, emptied)),
      written(
        ENVIRONMENT_D,
        'Programs that systemd starts for a user are led to the guard',
        `${systemdLines(place, emptied).join('\n')}\n`,
      ),
      ...shells(system, place).map(({ step }) => step),
    ];
  };

  return {
    plan: async (guard) => pending(system, files(machinePlace(system, guard))),
    async status(guard) {
      const place = machinePlace(system, guard);
      const [, ...rest] = files(place);
      const asked = [
        ask('login shells', ['/bin/sh', '-l', '-c', 'env']),
        ...shells(system, place).map(({ what, asking }) => ask(what, asking)),
        ask('what systemd starts for users', [GENERATOR]),
      ];
      const environment = rest.find(({ file }) => file === '/etc/environment');
      return [...(await Promise.all(asked)), ...(environment ? [ofFile(environment)] : [])];

      async function ask(what: string, command: readonly string[]): Promise<PartState> {
        return stateOfEnvironment(what, await environmentOf(command), place);
      }
    },
  };

  /** Nothing of our own environment comes along. */
  async function environmentOf(command: readonly string[]): Promise<string | undefined> {
    const clean = ['-i', 'HOME=/nonexistent', 'PATH=/usr/bin:/bin', 'TERM=dumb'];
    const { code, out } = await system.run('/usr/bin/env', [...clean, ...command]);
    return code === 0 ? out : undefined;
  }

  function ofFile(step: EditStep | WriteStep): PartState {
    const what = 'what no shell starts (cron, ssh with a command)';
    return isAsWanted(system, step)
      ? { what, state: 'yes', says: `${step.file} says so.` }
      : { what, state: 'no', says: `${step.file} does not say so. Run: holdpoint install --yes` };
  }
}

/** systemd's own reader of environment.d: it prints what it makes of the files. */
const GENERATOR = '/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator';

interface Shell {
  readonly what: string;
  readonly step: WriteStep | EditStep;
  /** Starts it as a terminal does, and prints its environment. */
  readonly asking: readonly string[];
}

/** Those that are installed. Debian has zsh's files in a folder, Fedora and others right in /etc. */
function shells({ root }: System, place: MachinePlace): readonly Shell[] {
  const isHere = (file: string) => existsSync(root + file);
  const found: Shell[] = [];
  const source = [`if [ -r ${PROFILE} ]; then`, `  . ${PROFILE}`, 'fi'];
  const bashrc = ['/etc/bash.bashrc', '/etc/bashrc'].find(isHere);
  if (bashrc)
    found.push({
      what: 'terminals with bash',
      step: block(bashrc, 'Terminals with bash lead programs to the guard', source),
      asking: ['bash', '-i', '-c', 'env'],
    });
  if (isHere('/usr/bin/zsh') || isHere('/bin/zsh'))
    found.push({
      what: 'zsh',
      step: block(isHere('/etc/zsh') ? '/etc/zsh/zshenv' : '/etc/zshenv', 'zsh leads programs to the guard', source),
      asking: ['zsh', '-c', 'env'],
    });
  if (isHere('/usr/bin/fish'))
    found.push({
      what: 'fish',
      step: written('/etc/fish/conf.d/zz-holdpoint.fish', 'fish leads programs to the guard', fishScript(place)),
      asking: ['fish', '-c', 'env'],
    });
  return found;
}

function written(file: string, says: string, text: string): WriteStep {
  return { kind: 'write', says, file, text, mode: 0o644 };
}

function block(file: string, says: string, lines: readonly string[]): EditStep {
  return { kind: 'edit', says, file, mode: 0o644, edit: { kind: 'block', mark: MARK, lines } };
}
