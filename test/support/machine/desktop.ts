/** A person's desktop in a machine: a screen, windows, and what their session starts by itself. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Machine } from './machine.ts';

export interface Desktop {
  /** Keys as xdotool names them, pressed one after the other. */
  keys(...keys: readonly string[]): Promise<void>;
  /** Titles of the windows. */
  titles(): Promise<string>;
  /** Writes a picture of the screen (PNG). */
  picture(file: string): Promise<void>;
}

/** A session of the user's own (PAM, logind, D-Bus) with what /etc/xdg/autostart holds. It ends with the machine. */
export async function startDesktop(machine: Machine, user: string, display = ':7'): Promise<Desktop> {
  const screen = `/tmp/screen-${user}`;
  const session = `
    export DISPLAY=${display} NO_AT_BRIDGE=1
    mkdir -p ${screen}
    Xvfb ${display} -screen 0 1280x800x24 -fbdir ${screen} -noreset -nolisten tcp &
    until xdotool getdisplaygeometry >/dev/null 2>&1; do sleep 0.1; done
    openbox --sm-disable &
    for entry in /etc/xdg/autostart/*.desktop; do sh -c "exec $(sed -n 's/^Exec=//p' "$entry")" & done
    wait`;
  await machine.put(`/home/${user}/.xsession`, session);
  const running = machine.start('exec sh ~/.xsession', { user, comes: 'desktop' });
  for (const stream of [running.stdout, running.stderr]) stream?.resume();
  const env = { DISPLAY: display };
  return {
    keys: async (...keys) => void (await machine.must(`xdotool key ${keys.join(' ')}`, { user, env })),
    titles: async () => (await machine.run('xdotool search --onlyvisible --name . getwindowname %@', { user, env })).out,
    async picture(file) {
      await mkdir(dirname(file), { recursive: true });
      // The X server keeps its screen in a file, as xwd writes it.
      const convert = spawn('convert', ['xwd:-', file], { stdio: ['pipe', 'ignore', 'inherit'] });
      convert.stdin.end(await machine.read(`${screen}/Xvfb_screen0`));
      const [code] = (await once(convert, 'close')) as [number | null];
      if (code !== 0) throw new Error(`The screen could not be made a picture (${code}).`);
    },
  };
}
