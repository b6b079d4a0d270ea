/** Programs that run another command, and those that act as somebody else or on the machine itself. */

import { type Program, rows } from './program.ts';
import { lasting } from './publishing.ts';

const SUDO = [{ effect: 'privilege', risk: 'risk', says: 'runs as administrator ({name})' }] as const;
const DOWN = [{ effect: 'destructive', risk: 'risk', says: 'shuts this machine down or restarts it' }] as const;
const DISK = [{ effect: 'destructive', risk: 'risk', says: 'rewrites a disk ({command})' }] as const;
const SERVICE = [{ effect: 'privilege', risk: 'watch', says: 'changes what runs on this machine ({command})' }] as const;
const IN_YOUR_PLACE = [
  { effect: 'privilege', risk: 'risk', says: 'uses or changes Holdpoint in your place ({command})' },
  { effect: 'disable-guard', risk: 'risk', says: 'uses or changes Holdpoint in your place ({command})' },
] as const;
const SCHEDULE = [
  { effect: 'write-outside', risk: 'risk', says: 'changes what this machine runs on a schedule' },
  { effect: 'persistence', risk: 'risk', says: 'changes what this machine runs on a schedule' },
] as const;
const GUARD = [{ effect: 'disable-guard', risk: 'risk', says: 'stops or changes Holdpoint ({command})' }] as const;
const CALM =
  /^(status|list|list-units|show|is-active|is-enabled|is-failed|cat|print|list-timers|list-unit-files|list-sockets|list-dependencies|show-environment|get-default|help|blame|--version|reload-or-nothing|procinfo|dumpstate|print-disabled)$/;

