/**
 * A fresh Debian that runs: systemd, users, sessions and a network of its own, as a laptop that was just unpacked. Its disk is memory laid
 * over a folder that is only read. It cannot touch the machine that the tests run on, and everything of it ends with the process that
 * started it, however that ends: it is killed with its starter, and namespaces end with their first process.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freshDebian } from '../../../build/debian.ts';
import { lister, type Snapshot, snapshotOf } from './snapshot.ts';

/** Only root on Linux can start one. */
export const canStartMachines = process.platform === 'linux' && process.getuid?.() === 0;

export interface Ran {
  /** Null where it did not end in time, and is waited for no longer; what it has started in the machine ends with that at the latest. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  /** Who runs it; root where absent. */
  readonly user?: string;
  /**
   * How that user comes in. `login`, where absent: `su -l`, as on a console or by ssh. `interactive`: the shell of a new terminal window of
   * somebody who is logged in: bash that is not a login shell. `service`: of the user's own systemd. `desktop`: a session of its own, as a
   * display manager starts it.
   */
  readonly comes?: 'login' | 'interactive' | 'service' | 'desktop';
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
  readonly timeoutMs?: number;
}

export interface Machine {
  /** Runs a line of shell to its end. Never rejects for its exit code. */
  run(line: string, options?: RunOptions): Promise<Ran>;
  /** As `run`, but anything but success is an error that carries the last words. Gives what was printed. */
  must(line: string, options?: RunOptions): Promise<string>;
  /** Starts a line of shell that goes on; it ends with the machine at the latest. */
  start(line: string, options?: RunOptions): ChildProcess;
  put(path: string, content: string | Uint8Array, mode?: string): Promise<void>;
  read(path: string): Promise<Buffer>;
  snapshot(): Promise<Snapshot>;
  addUser(name: string): Promise<void>;
  /** Path of its network, for `nsenter --net`: what is started so is beside the machine, on the same wire. */
  readonly network: string;
  stop(): Promise<void>;
}

export interface MachineOptions {
  /** Files and folders of this machine that it sees, read-only, where it is told: `{ '/usr/local/bin/claude': '…' }`. */
  readonly shows?: Readonly<Record<string, string>>;
  /** Told to whoever looks at the processes. */
  readonly name?: string;
}

/** In a mount namespace of its own. Control groups of its own, since those of two machines must not be the same. */
const STARTER = `
set -eu
place=$1 base=$2 group=$3; shift 3
mount -t tmpfs -o mode=755 machine "$place"
mkdir "$place/upper" "$place/work" "$place/root"
mount -t overlay overlay -o "lowerdir=$base,upperdir=$place/upper,workdir=$place/work" "$place/root"
for tree in /sys/fs/cgroup /sys/fs/cgroup/unified /sys/fs/cgroup/systemd; do
  [ -e "$tree/cgroup.procs" ] || continue
  mkdir "$tree/$group"
  echo $$ > "$tree/$group/cgroup.procs"
done
mount -t tmpfs run /run
exec systemd-nspawn --quiet --directory="$place/root" --boot --register=no --keep-unit --private-network \\
  --console=pipe --settings=no --link-journal=no --timezone=off --resolv-conf=off "$@"
`;

