/** What the device keeps of its fleet, in `dir`: each file is replaced in one step. */

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readFiles, type SignedFiles, signedFilesSchema, writtenFiles } from './signed-files.ts';

/** None of these files is longer. */
const LONGEST = 32 * 1024 * 1024;

/** What a `Date` can hold. */
const time = z.number().min(0).max(8.64e15);

const stateSchema = z.strictObject({
  /** Milliseconds since 1970: when the server last said that nothing is newer; the latest time ever seen. */
  confirmedAt: time.nullable(),
  seenAt: time,
  timestampVersion: z.number(),
  /** Seal of device, URL and token that were enrolled. */
  enrolled: z.string().nullable(),
  /** Problems that are in the log already, until they are over. */
  told: z.array(z.string().max(100)).max(50),
});
export type FleetState = z.infer<typeof stateSchema>;
export const NO_STATE: FleetState = { confirmedAt: null, seenAt: 0, timestampVersion: 0, enrolled: null, told: [] };

const metadataSchema = z.strictObject({ url: z.string(), etag: z.string().nullable(), files: signedFilesSchema });

const lastGoodSchema = z.strictObject({
  path: z.string().max(200),
  ring: z.string(),
  revision: z.int().min(1),
  files: signedFilesSchema,
  /** The bundle as it was published, base64. */
  bundle: z.string().max(LONGEST),
});
const sealedSchema = z.strictObject({ seal: z.string(), content: z.string().max(LONGEST) });

/** A bundle that was verified and put in force, with the metadata that signed it. */
export interface LastGood {
  readonly path: string;
  readonly ring: string;
  readonly revision: number;
  readonly files: SignedFiles;
  readonly bundle: Buffer;
}

export interface KnownMetadata {
  readonly url: string;
  readonly etag: string | undefined;
  readonly files: SignedFiles;
}

/** Reads give undefined for a file that is not there, and throw for one that is not as it was written. Writes throw. */
export interface KeptFiles {
  state(): FleetState | undefined;
  keepState(state: FleetState): void;
  metadata(): KnownMetadata | undefined;
  keepMetadata(known: KnownMetadata): void;
  /** `sealed`: written by this device, as it stands. */
  lastGood(): { readonly good: LastGood; readonly sealed: boolean } | undefined;
  keepLastGood(good: LastGood): void;
}

export function openKeptFiles(options: { dir: string; seal(text: string): string; write(file: string, text: string): void }): KeptFiles {
  const { dir, seal, write } = options;
  const paths = { state: join(dir, 'state.json'), metadata: join(dir, 'metadata.json'), lastGood: join(dir, 'last-good.json') };
  return {
    state() {
      const found = read(paths.state, sealedSchema);
      if (found === undefined) return undefined;
      // A time that was changed could keep an old policy fresh, or all new ones out.
      if (found.seal !== seal(found.content)) throw new Error('it was changed');
      return stateSchema.parse(JSON.parse(found.content));
    },
    keepState: (state) => write(paths.state, sealed(JSON.stringify(state))),
    metadata() {
      const found = read(paths.metadata, metadataSchema);
      return found && { url: found.url, etag: found.etag ?? undefined, files: readFiles(found.files) };
    },
    keepMetadata: ({ url, etag = null, files }) => write(paths.metadata, JSON.stringify({ url, etag, files: writtenFiles(files) })),
    lastGood() {
      const found = read(paths.lastGood, sealedSchema);
      if (found === undefined) return undefined;
      const good = lastGoodSchema.parse(JSON.parse(found.content));
      return {
        good: { ...good, files: readFiles(good.files), bundle: Buffer.from(good.bundle, 'base64') },
        sealed: found.seal === seal(found.content),
      };
    },
    keepLastGood(good) {
      const content = { ...good, files: writtenFiles(good.files), bundle: good.bundle.toString('base64') };
      write(paths.lastGood, sealed(JSON.stringify(content)));
    },
  };

  function sealed(content: string): string {
    return JSON.stringify({ seal: seal(content), content });
  }
}

function read<S extends z.ZodType>(file: string, schema: S): z.infer<S> | undefined {
  try {
    if (statSync(file).size > LONGEST) throw new Error('it is too long');
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined;
    throw thrown;
  }
}
