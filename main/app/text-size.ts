/** How large the pages' text is: changed by the keys that every browser has for it, the same in both windows, kept for the next start. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserWindow, Input } from 'electron';
import { z } from 'zod';
import { writeFileAtomically } from '../engine/atomic-file.ts';

/** Factors; 1 is as the pages are drawn. */
export const TEXT_SIZES = [0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2] as const;

export interface TextSize {
  /** The window has this size from now on, and its keys change it for all. */
  follow(window: BrowserWindow): void;
}

const kept = z.strictObject({ factor: z.number().min(TEXT_SIZES[0]).max(TEXT_SIZES.at(-1)!) });

/** `folder` is where the app keeps what is its own. */
export function createTextSize(folder: string): TextSize {
  const file = join(folder, 'text-size.json');
  const windows = new Set<BrowserWindow>();
  let factor = read(file);

  return {
    follow(window) {
      windows.add(window);
      window.once('closed', () => windows.delete(window));
      window.webContents.on('did-finish-load', () => window.webContents.setZoomFactor(factor));
      window.webContents.on('before-input-event', (event, input) => {
        const next = sizeAfter(input, factor);
        if (next === undefined) return;
        event.preventDefault();
        factor = next;
        for (const each of windows) each.webContents.setZoomFactor(factor);
        keep();
      });
    },
  };

  /** Where it can't be kept it counts until the app ends. */
  function keep(): void {
    try {
      writeFileAtomically(file, JSON.stringify({ factor }));
    } catch (thrown) {
      console.error(`The size of text cannot be kept in ${file}: ${String(thrown)}`);
    }
  }
}

/** What a key makes of the size; undefined for every key that is none of these. */
export function sizeAfter(
  { type, key, control, meta, alt }: Pick<Input, 'type' | 'key' | 'control' | 'meta' | 'alt'>,
  factor: number,
): number | undefined {
  if (type !== 'keyDown' || !(control || meta) || alt) return undefined;
  if (key === '0') return 1;
  if (key === '+' || key === '=') return TEXT_SIZES.find((size) => size > factor) ?? factor;
  if (key === '-') return TEXT_SIZES.findLast((size) => size < factor) ?? factor;
  return undefined;
}

function read(file: string): number {
  try {
    return kept.parse(JSON.parse(readFileSync(file, 'utf8'))).factor;
  } catch {
    return 1;
  }
}
