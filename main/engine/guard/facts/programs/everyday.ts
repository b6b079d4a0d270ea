/** Programs of an ordinary shell session: printing, reading, writing and deleting files. */

import { type Program, rows } from './program.ts';
import { shown } from './publishing.ts';

const HEAD = '-n --lines -c --bytes';

export const EVERYDAY: Readonly<Record<string, Program>> = {
  ...rows('true false : test [ [[ sleep wait jobs fg bg times return exit logout break continue clear tput stty', {
    gives: 'nothing',
  }),
  ...rows('unalias getopts ulimit umask shopt setopt unsetopt compgen disown help let', { gives: 'nothing' }),
  man: { values: '-s -S -M', runs: '-P --pager' },
  ps: {
    when: [
      { only: /^[auxwfjl]*e[auxwfjl]*$/, effects: shown('shows the variables of running programs, passwords and keys too ({command})') },
    ],
  },
  pgrep: { gives: 'name', values: '-u -U -g -t' },
  complete: { runs: '-C', values: '-A -G -W -F -P -S -X -o' },
  bind: { when: [{ options: '-x', effects: [{ effect: 'unresolved', risk: 'watch', says: 'gives a key a command ({command})' }] }] },
  enable: { when: [{ options: '-f', effects: [{ effect: 'unresolved', risk: 'risk', says: 'makes the shell load code ({command})' }] }] },
  hash: {
    when: [{ options: '-p', effects: [{ effect: 'unresolved', risk: 'watch', says: 'gives a program another’s name ({command})' }] }],
  },
  unset: { special: 'unset' },
  date: {
    gives: 'name',
    values: '-d --date -r --reference -f',
    when: [{ options: '-s --set', effects: [{ effect: 'privilege', risk: 'watch', says: 'sets this machine’s clock ({command})' }] }],
  },
  ...rows('nproc arch tty basename seq cal uuidgen', { gives: 'name' }),
  ...rows('whoami id groups uname logname who w last users sw_vers dmidecode hostid lastlog', { gives: 'identity' }),
  printenv: { special: 'environment' },
  ...rows('pbpaste wl-paste xclip xsel', { gives: 'private' }),
  ...rows('pbcopy wl-copy', { gives: 'nothing' }),
  ...rows(
    'expr factor locale getconf lsb_release which type whereis info top free df lsof uptime yes lscpu lsblk vmstat iostat pstree tldr cowsay',
    {},
  ),
  history: {
    when: [
      { options: '-c -d -w -p', effects: [{ effect: 'destructive', risk: 'watch', says: 'changes the shell’s history ({command})' }] },
    ],
  },
  ...rows('dirname', { special: 'dirname' }),
  ...rows('pwd', { special: 'pwd' }),
  ...rows('echo printf print', { special: 'echo', values: '-v' }),

  ...rows('tac', { operands: 'read', special: 'decoder' }),
  ...rows('zcat gzcat', { operands: 'read', special: 'decoder' }),
  ...rows('cat bat batcat nl bzcat xzcat zstdcat lz4cat', {
    operands: 'read',
    special: 'cat',
    values: '-l --language --theme --style -r --line-range',
  }),
  ...rows('head tail', { operands: 'read', values: HEAD, special: 'decoder' }),
  ...rows('cut rev', { operands: 'read', values: '-d --delimiter -f --fields -c --characters -b', special: 'decoder' }),
  ...rows('less more zless', { operands: 'read', special: 'editor-commands' }),
  ...rows('ls dir eza exa tree stat file readlink realpath lsd', { operands: 'list', values: '-L -I -P --format -c', gives: 'paths' }),
  ...rows('wc du cksum md5sum sha1sum sha256sum sha512sum b2sum shasum md5 sum', {
    gives: 'measure',
    operands: 'read',
    values: '-a -d --max-depth',
  }),
  ...rows('od hexdump hd', { operands: 'read', values: '-A -j -N -S -t -w -n -s -e -f' }),
  ...rows('strings diff cmp comm paste join fold fmt column expand nm ldd otool size colordiff delta', {
    operands: 'read',
    values: '-d -f -c -w -s -t -U -L -x -I -n -N -A -j',
    gives: 'stdin',
  }),
  xxd: { style: 'words', operands: 'read', values: '-l -s -c', special: 'decoder' },
  tr: { special: 'decoder' },
  iconv: { operands: 'read', values: '-f -t', writes: '-o', gives: 'stdin' },
  uniq: { operands: 'read', values: '-f -s -w', gives: 'stdin' },
  sort: { operands: 'read', values: '-k -t -S -T --parallel', writes: '-o --output', helps: '--compress-program', gives: 'stdin' },
  ...rows('grep egrep fgrep zgrep', {
    operands: 'text-then-read',
    values: '-e -A -B -C -m --include --exclude --exclude-dir -d',
    reads: '-f --file',
  }),
  ...rows('rg ag ack', {
    operands: 'text-then-read',
    values: '-e -A -B -C -m -g --glob -t --type -T -j --max-depth --sort -r --replace',
    reads: '-f',
    helps: '--pre --hostname-bin',
  }),
  ...rows('jq yq gron xmllint', { operands: 'text-then-read', values: '--arg --argjson --indent', reads: '-f --from-file' }),
  ...rows('fd fdfind', {
    special: 'fd',
    style: 'words',
    values: '-e -t -d -E --extension --type --max-depth --exclude -S --size --changed-within -o',
  }),
  ...rows('cloc tokei scc', { operands: 'read' }),
  ...rows('awk gawk mawk nawk', { operands: 'text-then-read', values: '-F -v', reads: '-f', special: 'awk' }),
  ...rows('sed gsed', { operands: 'text-then-read', values: '-e --expression', reads: '-f', special: 'sed' }),
  ...rows('base64 base32 gbase64 basenc', { operands: 'read', values: '-w --wrap', special: 'decoder' }),
  ...rows('uuencode uudecode base58', { operands: 'read' }),
  find: { style: 'words', special: 'find' },

  ...rows('touch mkdir mkfifo', { operands: 'write', values: '-m --mode -d -t -r', gives: 'nothing' }),
  tee: { operands: 'write', special: 'tee' },
  mktemp: { values: '--suffix', goes: '-p --tmpdir', operands: 'write', gives: 'scratch' },
  ...rows('cp gcp ditto', { operands: 'read-then-write', writes: '-t --target-directory', gives: 'nothing' }),
  install: { operands: 'read-then-write', writes: '-t --target-directory', values: '-m -o -g', gives: 'nothing' },
  ln: { operands: 'link-then-write', writes: '-t --target-directory', gives: 'nothing' },
  ...rows('mv gmv', { operands: 'move-then-write', writes: '-t --target-directory', gives: 'nothing' }),
  ...rows('gzip gunzip', {
    operands: 'write',
    special: 'decoder',
    when: [{ options: '-d --decompress -c --stdout', operands: 'none', effects: [] }],
  }),
  ...rows('bzip2 bunzip2 xz unxz zstd unzstd lz4 brotli pigz pbzip2 lzma compress uncompress', {
    operands: 'write',
    when: [{ options: '-d --decompress -c --stdout', operands: 'none', effects: [] }],
    gives: 'stdin',
  }),
  ...rows('tar gtar bsdtar', {
    special: 'extract',
    values: '-b --exclude --strip-components -T',
    helps: '--to-command --use-compress-program -I --rsh-command -F --info-script --new-volume-script',
  }),
  ...rows('unzip unar bsdcpio', { special: 'extract', values: '-x' }),
  ...rows('7z 7za 7zz rar', { special: 'zip', style: 'words' }),
  zip: { special: 'zip', style: 'words', values: '-P -x -i -b', helps: '-TT --unzip-command' },
  ...rows('cpio pax', { operands: 'read', values: '-F -D' }),
  ...rows('patch apply_patch applypatch', { special: 'apply-patch', values: '-p', reads: '-i --input', goes: '-d --directory' }),
  split: { operands: 'read-then-write', values: '-b --bytes -C -l --lines -n -a', runs: '--filter' },
  sponge: { operands: 'write' },
  ...rows('chmod chown chgrp chflags', { operands: 'text-then-write', special: 'recursive-change' }),
  xattr: {
    operands: 'text-then-write',
    when: [
      {
        word: /quarantine/,
        effects: [{ effect: 'privilege', risk: 'watch', says: 'lets something from elsewhere run unchecked ({command})' }],
      },
    ],
  },
  ...rows('rename prename perl-rename mmv qmv', { operands: 'text-then-write', values: '-e -E', rehearses: '-n --no-act --nono' }),
  ...rows('dos2unix unix2dos fromdos todos detox convmv jpegoptim optipng vidir', { operands: 'write', rehearses: '-n --dry-run' }),
  chattr: { operands: 'text-then-write' },

  ...rows('rm rmdir unlink grm trash del', { operands: 'delete', gives: 'nothing' }),
  ...rows('rimraf del-cli premove rmrf', { operands: 'delete-whole', gives: 'nothing' }),
  ...rows('trash-put trash-cli gtrash rip', { operands: 'delete' }),
  gio: { commands: { trash: { operands: 'delete' }, remove: { operands: 'delete' }, '*': {} } },
  ...rows('shred srm', { operands: 'shred', values: '-n -s' }),
  truncate: { operands: 'empty', values: '-s --size -r' },
  dd: { style: 'words', special: 'dd' },

  ...rows('alias', { special: 'alias', gives: 'nothing' }),
  ...rows('export declare typeset local readonly', { special: 'declare' }),
  set: { special: 'set' },
  shift: { special: 'shift', gives: 'nothing' },
  read: { special: 'read', values: '-p -n -N -t -d -u -i -a' },
  ...rows('mapfile readarray', { special: 'read', runs: '-C', values: '-c -n -O -s -u -d' }),
  ...rows('cd pushd chdir', { special: 'cd', gives: 'nothing' }),
  popd: { special: 'cd', gives: 'nothing' },
  ...rows('source .', { special: 'source' }),
  eval: { special: 'eval' },
  trap: { special: 'trap', gives: 'nothing' },
};
