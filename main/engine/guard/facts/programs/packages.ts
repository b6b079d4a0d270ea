/** Package managers: what is new on the machine, what follows a lock file, what publishes. */

import { type Program, rows, type Said } from './program.ts';

const installs = (from: string): readonly Said[] => [
  { effect: 'install-package', risk: 'watch', says: `installs the package {operands} from ${from}` },
];
const LOCKED: readonly Said[] = [
  { effect: 'network', says: 'fetches the packages this project already names' },
  { effect: 'runs-code', says: 'runs the install steps of the packages this project already names' },
];
const CODE: readonly Said[] = [{ effect: 'runs-code', says: 'runs this project’s own code ({command})' }];
/** Code on the command line that is not read. */
const TYPED: readonly Said[] = [{ effect: 'unresolved', risk: 'watch', says: 'runs code that Holdpoint does not read ({command})' }];
const NEWER: readonly Said[] = [
  { effect: 'network', says: 'fetches newer versions of this project’s packages' },
  { effect: 'runs-code', says: 'runs the install steps of this project’s packages' },
];
const REMOVED: readonly Said[] = [{ effect: 'destructive', risk: 'risk', says: 'removes {operands} from this machine' }];
const ASKS: readonly Said[] = [{ effect: 'network', says: 'asks the package registry' }];
const published = (where: string): readonly Said[] => [
  { effect: 'network', risk: 'watch', says: `publishes this package to ${where}, which cannot be taken back` },
  { effect: 'destructive', risk: 'risk', says: `publishes this package to ${where}, which cannot be taken back` },
];
const install = (from: string): Program => ({
  values: '--registry --prefix -C --dir --cwd --filter -F -w --workspace --tag',
  when: [
    { operands: 'some', effects: installs(from) },
    { operands: 'none', effects: LOCKED },
  ],
});
const LOCAL_EFFECTS: readonly Said[] = [{ effect: 'write-workspace', says: 'changes this project’s packages ({command})' }];
const LOCAL: Program = { effects: LOCAL_EFFECTS };
const DELIVERED: readonly Said[] = [{ effect: 'network', risk: 'watch', says: 'delivers this project to others ({command})' }];
const SETTINGS: readonly Said[] = [
  { effect: 'write-outside', risk: 'watch', says: 'changes where packages come from or how they run, for every project ({command})' },
];

const NODE_COMMANDS: Readonly<Record<string, Program>> = {
  ...rows('install i in isntall add link ln', install('npm')),
  ...rows('ci clean-install install-clean install-test it ict', { effects: LOCKED }),
  ...rows('set', { effects: SETTINGS }),
  ...rows('config c', {
    when: [{ word: /^(set|delete|edit|rm)$/, effects: SETTINGS }],
  }),
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
  ...rows('publish unpublish deprecate', { effects: published('npm') }),
  ...rows('ls list la ll root prefix bin why explain help version -v --version get cache fund query pkg store env', {}),
  ...rows('view v info show outdated search audit ping whoami doctor', {
    effects: ASKS,
    when: [{ word: /^fix$/, effects: NEWER }],
  }),
  ...rows('uninstall un remove rm r unlink', {
    when: [{ options: '-g --global', effects: REMOVED }, { effects: LOCAL_EFFECTS }],
  }),
  ...rows('login logout adduser token owner access profile', {
    effects: [{ effect: 'network', risk: 'watch', says: 'changes an account at the package registry ({command})' }],
  }),
  '*': { effects: CODE },
};

