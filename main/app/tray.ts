/** The tray icon and its menu: the state at a glance, and the way to everything else. */

import { Menu, type MenuItemConstructorOptions, type NativeImage, nativeImage, Tray } from 'electron';
import type { ConsolePlace, ConsoleView } from './channels.ts';
import { type TrayState, trayIcon } from './icons/tray-icon.ts';
import { stateLine, trayStateOf, uninspectedLine } from './sentences.ts';

export interface TrayActions {
  showQuestions(): void;
  openConsole(): void;
  openConsoleAt(place: ConsolePlace): void;
  retry(): void;
  quit(): void;
}

export interface TrayIcon {
  show(view: ConsoleView): void;
  destroy(): void;
}

/** Sizes at scale 1: what the menu bar, the task bar and the panel want. */
const SIZE = process.platform === 'linux' ? 22 : 16;

export function createTray(actions: TrayActions): TrayIcon {
  const tray = new Tray(pictureOf({ kind: 'stopped' }));
  let drawn = '';
  tray.on('click', () => actions.openConsole());

  return {
    show(view) {
      const state = trayStateOf(view);
      const line = stateLine(view);
      const next = JSON.stringify([state, line, view.questions.length, view.missed.length, view.guard.state, uninspectedLine(view)]);
      // A menu that is replaced while it is open closes on some desktops.
      if (next === drawn) return;
      drawn = next;
      tray.setImage(pictureOf(state));
      tray.setToolTip(`Holdpoint: ${line}`);
      tray.setContextMenu(Menu.buildFromTemplate(menuOf(view, line, actions)));
    },
    destroy: () => tray.destroy(),
  };
}

function menuOf(view: ConsoleView, line: string, actions: TrayActions): MenuItemConstructorOptions[] {
  const { questions, missed, guard } = view;
  const items: MenuItemConstructorOptions[] = [{ label: line, enabled: false }, { type: 'separator' }];
  if (guard.state === 'stopped') items.push({ label: 'Start the guard again', click: actions.retry });
  if (questions.length > 0)
    items.push({
      label: questions.length === 1 ? 'Answer the open question…' : `Answer ${questions.length} open questions…`,
      click: actions.showQuestions,
    });
  if (missed.length > 0)
    items.push({
      label: missed.length === 1 ? '1 missed question…' : `${missed.length} missed questions…`,
      click: () => actions.openConsoleAt('missed'),
    });
  const uninspected = uninspectedLine(view);
  if (uninspected !== undefined) items.push({ label: uninspected, click: () => actions.openConsoleAt('uninspected') });
  items.push({ label: 'Open Holdpoint', click: actions.openConsole }, { type: 'separator' }, { label: 'Quit', click: actions.quit });
  return items;
}

export function pictureOf(state: TrayState, size: number = SIZE): NativeImage {
  const image = nativeImage.createEmpty();
  for (const scaleFactor of [1, 2]) {
    const { size: side, pixels } = trayIcon(state, size * scaleFactor);
    image.addRepresentation({ scaleFactor, width: side, height: side, buffer: Buffer.from(pixels) });
  }
  return image;
}
