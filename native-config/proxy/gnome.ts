/**
 * GNOME's proxy settings for all users, as defaults in dconf's system database (https://help.gnome.org/admin/system-admin-guide/stable/dconf.html):
 * Chromium, Electron and so VS Code and Cursor, Firefox and everything on GLib go by them. A value that a person has set wins, unless locked.
 */

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GuardOfMachine, PartState } from '../part.ts';
import { pending } from '../steps/perform.ts';
import type { EditStep, RunStep, ToolCall, WriteStep } from '../steps/step.ts';
import type { System } from '../system.ts';
import type { ProxyWay } from './proxy.ts';
import { pacUrl } from './proxy-urls.ts';

const DCONF = '/usr/bin/dconf';
/** Without it nobody reads the keys. */
const SCHEMA = '/usr/share/glib-2.0/schemas/org.gnome.system.proxy.gschema.xml';
const DATABASE = '/etc/dconf/db/local';
/** Later names win over earlier ones. */
const OURS = '60-holdpoint';
export const KEYFILE = `${DATABASE}.d/${OURS}`;
const PROFILE = '/etc/dconf/profile/user';
/** Where a distribution has its own; the one in /etc goes first (dconf(7)). */
const VENDOR_PROFILE = '/usr/share/dconf/profile/user';
const LINE = 'system-db:local';
const WHAT = 'GNOME’s proxy settings';
const COMPILED = 'GNOME’s defaults are compiled';
/** Before the others, so that it comes when they have been taken back. Where nothing else is in the folder it has gone, and dconf says no. */
const COMPILED_AT_LAST: RunStep = { kind: 'run', says: COMPILED, undo: [DCONF, 'update'], undoMayFail: true };

export interface GnomeOptions {
  /** Whether people cannot set another value. */
  readonly locked: boolean;
}

export function createGnome(system: System, { locked }: GnomeOptions): ProxyWay {
  const isHere = (file: string) => existsSync(system.root + file);

  return {
    async plan(guard) {
      if (!isHere(DCONF) || !isHere(SCHEMA)) return [];
      const files = pending(system, filesFor(guard));
      if (files.length === 0 && (await defaults()).url === quoted(pacUrl(guard))) return [];
      return [COMPILED_AT_LAST, ...files, compiling()];
    },
    status: async (guard) => [await stateFor(guard)],
  };

  function filesFor(guard: GuardOfMachine): readonly (WriteStep | EditStep)[] {
    const says = 'GNOME’s proxy settings of all users lead AI providers to the guard, and nothing else';
    const keys = written(KEYFILE, says, `[system/proxy]\nmode='auto'\nautoconfig-url=${quoted(pacUrl(guard))}\n`);
    const locks = written(
      `${DATABASE}.d/locks/${OURS}`,
      'People cannot set other proxy settings in GNOME',
      '/system/proxy/mode\n/system/proxy/autoconfig-url\n',
    );
    return [keys, ...(locked ? [locks] : []), ...profile()];
  }

  /** That the database is read at all. */
  function profile(): readonly (WriteStep | EditStep)[] {
    const says = 'GNOME reads the defaults of this machine';
    const own = textOf(PROFILE);
    const ours: EditStep = { kind: 'edit', says, file: PROFILE, mode: 0o644, edit: { kind: 'block', mark: 'proxy', lines: [LINE] } };
    if (own !== undefined && isNamed(own)) return own.includes('holdpoint') ? [ours] : [];
    if (own !== undefined) return [ours];
    const vendor = textOf(VENDOR_PROFILE) ?? 'user-db:user\n';
    return isNamed(vendor) ? [] : [written(PROFILE, says, `${vendor.trimEnd()}\n${LINE}\n`)];
  }

  /** A database whose folder has gone stays as it was compiled: what was not there before has to go by itself, and before its folder. */
  function compiling(): RunStep {
    const undo: ToolCall = ['/bin/rm', '-f', DATABASE];
    return { kind: 'run', says: COMPILED, command: [DCONF, 'update'], ...(isDatabaseOurs() && { undo }) };
  }

  function isDatabaseOurs(): boolean {
    if (!isHere(DATABASE)) return true;
    const names = isHere(`${DATABASE}.d`) ? readdirSync(`${system.root}${DATABASE}.d`).filter((name) => name !== 'locks') : [];
    return names.length === 1 && names[0] === OURS;
  }

  async function stateFor(guard: GuardOfMachine): Promise<PartState> {
    if (!isHere(SCHEMA)) return { what: WHAT, state: 'absent', says: 'There is no GNOME here, and nothing that reads its settings.' };
    if (!isHere(DCONF))
      return {
        what: WHAT,
        state: 'no',
        says: 'The tool that sets them is missing. Install it (dconf-cli, or dconf), then run: holdpoint install --yes',
      };
    const { mode, url } = await defaults();
    if (mode !== quoted('auto') || url !== quoted(pacUrl(guard)))
      return { what: WHAT, state: 'no', says: 'Its programs are not led to the guard. Run: holdpoint install --yes' };
    const own = { mode: await read('read', 'mode'), url: await read('read', 'autoconfig-url') };
    if ((own.mode || mode) === mode && (own.url || url) === url)
      return { what: WHAT, state: 'yes', says: 'The script of the guard is what its programs go by.' };
    return {
      what: WHAT,
      state: 'partly',
      says: 'You have set another proxy yourself, which wins. Reset it: gsettings reset-recursively org.gnome.system.proxy',
    };
  }

  async function defaults(): Promise<{ readonly mode: string; readonly url: string }> {
    return { mode: await read('read', '-d', 'mode'), url: await read('read', '-d', 'autoconfig-url') };
  }

  /** As dconf prints it, with its quotes; '' where nothing is set. */
  async function read(...words: readonly string[]): Promise<string> {
    const call: ToolCall = [DCONF, ...words.slice(0, -1), `/system/proxy/${words.at(-1)}`];
    if (system.env.XDG_RUNTIME_DIR) return (await system.run(call[0], call.slice(1))).out.trim();
    // Who has no session, as root at an installation, would be left with a file of dconf's in their home.
    const folder = mkdtempSync(join(tmpdir(), 'holdpoint-dconf-'));
    try {
      const env = { ...system.env, XDG_RUNTIME_DIR: folder };
      return (await system.run(call[0], call.slice(1), { env })).out.trim();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  function textOf(file: string): string | undefined {
    return isHere(file) ? readFileSync(system.root + file, 'utf8') : undefined;
  }
}

function isNamed(profile: string): boolean {
  return profile.split('\n').some((line) => line.trim() === LINE);
}

function written(file: string, says: string, text: string): WriteStep {
  return { kind: 'write', says, file, text, mode: 0o644 };
}

function quoted(text: string): string {
  return `'${text}'`;
}
