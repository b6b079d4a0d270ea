/** Paths: what a word means as a place on disk, and what kind of place that is. */

import { realpathSync } from 'node:fs';
import { posix, win32 } from 'node:path';
import type { PathFact, Workspace } from '../../../contract/action.ts';
import { isOpen, readable } from './holes.ts';

/** What is special about a place, beyond being inside or outside. */
export type PlaceKind =
  | 'ordinary'
  /** Made by tools and made again: `node_modules`, `dist`, `*.log`. Inside the workspace only. */
  | 'generated'
  /** It makes programs run: `.git/hooks`, an agent's own settings, a shell's profile. */
  | 'machinery'
  /** The workspace's root, all of its entries, or its `.git`. */
  | 'workspace-whole'
  /** Below /tmp: outside, but there to be written. */
  | 'scratch'
  /** /tmp itself: there to be written into, not to be deleted. */
  | 'scratch-whole'
  /** The machine's own folders. */
  | 'system'
  /** A home folder, the root, or a folder above the workspace, or all of its entries. */
  | 'everything'
  /** Passwords, keys or a person’s history are kept there; Holdpoint’s own folder too. */
  | 'secret'
  /** A disk or another device. */
  | 'device'
  /** /dev/null and its like: nothing is kept. */
  | 'nothing';

export interface Place {
  readonly path: string;
  readonly where: PathFact['where'];
  readonly kind: PlaceKind;
  /** For a person: relative inside the workspace, with `~` for the home folder. */
  readonly shown: string;
}

export interface Where {
  readonly workspace: Workspace;
  readonly home?: string | undefined;
  /** The path with its links followed, or undefined where nothing is there. Cheap and synchronous; the disk by default. */
  readonly realpath?: ((path: string) => string | undefined) | undefined;
}

export interface Paths {
  readonly cwd: string | undefined;
  readonly root: string | undefined;
  readonly home: string | undefined;
  /** Absolute and normalised; undefined where the word or the folder that it starts from is not known. */
  absolute(word: string, cwd: string | undefined): string | undefined;
  place(word: string, cwd: string | undefined): Place;
  exists(path: string): boolean;
}

/** Linux's PATH_MAX. */
const LONGEST_PATH = 4_096;
const GENERATED_FOLDERS = new Set(
  (
    'node_modules bower_components dist build out target bin obj .cache __pycache__ coverage htmlcov .next .nuxt .svelte-kit .output .astro .turbo .nx ' +
    '.parcel-cache .vite .vitest .angular .expo .docusaurus .gradle .pytest_cache .mypy_cache .ruff_cache .hypothesis .tox .nox .eggs .venv venv ' +
    '.nyc_output .terraform .serverless .aws-sam .dart_tool DerivedData _build deps storybook-static test-results playwright-report cmake-build-debug ' +
    'cmake-build-release tmp temp .tmp .temp logs generated __generated__ .sass-cache .jest-cache .swc'
  ).split(' '),
);
const GENERATED_FILES =
  /^(.*\.(pyc|pyo|o|obj|class|log|tmp|temp|swp|swo|orig|rej|tsbuildinfo|gcda|gcno|lcov|prof|pid|egg-info|whl|tgz)|\.DS_Store|\.eslintcache|\.stylelintcache|\.coverage|coverage\.xml|junit\.xml|nohup\.out|a\.out|core|npm-debug\.log.*|.*~)$/;
const MACHINERY =
  /^(\.git(\/(?!COMMIT_EDITMSG$|MERGE_MSG$|info\/exclude$).*)?|\.claude\/(settings.*\.json|hooks(\/.*)?)|\.mcp\.json|\.codex(\/.*)?|\.gemini\/settings\.json|\.(cursor|kiro\/settings|roo|amazonq)\/(mcp|hooks)\.json|opencode\.jsonc?|\.vscode\/(tasks|settings|launch|mcp)\.json|\.husky\/.*|\.envrc)$/;
/** Below a home folder. */
const SECRET_FOLDERS =
  '.ssh .gnupg .aws .azure .kube .config/gcloud .config/gh .config/op .config/hub .config/rclone .terraform.d/credentials.tfrc.json .cargo/credentials ' +
  '.cargo/credentials.toml .gem/credentials .netrc .pgpass .my.cnf .npmrc .yarnrc.yml .pypirc .docker/config.json .git-credentials .vault-token .password-store ' +
  '.claude/.credentials.json .codex/auth.json .gemini/oauth_creds.json .config/github-copilot .local/share/opencode/auth.json .local/share/keyrings ' +
  '.local/share/holdpoint .mozilla/firefox .config/google-chrome .config/chromium .config/Code/User/globalStorage .config/BraveSoftware .bash_history .zsh_history .python_history ' +
  '.psql_history .mysql_history .node_repl_history Library/Keychains Library/Cookies Library/Messages Library/Mail ' +
  'Library/Application?Support/Holdpoint Library/Application?Support/Google/Chrome Library/Application?Support/Firefox';
