/** Other systems of version control than git: what loses work, what others get. */

import { type Program, rows, type Said } from './program.ts';
import { delivered } from './publishing.ts';

const LOST: readonly Said[] = [{ effect: 'destructive', risk: 'watch', says: 'throws away work that may not come back ({command})' }];
const SHARED = delivered('hands changes to others ({command})');
const RUNS: readonly Said[] = [{ effect: 'runs-code', says: 'runs {command}' }];
const system = (lost: RegExp, shared: RegExp): Program => ({
  effects: RUNS,
  when: [
    { word: lost, effects: LOST },
    { word: shared, effects: SHARED },
  ],
});

export const VERSION_CONTROL: Readonly<Record<string, Program>> = {
  ...rows('hg chg sl', {
    effects: RUNS,
    when: [
      { word: /^(strip|purge|rollback|prune|revert|hide|histedit|clean|debugobsolete)$/, effects: LOST },
      { phrase: /^(update|up|checkout|co|goto|merge)\b.*\s(-C|--clean|-f|--force)\b/, effects: LOST },
      { word: /^(push|email|submit|phabsend|serve)$/, effects: SHARED },
    ],
  }),
  svn: system(/^(revert|cleanup|--remove-unversioned|rm|delete|del|remove)$/, /^(commit|ci|import|lock|propset|merge|mkdir|copy|cp)$/),
  svnadmin: system(/^(rmtxns|rmlocks|setuuid|load|setrevprop)$/, /^$/),
  jj: system(/^(abandon|restore|undo|forget|revert)$/, /^(push)$/),
  ...rows('p4 g4', system(/^(revert|delete|obliterate|clean|unshelve)$/, /^(submit|shelve|unlock)$/)),
  ...rows(
    'bzr brz fossil darcs pijul',
    system(/^(revert|uncommit|clean-tree|obliterate|unrecord|purge|scrub|unrecord|reset)$/, /^(push|send|dpush|sync)$/),
  ),
  cvs: system(/^(remove|rm|-C)$/, /^(commit|ci|tag)$/),
  cleartool: system(/^(rmbranch|rmver|rmelem|rmname|uncheckout|unco|rmview)$/, /^(checkin|ci|deliver)$/),
  ...rows('git-lfs git-annex', system(/^(prune|drop|dropunused|--force|uninit)$/, /^(push|sync|copy)$/)),
  ...rows('bfg git-filter-repo', { effects: LOST }),
  repo: {
    effects: RUNS,
    when: [
      { word: /^(abandon|prune)$|^--force-sync$/, effects: LOST },
      { word: /^(upload)$/, effects: SHARED },
    ],
  },
  ...rows('git-review arc gerrit', system(/^(abandon)$/, /^(land|diff|review|upload)$/)),
};
