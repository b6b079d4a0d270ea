/** The types of foreground.mjs, which is plain JavaScript because the system's Node runs it too. */

import type { SpawnOptions } from 'node:child_process';

export function foreground(command: string, args: readonly string[], options?: SpawnOptions): Promise<number>;
