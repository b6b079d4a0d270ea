/** The application's menu: on macOS copying and quitting by keys hang on it; elsewhere a window has none. */

import type { MenuItemConstructorOptions } from 'electron';

export function appMenu(platform: NodeJS.Platform): MenuItemConstructorOptions[] | null {
  if (platform !== 'darwin') return null;
  // Electron's own has more: reloading, and the developer's tools.
  return [{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }];
}
