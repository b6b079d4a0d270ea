/** Shells, interpreters, compilers, build and test tools: programs that run code. */

import { type Program, rows, type Said } from './program.ts';

const CODE: readonly Said[] = [{ effect: 'runs-code', says: 'runs this project’s own code ({command})' }];
const BUILD: Program = { effects: CODE, goes: '-C --directory --cwd', values: '-f --file -o -j' };

export const CODE_PROGRAMS: Readonly<Record<string, Program>> = {
  ...rows('bash sh zsh dash ash ksh mksh fish rbash csh tcsh', { special: 'shell', values: '-o +o -O --rcfile --init-file' }),
  ...rows('python python2 python3 pypy pypy3', { special: 'interpreter', values: '-c -m -W -X -Q' }),
  ...rows('node nodejs', {
    special: 'interpreter',
    values:
      '-e --eval -p --print -pe -r --require --import --loader --env-file --inspect-port -C --conditions --test-reporter --max-old-space-size',
  }),
  ...rows('ruby perl php lua Rscript osascript tclsh', { special: 'interpreter', values: '-e -E -r -l -I -M -B -R -C' }),
  ...rows('tsx ts-node deno-run', { special: 'interpreter', values: '-e --eval -p --tsconfig -r' }),
  ...rows('make gmake ninja just task rake bazel buck2 meson scons', BUILD),
  cmake: { effects: CODE, values: '-S -B -G -D', when: [{ options: '-E', effects: CODE }] },
  ...rows('mvn mvnw gradle gradlew ant sbt lein mix rebar3 stack cabal swift xcodebuild zig dune flutter dart ctest', BUILD),
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
  ...rows(
    'vite next nuxt astro webpack rollup esbuild parcel turbo nx lerna storybook nodemon concurrently electron electron-builder prisma husky lint-staged',
    {
      effects: CODE,
    },
  ),
  ...rows('flask uvicorn gunicorn django-admin rails hugo jekyll mkdocs sphinx-build jupyter streamlit', { effects: CODE }),
  ...rows('vim vi nvim emacs nano ex ed', {
    operands: 'write',
    values: '-c --cmd --eval',
    when: [
      {
        options: '-c --cmd -e -s --eval',
        effects: [{ effect: 'unresolved', risk: 'watch', says: 'drives an editor by commands ({command})' }],
      },
    ],
  }),
  ...rows('gdb lldb', {
    effects: CODE,
    when: [{ options: '-ex -x -o', effects: [{ effect: 'unresolved', risk: 'watch', says: 'drives a debugger by commands ({command})' }] }],
  }),
  ...rows('ffmpeg convert magick pandoc dot protoc openssl gpg exiftool pdftotext sips sqlite', {
    effects: [{ effect: 'runs-code', says: 'runs {name}' }],
  }),
  code: { effects: [{ effect: 'runs-code', says: 'opens an editor ({command})' }] },
};
