/** Package managers: what is new on the machine, what follows a lock file, what publishes. */

import { type Program, rows, type Said, type When } from './program.ts';
import { delivered, published } from './publishing.ts';

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
/** A package that lies in the project. */
const HERE = /^(\.|\.\.?\/.*|\.\[.*|file:.*|link:.*|workspace:.*|portal:.*)$/;
const install = (from: string): Program => ({
  values: '--registry --prefix -C --dir --cwd --filter -F -w --workspace --tag',
  when: [BY_ADDRESS, { word: HERE, effects: LOCKED }, { operands: 'some', effects: installs(from) }, { operands: 'none', effects: LOCKED }],
});
const LOCAL_EFFECTS: readonly Said[] = [{ effect: 'write-workspace', says: 'changes this project’s packages ({command})' }];
const LOCAL: Program = { effects: LOCAL_EFFECTS };
const DELIVERED: readonly Said[] = delivered('delivers this project to others ({command})');
const SETTINGS: readonly Said[] = [
  { effect: 'write-outside', risk: 'watch', says: 'changes where packages come from or how they run, for every project ({command})' },
  { effect: 'persistence', risk: 'watch', says: 'changes where packages come from or how they run, for every project ({command})' },
];
/** A package that is named by its address: whatever lies there runs while it is installed. */
const BY_ADDRESS: When = {
  word: /^(?:[\w@./-]+@)?(git\+|https?:|git:|git@|ssh:|github:|gitlab:|bitbucket:|gist:)/i,
  effects: [
    { effect: 'install-package', risk: 'watch', says: 'installs {operands} from an address' },
    { effect: 'download-execute', risk: 'risk', says: 'downloads {operands} and runs its install steps' },
  ],
};

const NODE_COMMANDS: Readonly<Record<string, Program>> = {
  ...rows('install i in isntall add link ln', install('npm')),
  ...rows('ci clean-install install-clean install-test it ict', { effects: LOCKED }),
  ...rows('set', { effects: SETTINGS }),
  ...rows('config c', {
    when: [{ word: /^(set|delete|edit|rm)$/, effects: SETTINGS }],
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

const PIP: Program = {
  values: '--index-url -i --extra-index-url --python --platform -C --no-binary --only-binary',
  reads: '-r --requirement -c --constraint',
  commands: {
    install: {
      values: '-t --target --prefix --root -i --index-url --extra-index-url -e --editable --python',
      when: [
        {
          options: '-i --index-url --extra-index-url --index --default-index',
          effects: [{ effect: 'install-package', risk: 'watch', says: 'installs packages from an index of its own choosing' }],
        },
        BY_ADDRESS,
        { options: '-r --requirement', word: /^https?:/i, effects: installs('an address') },
        { options: '-r --requirement', effects: LOCKED },
        { word: HERE, effects: LOCKED },
        { operands: 'some', effects: installs('PyPI') },
      ],
    },
    sync: { effects: LOCKED },
    compile: { effects: ASKS },
    config: { when: [{ word: /^(set|unset|edit)$/, effects: SETTINGS }] },
    ...rows('list show freeze check help inspect --version -V debug hash tree cache completion', {}),
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
      ...rows('publish upload', { when: [{ options: '--dry-run', effects: ASKS }, { effects: published('this package to PyPI') }] }),
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
      ...rows('publish upload', { when: [{ options: '--dry-run', effects: ASKS }, { effects: published('this package to PyPI') }] }),
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
      ...rows('push yank', { effects: published('this package to RubyGems') }),
      ...rows('build contents specification which environment', { effects: CODE }),
      ...rows('signin owner', { effects: [{ effect: 'network', risk: 'watch', says: 'changes an account at RubyGems ({command})' }] }),
      sources: { when: [{ options: '-a --add -r --remove -c', effects: SETTINGS }, { effects: [] }] },
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
      ...rows('require req', install('Packagist')),
      config: { when: [{ options: '-g --global', effects: SETTINGS }, { effects: LOCAL_EFFECTS }] },
      ...rows('exec', { wraps: {} }),
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
      ...rows('add install binstall', {
        values: '--git --path --version --vers --features -F --branch --tag --rev --registry --root --profile',
        when: [
          {
            options: '--git',
            effects: [
              { effect: 'install-package', risk: 'watch', says: 'installs a package from an address ({command})' },
              { effect: 'download-execute', risk: 'watch', says: 'downloads a package and builds it ({command})' },
            ],
          },
          { options: '--path', effects: CODE },
          { operands: 'some', effects: installs('crates.io') },
        ],
      }),
      ...rows('build b check c test t run r bench clippy doc d fmt nextest expand miri', { effects: CODE }),
      ...rows('tree metadata version --version search help locate-project verify-project', {}),
      fetch: { effects: [{ effect: 'network', says: 'fetches the packages this project already names' }] },
      update: { effects: NEWER },
      clean: { effects: [{ effect: 'delete', says: 'deletes what was built' }] },
      publish: { when: [{ options: '--dry-run -n', effects: ASKS }, { effects: published('this package to crates.io') }] },
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
      ...rows('fmt version list doc help tool', {}),
      env: { when: [{ options: '-w -u', effects: SETTINGS }, { effects: [] }] },
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
      add: { when: [{ word: /^package$/, effects: installs('NuGet') }, { effects: LOCAL_EFFECTS }] },
      package: {
        when: [{ word: /^add$/, effects: installs('NuGet') }, { word: /^(list|search)$/, effects: ASKS }, { effects: LOCAL_EFFECTS }],
      },
      nuget: {
        when: [
          { word: /^(push|delete)$/, effects: published('this package to NuGet') },
          { word: /^(add|update|enable|remove|disable)$/, effects: SETTINGS },
          { effects: [] },
        ],
      },
      ...rows('build test run restore format publish watch clean pack msbuild vstest', { effects: CODE }),
      ...rows('list sln reference new --info --list-sdks --version help', LOCAL),
      tool: { when: [{ word: /^(restore|run|list|search)$/, effects: CODE }, { effects: installs('NuGet') }] },
      ef: {
        when: [
          { word: /^(drop|remove)$/, effects: [{ effect: 'destructive', risk: 'watch', says: 'empties or drops a database ({command})' }] },
          { effects: CODE },
        ],
      },
      'user-secrets': {
        when: [
          { word: /^list$/, effects: [{ effect: 'credential-access', risk: 'watch', says: 'shows passwords or keys ({command})' }] },
          { effects: LOCAL_EFFECTS },
        ],
      },
      '*': { effects: CODE },
    },
  },
  rustup: {
    commands: {
      ...rows('show which --version help doc', {}),
      ...rows('run', { wraps: { skip: 1 } }),
      ...rows('default override update self check', { effects: NEWER }),
      '*': { effects: installs('rust-lang.org') },
    },
  },
  ...rows('cpan cpanm', { effects: installs('CPAN') }),
  ...rows('nvm fnm volta asdf mise pyenv rbenv nodenv goenv jenv sdk rtx proto nodeenv tfenv', {
    commands: {
      ...rows(
        'use ls list current which local shell versions version env activate hook reshim rehash init alias default doctor trust ls-remote',
        { effects: CODE },
      ),
      ...rows('exec x run', { wraps: {}, values: '-n' }),
      install: { when: [{ operands: 'none', effects: LOCKED }, { effects: installs('its home') }] },
      '*': { effects: CODE },
    },
  }),
};
