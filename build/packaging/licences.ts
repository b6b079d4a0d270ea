/** THIRD-PARTY-LICENSES.txt: what of others is in the product besides Electron, which brings its own. */

import type { ShippedPackage } from './shipped.ts';

export function licenceList(packages: readonly ShippedPackage[]): string {
  const head = `Holdpoint holds the work of others. Each part is listed with its licence.
Electron’s is in LICENSE.electron.txt, that of Chromium and what is in it in LICENSES.chromium.html, in the app’s folder.
`;
  return [head, ...packages.map(entryOf)].join(`\n${'-'.repeat(100)}\n\n`);
}

function entryOf({ name, version, licence, homepage, texts }: ShippedPackage): string {
  const title = [`${name} ${version}`, `Licence: ${licence}`, ...(homepage === '' ? [] : [homepage])].join('\n');
  // Some packages only name their licence.
  const text =
    texts.length > 0 ? texts.join('\n\n') : 'The package has no licence file of its own; its terms are those of the licence it names.';
  return `${title}\n\n${text}\n`;
}
