/** What an export's line says, worked out. */

import { number } from '../../design/time.ts';

/** "48 KB", "3.2 MB": powers of ten, as file managers count. */
export function bytes(size: number): string {
  if (size < 1_000) return `${number(size)} bytes`;
  if (size < 1_000_000) return `${number(Math.round(size / 1_000))} KB`;
  const [value, unit] = size < 1e9 ? [size / 1e6, 'MB'] : [size / 1e9, 'GB'];
  return `${number(Math.round(value * 10) / 10)} ${unit}`;
}

/** To be pasted into a terminal: a folder's name may hold blanks, and what a shell would take for its own. */
export function verifyCommand(folder: string): string {
  return `npx holdpoint audit verify ${quoted(folder)}`;
}

function quoted(path: string): string {
  if (/^[\w./:\\@+-]+$/.test(path) && !path.startsWith('-')) return path;
  const isWindows = /^([A-Za-z]:|\\\\)/.test(path);
  return isWindows ? `"${path}"` : `'${path.replaceAll("'", `'\\''`)}'`;
}
