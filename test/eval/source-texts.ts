/** Ordinary texts in quantity: what the installed packages are made of. */

import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface SourceText {
  /** Below the folder, with slashes. */
  readonly name: string;
  readonly text: string;
  readonly bytes: number;
}

/** Bundles are larger, and their text is nobody's writing. */
const LONGEST_FILE = 1_000_000;
const NO_TEXT =
  /\.(node|wasm|png|jpe?g|gif|ico|icns|webp|woff2?|ttf|otf|eot|zip|t?gz|br|zst|pak|dat|bin|exe|dll|so|dylib|a|o|asar|pdf|mp[34])$/i;

/** The same files for the same installation: in the order of their names' hashes, until there are `limit` bytes. */
export function sampledSources(folder: string, limit: number): SourceText[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/'));
  const ordered = names
    .filter((name) => !NO_TEXT.test(name) && !name.startsWith('.'))
    .map((name) => ({ name, rank: createHash('sha1').update(name).digest('hex') }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1));
  const taken: SourceText[] = [];
  let total = 0;
  for (const { name } of ordered) {
    const file = sourceText(folder, name);
    if (file === undefined || total + file.bytes > limit) continue;
    taken.push(file);
    total += file.bytes;
    if (total > limit - 1000) break;
  }
  return taken.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function sourceText(folder: string, name: string): SourceText | undefined {
  const path = join(folder, name);
  const stats = lstatSync(path);
  if (!stats.isFile() || stats.size === 0 || stats.size > LONGEST_FILE) return undefined;
  const content = readFileSync(path);
  if (content.subarray(0, 8000).includes(0)) return undefined;
  return { name, text: content.toString('utf8'), bytes: content.length };
}
