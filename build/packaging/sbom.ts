/** The product's bill of materials: CycloneDX 1.5 (https://cyclonedx.org/docs/1.5/json/), out of npm's own for the lock file. */

import { createHash } from 'node:crypto';
import { must } from '../commands.ts';
import { ROOT } from '../places.ts';
import type { ShippedPackage } from './shipped.ts';

export interface Component {
  readonly 'bom-ref': string;
  readonly type: 'library' | 'framework' | 'platform' | 'application';
  readonly name: string;
  readonly version: string;
  readonly purl?: string;
  readonly [key: string]: unknown;
}

interface Bom {
  readonly metadata: { readonly component: Record<string, unknown>; readonly [key: string]: unknown };
  readonly components: readonly Component[];
  readonly dependencies?: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
  readonly [key: string]: unknown;
}

/** Programs that are no npm package by themselves: what `process.versions` of Electron says. */
export interface Runtimes {
  readonly electron: string;
  readonly chromium: string;
}

/**
 * `npm sbom` lists all that the lock file pins, with hashes; kept is what ships. The same product has the same list, to the byte.
 * Throws where something ships that the lock file does not have.
 */
export async function billOfMaterials(packages: readonly ShippedPackage[], runtimes: Runtimes, epoch: Date): Promise<string> {
  const args = ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx'];
  return billOf(JSON.parse(await must('npm', args, { cwd: ROOT })) as Bom, packages, runtimes, epoch);
}

export function billOf(all: Bom, packages: readonly ShippedPackage[], { electron, chromium }: Runtimes, epoch: Date): string {
  const locked = new Map(all.components.map((component) => [`${component.name}@${component.version}`, component]));
  const npm = packages.map(({ name, version }) => {
    const component = locked.get(`${name}@${version}`);
    if (component === undefined) throw new Error(`${name} ${version} ships, and package-lock.json does not have it. Run: npm ci`);
    // Whether it is there for development is said from the clone's point of view; here all of it ships.
    const { properties: _, ...kept } = component;
    return { ...kept, scope: 'required' };
  });
  const programs: readonly Component[] = [
    { 'bom-ref': `electron@${electron}`, type: 'framework', name: 'electron', version: electron, purl: `pkg:npm/electron@${electron}` },
    { 'bom-ref': `chromium@${chromium}`, type: 'framework', name: 'chromium', version: chromium, purl: `pkg:generic/chromium@${chromium}` },
  ];
  const components = [...npm, ...programs];
  const refs = new Set(components.map((component) => component['bom-ref']));
  const hash = createHash('sha256').update(JSON.stringify(components)).digest('hex');
  const { metadata, dependencies = [], ...rest } = all;
  const bill = {
    ...rest,
    serialNumber: `urn:uuid:${uuidOf(hash)}`,
    metadata: { ...metadata, timestamp: epoch.toISOString(), component: { ...metadata.component, name: 'holdpoint', type: 'application' } },
    components,
    dependencies: dependencies
      .filter(({ ref }) => refs.has(ref))
      .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((on) => refs.has(on)) })),
  };
  return `${JSON.stringify(bill, undefined, 2)}\n`;
}

/** A UUID of version 8 (RFC 9562): its bits are the content's. */
function uuidOf(hash: string): string {
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-a${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}