export const WRAPPERS: Readonly<Record<string, Program>> = {
  ...rows('command builtin noglob nocorrect', {
    wraps: {},
    when: [{ options: '-v -V', effects: [] }],
  }),
  ...rows(
    'nohup setsid unbuffer busybox toybox chronic catchsegv gtime rlwrap firejail fakeroot proot nvidia-smi-run prime-run eatmydata linux32 linux64 i386 ccache-run systemd-inhibit gnome-session-inhibit xdotool-run',
    {
      wraps: {},
      values: '--bind --ro-bind --dev-bind --tmpfs --setenv --chdir --why --what --who --mode',
    },
  ),
  ...rows('faketime setarch', { wraps: { skip: 1 } }),
  ...rows('bwrap toolbox distrobox flatpak-spawn', { wraps: { loose: true }, style: 'words' }),
  ...rows('concurrently hyperfine', {
    special: 'texts',
    runs: '-p --prepare -c --cleanup -s --setup',
    values:
      '-w --warmup -r --runs -n --names --name -m --min-runs -M --max-runs -N --export-markdown --export-json --export-csv -P -L -D -S --shell',
  }),
  nodemon: { runs: '-x --exec', values: '-w --watch -e --ext -i --ignore --delay -C --cwd', special: 'interpreter' },
  watchexec: { wraps: {}, values: '-w --watch -e --exts -i --ignore -d --debounce -s --signal --shell' },
  reflex: { wraps: {}, values: '-r -R -g -G -d' },
  vagrant: {
    commands: {
      ssh: { runs: '-c --command' },
      destroy: { effects: DISK },
      '*': { effects: [{ effect: 'runs-code', says: 'runs {command}' }] },
    },
  },
  ...rows('nu xonsh elvish osh ysh ion oil murex', { runs: '-c --commands', values: '--config --env-config' }),
  ionice: { wraps: {}, values: '-c -n -p -P -u' },
  caffeinate: { wraps: {}, values: '-t -w' },
  ...rows('tsocks proxychains proxychains4 torify torsocks', {
    wraps: {},
    values: '-f',
    effects: [{ effect: 'disable-guard', risk: 'risk', says: 'goes out by another way than Holdpoint’s ({command})' }],
  }),
  time: { wraps: {}, values: '-f --format', writes: '-o --output' },
  exec: { wraps: {}, values: '-a' },
  nice: { wraps: {}, values: '-n --adjustment' },
  stdbuf: { wraps: {}, values: '-i -o -e' },
  ...rows('timeout gtimeout', { wraps: { skip: 1 }, values: '-s --signal -k --kill-after' }),
  taskset: { wraps: { skip: 1 } },
  flock: { special: 'flock', values: '-w -E --timeout --conflict-exit-code' },
  chrt: { wraps: { skip: 1 } },
  env: { special: 'env', values: '-u --unset -S --split-string', goes: '-C --chdir' },
  ...rows('dotenv dotenvx env-cmd', { wraps: {}, values: '-e -f -p -c' }),
  expect: { special: 'expect', values: '-c' },
  ...rows('dbus-launch', { wraps: {} }),
  direnv: {
    commands: {
      exec: { wraps: { skip: 1 } },
      ...rows('allow permit grant', { effects: lasting('lets .envrc run each time this folder is entered') }),
      '*': {},
    },
  },
  ...rows('systemd-run', {
    special: 'systemd-run',
    values:
      '--unit -u --description --slice -p --property --uid --gid --nice --working-directory -E --setenv --on-calendar --on-active --on-boot --timer-property -M --machine',
  }),
  'cross-env': { wraps: { assignments: true } },
  watch: { wraps: { text: true }, values: '-n --interval' },
  entr: { wraps: {} },
  ...rows('strace ltrace dtruss perf-trace rr-record', { wraps: {}, values: '-e -p -s -E -u', writes: '-o' }),
  ...rows('xvfb-run dbus-run-session', { wraps: {}, values: '-n -s -e' }),
  script: { operands: 'write', runs: '-c --command' },
  parallel: { special: 'parallel', values: '-j --jobs -N -n -I --delay --timeout --colsep -C --joblog --results --retries --wd --tmpdir' },
  xargs: { special: 'xargs', reads: '-a --arg-file', values: '-I -i -n -P -d -L -E -s --max-args --max-procs --delimiter --replace' },

  sudo: {
    wraps: { assignments: true },
    values: '-u --user -g --group -h --host -p --prompt -C -r -t -T -U -D -R',
    when: [
      { options: '-l --list -v --validate -k -K -V', operands: 'none', effects: [] },
      { only: /^(true|:)$/, effects: [] },
      { effects: SUDO },
    ],
  },
  ...rows('doas pkexec runas gsudo', { wraps: {}, values: '-u -C --user', effects: SUDO }),
  su: {
    values: '-s -g -G',
    runs: '-c --command',
    effects: [{ effect: 'privilege', risk: 'risk', says: 'runs as another user ({command})' }],
  },
  runuser: { wraps: {}, values: '-u -g', runs: '-c --command', effects: SUDO },
  chroot: {
    wraps: { skip: 1 },
    values: '--userspec --groups',
    effects: [{ effect: 'privilege', risk: 'risk', says: 'leaves the ordinary system ({command})' }],
  },
  ...rows('unshare nsenter', {
    wraps: {},
    values: '-t --target -S --setuid -G --setgid -R --root -w --wd',
    effects: [{ effect: 'privilege', risk: 'risk', says: 'leaves the ordinary system ({command})' }],
  }),
  mount: {
    when: [
      { operands: 'none', without: '-a --all', effects: [] },
      { effects: [{ effect: 'privilege', risk: 'risk', says: 'changes this machine ({command})' }] },
    ],
  },
  ...rows('systemctl', {
    when: [
      { word: CALM, effects: [] },
      { word: /holdpoint/i, effects: GUARD },
      {
        word: /^(enable|link|edit|add-wants|set-default|preset|reenable|set-environment|import-environment|unmask)$/,
        effects: [...SERVICE, ...lasting('makes a service run by itself ({command})')],
      },
      { operands: 'some', effects: SERVICE },
    ],
  }),
  ...rows('launchctl service rc-service sv s6-svc supervisorctl initctl brew-services', {
    when: [
      { word: CALM, effects: [] },
      { word: /holdpoint/i, effects: GUARD },
      {
        word: /^(load|bootstrap|enable|submit|setenv|config|kickstart|add)$/,
        effects: [...SERVICE, ...lasting('makes a service run by itself ({command})')],
      },
      { operands: 'some', effects: SERVICE },
    ],
  }),
  crontab: {
    values: '-u',
    when: [
      { options: '-l', effects: [] },
      { options: '-r', effects: [...SCHEDULE, { effect: 'destructive', risk: 'risk', says: 'deletes every line of this user’s crontab' }] },
      { effects: SCHEDULE },
    ],
  },
  tmux: { special: 'terminal', values: '-L -S -f -c -s -t -n -x -y -F' },
  screen: { special: 'terminal', values: '-S -s -t -X -p -c -h' },
  ...rows('xterm gnome-terminal konsole alacritty kitty wezterm x-terminal-emulator xfce4-terminal', {
    wraps: {},
    values: '-e -x --title -T --working-directory',
  }),
  // Agents of their own: what they ask their models is held as well, but not what they are told to trust.
  ...rows('claude codex gemini opencode cursor-agent copilot aider goose amp crush qwen droid kiro-cli q', {
    effects: [{ effect: 'runs-code', says: 'starts another agent ({command})' }],
    when: [
      { word: /^(list|get|--version|-v|--help|doctor|status)$/, effects: [] },
      // Of the same name as an agent: database migrations.
      {
        phrase: /^(\S+ \S+ )?(down|down-to|reset|redo)\b/,
        effects: [{ effect: 'destructive', risk: 'risk', says: 'takes a database back ({command})' }],
      },
      {
        word: /^(config|mcp|plugin|plugins|hooks|extensions|install|login|logout|setup-token)$/,
        effects: [
          { effect: 'write-outside', risk: 'risk', says: 'changes an agent’s own settings ({command})' },
          { effect: 'persistence', risk: 'risk', says: 'changes an agent’s own settings ({command})' },
        ],
      },
      {
        word: /^(--dangerously-skip-permissions|--dangerously-bypass-approvals-and-sandbox|--yolo|--full-auto|--allow-dangerously-skip-permissions|--yes-always|--trust-all-tools|--allow-all-tools|bypassPermissions|--permission-mode=bypassPermissions)$/,
        effects: [{ effect: 'unresolved', risk: 'risk', says: 'starts another agent that asks nobody ({command})' }],
      },
    ],
  }),
  holdpoint: {
    commands: {
      ...rows('status doctor inspect policy demo help --version --help', {}),
      settings: { when: [{ word: /^explain$/, effects: [] }, { effects: IN_YOUR_PLACE }] },
      ...rows('run mcp', { wraps: {}, values: '--config --data-dir --name' }),
      '*': { effects: IN_YOUR_PLACE },
    },
  },
  ...rows('powershell pwsh cmd', { style: 'words', special: 'windows' }),
  ...rows('at batch', {
    special: 'at',
    values: '-f -t -q',
    when: [{ options: '-l -c', effects: [] }, { effects: lasting('leaves commands to be run later') }],
  }),
  ...rows('atq atrm anacron', { when: [] }),

  ...rows('kill pkill killall skill', {
    style: 'words',
    special: 'kill',
    when: [
      { word: /^-1$/, effects: [{ effect: 'destructive', risk: 'risk', says: 'ends every program of this user ({command})' }] },
      { options: '-l -0', effects: [] },
    ],
  }),
  ...rows('shutdown reboot halt poweroff telinit init', { effects: DOWN }),
  ...rows('mkfs mke2fs mkswap', {
    values: '-t -L -b -E -O -U -m -N -i',
    operands: 'write',
    when: [
      // An image in a file is a file.
      { only: /^(?!\/dev\/)[\w./~-]*[./~][\w./~-]*$|^\d+[KMGkmg]?$/, effects: [] },
      { effects: DISK },
    ],
  }),
  ...rows('wipefs fdisk sfdisk parted sgdisk blkdiscard cryptsetup newfs zpool badblocks mdadm dmsetup gdisk partprobe nvme', {
    when: [
      { options: '-l --list -p --print -n --no-act', effects: [] },
      { word: /^(print|list|status|get|luksDump|--detail)$/, effects: [] },
      { effects: DISK },
    ],
  }),
  diskutil: { when: [{ word: /^(list|info)$/, effects: [] }, { effects: DISK }] },
  ...rows('lvremove vgremove pvremove lvreduce lvconvert', { effects: DISK }),
  ...rows('zfs btrfs tmutil', {
    when: [
      { word: /^(destroy|delete|deletelocalsnapshots|rollback|send|receive|remove|thinlocalsnapshots|restore|disable)$/, effects: DISK },
      { effects: [{ effect: 'runs-code', says: 'runs {command}' }] },
    ],
  }),
  ...rows('setenforce aa-disable aa-teardown', {
    effects: [{ effect: 'privilege', risk: 'risk', says: 'takes a protection of this machine away ({command})' }],
  }),
  ...rows('schtasks update-rc.d chkconfig rc-update sc', {
    effects: [...SERVICE, ...lasting('makes a service run by itself ({command})')],
  }),
  ...rows('update-ca-certificates update-ca-trust trust certutil mkcert certmgr', {
    style: 'words',
    when: [
      {
        word: /holdpoint/i,
        without: '-L',
        effects: [{ effect: 'disable-guard', risk: 'risk', says: 'changes whether programs trust Holdpoint ({command})' }],
      },
      { options: '-L -H -CAROOT --version', effects: [] },
      { effects: [{ effect: 'privilege', risk: 'watch', says: 'changes whose certificates this machine trusts ({command})' }] },
    ],
  }),
  defaults: {
    when: [
      {
        word: /LoginItems|loginwindow|LaunchAgents|LoginHook/i,
        effects: lasting('makes something run when somebody logs in ({command})'),
      },
      {
        word: /^(write|delete|import|rename)$/,
        effects: [{ effect: 'write-outside', risk: 'watch', says: 'changes the settings of programs ({command})' }],
      },
    ],
  },
};