const PIP: Program = {
  values: '--index-url -i --extra-index-url --python --platform -C --no-binary --only-binary',
  reads: '-r --requirement -c --constraint',
  commands: {
    install: {
      values: '-t --target --prefix --root -i --index-url --extra-index-url -e --editable --python',
      when: [
        {
          options: '-i --index-url --extra-index-url',
          effects: [{ effect: 'install-package', risk: 'watch', says: 'installs packages from an index of its own choosing' }],
        },
        { options: '-r --requirement', effects: LOCKED },
        { word: /^(\.|\.\/.*|\.\[.*)$/, effects: LOCKED },
        { operands: 'some', effects: installs('PyPI') },
      ],
    },
    sync: { effects: LOCKED },
    compile: { effects: ASKS },
    config: { when: [{ word: /^(set|unset|edit)$/, effects: SETTINGS }] },
    ...rows('list show freeze check help inspect --version -V debug hash tree cache', {}),
    ...rows('download index wheel search', { effects: ASKS }),
    uninstall: LOCAL,
    '*': { effects: CODE },
  },
};

const systemCommands = (from: string): Readonly<Record<string, Program>> => ({
  ...rows('install add reinstall in upgrade dist-upgrade full-upgrade localinstall groupinstall cask', {
    values: '-t -o',
    effects: installs(from),
  }),
  ...rows('remove purge autoremove erase uninstall del rm', {
    effects: [{ effect: 'destructive', risk: 'risk', says: 'removes {operands} from this machine' }],
  }),
  ...rows('update refresh makecache check-update tap', { effects: ASKS }),
  ...rows('list search show info policy depends rdepends files deps doctor config leaves outdated --version -v help --prefix', {}),
  '*': { effects: [{ effect: 'runs-code', says: 'runs {command}' }] },
});

export const PACKAGES: Readonly<Record<string, Program>> = {
  ...rows('npm pnpm', {
    values: '--prefix -C --dir --loglevel -w --workspace --filter -F --registry',
    commands: { ...NODE_COMMANDS, '': {} },
  }),
  yarn: { values: '--cwd', commands: { ...NODE_COMMANDS, '': { effects: LOCKED }, global: { effects: installs('npm') } } },
  bun: {
    values: '--cwd',
    commands: { ...NODE_COMMANDS, '': {} },
    when: [{ options: '-e --eval -p --print', effects: TYPED }],
  },
  ...rows('npx bunx pnpx', { special: 'run-package', values: '-p --package', runs: '-c --call' }),
  corepack: { effects: [{ effect: 'runs-code', says: 'runs {command}' }] },
  deno: {
    commands: {
      ...rows('add install', install('JSR or npm')),
      run: { special: 'interpreter', values: '-c --config --import-map -L --env-file', effects: CODE },
      ...rows('test task bench repl compile', { effects: CODE }),
      eval: { effects: TYPED },
      ...rows('fmt lint check info doc', { operands: 'read' }),
      '*': { effects: CODE },
    },
  },
  ...rows('pip pip3', PIP),
  uv: {
    commands: {
      pip: PIP,
      add: install('PyPI'),
      ...rows('sync lock', { effects: LOCKED }),
      run: {
        wraps: {},
        values: '--with --python -p --extra --group --package --env-file',
        effects: CODE,
        when: [{ options: '--with', effects: installs('PyPI') }],
      },
      tool: { commands: { run: { special: 'run-package' }, install: install('PyPI'), '*': {} } },
      ...rows('venv init remove tree version help cache', LOCAL),
      publish: { effects: published('PyPI') },
      '*': { effects: CODE },
    },
  },
  uvx: { special: 'run-package', values: '--from --with --python' },
  pipx: { commands: { run: { special: 'run-package' }, install: install('PyPI'), list: {}, '*': { effects: CODE } } },
  ...rows('poetry pdm hatch rye pipenv', {
    commands: {
      add: install('PyPI'),
      install: {
        when: [
          { operands: 'some', effects: installs('PyPI') },
          { operands: 'none', effects: LOCKED },
        ],
      },
      ...rows('sync lock', { effects: LOCKED }),
      update: { effects: NEWER },
      run: { wraps: {}, effects: CODE },
      publish: { effects: published('PyPI') },
      ...rows('show check env version config --version', {}),
      ...rows('remove init new', LOCAL),
      '*': { effects: CODE },
    },
  }),
  ...rows('conda mamba micromamba', {
    commands: {
      install: install('conda'),
      create: { effects: installs('conda') },
      run: { wraps: {}, values: '-n -p' },
      ...rows('list info env search activate deactivate', {}),
      '*': { effects: CODE },
    },
  }),
  gem: {
    commands: {
      ...rows('install i', install('RubyGems')),
      push: { effects: published('RubyGems') },
      ...rows('list search env query', {}),
      '*': { effects: CODE },
    },
  },
  ...rows('bundle bundler', {
    commands: {
      '': { effects: LOCKED },
      install: { effects: LOCKED },
      add: install('RubyGems'),
      exec: { wraps: {} },
      update: { effects: NEWER },
      '*': { effects: CODE },
    },
  }),
  composer: {
    commands: {
      require: install('Packagist'),
      global: { effects: installs('Packagist') },
      install: { effects: LOCKED },
      update: { effects: NEWER },
      ...rows('show validate outdated', {}),
      '*': { effects: CODE },
    },
  },
  ...rows('apt apt-get aptitude dnf yum zypper apk', { values: '-o -t -c', commands: systemCommands('the system’s repositories') }),
  pacman: {
    when: [
      { word: /^-S/, effects: installs('the system’s repositories') },
      { word: /^-R/, effects: REMOVED },
    ],
  },
  ...rows('dpkg rpm', {
    when: [
      { options: '-i --install -U -F', effects: installs('a file') },
      { options: '-r -P --remove --purge -e', effects: REMOVED },
    ],
  }),
  brew: { commands: systemCommands('Homebrew') },
  ...rows('port snap flatpak choco winget scoop nix-env mas', { commands: systemCommands('the package store') }),
  cargo: {
    values: '--manifest-path --color -C -Z --config',
    commands: {
      ...rows('add install binstall', install('crates.io')),
      ...rows('build b check c test t run r bench clippy doc d fmt nextest expand miri', { effects: CODE }),
      ...rows('tree metadata version --version search help locate-project verify-project', {}),
      fetch: { effects: [{ effect: 'network', says: 'fetches the packages this project already names' }] },
      update: { effects: NEWER },
      clean: { effects: [{ effect: 'delete', says: 'deletes what was built' }] },
      publish: { effects: published('crates.io') },
      ...rows('remove rm init new', LOCAL),
      ...rows('login yank owner', { effects: [{ effect: 'network', risk: 'watch', says: 'changes an account at crates.io ({command})' }] }),
      '*': { effects: CODE },
    },
  },
  go: {
    style: 'words',
    values: '-C -o -run -bench -count -timeout -tags -mod',
    commands: {
      run: { when: [{ word: /^(?![-./]).+@/, effects: installs('its module’s home') }, { effects: CODE }] },
      ...rows('build test vet generate', { effects: CODE }),
      ...rows('fmt version env list doc help tool', {}),
      get: install('its module’s home'),
      install: { when: [{ word: /@/, effects: installs('its module’s home') }, { effects: CODE }] },
      mod: { effects: [{ effect: 'network', says: 'fetches the modules this project names' }] },
      work: LOCAL,
      clean: { effects: [{ effect: 'delete', says: 'deletes what was built' }] },
      '*': { effects: CODE },
    },
  },
  dotnet: {
    commands: {
      add: { when: [{ word: /^package$/, effects: installs('NuGet') }, { effects: LOCAL.effects ?? [] }] },
      nuget: { effects: published('NuGet') },
      ...rows('build test run restore format publish watch clean', { effects: CODE }),
      tool: { effects: installs('NuGet') },
      '*': { effects: CODE },
    },
  },
  rustup: { commands: { ...rows('show which --version', {}), '*': { effects: installs('rust-lang.org') } } },
  ...rows('cpan cpanm', { effects: installs('CPAN') }),
  ...rows('nvm fnm volta asdf mise', {
    commands: {
      ...rows('use ls list current which exec', { effects: CODE }),
      install: { effects: installs('its home') },
      '*': { effects: CODE },
    },
  }),
};

/** Tools that a project's own package file usually names: `npx tsc` runs what is installed, `npx other` downloads it first. */
export const USUAL_TOOLS: ReadonlySet<string> = new Set(
  (
    'tsc tsx ts-node tsup tsgo eslint prettier biome stylelint oxlint knip depcheck vitest jest mocha ava c8 nyc tap playwright cypress ' +
    'vite next nuxt astro remix svelte-kit svelte-check vue-tsc react-scripts ng webpack rollup esbuild parcel swc babel turbo nx lerna ' +
    'husky lint-staged commitlint changeset semantic-release prisma drizzle-kit knex typeorm sequelize tailwindcss postcss sass storybook ' +
    'electron electron-builder typedoc nodemon concurrently rimraf cross-env wrangler expo tauri ruff black mypy pytest isort flake8 pyright pre-commit'
  ).split(' '),
);
