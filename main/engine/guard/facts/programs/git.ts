/** Git: what is ordinary, what leaves the machine, what loses work. */

import { type Program, rows, type Said } from './program.ts';
import { delivered, shown } from './publishing.ts';

const ORDINARY: Program = {};
const WRITES: Program = { effects: [{ effect: 'write-workspace', says: 'changes this repository ({command})' }], runs: '--exec -x' };
const FETCHES: readonly Said[] = [{ effect: 'network', says: 'fetches from this repository’s remote' }];
const lost = (says: string): readonly Said[] => [{ effect: 'destructive', risk: 'watch', says }];

/** Settings that name a program which git then runs. Their value is read as a command. */
export const RUNNING_SETTINGS =
  /^(core\.(pager|editor|sshcommand|askpass|gitproxy)|pager\..+|sequence\.editor|diff\.external|.+\.(textconv|cmd|command|helper|clean|smudge|process|program|driver))$/i;
/** Settings whose value is not a command and still makes git run something else. */
export const BENDING_SETTINGS =
  /^(core\.(hookspath|fsmonitor|worktree|attributesfile)|include\.path|includeif\..+|init\.templatedir|protocol\..+|url\..+\.insteadof|http\..*proxy|.+\.(uploadpack|receivepack|vcs))$/i;

