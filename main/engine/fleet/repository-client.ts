/**
 * One look at the policy repository: the client workflow of the TUF specification (§5), as tuf-js has it. What is ours is where metadata is
 * kept (in memory, until the caller keeps it in one step; tuf-js would write one file after the other) and how it is fetched.
 */

import type { Metadata, TargetFile, Targets } from '@tufjs/models';
import { Updater, type UpdaterOptions } from 'tuf-js';
import { DownloadHTTPError } from 'tuf-js/dist/error.js';
import { messageOf } from '../../contract/errors.ts';
import { type BundleNote, bundleNoteSchema, bundlePath } from './bundle.ts';
import { type FleetFetcher, MissingFile } from './fetcher.ts';
import { FleetProblem, type ProblemKind, problemOf } from './problem.ts';
import type { SignedFiles } from './signed-files.ts';
import { latestRoot, verifyTarget } from './verify-cached.ts';

export interface Look {
  /** All metadata that was verified. */
  readonly files: SignedFiles;
  /** Bundles of the ring, newest first. */
  readonly listed: readonly Listed[];
  /** Fetches a bundle's bytes and verifies them. Rejects with FleetProblem. */
  fetchBundle(listed: Listed): Promise<Buffer>;
}

export interface Listed {
  readonly note: BundleNote;
  readonly target: TargetFile;
}

/** What is used of tuf-js beyond its types. `test/integration/fleet` fails where a later version has it otherwise. */
interface OpenUpdater {
  refresh(): Promise<void>;
  getTargetInfo(path: string): Promise<TargetFile | undefined>;
  trustedSet: { referenceTime: Date; getRole(name: string): Metadata<Targets> | undefined };
  loadLocalMetadata(name: string): Buffer;
  persistMetadata(name: string, bytes: Buffer): void;
}
const Base = Updater as unknown as new (options: UpdaterOptions) => OpenUpdater;

const LIMITS = {
  rootMaxLength: 128 * 1024,
  timestampMaxLength: 16 * 1024,
  snapshotMaxLength: 256 * 1024,
  targetsMaxLength: 2 * 1024 * 1024,
  bundleMaxLength: 4 * 1024 * 1024,
  maxRootRotations: 256,
  maxDelegations: 8,
};

/** Rejects with FleetProblem. `at` is the time that expiry counts by. */
export async function lookForBundles(options: {
  readonly url: string;
  readonly ring: string;
  readonly pinnedRoot: string;
  readonly known: SignedFiles | undefined;
  readonly fetcher: FleetFetcher;
  readonly at: Date;
  readonly signal: AbortSignal;
}): Promise<Look> {
  const { url, ring, pinnedRoot, known, fetcher, at, signal } = options;
  const roots = [...(known?.roots ?? [])];
  const roles = new Map(known?.roles);
  const keptRoots = new Map(roots.map((bytes) => [versionOf(bytes), bytes]));
  let reading = 'root';
  let failure: FleetProblem | undefined;

  const get = async (address: string, maxLength: number): Promise<Buffer> => {
    const name = new URL(address).pathname.split('/').at(-1) ?? '';
    const rootVersion = /^(\d+)\.root\.json$/.exec(name)?.[1];
    reading = rootVersion === undefined ? name : 'root';
    const kept = rootVersion === undefined ? undefined : keptRoots.get(Number(rootVersion));
    if (kept) return kept;
    try {
      return await fetcher.get(address, maxLength, signal);
    } catch (thrown) {
      if (!(thrown instanceof MissingFile)) {
        // tuf-js wraps it into a text.
        if (thrown instanceof FleetProblem) failure = thrown;
        throw thrown;
      }
      if (rootVersion !== undefined) throw new DownloadHTTPError('no further root', thrown.status);
      failure =
        thrown.status === 403
          ? problemOf('wrong-token', url, '403')
          : problemOf(name === 'timestamp.json' ? 'server-error' : 'mix-and-match', url, `${name}: 404`);
      throw failure;
    }
  };

  class MemoryUpdater extends Base {
    override loadLocalMetadata(name: string): Buffer {
      const bytes = name === 'root' ? Buffer.from(pinnedRoot) : roles.get(name);
      if (bytes === undefined) throw new Error(`${name} is not known yet`);
      return bytes;
    }

    override persistMetadata(name: string, bytes: Buffer): void {
      if (name !== 'root') roles.set(name, bytes);
      else if (!keptRoots.has(versionOf(bytes))) roots.push(bytes);
    }
  }

  try {
    latestRoot(pinnedRoot, []);
  } catch (thrown) {
    throw problemOf('unknown-root', url, messageOf(thrown), thrown);
  }
  try {
    const updater = new MemoryUpdater({
      metadataDir: '',
      metadataBaseUrl: url,
      targetBaseUrl: `${url}/targets`,
      config: LIMITS,
      fetcher: {
        downloadBytes: get,
        downloadFile: () => Promise.reject(new Error('not used')),
      },
    });
    updater.trustedSet.referenceTime = at;
    await updater.refresh();
    // Nothing is published under 0: asked for so that the ring's metadata is got and verified.
    const probe = bundlePath(ring, 0);
    await updater.getTargetInfo(probe);
    return { files: { roots, roles }, listed: await bundlesIn(updater, ring, probe), fetchBundle };
  } catch (thrown) {
    throw failure ?? (thrown instanceof FleetProblem ? thrown : refusal(url, reading, thrown));
  }

  async function fetchBundle({ target }: Listed): Promise<Buffer> {
    const [hash] = Object.values(target.hashes);
    const [folder, name] = [target.path.slice(0, target.path.lastIndexOf('/')), target.path.slice(target.path.lastIndexOf('/') + 1)];
    if (target.length > LIMITS.bundleMaxLength) throw problemOf('endless', url, `a bundle of ${target.length} bytes`);
    const bytes = await get(`${url}/targets/${folder}/${hash}.${name}`, target.length).catch((thrown: unknown) => {
      throw failure ?? thrown;
    });
    try {
      await verifyTarget(target, bytes);
    } catch (thrown) {
      throw problemOf('wrong-hash', url, '', thrown);
    }
    return bytes;
  }
}

