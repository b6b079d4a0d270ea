/** The log's copy at a collector: starts the thread that sends it, wakes it, keeps its cursor, and knows how far it is. */

import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { UploadStatus } from '../../contract/control.ts';
import { messageOf } from '../../contract/errors.ts';
import { servicePlaces } from '../../contract/service-places.ts';
import type { AuditLog } from '../audit/log.ts';
import type { Attributes } from '../audit/otlp.ts';
import { LOG_FILE } from '../audit/schema.ts';
import type { FromUpload, ToUpload, UploadSettings, UploadSetup, UploadState } from './messages.ts';

export interface UploadOptions {
  readonly settings: UploadSettings;
  readonly audit: Pick<AuditLog, 'onRecord' | 'keepCursor' | 'stats'>;
  /** The log's folder. */
  readonly dir: string;
  /** Hex: the fleet's name for this device. */
  readonly device: string;
  /** Of Holdpoint. */
  readonly version: string;
  /** What the collector may be signed by, in PEM. */
  readonly roots: () => readonly string[];
  /** As a URL with its credentials; undefined where there is none. Asked when the upload begins. */
  readonly proxy: () => string | undefined;
  readonly onChange: () => void;
  readonly log: (message: string) => void;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** How long `close` waits at most. */
  readonly flushMs?: number;
}

export interface Upload {
  /** Once the engine's own address is known. What was recorded before is in the log. */
  begin(): void;
  status(): UploadStatus;
  /** What a person should know: the collector has not taken anything for a while. */
  note(): string | undefined;
  /** Gives what there is a last chance of two seconds, unless the collector did not answer before. */
  close(): Promise<void>;
}

const FLUSH_MS = 2_000;
const RESTART_MS = 60_000;
/** A network that comes and goes is nobody's concern. */
const NOTED_AFTER_MS = 15 * 60_000;

export function createUpload(options: UploadOptions): Upload {
  const { settings, audit, onChange, log, now = Date.now, flushMs = FLUSH_MS } = options;
  let worker: Worker | undefined;
  let state: UploadState = { seq: 0, uploaded: 0, confirmedAt: null, problem: null };
  let failingSince: number | undefined;
  let flushed: (() => void) | undefined;
  let soon: NodeJS.Timeout | undefined;
  let restart: NodeJS.Timeout | undefined;
  let closed = false;

  const unlisten = audit.onRecord(() => {
    if (!worker || closed) return;
    soon ??= setTimeout(() => {
      soon = undefined;
      say({ kind: 'wake' });
    }, settings.batchSeconds * 1000);
  });

  return {
    begin() {
      if (!closed) worker = start();
    },
    status: () => ({
      url: shownUrl(settings.url),
      content: settings.content,
      uploaded: state.uploaded,
      pending: Math.max(0, audit.stats().records - state.seq),
      confirmedAt: state.confirmedAt,
      problem: state.problem,
    }),
    note: () => (failingSince !== undefined && now() - failingSince >= NOTED_AFTER_MS ? (state.problem ?? undefined) : undefined),
    async close() {
      unlisten();
      closed = true;
      clearTimeout(soon);
      clearTimeout(restart);
      if (!worker) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      flushed = resolve;
      const late = setTimeout(resolve, flushMs);
      say({ kind: 'flush' });
      await promise;
      clearTimeout(late);
      await worker.terminate();
    },
  };

  function start(): Worker {
    const setup: UploadSetup = {
      file: join(options.dir, LOG_FILE),
      settings,
      userAgent: `holdpoint/${options.version}`,
      resource: resourceOf(options),
      roots: settings.url.startsWith('https:') ? options.roots() : [],
      proxy: options.proxy(),
    };
    const started = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: setup,
      resourceLimits: { maxOldGenerationSizeMb: 512 },
    });
    started.on('message', (message: FromUpload) => receive(message));
    started.on('error', (error) => failed(messageOf(error)));
    started.on('exit', () => {
      if (worker === started) failed('its thread has ended');
    });
    return started;
  }

  function receive(message: FromUpload): void {
    switch (message.kind) {
      case 'keep': {
        const { ticket, cursor } = message;
        audit.keepCursor(cursor).then(
          () => say({ kind: 'kept', ticket }),
          (thrown: unknown) => say({ kind: 'kept', ticket, failed: messageOf(thrown) }),
        );
        return;
      }
      case 'state':
        become(message.state);
        return;
      case 'flushed':
        flushed?.();
    }
  }

  function failed(why: string): void {
    flushed?.();
    if (closed || !worker) return;
    worker = undefined;
    restart = setTimeout(() => {
      restart = undefined;
      worker = start();
    }, RESTART_MS);
    become({
      ...state,
      problem: `The upload of the log has failed (${why}) and is started again by itself. Nothing is lost: the records wait in the log.`,
    });
  }

  function become(next: UploadState): void {
    if (next.problem !== state.problem && next.problem !== null) log(next.problem);
    failingSince = next.problem === null ? undefined : (failingSince ?? now());
    state = next;
    onChange();
  }

  function say(message: ToUpload): void {
    worker?.postMessage(message);
  }
}

/** Whose logs they are, by the names of OpenTelemetry's resource conventions. */
function resourceOf({ device, version }: UploadOptions): Attributes {
  return {
    'service.name': 'holdpoint',
    'service.version': version,
    'service.instance.id': device,
    'device.id': device,
    'host.name': hostname(),
    'os.type': process.platform === 'win32' ? 'windows' : process.platform,
    ...userAttribute(),
  };
}

function userAttribute(): Attributes {
  try {
    const { username } = userInfo();
    // The service's user is nobody's name: each record says whose it is.
    return username === servicePlaces().user ? {} : { 'user.name': username };
  } catch {
    // Of a user id that has no entry.
    return {};
  }
}

/** The query may hold a key. */
function shownUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
