/** Where the control socket lies: in the data folder, or elsewhere with a note of where in it. */

import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { CONTROL_SOCKET } from '../../contract/control.ts';
import { HoldpointError } from '../../contract/errors.ts';

/** In the data folder, where the socket could not lie there: `{"socket": "…"}`. */
export const CONTROL_PLACE = 'control.json';

/** `sun_path` holds 104 bytes on macOS and 108 on Linux, with the closing zero. */
const MAX_SOCKET_PATH = 103;

const PUBLIC_PIPE = '\\\\.\\pipe\\holdpoint';

const placeSchema = z.strictObject({ socket: z.string().min(1).max(512) });

export interface ControlPlace {
  readonly socket: string;
  /** Content of `control.json`; absent where the socket lies in the data folder. */
  readonly note?: string;
  remove(): void;
}

/** A path that a socket can be bound to. Makes a private folder where the data folder's own path is too long. */
export function newControlPlace(
  dataDir: string,
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): ControlPlace {
  if (platform === 'win32') {
    const socket = `\\\\.\\pipe\\holdpoint-${randomBytes(16).toString('hex')}`;
    return { socket, note: noteOf(socket), remove: () => {} };
  }
  const usual = join(dataDir, CONTROL_SOCKET);
  if (fits(usual)) return { socket: usual, remove: () => rmSync(usual, { force: true }) };
  const runtime = env.XDG_RUNTIME_DIR;
  const base = runtime?.startsWith('/') && fits(join(runtime, 'holdpoint-XXXXXX', CONTROL_SOCKET)) ? runtime : tmpdir();
  const folder = mkdtempSync(join(base, 'holdpoint-')); // mkdtemp makes it 0700, and fails rather than taking somebody else's.
  const socket = join(folder, CONTROL_SOCKET);
  return { socket, note: noteOf(socket), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Of an engine that serves several users: always the same, and made sure of by whom the folder belongs to. */
export function publicControlPlace(runDir: string, platform: NodeJS.Platform = process.platform): ControlPlace {
  if (platform === 'win32') return { socket: PUBLIC_PIPE, note: noteOf(PUBLIC_PIPE), remove: () => {} };
  const socket = join(runDir, CONTROL_SOCKET);
  if (!fits(socket)) throw new HoldpointError('data-dir-unusable', `The control socket ${socket} cannot be served: its path is too long.`);
  return { socket, remove: () => rmSync(socket, { force: true }) };
}

/** Where an engine of this data folder listens, if one does. Throws where the note is unreadable. */
export function findControlPlace(dataDir: string): string {
  let note: string;
  try {
    note = readFileSync(join(dataDir, CONTROL_PLACE), 'utf8');
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return join(dataDir, CONTROL_SOCKET);
    throw thrown;
  }
  const { socket } = placeSchema.parse(JSON.parse(note));
  if (!isAbsolute(socket) && !socket.startsWith('\\\\.\\pipe\\')) throw new Error(`${CONTROL_PLACE} names no absolute path`);
  return socket;
}

function fits(path: string): boolean {
  return Buffer.byteLength(path) <= MAX_SOCKET_PATH;
}

function noteOf(socket: string): string {
  return `${JSON.stringify({ socket })}\n`;
}