const SECRET_PLACES: readonly (readonly string[])[] = SECRET_FOLDERS.split(' ').map((place) => place.replaceAll('?', ' ').split('/'));
const SECRET_FILES = /^\/(etc\/(g?shadow|sudoers(\.d)?|master\.passwd|ssh\/ssh_host_.*key)|proc\/[^/]+\/(environ|mem))-?$/;
const SCRATCH = /^(\/private)?(\/tmp|\/var\/tmp|\/var\/folders\/[^/]+\/[^/]+|\/dev\/shm)\/./;
const SCRATCH_WHOLE = /^(\/private)?(\/tmp|\/var\/tmp)(\/\*+)?$/;
const NOTHING = /^\/dev\/(null|zero|stdin|stdout|stderr|tty|random|urandom|full|fd(\/.*)?|pts\/.*)$/;
const SYSTEM =
  /^(\/(etc|usr|bin|sbin|lib\w*|boot|sys|proc|var|root|opt|srv|System|Library|Applications|private\/(etc|var))(\/|$)|[A-Za-z]:\\(Windows|Program Files( \(x86\))?|ProgramData)(\\|$))/i;
const EVERYTHING =
  /^(\/|\/\*+|\/(home|Users|root|etc|usr|var|bin|sbin|lib\w*|boot|opt|System|Library|Applications)(\/\*+)?|\/(home|Users)\/[^/]+(\/\*+)?|[A-Za-z]:\\(\*)?|[A-Za-z]:\\Users(\\[^\\]+)?(\\\*)?)$/;
/** Below a home folder: what shells, desktops and agents read when they start. */
const STARTUP =
  /^\/(\.(bashrc|bash_profile|bash_login|bash_logout|profile|zshrc|zshenv|zprofile|zlogin|zlogout|xinitrc|xprofile|xsessionrc|pam_environment|envrc|mcp\.json|claude\.json)$|\.config\/(autostart|systemd|fish|environment\.d|git\/hooks|opencode)(\/|$)|\.claude\/(settings.*\.json$|hooks(\/|$))|\.codex\/(config\.toml$|hooks)|\.gemini\/settings\.json$|\.cursor\/(mcp|hooks)\.json$|Library\/Launch(Agents|Daemons)(\/|$)|\.local\/bin(\/|$)|bin(\/|$))/;
const SYSTEM_STARTUP =
  /^(\/etc\/(cron[^/]*|systemd|init\.d|rc[^/]*|profile(\.d)?|bash\.bashrc|zshrc|zshenv|ld\.so\.preload|sudoers)(\/|$)|(\/System)?\/Library\/Launch(Agents|Daemons)(\/|$)|\/var\/spool\/cron(\/|$))/;
/** Everything in a folder, as a pattern. */
export const ALL_ENTRIES = /[/\\](\*+|\.\*|\.\[[^/]*\]\*|\{\*,\.\*\}|\.\?\?\*)$/;

