/** An RPM package: a spec file (https://rpm-software-management.github.io/rpm/manual/spec.html), built by rpmbuild. */

import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { must } from '../../commands.ts';
import { sourceDate } from '../epoch.ts';
import type { FpmOptions, PackageScripts } from './options.ts';
import { layOut } from './tree.ts';

export async function packRpm(options: FpmOptions): Promise<void> {
  const epoch = await sourceDate();
  await mkdir(dirname(options.output), { recursive: true });
  const work = await mkdtemp(join(dirname(options.output), '.rpm-'));
  const root = join(work, 'root');
  try {
    await mkdir(root);
    await layOut(root, options.mappings, epoch);
    const spec = join(work, `${options.name}.spec`);
    await writeFile(spec, specOf(options, root, await filesIn(root), await textsOf(options.scripts)));
    const defines = {
      _topdir: work,
      _rpmdir: join(work, 'rpms'),
      _build_id_links: 'none',
      _buildhost: 'reproducible',
      use_source_date_epoch_as_buildtime: '1',
    };
    const definitions = Object.entries(defines).flatMap(([name, value]) => ['--define', `${name} ${value}`]);
    await must(
      'rpmbuild',
      [
        '-bb',
        '--target',
        ARCHITECTURES[options.architecture] ?? options.architecture,
        '--buildroot',
        join(work, 'buildroot'),
        ...definitions,
        spec,
      ],
      {
        env: { ...process.env, SOURCE_DATE_EPOCH: String(epoch.getTime() / 1000) },
      },
    );
    const [arch = ''] = await readdir(join(work, 'rpms'));
    const [file = ''] = await readdir(join(work, 'rpms', arch));
    await rename(join(work, 'rpms', arch, file), options.output);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Debian’s names for them, which electron-builder uses for both. */
const ARCHITECTURES: Record<string, string> = { amd64: 'x86_64', arm64: 'aarch64' };

/** `files` are paths on the machine, those of folders with a slash at their end. Values come from the project's own files; "%" begins a macro, so it is doubled. */
function specOf(options: FpmOptions, root: string, files: readonly string[], scripts: PackageScripts): string {
  const [summary = '', ...rest] = options.description.split('\n');
  const payload = { xz: 'w6T0.xzdio', xzmt: 'w6T0.xzdio', gzip: 'w1.gzdio', bzip2: 'w9.bzdio' }[options.compression] ?? 'w6T0.xzdio';
  const config = new Set(options.configFiles);
  return `${[
    // Files are taken as they are: not stripped, compressed, or looked through for what they need.
    '%global __os_install_post %{nil}',
    '%global debug_package %{nil}',
    `%global _binary_payload ${payload}`,
    `Name: ${options.name}`,
    // A "-" would begin the release.
    `Version: ${options.version.replaceAll('-', '~')}`,
    `Release: ${options.iteration ?? '1'}`,
    `Summary: ${plain(summary)}`,
    `License: ${options.license || 'unknown'}`,
    `Vendor: ${plain(options.vendor)}`,
    `Packager: ${plain(options.maintainer)}`,
    `URL: ${options.url}`,
    `Group: ${options.category}`,
    'AutoReqProv: no',
    ...options.depends.map((name) => `Requires: ${name}`),
    '',
    '%description',
    plain(rest.join('\n').trim() || summary),
    '',
    '%install',
    'mkdir -p %{buildroot}',
    `cp --archive --link ${root}/. %{buildroot}/`,
    ...section('%pre', scripts.beforeInstall),
    ...section('%post', scripts.afterInstall),
    ...section('%preun', scripts.beforeRemove),
    ...section('%postun', scripts.afterRemove),
    '',
    '%files',
    '%defattr(-,root,root,-)',
    ...files.map((file) =>
      file.endsWith('/') ? `%dir "${plain(file)}"` : `${config.has(file) ? '%config(noreplace) ' : ''}"${plain(file)}"`,
    ),
  ].join('\n')}\n`;
}

function section(name: string, script: string | undefined): readonly string[] {
  return script === undefined ? [] : ['', `${name} -p /bin/sh`, plain(script.replace(/^#!.*\n/, '')).trimEnd()];
}

function plain(text: string): string {
  return text.replaceAll('%', '%%');
}

/** Files, and those folders that are the package's own: the others belong to the system. */
async function filesIn(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const own = entries.flatMap((entry) => {
    const path = join(entry.parentPath, entry.name).slice(root.length);
    if (!entry.isDirectory()) return [path];
    return /^\/opt\/./.test(path) ? [`${path}/`] : [];
  });
  return own.sort();
}

async function textsOf(scripts: PackageScripts): Promise<PackageScripts> {
  const entries = await Promise.all(Object.entries(scripts).map(async ([when, file]) => [when, await readFile(file, 'utf8')] as const));
  return Object.fromEntries(entries);
}
