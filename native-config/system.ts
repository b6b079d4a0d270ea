/** The operating system as native-config sees it: who we are, and how its own tools are run. */

import { spawn } from 'node:child_process';
import { homedir } from 'node:os';

export interface System {
  readonly platform: NodeJS.Platform;
  /** Put before every file's path: '' on a real machine, a folder that stands for its root in tests. */
  readonly root: string;
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  /** 0 is root; undefined on Windows. */
  readonly uid: number | undefined;
  readonly run: RunTool;
}

export interface ToolOptions {
  /** Written to its standard input. */
  readonly input?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Run as this user instead. */
  readonly uid?: number;
  readonly gid?: number;
}

export interface ToolResult {
  /** Null where it could not be started, or did not end in time. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Never rejects. */
export type RunTool = (program: string, args: readonly string[], options?: ToolOptions) => Promise<ToolResult>;

export function thisSystem(): System {
  return { platform: process.platform, root: '', home: homedir(), env: process.env, uid: process.getuid?.(), run: runTool };
}

/** Of output that is kept, for each of the two. */
const MAX_OUTPUT = 4 * 1024 * 1024;
const MAX_MS = 60_000;

/** How long a tool's output is waited for once it has ended, in ms: what it has left running may hold its end open for ever. */
const AFTERWARDS_MS = 2_000;

const runTool: RunTool = (program, args, { input, ...options } = {}) =>
  new Promise((resolve) => {
    // A session of its own: a tool that runs as somebody else must not reach root's terminal, where it could type.
    const isGroup = process.platform !== 'win32';
    const child = spawn(program, [...args], { ...options, stdio: ['pipe', 'pipe', 'pipe'], detached: isGroup, windowsHide: true });
    const [out, err] = [child.stdout, child.stderr].map(collected) as [() => string, () => string];
    const late = setTimeout(() => kill(child.pid, isGroup), MAX_MS);
    child.once('error', (error) => {
      clearTimeout(late);
      resolve({ code: null, out: out(), err: error.message });
    });
    child.once('exit', () => {
      clearTimeout(late);
      const impatience = setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, AFTERWARDS_MS);
      child.once('close', () => clearTimeout(impatience));
    });
    child.once('close', (code) => resolve({ code, out: out(), err: err() }));
    child.stdin.on('error', () => {}); // It does not want to hear more.
    child.stdin.end(input ?? '');
  });

function kill(pid: number | undefined, isGroup: boolean): void {
  if (pid === undefined) return;
  try {
    process.kill(isGroup ? -pid : pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function collected(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  let length = 0;
  stream.on('data', (chunk: Buffer) => {
    if (length < MAX_OUTPUT) chunks.push(chunk);
    length += chunk.length;
  });
  return () => Buffer.concat(chunks).subarray(0, MAX_OUTPUT).toString('utf8');
}
