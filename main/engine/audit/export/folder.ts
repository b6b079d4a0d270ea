/** A new folder whose files are on disk, whole, when it says so. */

import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export interface WrittenFile {
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

export interface NewFile {
  write(content: string | Buffer): void;
  /** Durable when it returns, unless the folder is `loose`. */
  end(): WrittenFile;
}

export interface NewFolder {
  /** Throws where the file is there already, or cannot be written. */
  file(name: string): NewFile;
  whole(name: string, content: string | Buffer): WrittenFile;
  /** `loose`: its files are many, and may be lost with the power: whoever checks them notices. */
  folder(name: string, loose: boolean): NewFolder;
  /** Makes the names durable, too. */
  sync(): void;
  /** What is still open after a failure. */
  close(): void;
}

export function createFolderWriter(dir: string): NewFolder {
  const open = new Set<number>();
  return folderAt(dir, false);

  function folderAt(place: string, loose: boolean): NewFolder {
    return {
      file: (name) => fileAt(join(place, name), loose),
      whole(name, content) {
        const file = fileAt(join(place, name), loose);
        file.write(content);
        return file.end();
      },
      folder(name, isLoose) {
        mkdirSync(join(place, name), { mode: 0o700 });
        return folderAt(join(place, name), isLoose);
      },
      sync: () => syncFolder(place),
      close() {
        for (const descriptor of open) closeSync(descriptor);
        open.clear();
      },
    };
  }

  function fileAt(path: string, loose: boolean): NewFile {
    const descriptor = openSync(path, 'wx', 0o600);
    open.add(descriptor);
    const sha256 = createHash('sha256');
    let bytes = 0;
    return {
      write(content) {
        const all = typeof content === 'string' ? Buffer.from(content) : content;
        // A full disk takes a part and refuses the rest at the next try.
        for (let at = 0; at < all.length; ) at += writeSync(descriptor, all, at);
        sha256.update(all);
        bytes += all.length;
      },
      end() {
        if (!loose) fsyncSync(descriptor);
        closeSync(descriptor);
        open.delete(descriptor);
        return { bytes, sha256: sha256.digest('hex') };
      },
    };
  }
}

/** So that names outlive a loss of power. Windows has no such thing. */
export function syncFolder(dir: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(dir, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
