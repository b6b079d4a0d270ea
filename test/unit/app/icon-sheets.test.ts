/** Every icon on light and dark panels at both densities, written as pictures for the eye; and the icon's files, read back. */

import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { pngOfPixels } from '../../../build/icon-files.ts';
import { writeIcons } from '../../../build/icons.ts';
import { ROOT } from '../../../build/places.ts';
import { appIcon } from '../../../main/app/icons/app-icon.ts';
import type { Bitmap } from '../../../main/app/icons/draw.ts';
import { type TrayState, trayIcon, trayTemplate } from '../../../main/app/icons/tray-icon.ts';

const STATES: readonly TrayState[] = [
  { kind: 'protecting' },
  { kind: 'asking', count: 1 },
  { kind: 'asking', count: 4 },
  { kind: 'asking', count: 12 },
  { kind: 'uninspected' },
  { kind: 'outdated' },
  { kind: 'paused' },
  { kind: 'attention' },
  { kind: 'starting' },
  { kind: 'stopped' },
];

const THEMES = { light: [236, 234, 230], dark: [36, 36, 40] } as const;
/** How much each is enlarged for the eye, besides its own size. */
const ENLARGED = 6;

describe.each(Object.entries(THEMES))('on a %s panel', (theme, paper) => {
  it.each([1, 2])('the icons are there to be looked at, at scale %i', async (scale) => {
    const ownSizes = [16, 18, 20, 22, 24, 32].map((size) => size * scale);
    const rows = [
      ...ownSizes.map((size) => STATES.map((state) => trayIcon(state, size))),
      // macOS makes the picture white where its menu bar is dark.
      STATES.map((state) => tinted(trayTemplate(state, 18 * scale), theme === 'dark' ? 255 : 0)),
      [16, 24, 32, 48, 64].map((size) => appIcon(size * scale)),
      ...[16, 22].map((size) => STATES.map((state) => enlarged(trayIcon(state, size * scale), ENLARGED / scale))),
      STATES.map((state) => enlarged(tinted(trayTemplate(state, 18 * scale), theme === 'dark' ? 255 : 0), ENLARGED / scale)),
    ];
    const file = join(ROOT, 'test-results', `icons-${theme}-${scale}x.png`);
    await mkdir(join(ROOT, 'test-results'), { recursive: true });
    await writeFile(file, sheet(rows, paper));
    expect((await readFile(file)).subarray(1, 4).toString()).toBe('PNG');
  });
});

describe('the icon’s files', () => {
  it('are what they say they are, at every size', async () => {
    await using stack = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), 'holdpoint-icons-'));
    stack.defer(() => rm(folder, { recursive: true }));
    await writeIcons(folder);
    const names = await readdir(folder);
    expect(names).toEqual(expect.arrayContaining(['512x512.png', 'icon.icns', 'icon.ico']));

    const png = await readFile(join(folder, '64x64.png'));
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([64, 64]);
    const data = png.subarray(png.indexOf('IDAT') + 4, png.indexOf('IEND') - 8);
    const middle = inflateSync(data).subarray((64 * 4 + 1) * 32 + 1);
    // Between the bars ink, on a bar amber, in the corner nothing.
    expect([...middle.subarray(32 * 4, 32 * 4 + 4)]).toEqual([38, 33, 28, 255]);
    expect([...middle.subarray(24 * 4, 24 * 4 + 4)]).toEqual([240, 164, 46, 255]);
    expect(inflateSync(data)[4]).toBe(0);

    const ico = await readFile(join(folder, 'icon.ico'));
    const count = ico.readUInt16LE(4);
    for (let i = 0; i < count; i++) {
      const at = 6 + 16 * i;
      const file = ico.subarray(ico.readUInt32LE(at + 12), ico.readUInt32LE(at + 12) + ico.readUInt32LE(at + 8));
      expect(file.readUInt32BE(16) % 256).toBe(ico[at]);
      expect(file.subarray(-8, -4).toString()).toBe('IEND');
    }

    const icns = await readFile(join(folder, 'icon.icns'));
    expect([icns.subarray(0, 4).toString(), icns.readUInt32BE(4)]).toEqual(['icns', icns.length]);
    let at = 8;
    for (; at < icns.length; at += icns.readUInt32BE(at + 4)) expect(icns.subarray(at + 9, at + 12).toString()).toBe('PNG');
    expect(at).toBe(icns.length);
  });
});

function tinted({ size, pixels }: Bitmap, value: 0 | 255): Bitmap {
  return { size, pixels: pixels.map((_, i) => (i % 4 === 3 ? pixels[i]! : value === 0 ? 0 : pixels[i - (i % 4) + 3]!)) };
}

function enlarged({ size, pixels }: Bitmap, by: number): Bitmap {
  const big = new Uint8Array(size * by * size * by * 4);
  for (let y = 0; y < size * by; y++) {
    for (let x = 0; x < size * by; x++) {
      const from = (Math.floor(y / by) * size + Math.floor(x / by)) * 4;
      big.set(pixels.subarray(from, from + 4), (y * size * by + x) * 4);
    }
  }
  return { size: size * by, pixels: big };
}

/** A PNG of rows of pictures on a panel of this colour. */
function sheet(rows: readonly (readonly Bitmap[])[], paper: readonly [number, number, number]): Buffer {
  const gap = 12;
  const width = Math.max(...rows.map((row) => row.reduce((sum, { size }) => sum + size + gap, gap)));
  const height = rows.reduce((sum, row) => sum + Math.max(...row.map(({ size }) => size)) + gap, gap);
  const rgba = new Uint8Array(width * height * 4);
  for (let i = 0; i < rgba.length; i += 4) rgba.set([...paper, 255], i);
  let top = gap;
  for (const row of rows) {
    let left = gap;
    for (const { size, pixels } of row) {
      for (let y = 0; y < size; y++) {
        for (let x = 0; x < size; x++) {
          const from = (y * size + x) * 4;
          const free = 1 - pixels[from + 3]! / 255;
          const to = ((top + y) * width + left + x) * 4;
          for (const part of [0, 1, 2]) rgba[to + part] = Math.round(pixels[from + 2 - part]! + paper[part]! * free);
        }
      }
      left += size + gap;
    }
    top += Math.max(...row.map(({ size }) => size)) + gap;
  }
  return pngOfPixels({ width, height, rgba });
}
