/** Runs a program of this machine's to hear what it says: for a bounded time, to a bounded length, and with all that it starts. */

import { spawn } from 'node:child_process';

export interface Asked {
  /** Its exit code; null where it was ended, or could not be started. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** Why it did not run to its end by itself. */
  readonly stopped?: 'absent' | 'late' | 'too-much';
}

export interface AskOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** The file system's root where absent: nothing that lies in a folder of somebody's is to be taken for a part of the program. */
  readonly cwd?: string;
}

const MOST_CHARACTERS = 256 * 1024;

/** Never rejects. */
export function askProgram(program: string, args: readonly string[], options: AskOptions): Promise<Asked> {
  const { env, timeoutMs, signal, cwd = '/' } = options;
  return new Promise((resolve) => {
    // A group of its own, so that nothing of it stays behind.
    const isGroup = process.platform !== 'win32';
    const child = spawn(program, [...args], { env, cwd, stdio: ['ignore', 'pipe', 'pipe'], detached: isGroup, windowsHide: true });
    const said = { out: '', err: '' };
    let stopped: Asked['stopped'];
    const stop = (why: 'late' | 'too-much') => {
      stopped ??= why;
      kill(child.pid, isGroup);
      // A grandchild that left the group may keep the pipes open.
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const late = () => stop('late');
    const timer = setTimeout(late, timeoutMs);
    signal?.addEventListener('abort', late, { once: true });
    const settle = (code: number | null) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', late);
      resolve({ code, ...said, ...(stopped && { stopped }) });
    };
    for (const [name, stream] of [['out', child.stdout] as const, ['err', child.stderr] as const]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said[name] = (said[name] + text).slice(0, MOST_CHARACTERS);
        if (said[name].length === MOST_CHARACTERS) stop('too-much');
      });
      stream.on('error', () => {});
    }
    child.once('error', () => {
      stopped ??= 'absent';
      settle(null);
    });
    child.once('close', (code) => settle(code));
  });
}

function kill(pid: number | undefined, isGroup: boolean): void {
  if (pid === undefined) return;
  try {
    process.kill(isGroup ? -pid : pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** The line of a program's complaint that says most, without what may be a password in an address. */
export function complaintOf({ out, err }: Pick<Asked, 'out' | 'err'>): string {
  const lines = `${err}\n${out}`
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const telling =
    lines.find((line) => /error|fail|unable|cannot|could not|refused|certificate|exception/i.test(line)) ?? lines.at(-1) ?? '';
  return withoutSecrets(telling).slice(0, 240);
}

/** `http://user:password@host` is `http://host`, also where the scheme is missing. */
function withoutSecrets(text: string): string {
  return text.replace(/\/\/[^/\s@]*@/g, '//').replace(/[^\s/@'"]+:[^\s/@'"]+@/g, '');
}
