/** Code that a command line has fetched, and a program then runs without being told so. */

import { isOpen } from '../holes.ts';
import { fetchedFrom } from './files.ts';
import type { Invocation } from './machine.ts';

/** Endings of files that a program would run, and names that build and test tools run unasked. */
const CODE_FILE =
  /(\.(jar|war|py|pyz|m?[jt]s|cjs|sh|bash|rb|pl|php|lua|mk|gradle|kts|wasm|exe|whl|gem|nupkg|crate|rs|go|c|cc|cpp|java|ps1|r|jl)|(^|\/)[^./]+)$/i;
const UNASKED =
  /(^|\/)(GNUmakefile|[Mm]akefile|setup\.py|conftest\.py|noxfile\.py|tasks\.py|manage\.py|pyproject\.toml|package\.json|[Gg]runtfile\.\w+|[Gg]ulpfile\.\w+|Rakefile|Gemfile|build\.gradle(\.kts)?|settings\.gradle(\.kts)?|pom\.xml|build\.rs|Cargo\.toml|CMakeLists\.txt|configure|justfile|Taskfile\.ya?ml|[\w.-]+\.config\.[mc]?[jt]s|\.eslintrc\.[cm]?js|composer\.json|mix\.exs|Jakefile|Vagrantfile|Dockerfile)$/;

/** What this command line has fetched, and a program is now given, or takes from the folder that it works in. */
export function downloadedCode({ words, machine: { disk, gathering }, state }: Invocation): string | undefined {
  for (const { text } of words.slice(0, 50)) {
    if (isOpen(text) || /^-/.test(text)) continue;
    const path = gathering.paths.absolute(text.replace(/\[.*\]$/, ''), state.cwd);
    const flow =
      path === undefined
        ? undefined
        : (disk.files.get(path) ?? disk.files.get(`${gathering.paths.absolute(text.replaceAll('.', '/'), state.cwd)}.py`));
    if (flow?.kind === 'download' && (CODE_FILE.test(text) || disk.files.get(path!) !== flow)) return flow.from;
    const fetched = path === undefined || path === state.cwd ? undefined : fetchedFrom(path, disk);
    if (fetched !== undefined) return fetched;
  }
  for (const [path, flow] of disk.files)
    if (flow.kind === 'download' && UNASKED.test(path) && path.startsWith(`${state.cwd}/`)) return flow.from;
  return undefined;
}
