/** The certificate store of a Linux system, which its tools, libraries and most runtimes read. */

import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { certificatesIn } from '../../main/engine/certificates/bundle.ts';
import type { PartState } from '../part.ts';
import { isAsWanted } from '../steps/perform.ts';
import type { Step, WriteStep } from '../steps/step.ts';
import type { System } from '../system.ts';
import { type Authority, base64Of, holdpointAuthority } from './authority.ts';
import { type Layout, layoutOf, toolAt } from './layouts.ts';
import { INSTALL, removeOld, type TrustStore } from './store.ts';

/** Our file among a system's anchors. */
const FILE = 'holdpoint.crt';
const WHAT = 'the system’s certificate store';
/** Of a folder of anchors that are looked at, and bytes of one. */
const MAX_ANCHORS = 2000;
const MAX_ANCHOR = 256 * 1024;
/** Bytes: some forty times what a bundle is long. */
const MAX_BUNDLE = 16 * 1024 * 1024;

export interface SystemTrustFiles {
  /** The device's authority alone, as the system keeps it: for variables that add to a program's own roots. */
  readonly anchorFile: string;
  /** All that the system trusts, the device's authority among it: for variables that replace a program's roots. */
  readonly bundleFile: string;
}

/**
 * Undefined where the system has no store that is known here. An administrator may have put the authority there by another name, and
 * then it stays with that: name the authority to have its file.
 */
export function systemTrustFiles(system: System, caPem?: string): SystemTrustFiles | undefined {
  const layout = system.platform === 'linux' ? layoutOf(system) : undefined;
  if (!layout) return undefined;
  const theirs = caPem === undefined ? undefined : anchorsIn(system, layout).find((anchor) => anchor.holdsOnly(base64Of(caPem)));
  return { anchorFile: theirs?.file ?? `${layout.anchors}/${FILE}`, bundleFile: layout.bundle };
}

export function createLinuxStore(system: System): TrustStore {
  return {
    async plan(authority) {
      const layout = layoutOf(system);
      if (!layout) return [];
      const anchors = anchorsIn(system, layout);
      const old = anchors.filter((anchor) => anchor.isOldOf(authority)).map(({ file }) => removeOld(file, WHAT));
      const isTheirs = anchors.some(({ file, holds }) => file !== ours(layout, authority).file && holds(authority.base64));
      const write = isTheirs || isAsWanted(system, ours(layout, authority)) ? [] : [ours(layout, authority)];
      const isInBundle = (readBounded(system.root + layout.bundle, MAX_BUNDLE)?.replace(/\s/g, '') ?? '').includes(authority.base64);
      if (old.length === 0 && write.length === 0 && isInBundle) return [];
      const { update, afterRemoval = update } = layout;
      const steps: Step[] = [
        { kind: 'run', says: 'Makes the system’s bundle of certificates anew', command: old.length > 0 ? afterRemoval : update },
      ];
      // Taken back last: once the file is gone.
      const undo: Step = { kind: 'run', says: 'Once it is taken back, makes the system’s bundle of certificates anew', undo: afterRemoval };
      return isTheirs ? [...old, ...steps] : [undo, ...old, ...write, ...steps];
    },

    async status(authority) {
      const layout = layoutOf(system);
      if (!layout)
        return [
          {
            what: WHAT,
            state: 'absent',
            says: 'No store of a known layout, with its tool, was found here. Install your distribution’s package ca-certificates.',
          },
        ];
      return [{ what: WHAT, ...(await asked(authority, layout)) }];
    },
  };

  async function asked(authority: Authority, layout: Layout): Promise<Pick<PartState, 'state' | 'says'>> {
    const stores = [['-CAfile', layout.bundle, '-no-CApath'], ...(layout.hashed ? [['-CApath', layout.hashed, '-no-CAfile']] : [])];
    const answers = await Promise.all(stores.map((store) => verifies(authority, layout, store)));
    const [trusting, all] = [answers.filter(Boolean).length, answers.length];
    if (trusting === 0) return { state: 'no', says: `Programs that read ${layout.bundle} do not trust the device’s authority. ${INSTALL}` };
    if (trusting < all) return { state: 'partly', says: `Only some of the system’s own files have the device’s authority. ${INSTALL}` };
    const old = anchorsIn(system, layout).find((anchor) => anchor.isOldOf(authority));
    if (old) return { state: 'partly', says: `An older authority of Holdpoint is trusted too, in ${old.file}. ${INSTALL}` };
    return { state: 'yes', says: `${authority.name} is trusted by what reads ${layout.bundle}.` };
  }

  /** By the library that most programs ask; where its tool is not installed, by looking into the bundle. */
  async function verifies(authority: Authority, layout: Layout, store: readonly string[]): Promise<boolean> {
    const openssl = toolAt(system, 'openssl');
    if (openssl) return (await system.run(openssl, ['verify', ...store], { input: authority.pem })).code === 0;
    return (readBounded(system.root + layout.bundle, MAX_BUNDLE)?.replace(/\s/g, '') ?? '').includes(authority.base64);
  }
}

function ours(layout: Layout, authority: Authority): WriteStep {
  return {
    kind: 'write',
    says: `Has the system trust “${authority.name}” (SHA-256 ${authority.sha256})`,
    file: `${layout.anchors}/${FILE}`,
    text: authority.pem,
    mode: 0o644,
  };
}

interface Anchor {
  readonly file: string;
  holds(base64: string): boolean;
  holdsOnly(base64: string): boolean;
  /** Whether it is an authority of ours by itself, and another one. A file of several is an administrator's, and stays. */
  isOldOf(authority: Authority): boolean;
}

function anchorsIn(system: System, { anchors }: Layout): readonly Anchor[] {
  return namesIn(system.root + anchors).map((name) => {
    const file = `${anchors}/${name}`;
    const all = certificatesIn(readBounded(system.root + file, MAX_ANCHOR) ?? '').map((pem) => ({ pem, base64: base64Of(pem) }));
    const [first] = all;
    return {
      file,
      holds: (base64) => all.some((one) => one.base64 === base64),
      holdsOnly: (base64) => all.length === 1 && first?.base64 === base64,
      isOldOf: (authority) =>
        first !== undefined && all.length === 1 && first.base64 !== authority.base64 && holdpointAuthority(first.pem) !== undefined,
    };
  });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).slice(0, MAX_ANCHORS).sort();
  } catch {
    return [];
  }
}

function readBounded(file: string, longest: number): string | undefined {
  try {
    const stats = lstatSync(file);
    return stats.isFile() && stats.size <= longest ? readFileSync(file, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}
