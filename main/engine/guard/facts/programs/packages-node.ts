/** Package managers of JavaScript: what is new on the machine, what follows a lock file, what publishes. */

import { ASKS, CODE, DELIVERED, install, installs, LOCAL_EFFECTS, LOCKED, NEWER, REMOVED, SETTINGS } from './installing.ts';
import { type Program, rows } from './program.ts';
import { published, shown } from './publishing.ts';

const NODE_COMMANDS: Readonly<Record<string, Program>> = {
  ...rows('install i in isntall add link ln', install('npm')),
  ...rows('ci clean-install install-clean install-test it ict', { effects: LOCKED }),
  ...rows('set', { effects: SETTINGS }),
  ...rows('config c', {
    when: [
      { word: /_auth|_password|authToken/, effects: shown('shows the key to a package registry ({command})') },
      { word: /^(set|delete|edit|rm)$/, effects: SETTINGS },
    ],
  }),
  pkg: {
    when: [
      {
        word: /^(scripts\.)?(pre|post)?(install|prepare|prepublish\w*|uninstall)=|^scripts\.(pre|post)/,
        effects: [{ effect: 'persistence', risk: 'watch', says: 'makes this project run a command by itself ({command})' }],
      },
      { effects: LOCAL_EFFECTS },
    ],
  },
  npm: { commands: { publish: { effects: published('this package to npm') }, '*': { effects: ASKS } } },
  ...rows('run run-script rum urn test t tst start stop restart build rebuild dev lint pack prune dedupe deploy', {
    effects: CODE,
    when: [{ word: /^(?!(run|--.*)$)(deploy|release|publish)(?!-(notes|dry))([:-].*)?$/, effects: DELIVERED }],
  }),
  ...rows('update up upgrade', { effects: NEWER }),
  ...rows('exec x dlx', { special: 'run-package', values: '-p --package -c --call', runs: '-c --call' }),
  ...rows('create init', {
    when: [
      { operands: 'some', effects: [{ effect: 'install-package', risk: 'watch', says: 'downloads create-{1} from npm and runs it' }] },
      { operands: 'none', effects: [{ effect: 'write-workspace', says: 'writes package.json' }] },
    ],
  }),
  publish: { when: [{ options: '--dry-run', effects: ASKS }, { effects: published('this package to npm') }] },
  ...rows('unpublish deprecate dist-tag', { effects: published('this package to npm') }),
  ...rows('ls list la ll root prefix bin why explain help -v --version get cache fund query store env', {}),
  version: { effects: LOCAL_EFFECTS },
  ...rows('view v info show outdated search audit ping whoami doctor', {
    effects: ASKS,
    when: [{ word: /^fix$/, effects: NEWER }],
  }),
  ...rows('uninstall un remove rm r unlink', {
    when: [{ options: '-g --global', effects: REMOVED }, { effects: LOCAL_EFFECTS }],
  }),
  ...rows('recursive m multi', { when: [{ word: /^publish$/, effects: published('this package to npm') }, { effects: CODE }] }),
  ...rows('login logout adduser token owner access profile team org hook', {
    effects: [{ effect: 'network', risk: 'watch', says: 'changes an account at the package registry ({command})' }],
  }),
  '*': { effects: CODE },
};

export const NODE_PACKAGES: Readonly<Record<string, Program>> = {
  ...rows('npm pnpm', {
    values: '--prefix -C --dir --loglevel -w --workspace --filter -F --registry',
    commands: { ...NODE_COMMANDS, '': {} },
  }),
  yarn: {
    values: '--cwd',
    commands: {
      ...NODE_COMMANDS,
      '': { effects: LOCKED },
      global: { effects: installs('npm') },
      dlx: { special: 'run-package', values: '-p --package' },
      workspace: { wraps: { skip: 1 }, effects: CODE },
      workspaces: { when: [{ word: /^publish$/, effects: published('this package to npm') }, { effects: CODE }] },
      plugin: { when: [{ word: /^import$/, effects: installs('its address') }, { effects: CODE }] },
    },
  },
  bun: {
    values: '--cwd -e --eval -p --print',
    commands: { ...NODE_COMMANDS, '': {} },
    special: 'snippet',
  },
  ...rows('npx bunx pnpx', { special: 'run-package', values: '-p --package', runs: '-c --call' }),
  corepack: { effects: [{ effect: 'runs-code', says: 'runs {command}' }] },
  deno: {
    commands: {
      ...rows('add install', install('JSR or npm')),
      run: { special: 'interpreter', values: '-c --config --import-map -L --env-file --lock --reload', effects: CODE },
      ...rows('test task bench repl compile', { effects: CODE }),
      eval: { special: 'snippet', values: '--ext -c --config' },
      ...rows('fmt lint check info doc', { operands: 'read' }),
      '*': { effects: CODE },
    },
  },
};
