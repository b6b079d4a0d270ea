/** Programs that run another command, and those that act as somebody else or on the machine itself. */

import { type Program, rows } from './program.ts';

const SUDO = [{ effect: 'privilege', risk: 'risk', says: 'runs as administrator ({name})' }] as const;
const DOWN = [{ effect: 'destructive', risk: 'risk', says: 'shuts this machine down or restarts it' }] as const;
const DISK = [{ effect: 'destructive', risk: 'risk', says: 'rewrites a disk ({command})' }] as const;
const SERVICE = [{ effect: 'privilege', risk: 'watch', says: 'changes what runs on this machine ({command})' }] as const;
const CALM = /^(status|list|list-units|show|is-active|is-enabled|cat|print|list-timers|--version)$/;

export const WRAPPERS: Readonly<Record<string, Program>> = {
  ...rows('command builtin noglob nocorrect', {
    wraps: {},
    when: [{ options: '-v -V', effects: [] }],
  }),
  ...rows('nohup setsid ionice caffeinate unbuffer busybox toybox chronic tsocks proxychains catchsegv faketime gtime', {
    wraps: {},
    values: '-c -n -p -w',
  }),
  time: { wraps: {}, values: '-f --format', writes: '-o --output' },
  exec: { wraps: {}, values: '-a' },
  nice: { wraps: {}, values: '-n --adjustment' },
  stdbuf: { wraps: {}, values: '-i -o -e' },
  ...rows('timeout gtimeout', { wraps: { skip: 1 }, values: '-s --signal -k --kill-after' }),
  taskset: { wraps: { skip: 1 } },
  flock: { wraps: { skip: 1 }, values: '-w -E', runs: '-c --command' },
  chrt: { wraps: { skip: 1 } },
  env: { wraps: { assignments: true }, values: '-u --unset', goes: '-C --chdir', runs: '-S --split-string' },
  dotenv: { wraps: {}, values: '-e -f' },
  'cross-env': { wraps: { assignments: true } },
  watch: { wraps: { text: true }, values: '-n --interval' },
  entr: { wraps: {} },
  ...rows('strace ltrace', { wraps: {}, values: '-e -p -s', writes: '-o' }),
  ...rows('xvfb-run dbus-run-session', { wraps: {}, values: '-n -s -e' }),
  script: { operands: 'write', runs: '-c --command' },
  parallel: { wraps: { text: true }, values: '-j --jobs' },
  xargs: { special: 'xargs', values: '-I -i -n -P -d -L -a -E -s --max-args --max-procs --delimiter --replace' },

  sudo: {
    wraps: { assignments: true },
    values: '-u --user -g --group -h --host -p --prompt -C -r -t -T -U -D -R',
    effects: SUDO,
  },
  ...rows('doas pkexec runas gsudo', { wraps: {}, values: '-u -C --user', effects: SUDO }),
  su: {
    values: '-s -g -G',
    runs: '-c --command',
    effects: [{ effect: 'privilege', risk: 'risk', says: 'runs as another user ({command})' }],
  },
  runuser: { wraps: {}, values: '-u -g', runs: '-c --command', effects: SUDO },
  ...rows('chroot unshare nsenter', {
    wraps: { skip: 1 },
    effects: [{ effect: 'privilege', risk: 'risk', says: 'leaves the ordinary system ({command})' }],
  }),
  ...rows(
    'setcap insmod modprobe rmmod sysctl visudo useradd networksetup usermod userdel groupadd passwd chpasswd adduser dscl iptables nft ufw pfctl csrutil spctl mount umount',
    {
      effects: [{ effect: 'privilege', risk: 'risk', says: 'changes this machine ({command})' }],
    },
  ),
  systemctl: {
    when: [
      { word: CALM, effects: [] },
      { operands: 'some', effects: SERVICE },
    ],
  },
  ...rows('launchctl service', {
    when: [
      { word: CALM, effects: [] },
      { operands: 'some', effects: SERVICE },
    ],
  }),
  crontab: {
    values: '-u',
    when: [
      { options: '-l', effects: [] },
      { operands: 'some', effects: [{ effect: 'write-outside', risk: 'risk', says: 'changes what this machine runs on a schedule' }] },
      { effects: [{ effect: 'write-outside', risk: 'risk', says: 'changes what this machine runs on a schedule' }] },
    ],
  },
  ...rows('tmux screen', {
    effects: [{ effect: 'unresolved', risk: 'watch', says: 'runs what a terminal of its own is given ({command})' }],
  }),
  // Agents of their own: what they ask their models is held as well, but not what they are told to trust.
  ...rows('claude codex gemini opencode cursor-agent copilot', {
    effects: [{ effect: 'runs-code', says: 'starts another agent ({command})' }],
    when: [
      {
        word: /^(config|mcp|plugin|plugins|hooks|extensions|install|login|logout|setup-token)$/,
        effects: [{ effect: 'write-outside', risk: 'risk', says: 'changes an agent’s own settings ({command})' }],
      },
    ],
  }),
  holdpoint: {
    commands: {
      ...rows('status doctor inspect policy demo help', {}),
      '*': { effects: [{ effect: 'privilege', risk: 'risk', says: 'uses or changes Holdpoint in your place ({command})' }] },
    },
  },
  ...rows('powershell pwsh cmd', {
    effects: [{ effect: 'unresolved', risk: 'watch', says: 'can’t be told before it runs: this version does not read {name} commands' }],
  }),
  ...rows('at batch', { effects: [{ effect: 'unresolved', risk: 'risk', says: 'leaves commands to be run later' }] }),

  ...rows('kill pkill killall skill', {
    style: 'words',
    special: 'kill',
    when: [
      { word: /^-1$/, effects: [{ effect: 'destructive', risk: 'risk', says: 'ends every program of this user ({command})' }] },
      { options: '-l -0', effects: [] },
    ],
  }),
  ...rows('shutdown reboot halt poweroff telinit init', { effects: DOWN }),
  ...rows('mkfs mke2fs mkswap wipefs fdisk sfdisk parted sgdisk blkdiscard cryptsetup newfs zpool badblocks mdadm dmsetup', {
    effects: DISK,
  }),
  diskutil: { when: [{ word: /^(list|info)$/, effects: [] }, { effects: DISK }] },
  hdparm: { effects: DISK },
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
  ...rows('schtasks update-rc.d chkconfig rc-update sc', { effects: SERVICE }),
  defaults: {
    when: [
      {
        word: /^(write|delete|import|rename)$/,
        effects: [{ effect: 'write-outside', risk: 'watch', says: 'changes the settings of programs ({command})' }],
      },
    ],
  },
};
