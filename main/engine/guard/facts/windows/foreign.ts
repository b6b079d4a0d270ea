/** Windows' paths where this machine's own are not: a drive's letter names a place outside all the same. */

import { win32 } from 'node:path';
import { isOpen } from '../holes.ts';
import { WINDOWS_ABSOLUTE } from './places.ts';

/** The path on Windows that a word means, normalised; undefined where the word is of the machine's own kind. */
export function windowsPath(word: string, cwd: string | undefined): string | undefined {
  if (isOpen(word)) return undefined;
  const plain = word.replace(/^\\\\[?.]\\(?=[A-Za-z]:)/, '');
  if (WINDOWS_ABSOLUTE.test(plain)) return tidy(win32.normalize(/^[A-Za-z]:$/.test(plain) ? `${plain}\\` : plain));
  if (cwd === undefined || !WINDOWS_ABSOLUTE.test(cwd) || /^[/~]/.test(plain)) return undefined;
  return tidy(win32.resolve(cwd, plain));
}

/** `\\server\share\file` and `//server/share/file` are on another machine, or on this one. */
export function shareHost(word: string): string | undefined {
  const host = /^(?:\\\\|\/\/)([^\\/?.\s][^\\/\s]*|\d[\d.]+)[\\/]./.exec(word)?.[1]?.toLowerCase();
  return host?.replace(/@.*$/, '').replace(/^([0-9a-f-]+)\.ipv6-literal\.net$/, (_, address: string) => address.replaceAll('-', ':'));
}

function tidy(path: string): string {
  return path.length > 3 ? path.replace(/\\+$/, '') : path;
}