/** The names are a hint only: what counts for a path is what tuf-js finds under it, role by role in order of trust. */
async function bundlesIn(updater: OpenUpdater, ring: string, probe: string): Promise<Listed[]> {
  const targets = updater.trustedSet.getRole('targets');
  const delegates = [...(targets?.signed.delegations?.rolesForTarget(probe) ?? [])].map(({ role }) => updater.trustedSet.getRole(role));
  const paths = new Set([targets, ...delegates].flatMap((role) => Object.keys(role?.signed.targets ?? {})));
  const listed: Listed[] = [];
  for (const path of paths) {
    const revision = Number(/^rings\/[a-z0-9-]+\/([1-9]\d{0,14})\.json\.gz$/.exec(path)?.[1]);
    if (path !== bundlePath(ring, revision)) continue;
    const target = await updater.getTargetInfo(path);
    const note = bundleNoteSchema.safeParse(target?.custom);
    if (target && note.success && note.data.revision === revision) listed.push({ note: note.data, target });
  }
  return listed.sort((one, other) => other.note.revision - one.note.revision);
}

/** tuf-js does not export its error classes, names them all "Error", and turns some into text: class and text are what there is. */
function refusal(url: string, reading: string, thrown: unknown): FleetProblem {
  const text = messageOf(thrown);
  const className = thrown instanceof Error ? thrown.constructor.name : '';
  const detail = text.replace(/^Unable to load \w+ (metadata )?error (\w*Error: )?/, '');
  return problemOf(kindOf(className, text, reading), url, detail, thrown);
}

function kindOf(className: string, text: string, reading: string): ProblemKind {
  if (/was signed by \d+\/\d+ keys/.test(text)) return reading === 'root' ? 'replaced-root' : 'wrong-key';
  if (/root\.json is expired/.test(text)) return 'expired-root';
  if (className === 'ExpiredMetadataError' || /is expired/.test(text)) return 'freeze';
  if (/Expected (hash|length)|match|Missing file|No trusted|Missing \S+ in snapshot/.test(text)) return 'mix-and-match';
  if (className === 'BadVersionError' || /is less than current version/.test(text))
    return reading === 'root' ? 'replaced-root' : 'rollback';
  return 'unreadable';
}

function versionOf(root: Buffer): number {
  try {
    return Number(JSON.parse(root.toString('utf8'))?.signed?.version);
  } catch {
    return Number.NaN;
  }
}
