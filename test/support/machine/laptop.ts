/** A laptop of a company's: two people, Claude Code for all, a provider beyond it, and the package as IT has it. */

import { constants, copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packagedDeb } from '../../../build/packaging/packaged-deb.ts';
import { claudeCode } from '../agents-cache.ts';
import { type Machine, type Ran, type RunOptions, startMachine } from './machine.ts';
import { otherVersion } from './other-version.ts';
import { type Outside, startOutside } from './outside.ts';

export interface Laptop {
  readonly machine: Machine;
  readonly outside: Outside;
  /** The package, and the same as a later version, as `apt-get install` is told of them. */
  readonly deb: string;
  readonly laterDeb: string;
  /** apt-get with these words, as root, asking nothing. */
  apt(words: string): Promise<Ran>;
  /** A person types `claude` and what it is to do, in their project. */
  claude(user: string, prompt: string, options?: Pick<RunOptions, 'comes' | 'timeoutMs'>): Promise<Ran>;
  stop(): Promise<void>;
}

export const LATER_VERSION = '99.0.0';
const PEOPLE = ['dev', 'other'];
/** Kept by the person: nothing of it leads anywhere. */
const OWN_SETTINGS = JSON.stringify({
  env: { ANTHROPIC_API_KEY: `sk-ant-${'dummy'.repeat(4)}`, CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1' },
});

/** `later`: the later version is there as well. */
export async function startLaptop({ later = false } = {}): Promise<Laptop> {
  const [program] = await claudeCode();
  const packages = await mkdtemp(join(tmpdir(), 'holdpoint-debs-'));
  const given = await packagedDeb();
  await copyFile(given, join(packages, 'holdpoint.deb'), constants.COPYFILE_FICLONE);
  if (later) await otherVersion(given, LATER_VERSION, join(packages, 'holdpoint-later.deb'));
  const machine = await startMachine({ shows: { '/usr/local/bin/claude': program, '/media': packages } });
  const stack: (() => Promise<void>)[] = [() => rm(packages, { recursive: true }), machine.stop];
  const apt = (words: string) =>
    machine.run(`DEBIAN_FRONTEND=noninteractive apt-get -o Dpkg::Use-Pty=0 -q -y ${words} </dev/null`, { timeoutMs: 150_000 });
  try {
    const outside = await startOutside(machine);
    stack.push(outside.stop);
    for (const person of PEOPLE) {
      await machine.addUser(person);
      await machine.put(`/home/${person}/.claude/settings.json`, OWN_SETTINGS, '0600');
      await machine.put(`/home/${person}/project/package.json`, '{}');
      await machine.must(`chown -R ${person}: /home/${person}`);
    }
    // What any package changes that comes and goes is no news: on a new system dpkg learns from apt what archives say of priorities.
    await machine.must(`mkdir -p /tmp/none/DEBIAN && cd /tmp && printf '%s\\n' 'Package: none' 'Version: 1' 'Architecture: all' \\
      'Maintainer: nobody <nobody@holdpoint.example>' 'Description: nothing' > none/DEBIAN/control && dpkg-deb --build none none.deb`);
    for (const words of ['install /tmp/none.deb', 'purge none']) {
      const { code, err } = await apt(words);
      if (code !== 0) throw new Error(`apt-get ${words} ended with ${code}: ${err}`);
    }
    return {
      machine,
      outside,
      deb: '/media/holdpoint.deb',
      laterDeb: '/media/holdpoint-later.deb',
      apt,
      claude: (user, prompt, options = {}) =>
        machine.run(`cd ~/project && claude -p ${JSON.stringify(prompt)} --dangerously-skip-permissions --model claude-sonnet-4-5`, {
          timeoutMs: 120_000,
          ...options,
          user,
        }),
      stop,
    };
  } catch (thrown) {
    await stop();
    throw thrown;
  }

  async function stop(): Promise<void> {
    for (const end of stack.toReversed()) await end();
  }
}
