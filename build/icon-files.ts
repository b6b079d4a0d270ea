/** Picture files from bitmaps: PNG (ISO/IEC 15948), ICO and ICNS, both of which hold PNGs. */

import { crc32, deflateSync } from 'node:zlib';
import type { Bitmap } from '../main/app/icons/draw.ts';

export function pngOf({ size, pixels }: Bitmap): Buffer {
  return pngOfPixels({ width: size, height: size, rgba: straight(pixels) });
}

/** `rgba`: eight bits a channel, red first, alpha not premultiplied. */
export function pngOfPixels({
  width,
  height,
  rgba,
}: {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits, red green blue alpha.
  header.set([8, 6], 8);
  const stride = width * 4;
  const lines = Buffer.alloc((stride + 1) * height);
  for (let row = 0; row < height; row++) lines.set(rgba.subarray(row * stride, (row + 1) * stride), row * (stride + 1) + 1);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(lines, { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}

/** For Windows: up to 256 pixels each. */
export function icoOf(pictures: readonly Bitmap[]): Buffer {
  const files = pictures.map(pngOf);
  const head = Buffer.alloc(6 + 16 * files.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(files.length, 4);
  let offset = head.length;
  for (const [i, file] of files.entries()) {
    const at = 6 + 16 * i;
    const side = pictures[i]!.size % 256; // 0 is 256
    head.set([side, side], at);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(file.length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += file.length;
  }
  return Buffer.concat([head, ...files]);
}

/** What each size is called in an ICNS file; those at twice the density have names of their own. */
const ICNS: readonly (readonly [type: string, size: number])[] = [
  ['icp4', 16],
  ['ic11', 32],
  ['icp5', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic13', 256],
  ['ic08', 256],
  ['ic14', 512],
  ['ic09', 512],
  ['ic10', 1024],
];

/** For macOS. `draw` is asked for each size once. */
export function icnsOf(draw: (size: number) => Bitmap): Buffer {
  const files = new Map([...new Set(ICNS.map(([, size]) => size))].map((size) => [size, pngOf(draw(size))]));
  const parts = ICNS.map(([type, size]) => framed(type, files.get(size)!));
  return framed('icns', Buffer.concat(parts));
}

/** A name, the length of all of it, and what it holds. */
function framed(type: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(type, 'latin1');
  head.writeUInt32BE(content.length + 8, 4);
  return Buffer.concat([head, content]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  out.set(body, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

/** Red first, and the colour as it is where nothing covers it. */
function straight(pixels: Uint8Array): Uint8Array {
  const rgba = new Uint8Array(pixels.length);
  for (let i = 0; i < pixels.length; i += 4) {
    const alpha = pixels[i + 3]!;
    const part = (value: number) => (alpha === 0 ? 0 : Math.min(255, Math.round((value * 255) / alpha)));
    rgba.set([part(pixels[i + 2]!), part(pixels[i + 1]!), part(pixels[i]!), alpha], i);
  }
  return rgba;
}
