/** Verbs that command lines share: what a program that has no row, or no row for that sub-command, is judged by. */

import type { Said } from './program.ts';
import { delivered } from './publishing.ts';

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '));

/** Whatever it is, it is gone. `delete-topic`, `topic:delete` and `deleteTopic` are `delete` too. */
export const DESTROYS = set(
  'delete del destroy purge drop wipe wipedata erase truncate terminate obliterate nuke shred zap expunge decommission flushall flushdb reset revoke rotate ' +
    'prune forget evict deprovision dropall dropdb zeroize reformat unlink undeploy teardown nukeall factory-reset abandon disown rollback revert-all',
);
/** Ordinary where a project's own tool says it, and not where nobody knows the program. */
export const REMOVES = set(
  'remove rm rb rmr rmi rmdir uninstall unregister deregister unpublish cancel disable kill stop detach drain cordon format overwrite seal shutdown',
);
/** Long options that are verbs. */
export const DESTROYING_OPTIONS =
  /^--(force-)?(delete|destroy|purge|wipe|erase|drop|terminate|factory-reset|reset|reset-offsets|delete-\w[\w-]*|purge-\w[\w-]*|remove-all\w*)$/;
/** Others get it, in the person's name. */
export const DELIVERS = set(
  'deploy publish upload push send submit promote broadcast tweet toot invite grant transfer share sendmail announce produce publish-message send-message',
);
/** Whatever stands behind them is only looked at. */
export const LOOKS = set(
  'help can-i generate new make scaffold list ls show get describe status info version diff validate check lint test tests search find view inspect logs log explain plan preview ' +
    'doctor stat stats watch tail top graph docs completion completions dry-run simulate history fmt format-check compile build serve dev',
);
/** Adds what others wrote to a program, or to this machine. */
export const ADDS = /^(install|add|import|register)$/;
export const ADDED =
  /^(plugins?|extensions?|ext|addons?|add-on|themes?|labextension|serverextension|package|packages|pkg|module|modules|template|archive\.install|repo|registry|tap|feed|source|sources|trust|key|keys)$/;
/** Says of a program without a row that it installs. */
export const INSTALLS = set('install add-repo self-install get-install');

/** Their words are names of a project's own: targets, tasks, tests, scripts. */
export const OWN_NAMES = set(
  'make gmake ninja just task rake bazel buck2 meson scons mvn mvnw gradle gradlew sbt lein ant cmake ctest tox nox invoke inv fab doit npm pnpm yarn bun deno npx bunx cargo go dotnet ' +
    'poetry pdm hatch rye pipenv uv pip pip3 conda mamba micromamba bundle bundler composer gem git nix brew act turbo nx lerna run-s run-p npm-run-all concurrently ' +
    'pytest py.test unittest jest vitest mocha ava tap karma jasmine phpunit rspec playwright cypress behave nosetests coverage cucumber-js testcafe pest behat gotestsum ginkgo ' +
    'eslint prettier biome ruff black mypy pylint tsc vale aspell ffmpeg convert magick pandoc k6 newman artillery hyperfine mix pre-commit zig xcodebuild swift flutter stack cabal ' +
    'opam luarocks nimble shards conan vcpkg dune R julia claude codex gemini copilot aider goose q droid amp qwen crush opencode cursor-agent kiro-cli code cursor hugo jekyll',
);

/** Programs of frameworks, and interpreters that run their code: methods by whose name everything in a database goes. */
export const DESTROYING_CODE =
  /\.objects(\.(all|filter|exclude)\([^)]*\))+\.(_raw_)?delete\(\)|\b(destroy!|delete_all!?|destroy_all|truncate!|drop_all|dropDatabase|drop_database|drop_collection|drop_table|dropTable|flushall|flushdb|FLUSHALL|FLUSHDB)(?!\w)|::truncate\(|->truncate\(|\bRepo\.delete_all|\.deleteMany\(\s*(\{\s*\})?\s*\)|Schema::drop|\.sync\(\s*\{\s*force:\s*true|\b(?:execute|query|raw|unsafe|exec|run)\w*\s*\(\s*["'`][^\n]{0,80}\b(?:drop\s+(?:database|schema|table|keyspace)|truncate\s+table)\s/i;
export const RUNS_CODE_OF_FRAMEWORKS =
  /^(?:\w+-)?(python|pypy|ruby|rails|php|artisan|node|tsx|ts-node|bun|deno|mix|iex|elixir|flask|django-admin|wp|drush|console|perl|Rscript|tinker|nest|adonis|shell|irb|pry|ipython|groovy|julia|lua)[\d.]*$/;

/** A script that says by its name what it takes away. */
export const DESTROYING_SCRIPT =
  /(^|[/_.-])(drop|wipe|truncate|purge|nuke|destroy|delete|teardown|erase)([_-]?\w+)*\.(sql|js|cql|cypher|redis|txt)$/i;

export const GONE: readonly Said[] = [
  { effect: 'destructive', risk: 'risk', says: 'takes something away by its verb, and may be for good ({command})' },
];
export const DELIVERED: readonly Said[] = delivered('hands something to others by its verb ({command})');
export const ADDING: readonly Said[] = [{ effect: 'install-package', risk: 'watch', says: 'adds what others wrote ({command})' }];
