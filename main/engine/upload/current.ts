/** The upload as settings have it now: they may name another collector, or none, while the engine runs. */

import type { Settings } from '../../contract/settings.ts';
import { createUpload, type Upload, type UploadOptions } from './upload.ts';

export interface CurrentUpload {
  /** Settings have changed, or the engine has begun to serve. How far a collector has come stands in the log, so that nothing is left out. */
  follow(): void;
  /** Undefined where there is none. */
  status(): ReturnType<Upload['status']> | undefined;
  note(): string | undefined;
  close(): Promise<void>;
}

export interface CurrentUploadOptions extends Omit<UploadOptions, 'settings' | 'proxy'> {
  readonly settings: () => Settings['audit']['upload'];
  readonly proxyFor: (url: string) => ReturnType<UploadOptions['proxy']>;
  /** Told what lets somebody in at the collector, which must not stand in any record. */
  readonly learnCredential: (value: string) => void;
}

export function createCurrentUpload({ settings, proxyFor, learnCredential, ...others }: CurrentUploadOptions): CurrentUpload {
  let current: Upload | undefined;
  let wanted: string | undefined;
  let ending: Promise<void> = Promise.resolve();

  return {
    follow() {
      const next = settings();
      const spelled = JSON.stringify(next);
      if (spelled === wanted) return;
      wanted = spelled;
      for (const [name, value] of Object.entries(next?.headers ?? {})) if (SECRET_HEADER.test(name)) learnCredential(value);
      const before = current;
      ending = ending.then(() => before?.close());
      const upload = next && createUpload({ ...others, settings: next, proxy: () => proxyFor(next.url) });
      current = upload;
      // Two at once would send the same records twice.
      void ending.then(() => upload?.begin());
    },
    status: () => current?.status(),
    note: () => current?.note(),
    async close() {
      await ending;
      await current?.close();
    },
  };
}

const SECRET_HEADER = /auth|key|token|secret/i;
