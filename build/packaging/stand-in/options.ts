/** What fpm was asked to make. */

export interface PackageScripts {
  readonly beforeInstall?: string;
  readonly afterInstall?: string;
  readonly beforeRemove?: string;
  readonly afterRemove?: string;
}

export interface FpmOptions {
  readonly type: 'deb' | 'rpm';
  /** The file to write. */
  readonly output: string;
  readonly name: string;
  readonly version: string;
  readonly iteration: string | undefined;
  readonly architecture: string;
  readonly maintainer: string;
  readonly vendor: string;
  readonly url: string;
  readonly license: string;
  readonly category: string;
  readonly priority: string;
  /** The first line says it in short. */
  readonly description: string;
  readonly compression: string;
  /** 0 to 9; undefined is the tool's own. */
  readonly level: number | undefined;
  readonly depends: readonly string[];
  readonly recommends: readonly string[];
  /** Files that an administrator may change, and that an upgrade then leaves alone. */
  readonly configFiles: readonly string[];
  readonly scripts: PackageScripts;
  /** A folder's content (`from` ends in a slash) or a file, and where it is put. */
  readonly mappings: readonly { readonly from: string; readonly to: string }[];
}

const LISTS: Record<string, 'depends' | 'recommends' | 'configFiles'> = {
  '-d': 'depends',
  '--depends': 'depends',
  '--deb-recommends': 'recommends',
  '--config-files': 'configFiles',
};
const FLAGS: ReadonlySet<string> = new Set(['--force', '-f', '--debug']);
const VALUES: ReadonlySet<string> = new Set(
  (
    '-s -t --package --name --version --iteration --architecture --maintainer --vendor --url --license --category --description ' +
    '--deb-priority --deb-compression --deb-compression-level --rpm-os --rpm-compression --rpm-summary --log ' +
    '--before-install --after-install --before-remove --after-remove'
  ).split(' '),
);

/** Throws where it is asked for anything else: a package that lacks what was asked for is not made. */
export function readOptions(args: readonly string[]): FpmOptions {
  const values = new Map<string, string>();
  const lists = { depends: [] as string[], recommends: [] as string[], configFiles: [] as string[] };
  const mappings: { from: string; to: string }[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (FLAGS.has(arg)) continue;
    if (LISTS[arg] !== undefined) lists[LISTS[arg]].push(valueAt(args, ++i, arg));
    else if (VALUES.has(arg)) values.set(arg, valueAt(args, ++i, arg));
    else mappings.push(mappingOf(arg));
  }
  const type = values.get('-t');
  if (values.get('-s') !== 'dir' || (type !== 'deb' && type !== 'rpm'))
    throw new Error(`The stand-in for fpm makes deb and rpm of a folder, not ${type} of ${values.get('-s')}. Install fpm for others.`);
  const needed = (name: string) => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`The stand-in for fpm needs ${name}.`);
    return value;
  };
  const summary = values.get('--rpm-summary');
  const level = values.get('--deb-compression-level');
  return {
    type,
    output: needed('--package'),
    name: needed('--name'),
    version: needed('--version'),
    iteration: values.get('--iteration'),
    architecture: needed('--architecture'),
    maintainer: needed('--maintainer'),
    vendor: values.get('--vendor') ?? '',
    url: values.get('--url') ?? '',
    license: values.get('--license') ?? '',
    category: values.get('--category') ?? 'default',
    priority: values.get('--deb-priority') ?? 'optional',
    description: `${summary === undefined ? '' : `${summary}\n`}${needed('--description')}`.trim(),
    compression: values.get(`--${type}-compression`) ?? 'xz',
    level: level === undefined ? undefined : Number(level),
    ...lists,
    scripts: scriptsIn(values),
    mappings,
  };
}

function scriptsIn(values: ReadonlyMap<string, string>): PackageScripts {
  const found = (name: string, option: string) => (values.has(option) ? { [name]: values.get(option) } : {});
  return {
    ...found('beforeInstall', '--before-install'),
    ...found('afterInstall', '--after-install'),
    ...found('beforeRemove', '--before-remove'),
    ...found('afterRemove', '--after-remove'),
  };
}

function valueAt(args: readonly string[], at: number, option: string): string {
  const value = args[at];
  if (value === undefined) throw new Error(`The stand-in for fpm got ${option} without a value.`);
  return value;
}

function mappingOf(arg: string): { from: string; to: string } {
  const split = arg.lastIndexOf('=');
  if (arg.startsWith('-') || split <= 0 || arg[split + 1] !== '/')
    throw new Error(`The stand-in for fpm does not know "${arg}". It is neither an option that it has nor SOURCE=/DESTINATION.`);
  return { from: arg.slice(0, split), to: arg.slice(split + 1) };
}
