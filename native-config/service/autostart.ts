/** The app starts with each person's desktop session: the XDG autostart specification, for all users. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isAsWanted } from '../steps/perform.ts';
import type { WriteStep } from '../steps/step.ts';
import type { System } from '../system.ts';
import type { Program } from './program.ts';

/** https://specifications.freedesktop.org/autostart-spec/latest/ */
const ENTRY = '/etc/xdg/autostart/holdpoint.desktop';

/** Nothing where no app is installed with the engine, or a package has brought the entry. */
export function appAutostart(system: System, { script }: Program): readonly WriteStep[] {
  // The engine lies in APP/resources/engine/main/cli/.
  const app = join(script, '../../../../..', 'holdpoint');
  if (!existsSync(system.root + app)) return [];
  const step: WriteStep = {
    kind: 'write',
    says: 'Starts the app with each desktop session',
    file: ENTRY,
    text: entryFor(app),
    mode: 0o644,
  };
  return existsSync(system.root + ENTRY) || isAsWanted(system, step) ? [] : [step];
}

function entryFor(app: string): string {
  return `[Desktop Entry]
Type=Application
Name=Holdpoint
Comment=Asks before an AI agent does something risky
Exec="${app.replace(/["\\`$]/g, '\\\\$&').replaceAll('%', '%%')}"
Icon=holdpoint
Terminal=false
X-GNOME-Autostart-enabled=true
`;
}
