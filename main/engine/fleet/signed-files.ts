/** Metadata of the policy repository as it is kept on the device: raw, as it was signed, so that it can be verified again. */

import { z } from 'zod';

export interface SignedFiles {
  /** Roots that followed the pinned one, in order. */
  readonly roots: readonly Buffer[];
  /** timestamp, snapshot, targets and delegated roles, by name. */
  readonly roles: ReadonlyMap<string, Buffer>;
}

const base64 = z
  .string()
  .max(8_000_000)
  .regex(/^[A-Za-z0-9+/]*={0,2}$/);

/** As it stands in a file. */
export const signedFilesSchema = z.strictObject({
  roots: z.array(base64).max(300),
  roles: z.record(z.string().max(200), base64),
});

export function writtenFiles({ roots, roles }: SignedFiles): z.infer<typeof signedFilesSchema> {
  return {
    roots: roots.map((root) => root.toString('base64')),
    roles: Object.fromEntries([...roles].map(([name, bytes]) => [name, bytes.toString('base64')])),
  };
}

export function readFiles({ roots, roles }: z.infer<typeof signedFilesSchema>): SignedFiles {
  return {
    roots: roots.map((root) => Buffer.from(root, 'base64')),
    roles: new Map(Object.entries(roles).map(([name, text]) => [name, Buffer.from(text, 'base64')])),
  };
}
