/** Installing: what package managers of all languages have in common, in words. */

import type { Program, Said, When } from './program.ts';
import { delivered } from './publishing.ts';

export const installs = (from: string): readonly Said[] => [
  { effect: 'install-package', risk: 'watch', says: `installs the package {operands} from ${from}` },
];
export const LOCKED: readonly Said[] = [
  { effect: 'network', says: 'fetches the packages this project already names' },
  { effect: 'runs-code', says: 'runs the install steps of the packages this project already names' },
];
export const CODE: readonly Said[] = [{ effect: 'runs-code', says: 'runs this project’s own code ({command})' }];
export const NEWER: readonly Said[] = [
  { effect: 'network', says: 'fetches newer versions of this project’s packages' },
  { effect: 'runs-code', says: 'runs the install steps of this project’s packages' },
];
export const REMOVED: readonly Said[] = [{ effect: 'destructive', risk: 'risk', says: 'removes {operands} from this machine' }];
export const ASKS: readonly Said[] = [{ effect: 'network', says: 'asks the package registry' }];
/** A package that lies in the project. */
export const HERE = /^(\.|\.\.?\/.*|\.\[.*|file:.*|link:.*|workspace:.*|portal:.*)$/;
export const install = (from: string): Program => ({
  values: '--registry --prefix -C --dir --cwd --filter -F -w --workspace --tag',
  when: [BY_ADDRESS, { word: HERE, effects: LOCKED }, { operands: 'some', effects: installs(from) }, { operands: 'none', effects: LOCKED }],
});
export const LOCAL_EFFECTS: readonly Said[] = [{ effect: 'write-workspace', says: 'changes this project’s packages ({command})' }];
export const LOCAL: Program = { effects: LOCAL_EFFECTS };
export const DELIVERED: readonly Said[] = delivered('delivers this project to others ({command})');
export const SETTINGS: readonly Said[] = [
  { effect: 'write-outside', risk: 'watch', says: 'changes where packages come from or how they run, for every project ({command})' },
  { effect: 'persistence', risk: 'watch', says: 'changes where packages come from or how they run, for every project ({command})' },
];
/** A package that is named by its address: whatever lies there runs while it is installed. */
export const BY_ADDRESS: When = {
  word: /^(?:[\w@./-]+@)?(git\+|https?:|git:|git@|ssh:|github:|gitlab:|bitbucket:|gist:)/i,
  effects: [
    { effect: 'install-package', risk: 'watch', says: 'installs {operands} from an address' },
    { effect: 'download-execute', risk: 'risk', says: 'downloads {operands} and runs its install steps' },
  ],
};
