/** Who sets settings: three layers, of which the earlier beat the later, key by key. */

import { z } from 'zod';

/** `managed`: the operating system's management, for this machine. `fleet`: the signed policy. `user`: the configuration file. */
export const LAYERS = ['managed', 'fleet', 'user'] as const;
export type Layer = (typeof LAYERS)[number];

/** What the operating system's management says, as far as it could be read. */
export type ManagedReading =
  | { readonly state: 'none' }
  | {
      readonly state: 'settings';
      /** As a configuration file has them; not checked yet. */
      readonly json: unknown;
      /** For a person: the file, or the registry's key. */
      readonly source: string;
      /** Folder that relative paths count from. */
      readonly base: string;
    }
  | {
      readonly state: 'unusable';
      readonly source: string;
      /** One sentence: what is wrong, and what to do. Never a value. */
      readonly why: string;
    };

/** Reads it anew each time. Never rejects: what goes wrong is `unusable`. */
export type ReadManaged = () => Promise<ManagedReading>;

const wanted = z.strictObject({
  layer: z.enum(LAYERS),
  /** For a person: the file, the revision. */
  where: z.string(),
  /** Secrets are replaced by a word that says so. */
  value: z.json(),
});

/** A key with what is in force and why. */
export const settingSchema = z.strictObject({
  key: z.string(),
  meaning: z.string(),
  /** For a person: `number, 0.05 to 170`. */
  type: z.string(),
  /** Null where nothing is set and there is no default. */
  value: z.json(),
  source: z.enum([...LAYERS, 'default']),
  where: z.string(),
  /** Of the fleet's policy that set it, or that keeps others from it. */
  revision: z.int().nullable(),
  /** Whoever keeps others from setting it: no layer below can. */
  lockedBy: z.enum(['managed', 'fleet']).nullable(),
  /** Lower layers that set it too, to something else, and are not heard. */
  conflicts: z.array(wanted),
  mayBeSetBy: z.array(z.enum(LAYERS)),
  /** Whether a change takes effect at once; else with the next start. */
  live: z.boolean(),
});
export type Setting = z.infer<typeof settingSchema>;
