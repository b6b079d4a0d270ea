/** A Debian package: https://www.debian.org/doc/debian-policy/ch-controlfields.html, packed by dpkg-deb. */

import { chmod, copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { must } from '../../commands.ts';
import { sourceDate } from '../epoch.ts';
import type { FpmOptions } from './options.ts';
import { layOut } from './tree.ts';

export async function packDeb(options: FpmOptions): Promise<void> {
  const epoch = await sourceDate();
  // Beside the package, so that files of the app can be linked and need not be copied.
  await mkdir(dirname(options.output), { recursive: true });
  const root = await mkdtemp(join(dirname(options.output), '.deb-')).catch(() => mkdtemp(join(tmpdir(), 'holdpoint-deb-')));
  try {
    await layOut(root, options.mappings, epoch);
    const size = Number((await must('du', ['-sk', '--apparent-size', root])).split('\t')[0]);
    await writeControl(join(root, 'DEBIAN'), options, size, await conffiles(root, options));
    const compression = { gz: 'gzip', xz: 'xz', zst: 'zstd', bzip2: 'bzip2' }[options.compression] ?? options.compression;
    const level = options.level === undefined ? [] : [`-z${options.level}`];
    await must('dpkg-deb', ['--root-owner-group', `-Z${compression}`, ...level, '--build', root, options.output], {
      env: { ...process.env, SOURCE_DATE_EPOCH: String(epoch.getTime() / 1000) },
    });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** As fpm does, every file in /etc is the administrator's. */
async function conffiles(root: string, { configFiles }: FpmOptions): Promise<readonly string[]> {
  const inEtc = await readdir(join(root, 'etc'), { recursive: true, withFileTypes: true }).catch(() => []);
  const found = inEtc.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(root.length));
  return [...new Set([...found, ...configFiles])].sort();
}

const SCRIPTS = { beforeInstall: 'preinst', afterInstall: 'postinst', beforeRemove: 'prerm', afterRemove: 'postrm' } as const;

async function writeControl(folder: string, options: FpmOptions, installedKb: number, etc: readonly string[]): Promise<void> {
  await mkdir(folder);
  await writeFile(join(folder, 'control'), controlOf(options, installedKb));
  if (etc.length > 0) await writeFile(join(folder, 'conffiles'), `${etc.join('\n')}\n`);
  for (const [when, name] of Object.entries(SCRIPTS)) {
    const script = options.scripts[when as keyof typeof SCRIPTS];
    if (script === undefined) continue;
    await copyFile(script, join(folder, name));
    await chmod(join(folder, name), 0o755);
  }
}

/** Values come from the project's own files; a line break in one would begin another field, and is refused. */
export function controlOf(options: FpmOptions, installedKb: number): string {
  const [synopsis = '', ...rest] = options.description.split('\n');
  const fields: readonly (readonly [name: string, value: string])[] = [
    ['Package', options.name],
    ['Version', options.iteration === undefined ? options.version : `${options.version}-${options.iteration}`],
    ['Architecture', options.architecture],
    ['Maintainer', options.maintainer],
    ['Installed-Size', String(installedKb)],
    ['Depends', options.depends.join(', ')],
    ['Recommends', options.recommends.join(', ')],
    ['Section', options.category],
    ['Priority', options.priority],
    ['Homepage', options.url],
    ['Description', synopsis],
  ];
  const lines = fields.flatMap(([name, value]) => {
    if (value.includes('\n')) throw new Error(`The field ${name} of a Debian package cannot have a line break: "${value}".`);
    return value === '' ? [] : [`${name}: ${value}`];
  });
  const more = rest.map((line) => ` ${line.trim() || '.'}`);
  return `${[...lines, ...more].join('\n')}\n`;
}
