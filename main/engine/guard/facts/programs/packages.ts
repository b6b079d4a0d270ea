/** Package managers of all other languages: what is new on the machine, what follows a lock file, what publishes. */

import { ASKS, CODE, install, installs, LOCAL, LOCAL_EFFECTS, LOCKED, NEWER, REMOVED, SETTINGS } from './installing.ts';
import { type Program, rows } from './program.ts';
import { published } from './publishing.ts';

export const PACKAGES: Readonly<Record<string, Program>> = {
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
      ...rows('component target toolchain', {
        when: [
          { word: /^list$/, effects: [] },
          { word: /^(remove|uninstall)$/, effects: LOCAL_EFFECTS },
          { effects: installs('rust-lang.org') },
        ],
      }),
      ...rows('default override update self check', { when: [{ word: /^uninstall$/, effects: REMOVED }, { effects: NEWER }] }),
      '*': { effects: installs('rust-lang.org') },
    },
  },
  ...rows(
    'juliaup ghcup elan pkgx mint cs coursier swiftly zvm zigup n nvs nodist jabba phpbrew rvm evm kerl kiex dvm gvm eget ubi aqua stew parm hermit devbox flox pixi spack conan-index basher bpkg zplug antibody fisher omf krew tpm vcpkg-x alr fpm gh-x dub-x xrepo',
    {
      effects: CODE,
      when: [
        {
          word: /^(list|ls|status|info|search|which|current|show|--version|version|run|shell|exec|env|default|use|help|build|test|init)$/,
          effects: CODE,
        },
        { word: /^(install|add|get|i|link|import|global)$|^\d|^(latest|lts|nightly|stable)$|\//, effects: installs('its home') },
      ],
    },
  ),
  sdkmanager: {
    when: [
      { options: '--list --version --licenses --update', effects: ASKS },
      { word: /^--(list|version|licenses)/, effects: ASKS },
      { effects: installs('Google') },
    ],
  },
  ...rows('cpan cpanm ppm carton-install', { effects: installs('CPAN') }),
  ...rows('nvm fnm volta asdf mise pyenv rbenv nodenv goenv jenv sdk rtx proto nodeenv tfenv', {
    commands: {
      ...rows(
        'use ls list current which local shell versions version env activate hook reshim rehash init alias default doctor trust ls-remote',
        { effects: CODE },
      ),
      ...rows('exec x run', { wraps: {}, values: '-n' }),
      ...rows('uninstall remove rm implode purge prune', { effects: REMOVED }),
      install: { when: [{ operands: 'none', effects: LOCKED }, { effects: installs('its home') }] },
      '*': { effects: CODE },
    },
  }),
};