const COMMANDS: Readonly<Record<string, Program>> = {
  ...rows(
    'status log diff show blame describe rev-parse rev-list ls-files ls-tree cat-file shortlog reflog-show name-rev merge-base for-each-ref show-ref symbolic-ref var version help whatchanged cherry range-diff count-objects check-ignore grep diff-tree diff-index hash-object fsck --version',
    {
      values: '-n --format --pretty -S -G --since --until --author -L',
      writes: '--output',
      pages: '-O --open-files-in-pager',
      gives: 'paths',
    },
  ),
  'rev-parse': { special: 'git-rev-parse' },
  ...rows('add commit merge cherry-pick revert init notes mv apply am rebase format-patch archive sparse-checkout maintenance', {
    ...WRITES,
    writes: '-o --output --output-directory',
    values: '-m --message -F --file -C -c --author --date -u',
  }),
  tag: {
    values: '-m --message -F --file',
    when: [
      { options: '-d --delete', effects: lost('deletes the tag {operands}') },
      { options: '-l --list -n --contains', effects: [] },
      { effects: WRITES.effects ?? [] },
    ],
  },
  bundle: { commands: { create: { operands: 'write' }, '*': ORDINARY } },
  'checkout-index': { when: [{ options: '-f --force', effects: lost('throws away uncommitted changes in this repository') }] },
  'read-tree': { when: [{ options: '-u --reset', effects: lost('throws away uncommitted changes in this repository') }] },
  ...rows('fetch ls-remote', { effects: FETCHES, runs: '--upload-pack', values: '--depth -j --jobs' }),
  pull: {
    effects: [...FETCHES, { effect: 'write-workspace', says: 'changes this repository ({command})' }],
    runs: '--upload-pack',
    values: '--depth',
  },
  clone: {
    special: 'git-clone',
    values: '-b --branch --depth -o --origin -c --config --filter --reference -j --jobs',
    runs: '-u --upload-pack',
    when: [
      { options: '--template', effects: [{ effect: 'unresolved', risk: 'watch', says: 'fetches with hooks from elsewhere ({command})' }] },
    ],
  },
  ...rows('lfs annex', {
    effects: WRITES.effects ?? [],
    when: [
      { word: /^(-n|--dry-run|-d|status|ls-files|info|list|env|version)$/, effects: [] },
      { word: /^(prune|drop|dropunused|uninit)$/, effects: lost('deletes large files that may have no other copy ({command})') },
      { word: /^(push|sync|copy|move)$/, effects: delivered('pushes to others ({command})') },
    ],
  }),
  ...rows('subtree svn p4', {
    effects: WRITES.effects ?? [],
    when: [{ word: /^(push|dcommit|submit)$/, effects: delivered('pushes to others ({command})') }],
  }),
  ...rows('flow town spice branchless absorb', { effects: WRITES.effects ?? [] }),
  push: { special: 'git-push', values: '-o --push-option', runs: '--receive-pack --exec' },
  remote: { special: 'git-remote', values: '-t -m' },
  config: { special: 'git-config', values: '--type -f --file --blob' },
  reset: {
    when: [
      { options: '--hard', effects: lost('throws away every uncommitted change in this repository') },
      { options: '--merge', effects: lost('throws away uncommitted changes in this repository') },
    ],
  },
  clean: {
    values: '-e --exclude',
    when: [
      { options: '-n --dry-run', effects: [] },
      {
        options: '-f --force -x -X -d',
        effects: [
          { effect: 'delete', risk: 'watch', says: 'deletes every file that git does not know yet' },
          ...lost('deletes every file that git does not know yet'),
        ],
      },
    ],
  },
  checkout: {
    values: '-b -B --orphan',
    when: [
      { options: '-f --force', effects: lost('throws away uncommitted changes in this repository') },
      { word: /^(--|\.|\.\/|:\/|\*)$/, effects: lost('throws away uncommitted changes in {operands}') },
      { options: '-b -B --orphan --track -t --detach', effects: WRITES.effects ?? [] },
      { word: /^(HEAD|@)(~\d*|\^+)?$/, effects: lost('throws away uncommitted changes in {operands}') },
      // A path rather than a branch: git restores it.
      { word: /^(?!v?\d).*(\/|[^/]\.[a-z]{1,5})$/, effects: lost('throws away uncommitted changes in {operands}') },
      { effects: WRITES.effects ?? [] },
    ],
  },
  switch: {
    when: [
      { options: '-f --force --discard-changes', effects: lost('throws away uncommitted changes in this repository') },
      { effects: WRITES.effects ?? [] },
    ],
  },
  restore: {
    values: '-s --source',
    when: [
      { options: '--staged -S', without: '--worktree -W', effects: WRITES.effects ?? [] },
      { effects: lost('throws away uncommitted changes in {operands}') },
    ],
  },
  branch: {
    values: '-u --set-upstream-to',
    when: [
      { options: '-D', effects: lost('deletes the branch {operands}, merged or not') },
      { options: '-d --delete', word: /^(-f|--force)$/, effects: lost('deletes the branch {operands}, merged or not') },
      { options: '-f --force -M -C', effects: lost('moves the branch {1} away from its commits') },
    ],
  },
  stash: {
    commands: {
      ...rows('drop clear', { effects: lost('throws away stashed work') }),
      ...rows('list show', ORDINARY),
      '': WRITES,
      '*': WRITES,
    },
  },
  reflog: { when: [{ word: /^(expire|delete)$/, effects: lost('deletes the record that lost commits are found by') }] },
  gc: { when: [{ word: /^--prune=(now|all)/, effects: lost('deletes lost commits for good') }, { effects: WRITES.effects ?? [] }] },
  prune: { effects: lost('deletes lost commits for good') },
  ...rows('filter-branch filter-repo replace', {
    effects: lost('rewrites this repository’s history'),
    runs: '--tree-filter --index-filter --msg-filter --env-filter --commit-filter --setup',
  }),
  'update-ref': {
    when: [
      { options: '-d --delete --stdin', effects: lost('deletes or moves a branch by hand ({command})') },
      { effects: lost('moves a branch by hand ({command})') },
    ],
  },
  ...rows('apply am', { ...WRITES, special: 'git-apply', values: '--directory -p -C --whitespace --exclude --include' }),
  ...rows('difftool mergetool', { helps: '-x --extcmd', values: '-t --tool', effects: WRITES.effects ?? [] }),
  rm: { special: 'git-rm' },
  worktree: { commands: { list: ORDINARY, remove: { operands: 'delete' }, '*': WRITES } },
  submodule: {
    commands: {
      foreach: { special: 'eval' },
      ...rows('update add sync init', { effects: FETCHES }),
      deinit: { when: [{ options: '-f --force', effects: lost('throws away changes in submodules') }, { effects: WRITES.effects ?? [] }] },
      '*': WRITES,
    },
  },
  bisect: { commands: { run: { wraps: {} }, '*': WRITES } },
  credential: { when: [{ word: /^fill$/, effects: shown('shows the key to a repository’s host ({command})') }, { effects: [] }] },
  ...rows('credential-store credential-cache credential-manager credential-osxkeychain credential-libsecret', {
    when: [{ word: /^get$/, effects: shown('shows the key to a repository’s host ({command})') }],
  }),
  'send-email': { effects: delivered('sends commits by mail') },
  '*': { effects: [{ effect: 'runs-code', says: 'runs {command}, which may be an alias' }] },
};

export const GIT: Program = {
  special: 'git-settings',
  values: '-c --git-dir --work-tree --namespace --config-env --exec-path',
  goes: '-C',
  commands: COMMANDS,
};