export async function startMachine({ shows = {}, name = 'laptop' }: MachineOptions = {}): Promise<Machine> {
  const base = await freshDebian();
  const place = await mkdtemp(join(tmpdir(), 'holdpoint-machine-'));
  const group = basename(place);
  const own = ['--mount', '--pid', '--fork', '--kill-child=SIGKILL', '--mount-proc', '--propagation=private'];
  const binds = Object.entries(shows).map(([inside, outside]) => `--bind-ro=${outside}:${inside}`);
  const process_ = spawn(
    'setpriv',
    ['--pdeathsig', 'KILL', 'unshare', ...own, 'sh', '-c', STARTER, 'starter', place, base, group, `--machine=${name}`, ...binds],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const console_ = collected(process_);
  const ended = once(process_, 'exit');
  const leader = await firstProcess().catch(async (thrown: unknown) => {
    await stop();
    throw thrown;
  });
  const inside = ['--target', String(leader), '--mount', '--uts', '--ipc', '--net', '--pid', '--cgroup'];

  const machine: Machine = {
    run,
    must,
    start: (line, options = {}) => spawn('nsenter', [...inside, ...commandFor(line, options)], { stdio: ['pipe', 'pipe', 'pipe'] }),
    async put(path, content, mode = '0644') {
      await must(`mkdir -p "$(dirname '${path}')" && cat > '${path}' && chmod ${mode} '${path}'`, { input: content });
    },
    async read(path) {
      return Buffer.from(await must(`base64 '${path}'`), 'base64');
    },
    async snapshot() {
      const { script, args } = await lister();
      return snapshotOf(await must(`python3 -IBS - ${args.join(' ')}`, { input: script }));
    },
    addUser: (user) => must(`useradd --create-home --shell /bin/bash '${user}'`).then(() => {}),
    network: `/proc/${leader}/ns/net`,
    stop,
  };
  await started().catch(async (thrown: unknown) => {
    await stop();
    throw thrown;
  });
  return machine;

  async function run(line: string, options: RunOptions = {}): Promise<Ran> {
    const child = spawn('nsenter', [...inside, ...commandFor(line, options)], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const said = collected(child);
    const patience = setTimeout(() => {
      child.kill('SIGKILL');
      // What it has started in the machine may hold them open.
      for (const stream of [child.stdout, child.stderr]) stream.destroy();
    }, options.timeoutMs ?? 60_000);
    child.stdin.on('error', () => {}); // It does not want to hear more.
    child.stdin.end(options.input ?? '');
    const [code] = (await once(child, 'close')) as [number | null];
    clearTimeout(patience);
    return { code, out: said.out(), err: said.err() };
  }

  async function must(line: string, options: RunOptions = {}): Promise<string> {
    const { code, out, err } = await run(line, options);
    if (code !== 0) throw new Error(`In the machine, “${line}” ended with ${code}: ${lastWords(err) || lastWords(out)}`);
    return out;
  }

  /** Of the machine's: the one that is the first of a namespace within ours. */
  async function firstProcess(): Promise<number> {
    return until(async () => {
      if (process_.exitCode !== null) throw new Error(`The machine ended with ${process_.exitCode}: ${lastWords(console_.err())}`);
      for (const pid of await descendants(process_.pid!)) {
        const ids = /^NSpid:\s+(.*)$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8').catch(() => ''))?.[1]?.split(/\s+/);
        const runs = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
        if (ids?.length === 3 && ids[2] === '1' && runs === 'systemd\n') return pid;
      }
      throw new Error(`The machine does not start: ${lastWords(console_.err())}`);
    }, 60_000);
  }

  async function started(): Promise<void> {
    await until(async () => {
      const { out } = await run('systemctl is-system-running');
      if (!/^(running|degraded)$/m.test(out)) throw new Error(`The machine is ${out.trim()}: ${lastWords(console_.out())}`);
    }, 120_000);
  }

  async function stop(): Promise<void> {
    if (process_.exitCode === null && process_.signalCode === null) process_.kill('SIGKILL');
    await ended;
    for (const tree of ['/sys/fs/cgroup', '/sys/fs/cgroup/unified', '/sys/fs/cgroup/systemd']) {
      // The kernel needs a moment to see that nobody is left in them.
      await until(() => removeGroups(join(tree, group)), 20_000);
    }
    await rm(place, { recursive: true });
  }
}

/** By which way in a line of shell is run. */
function commandFor(line: string, { user, comes = 'login', env = {} }: RunOptions): readonly string[] {
  const settings = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  // Nothing of the environment that the tests run in.
  const clean = ['env', '-i', 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'LANG=C.UTF-8', 'TERM=dumb'];
  if (user === undefined) return [...clean, 'HOME=/root', ...settings, 'sh', '-c', `cd && ${line}`];
  const told = settings.map((setting) => `export ${quoted(setting)}; `).join('');
  const asUser = (script: string) => [...clean, 'su', '-l', user, '-c', script];
  switch (comes) {
    case 'login':
      return asUser(`${told}${line}`);
    case 'interactive':
      return asUser(`exec env -i HOME="$HOME" USER="$USER" PATH="$PATH" TERM=dumb bash -i -c ${quoted(`${told}${line}`)}`);
    case 'service':
      return asUser(`exec systemd-run --user --quiet --pipe --wait --collect sh -c ${quoted(`${told}${line}`)}`);
    case 'desktop':
      return [
        ...clean,
        'systemd-run',
        '--quiet',
        '--pipe',
        '--wait',
        '--collect',
        '-p',
        'PAMName=login',
        `--uid=${user}`,
        'bash',
        '-lc',
        `cd; ${told}${line}`,
      ];
  }
}

export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function collected({ stdout, stderr }: ChildProcess): { out(): string; err(): string } {
  const [out, err] = [stdout, stderr].map((stream) => {
    const chunks: Buffer[] = [];
    stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
    return () => Buffer.concat(chunks).toString('utf8');
  }) as [() => string, () => string];
  return { out, err };
}

async function descendants(pid: number): Promise<readonly number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const children = text.split(' ').filter(Boolean).map(Number);
  return [...children, ...(await Promise.all(children.map(descendants))).flat()];
}

async function removeGroups(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return;
  for (const entry of entries) if (entry.isDirectory()) await removeGroups(join(folder, entry.name));
  await rmdir(folder);
}

/** What `attempt` gives once it does not throw; what it threw last, when that takes too long. */
async function until<T>(attempt: () => Promise<T>, patienceMs: number): Promise<T> {
  const end = performance.now() + patienceMs;
  for (;;) {
    try {
      return await attempt();
    } catch (thrown) {
      if (performance.now() > end) throw thrown;
      await pause(50);
    }
  }
}

function lastWords(text: string): string {
  return text.trim().split('\n').slice(-5).join(' ').slice(0, 1_000);
}
