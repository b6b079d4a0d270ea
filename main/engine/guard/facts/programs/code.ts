/** Shells, interpreters, compilers, build and test tools: programs that run code. */

import { type Program, rows, type Said, type When } from './program.ts';
import { delivered } from './publishing.ts';

const CODE: readonly Said[] = [{ effect: 'runs-code', says: 'runs this project’s own code ({command})' }];
/** Targets by whose name others get what was built. */
const DELIVERS: readonly When[] = [
  {
    word: /^:?([\w-]+:)*(deploy|publish|upload|push-image|docker-push|publish(?!ToMavenLocal)\w*To\w+)(?!-(notes|dry|local))([:-].*)?$/i,
    effects: delivered('delivers this project to others ({command})'),
  },
  {
    word: /^:?([\w-]+:)*release(?!-(notes|dry|build))([:-](deploy|publish|perform).*)?$/i,
    without: '-DperformRelease --config -c',
    effects: delivered('delivers this project to others ({command})'),
  },
];
/** Commands of frameworks that empty a database. */
export const EMPTIES_DATABASE =
  /^(db|migrate|ecto|migrations?|schema|queue|cache-tables)[:.](drop|reset|fresh|refresh|wipe|rollback|undo|revert|down|purge|empty|prune|migrate:(undo|down|reset|redo|rollback)|(?<=queue:)(flush|clear))(:.*)?$|^(flush|reset_db|downgrade|--force-reset|schema:drop|sqlflush|reset_schema|drop_test_database)$|^doctrine:(schema|database|fixtures):(drop|load)$|^(schema|database|cache-tables):drop$/;
const RESETS: readonly When[] = [
  {
    word: EMPTIES_DATABASE,
    effects: [{ effect: 'destructive', risk: 'watch', says: 'empties or drops a database ({command})' }],
  },
  {
    word: /^reset$/,
    effects: [{ effect: 'destructive', risk: 'watch', says: 'empties or drops a database ({command})' }],
  },
];
const BUILD: Program = { effects: CODE, rehearses: '-n', goes: '-C --directory --cwd', values: '-f --file -o -j' };

