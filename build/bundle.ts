/** The bundles of what runs in Electron: the app's main process, its preload script, and the two pages. The engine runs from source. */

import { copyFile, mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type BuildOptions, build, stop } from 'esbuild';
import { exists, Missing } from './commands.ts';
import { ROOT } from './places.ts';

export const OUT = join(ROOT, 'out');

const PAGES = ['approval', 'console'];

const COMMON: BuildOptions = { absWorkingDir: ROOT, bundle: true, logLevel: 'warning', sourcemap: 'linked', legalComments: 'none' };

/** What a page is made of. Schemas stay out: `schemas-in-pages.ts` says why. */
export const PAGE_BUNDLES: readonly BuildOptions[] = PAGES.map(
  (page): BuildOptions => ({
    entryPoints: { [`renderer/${page}`]: `renderer/${page}/index.tsx` },
    platform: 'browser',
    target: 'chrome114',
    format: 'esm',
    jsx: 'automatic',
    minify: true,
    define: { 'process.env.NODE_ENV': '"production"' },
    loader: { '.woff2': 'file' },
    assetNames: 'renderer/fonts/[name]-[hash]',
    alias: { zod: './build/schemas-in-pages.ts' },
  }),
);

/** Main and preload are CommonJS, for an Electron 25: its Node cannot load modules in either. */
const BUNDLES: readonly BuildOptions[] = [
  {
    entryPoints: { 'app/main': 'main/app/main.ts' },
    platform: 'node',
    target: 'node18',
    format: 'cjs',
    // What some packages give first calls `require` in ways that cannot be bundled.
    mainFields: ['module', 'main'],
    outExtension: { '.js': '.cjs' },
    external: ['electron'],
  },
  {
    entryPoints: { 'app/preload': 'main/app/preload.ts' },
    platform: 'node',
    target: 'chrome114',
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    external: ['electron'],
  },
  ...PAGE_BUNDLES,
];

export interface BundleOptions {
  readonly folder?: string;
  /** Beside each bundle, for whoever works on it. */
  readonly maps?: boolean;
}

/**
 * Builds everything into `out/`, or another folder. Gives the files that the bundles are made of, from the clone's root. Rejects
 * with the bundler's message, or naming an entry that is not there.
 */
export async function bundle({ folder = OUT, maps = true }: BundleOptions = {}): Promise<readonly string[]> {
  const entries = BUNDLES.flatMap(({ entryPoints }) => Object.values(entryPoints as Record<string, string>));
  const documents = PAGES.map((page) => ({
    from: join(ROOT, 'renderer', page, 'index.html'),
    to: join(folder, 'renderer', `${page}.html`),
  }));
  for (const file of [...entries.map((entry) => join(ROOT, entry)), ...documents.map(({ from }) => from)]) {
    if (!(await exists(file)))
      throw new Missing(relative(ROOT, file), 'It is an entry of the build. See what else is gone with: git status');
  }
  await mkdir(join(folder, 'renderer'), { recursive: true });
  try {
    await Promise.all(documents.map(({ from, to }) => copyFile(from, to)));
    const own = { outdir: folder, metafile: true, ...(!maps && { sourcemap: false }) } as const;
    const built = await Promise.all(BUNDLES.map((options) => build({ ...COMMON, ...options, ...own })));
    return [...new Set(built.flatMap(({ metafile }) => Object.keys(metafile.inputs)))].sort();
  } finally {
    await stop(); // else the bundler's process stays for as long as the app runs
  }
}
