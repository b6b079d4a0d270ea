/** Which files of node_modules the engine and the command line reach by imports, whatever way they are started. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

/** Started by name and not imported: worker threads, and programs of the demonstration. */
const STARTED = /new URL\(["'](\.{1,2}\/[\w./-]+\.js)["'], import\.meta\.url\)/g;

/**
 * `root` holds the scripts and a `node_modules`. Gives paths from `root`, sorted: "node_modules/ws/lib/sender.js". Rejects where
 * an import leads nowhere, so that a package that would miss a file is not built.
 */
export async function reachedFiles(root: string, scripts: readonly string[]): Promise<readonly string[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: await entriesOf(root, scripts),
    outdir: 'nowhere',
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    target: 'node26',
    format: 'esm',
    // As Node resolves, and not as bundlers like it.
    conditions: [],
    mainFields: ['main'],
    preserveSymlinks: true,
    // Wished for by `debug`, which does without.
    external: ['supports-color'],
    loader: { '.node': 'empty', '.wasm': 'empty' },
    logLevel: 'error',
    logOverride: { 'unsupported-require-call': 'silent', 'require-resolve-not-external': 'silent', 'direct-eval': 'silent' },
  });
  return Object.keys(metafile.inputs)
    .filter((path) => path.startsWith('node_modules/'))
    .sort();
}

async function entriesOf(root: string, scripts: readonly string[]): Promise<string[]> {
  const entries = new Set(['main/cli/holdpoint.js']);
  for (const script of scripts.filter((path) => path.endsWith('.js'))) {
    const text = await readFile(join(root, script), 'utf8');
    for (const [, named = ''] of text.matchAll(STARTED)) entries.add(join(script, '..', named));
  }
  return [...entries].sort();
}
