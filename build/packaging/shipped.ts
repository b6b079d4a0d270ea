/** Which packages a built product holds, whether as files of their own or inside a bundle, and under which terms. */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../places.ts';

export interface ShippedPackage {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression, as the package states it. */
  readonly licence: string;
  readonly homepage: string;
  /** Its own files about it, whole. */
  readonly texts: readonly string[];
}

/** Of files such as "node_modules/ws/lib/sender.js". Sorted by name and version. Throws where a package says nothing of its licence. */
export async function shippedPackages(files: readonly string[]): Promise<readonly ShippedPackage[]> {
  const folders = new Set(files.flatMap((file) => folderOf(file.replaceAll('\\', '/')) ?? []));
  const found = await Promise.all([...folders].map(readPackage));
  const each = new Map(found.map((shipped) => [`${shipped.name}@${shipped.version}`, shipped]));
  return [...each.keys()].sort().map((key) => each.get(key)!);
}

function folderOf(file: string): string | undefined {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0];
}

async function readPackage(folder: string): Promise<ShippedPackage> {
  const at = join(ROOT, folder);
  const about = JSON.parse(await readFile(join(at, 'package.json'), 'utf8')) as Record<string, unknown>;
  const { name, version, license, homepage } = about;
  if (typeof name !== 'string' || typeof version !== 'string' || typeof license !== 'string')
    throw new Error(`${folder}/package.json names no package, version or licence. What ships must have all three.`);
  const names = (await readdir(at)).filter((file) => LICENCE_FILE.test(file)).sort();
  const texts = await Promise.all(names.map(async (file) => (await readFile(join(at, file), 'utf8')).trim()));
  return { name, version, licence: license, homepage: typeof homepage === 'string' ? homepage : '', texts };
}

export const LICENCE_FILE = /^(licen[cs]e|copying|notice)/i;
