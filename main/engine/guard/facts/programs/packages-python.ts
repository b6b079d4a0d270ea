/** Package managers of Python. */

import { ASKS, BY_ADDRESS, CODE, HERE, install, installs, LOCAL, LOCKED, NEWER, REMOVED, SETTINGS } from './installing.ts';
import { type Program, rows } from './program.ts';
import { published } from './publishing.ts';

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

export const PYTHON_PACKAGES: Readonly<Record<string, Program>> = {
  ...rows('easy_install ez_setup', { effects: installs('PyPI') }),
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
      env: {
        when: [
          { word: /^(remove|delete)$/, effects: REMOVED },
          { word: /^https?:/i, effects: installs('an address') },
          { effects: LOCKED },
        ],
      },
      ...rows('remove uninstall', { effects: REMOVED }),
      run: { wraps: {}, values: '-n -p' },
      ...rows('list info search activate deactivate', {}),
      '*': { effects: CODE },
    },
  }),
};