export function createPaths({ workspace, home, realpath = onDisk }: Where): Paths {
  const known = workspace.state === 'known' ? workspace : undefined;
  const windows = /^[A-Za-z]:[\\/]/.test(known?.root ?? home ?? '');
  const { isAbsolute, join, normalize, relative, sep, dirname } = windows ? win32 : posix;
  const followed = new Map<string, string>();
  const root = known && bare(normalize(known.root));
  const realRoot = root && follow(root);

  return { cwd: known?.cwd, root, home, absolute, place, exists: (path) => realpath(path) !== undefined };

  function absolute(word: string, cwd: string | undefined): string | undefined {
    const path = spelled(word, cwd);
    return path === undefined ? undefined : bare(normalize(path));
  }

  function spelled(word: string, cwd: string | undefined): string | undefined {
    if (word === '' || word.length > LONGEST_PATH || isOpen(word)) return undefined;
    if (/^~([/\\]|$)/.test(word)) return home && join(home, word.slice(1));
    // Another user's home folder, or a shell's own shorthand.
    if (/^~[^/\\]/.test(word)) return undefined;
    if (isAbsolute(word)) return word;
    return cwd === undefined ? undefined : `${cwd}${sep}${word}`;
  }

  function place(word: string, cwd: string | undefined): Place {
    const raw = spelled(word, cwd);
    const path = absolute(word, cwd);
    if (raw === undefined || path === undefined) {
      return { path: word, where: 'unresolved', kind: /^~[/\\]?\**$/.test(word) ? 'everything' : 'ordinary', shown: readable(word) };
    }
    // Devices by their name alone: following /dev/stdout tells of this process, not of the agent's.
    if (NOTHING.test(path)) return { path, where: 'outside', kind: 'nothing', shown: path };
    const real = follow(raw);
    const inside = root !== undefined && isBelow(path, root) && isBelow(real, realRoot!);
    return {
      path,
      where: inside ? 'workspace' : known ? 'outside' : 'unresolved',
      kind: kindOf(path, real, inside),
      shown: shownAs(path, inside),
    };
  }

  function kindOf(path: string, real: string, inside: boolean): PlaceKind {
    if (inside) {
      if (isSecret(path) || isSecret(real)) return 'secret';
      const below = relative(root!, path).replaceAll('\\', '/');
      if (below === '' || below === '.git' || (ALL_ENTRIES.test(`/${below}`) && !below.includes('/'))) return 'workspace-whole';
      if (MACHINERY.test(below)) return 'machinery';
      const segments = below.split('/');
      const file = segments.at(-1)!;
      return segments.some((segment) => GENERATED_FOLDERS.has(segment)) || GENERATED_FILES.test(file) ? 'generated' : 'ordinary';
    }
    if (path.startsWith('/dev/') && !path.startsWith('/dev/shm/')) return 'device';
    if (!SCRATCH_WHOLE.test(path) && SCRATCH.test(path) && SCRATCH.test(real) && !holdsWorkspace(path)) return 'scratch';
    for (const candidate of [path, real]) {
      const entries = candidate.replace(ALL_ENTRIES, '') || '/';
      if (EVERYTHING.test(candidate) || entries === home || holdsWorkspace(entries)) return 'everything';
    }
    if (isSecret(path) || isSecret(real)) return 'secret';
    if (startsPrograms(path) || startsPrograms(real)) return 'machinery';
    if (SCRATCH_WHOLE.test(path)) return 'scratch-whole';
    return SYSTEM.test(path) || SYSTEM.test(real) ? 'system' : 'ordinary';
  }

  function belowHome(path: string): string | undefined {
    if (home !== undefined && isBelow(path, home)) return path.slice(home.length);
    return /^(?:\/home\/[^/]+|\/Users\/[^/]+|\/root)(\/.*)$/.exec(path)?.[1];
  }

  function startsPrograms(path: string): boolean {
    return SYSTEM_STARTUP.test(path) || STARTUP.test(belowHome(path) ?? '');
  }

  /** A pattern counts where it may mean such a place. */
  function isSecret(path: string): boolean {
    if (SECRET_FILES.test(path)) return true;
    const segments =
      belowHome(path)
        ?.split(/[/\\]/)
        .filter((segment) => segment !== '') ?? [];
    return SECRET_PLACES.some((place) => place.length <= segments.length && place.every((name, index) => mayMean(segments[index]!, name)));
  }

  function holdsWorkspace(path: string): boolean {
    return root !== undefined && isBelow(root, path);
  }

  function shownAs(path: string, inside: boolean): string {
    if (inside) return readable(relative(root!, path) || '.');
    return readable(home && isBelow(path, home) ? `~${path.slice(home.length)}` : path);
  }

  function isBelow(path: string, folder: string): boolean {
    const [low, high] = windows ? [path.toLowerCase(), folder.toLowerCase()] : [path, folder];
    return low === high || low.startsWith(high.endsWith(sep) ? high : high + sep);
  }

  /** As the kernel walks it: a link is followed before the `..` behind it. */
  function follow(path: string): string {
    const cached = followed.get(path);
    if (cached !== undefined) return cached;
    const top = windows ? (/^[A-Za-z]:[\\/]/.exec(path)?.[0] ?? sep) : sep;
    let current = top;
    let exists = true;
    for (const segment of path.slice(top.length).split(/[/\\]+/)) {
      if (segment === '' || segment === '.') continue;
      if (segment === '..') {
        current = dirname(current);
        continue;
      }
      const next = join(current, segment);
      const real: string | undefined = exists && !/[*?]/.test(segment) ? realpath(next) : undefined;
      exists = real !== undefined;
      current = real ?? next;
    }
    followed.set(path, current);
    return current;
  }

  function bare(path: string): string {
    return path.length > 1 && /[^/\\:][/\\]+$/.test(path) ? path.replace(/[/\\]+$/, '') : path;
  }
}

/** A file name pattern's stars and brackets, taken generously; linear, since every part is looked for once. */
function mayMean(pattern: string, name: string): boolean {
  if (!/[*?[{]/.test(pattern)) return pattern === name;
  const [first = '', ...rest] = pattern.split(/\*+|\?|\[[^\]]*\]|\{[^}]*\}/);
  if (pattern.startsWith('*') && name.startsWith('.')) return false;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return true;
}

function onDisk(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}
