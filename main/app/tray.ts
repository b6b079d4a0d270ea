/** The tray icon: the state at a glance, and its menu. */

import { Menu, type NativeImage, nativeImage, Tray } from 'electron';
import type { ConsoleView } from './channels.ts';
import { type TrayState, trayIcon, trayTemplate } from './icons/tray-icon.ts';
import type { Refusal } from './refusals.ts';
import type { Sentences } from './sentences.ts';
import { type TrayActions, trayMenu } from './tray-menu.ts';
import { trayStateOf } from './tray-state.ts';

export interface TrayIcon {
  show(view: ConsoleView, refusals: readonly Refusal[]): void;
  destroy(): void;
}

/** What the menu bar, the task bar and the panel want: the size at scale 1, and the scales that there are. */
const PICTURES = {
  darwin: { size: 18, scales: [1, 2] },
  // 16, 20, 24 and 32 pixels.
  win32: { size: 16, scales: [1, 1.25, 1.5, 2] },
  linux: { size: 22, scales: [1, 2] },
} as const;

export function createTray(sentences: Sentences, actions: TrayActions): TrayIcon {
  const tray = new Tray(pictureOf({ kind: 'starting' }));
  let drawn = '';
  tray.on('click', () => actions.openConsole());

  return {
    show(view, refusals) {
      const state = trayStateOf(view);
      const menu = trayMenu(view, refusals, sentences, actions);
      const next = JSON.stringify([state, menu, view.questions.map(({ id }) => id)]);
      // A menu that is replaced while it is open closes on some desktops.
      if (next === drawn) return;
      drawn = next;
      tray.setImage(pictureOf(state));
      tray.setToolTip(`Holdpoint: ${sentences.stateLine(view)}`);
      tray.setContextMenu(Menu.buildFromTemplate(menu));
    },
    destroy: () => tray.destroy(),
  };
}

export function pictureOf(state: TrayState, platform: NodeJS.Platform = process.platform): NativeImage {
  const { size, scales } = platform === 'darwin' || platform === 'win32' ? PICTURES[platform] : PICTURES.linux;
  const draw = platform === 'darwin' ? trayTemplate : trayIcon;
  const image = nativeImage.createEmpty();
  for (const scaleFactor of scales) {
    const { size: side, pixels } = draw(state, size * scaleFactor);
    image.addRepresentation({ scaleFactor, width: side, height: side, buffer: Buffer.from(pixels) });
  }
  if (platform === 'darwin') image.setTemplateImage(true);
  return image;
}
