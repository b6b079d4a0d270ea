/** A folder that stands for a Linux machine's root. */

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { RunTool, System, ToolResult } from '../../../../native-config/system.ts';

export interface Root {
  readonly system: System;
  /** Commands that were run. */
  readonly ran: readonly string[];
  put(file: string, text: string, mode?: number): void;
  read(file: string): string;
  /** Every file with its rights and bytes. */
  picture(): string;
}

/** `answer` may say what a tool says; otherwise it says nothing and ends well. */
export function linuxRoot(answer: (program: string, args: readonly string[]) => Partial<ToolResult> | undefined = () => undefined): Root {
  const root = mkdtempSync(join(tmpdir(), 'holdpoint-root-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const ran: string[] = [];
  const run: RunTool = async (program, args) => {
    ran.push([program, ...args].join(' '));
    return { code: 0, out: '', err: '', ...answer(program, args) };
  };
  return {
    system: { platform: 'linux', root, home: '/root', env: {}, uid: 0, run },
    ran,
    put(file, text, mode = 0o644) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
      chmodSync(join(root, file), mode);
    },
    read: (file) => readFileSync(join(root, file), 'utf8'),
    picture: () =>
      execFileSync('sh', ['-c', 'find . -printf "%p %m %y\\n" | sort; find . -type f -print0 | sort -z | xargs -0 -r sha256sum'], {
        cwd: root,
        encoding: 'utf8',
      }),
  };
}
