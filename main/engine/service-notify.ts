/** Tells systemd how the engine is (sd_notify(3)): that it serves, that it is still alive, that it stops. */

import { execFile } from 'node:child_process';

export interface ServiceNotice {
  /** It serves. From now on it is looked now and then whether it still does its work, and told if so. */
  ready(status: string): Promise<void>;
  stopping(): Promise<void>;
}

export interface ServiceNoticeOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Resolves where all is well. Where it rejects, or does not settle, nothing is told, and the engine is started anew. */
  alive(): Promise<void>;
  /** Told why it is not. */
  log(message: string): void;
  /** Passes a line on to the socket that is named in the environment. */
  readonly send?: (lines: readonly string[], env: NodeJS.ProcessEnv) => Promise<void>;
  /** Calls again and again until the function that it gives is called. */
  readonly every?: (ms: number, call: () => void) => () => void;
}

/** Undefined where nobody wants to know. */
export function createServiceNotice(options: ServiceNoticeOptions): ServiceNotice | undefined {
  const { env, alive, log, send = systemdNotify, every = timer } = options;
  if (env.NOTIFY_SOCKET === undefined) return undefined;
  const patienceMs = Number(env.WATCHDOG_USEC) / 1000;
  let stop = () => {};
  let looking = false;

  return {
    async ready(status) {
      await send(['READY=1', `STATUS=${status}`], env);
      // Three times as often as it is wanted: one look may come late on a busy machine.
      if (patienceMs > 0) stop = every(patienceMs / 3, () => void look());
    },
    async stopping() {
      stop();
      await send(['STOPPING=1'], env);
    },
  };

  async function look(): Promise<void> {
    // The one before is still waiting for an answer: that is no sign of life.
    if (looking) return;
    looking = true;
    try {
      await alive();
      await send(['WATCHDOG=1'], env);
    } catch (thrown) {
      log(thrown instanceof Error ? thrown.message : String(thrown));
    } finally {
      looking = false;
    }
  }
}

/** The socket takes datagrams, which Node does not send to such sockets: systemd's own tool does. It stays until the word has arrived. */
function systemdNotify(lines: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const { PATH = '/usr/bin:/bin', NOTIFY_SOCKET } = env;
    execFile('systemd-notify', [...lines], { env: { PATH, NOTIFY_SOCKET }, timeout: 10_000 }, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

function timer(ms: number, call: () => void): () => void {
  const running = setInterval(call, ms).unref();
  return () => clearInterval(running);
}