export const CODE_PROGRAMS: Readonly<Record<string, Program>> = {
  ...rows('bash sh zsh dash ash ksh mksh fish rbash csh tcsh', { special: 'shell', values: '-o +o -O --rcfile --init-file' }),
  ...rows('python python2 python3 pypy pypy3', { special: 'interpreter', values: '-c -m -W -X -Q' }),
  ...rows('node nodejs', {
    special: 'interpreter',
    values:
      '-e --eval -p --print -pe -r --require --import --loader --env-file --inspect-port -C --conditions --test-reporter --max-old-space-size',
  }),
  ruby: { special: 'interpreter', values: '-e -r -I -F -C -E -K -W' },
  ...rows('perl raku', { special: 'interpreter', values: '-e -E -I -M -m -F' }),
  php: { special: 'interpreter', values: '-r -B -R -E -d -f -c -S -t -z' },
  ...rows('lua luajit Rscript tclsh', { special: 'interpreter', values: '-e -l' }),
  osascript: { special: 'interpreter', values: '-e -l -s' },
  ...rows('R groovy elixir julia ghc scala-cli racket sbcl guile', { special: 'interpreter', values: '-e -E --eval -pa -I' }),
  ...rows('tsx ts-node deno-run esno vite-node zx', { special: 'interpreter', values: '-e --eval -p --tsconfig -r' }),
  ...rows('make gmake', { ...BUILD, special: 'make', when: DELIVERS }),
  ...rows('ninja just task bazel buck2 meson scons', { ...BUILD, when: DELIVERS }),
  rake: { ...BUILD, when: [...RESETS, ...DELIVERS] },
  cmake: { effects: CODE, values: '-S -B -G -D', when: [{ options: '-E', effects: CODE }] },
  ...rows('mvn mvnw gradle gradlew sbt lein', { ...BUILD, when: DELIVERS }),
  mix: {
    ...BUILD,
    when: [
      {
        phrase: /^(archive|escript)\.install\s+\S/,
        effects: [{ effect: 'install-package', risk: 'watch', says: 'installs a package ({command})' }],
      },
      ...RESETS,
      { word: /^hex\.(publish|user|owner|organization)$/, effects: delivered('delivers this project to others ({command})') },
    ],
  },
  ...rows('artisan console symfony craft cake magento occ rails flask django-admin alembic sequelize sequelize-cli knex typeorm', {
    effects: CODE,
    when: RESETS,
  }),
  prisma: { effects: CODE, when: RESETS },
  ...rows('ant rebar3 xcodebuild zig dune ctest', BUILD),
  ...rows('stack cabal swift flutter dart opam luarocks nimble shards conan vcpkg carthage tlmgr raco', {
    ...BUILD,
    when: [
      // OpenStack’s store has the name of a language.
      { phrase: /^(delete|purge|erase)\b/, effects: [{ effect: 'destructive', risk: 'risk', says: 'deletes something ({command})' }] },
      { word: /^(publish|upload|register)$/, without: '--dry-run', effects: delivered('delivers this project to others ({command})') },
      {
        word: /^(add|pub:add|add-dependency|install|global)$/,
        operands: 'some',
        without: '--only-dependencies --dependencies-only',
        effects: [{ effect: 'install-package', risk: 'watch', says: 'installs a package ({command})' }],
      },
    ],
  }),
  ...rows('gcc g++ cc c++ clang clang++ rustc javac java kotlinc kotlin scalac scala ghc ocaml nasm ld ar as ranlib go-build', {
    effects: CODE,
    values: '-o -I -L -D',
  }),
  ...rows('pytest py.test tox nox unittest jest vitest mocha ava phpunit rspec playwright cypress behave nosetests coverage', {
    effects: CODE,
    values: '-k -m -c -t -n -p -o',
  }),
  ...rows(
    'tsc eslint prettier biome stylelint oxlint ruff black isort flake8 mypy pylint pyright clang-format clang-tidy rustfmt gofmt goimports golangci-lint shellcheck shfmt rubocop ktlint swiftformat swiftlint yamllint markdownlint hadolint pre-commit',
    {
      effects: CODE,
    },
  ),
  ...rows('vite next nuxt astro webpack rollup esbuild parcel turbo nx lerna storybook electron electron-builder husky lint-staged', {
    effects: CODE,
  }),
  ...rows('uvicorn gunicorn hugo jekyll mkdocs sphinx-build jupyter streamlit', { effects: CODE }),
  ...rows('vim vi nvim view gvim emacs nano ex ed micro helix kak', {
    operands: 'write',
    values: '-c --cmd --eval -S -u',
    special: 'editor-commands',
  }),
  ...rows('gdb lldb', {
    effects: CODE,
    special: 'debugger',
    values: '-ex -x -o -O -s -S -p --pid -iex -eval-command -c --core',
    style: 'words',
  }),
  openssl: {
    style: 'words',
    special: 'openssl',
    reads: '-in -inkey -key -kfile',
    writes: '-out -keyout',
    values: '-k -K -iv -pass -passin -passout -subj -days -newkey -connect -servername -CAfile',
    effects: [{ effect: 'runs-code', says: 'runs {name}' }],
    when: [{ word: /^s_client$/, effects: [{ effect: 'network', says: 'opens a connection ({command})' }] }],
  },
  ...rows('ffmpeg convert magick pandoc dot protoc exiftool pdftotext sips sqlite', {
    effects: [{ effect: 'runs-code', says: 'runs {name}' }],
  }),
  ...rows('code cursor', {
    when: [
      {
        options: '--install-extension',
        effects: [{ effect: 'install-package', risk: 'watch', says: 'adds an extension to the editor ({command})' }],
      },
    ],
    effects: [{ effect: 'runs-code', says: 'opens an editor ({command})' }],
  }),
};
