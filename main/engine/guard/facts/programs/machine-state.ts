/** What is set for the whole machine, or for all programs of a user: asked about where it is changed, and not where it is looked at. */

import { type Program, rows, type Said, type When } from './program.ts';
import { lasting, shown } from './publishing.ts';

const CHANGED: readonly Said[] = [{ effect: 'privilege', risk: 'risk', says: 'changes this machine ({command})' }];
const DISK: readonly Said[] = [{ effect: 'destructive', risk: 'risk', says: 'rewrites a disk ({command})' }];
const LOST: readonly Said[] = [{ effect: 'destructive', risk: 'risk', says: 'deletes what this machine has kept ({command})' }];
const INSTALLS: readonly Said[] = [{ effect: 'install-package', risk: 'watch', says: 'installs {operands} on this machine' }];
const AS_ANOTHER: readonly Said[] = [{ effect: 'privilege', risk: 'risk', says: 'runs as another user ({command})' }];
/** Firewalls keep traffic with Holdpoint. */
const FIREWALL: readonly Said[] = [
  {
    effect: 'disable-guard',
    risk: 'risk',
    says: 'takes away rules of this machine’s firewall, which keep traffic with Holdpoint ({command})',
  },
];
const looked = (word: RegExp, then: readonly Said[] = CHANGED, ...before: readonly When[]): Program => ({
  style: 'words',
  when: [...before, { word, effects: [] }, { effects: then }],
});
const changing = (word: RegExp, effects: readonly Said[] = CHANGED): Program => ({ when: [{ word, effects }] });
const NO_OPERANDS: When = { operands: 'none', effects: [] };

export const MACHINE_STATE: Readonly<Record<string, Program>> = {
  // Services of systemd, and what it keeps.
  ...rows('timedatectl hostnamectl localectl loginctl', {
    when: [
      NO_OPERANDS,
      { word: /^enable-linger$/, effects: [...CHANGED, ...lasting('keeps this user’s services running without a login ({command})')] },
      { word: /^(status|show|list-.*|show-.*|.*-status|help)$/, effects: [] },
      { effects: CHANGED },
    ],
  }),
  journalctl: { when: [{ word: /^--(vacuum|rotate|flush|relinquish|setup-keys)/, effects: LOST }] },
  dmesg: { when: [{ options: '-C --clear -c --read-clear -D -E -n', effects: LOST }] },
  logrotate: { when: [{ options: '-d --debug', effects: [] }, { effects: LOST }] },
  ...rows('machinectl portablectl homectl', looked(/^(list.*|status|show.*|inspect|authenticate)$/)),
  ...rows('busctl gdbus dbus-send qdbus', {
    when: [
      { word: /^(list|tree|status|introspect|monitor|get-property)$|Introspect|\.Get(All)?$|ListNames|\.Peer\.Ping/, effects: [] },
      { word: /Notifications/, effects: [] },
      {
        word: /^(call|set-property|emit)$|^--(dest|print-reply|type|method)/,
        effects: [{ effect: 'unresolved', risk: 'watch', says: 'tells another program what to do ({command})' }],
      },
    ],
  }),
  // Kernel, modules, start of the machine.
  sysctl: changing(/=|^-w$|^-p|^--(system|load|write)/),
  ...rows(
    'insmod rmmod kextload kextunload kmutil depmod update-grub grub-install grub-mkconfig update-initramfs mkinitcpio dracut kexec mokutil sbctl bootctl',
    {
      when: [{ word: /^(-n|--dry-run|status|list|--list.*|--sb-state|showloaded|inspect)$/, effects: [] }, { effects: CHANGED }],
    },
  ),
  modprobe: looked(/^(-n|--dry-run|--show-depends|-D|-c|--showconfig)$/),
  efibootmgr: { when: [{ options: '-B -c -o -n -O -b -A -a -t', effects: CHANGED }] },
  nvram: looked(/^(-p|-xp)$/),
  pmset: looked(/^-g$/),
  csrutil: looked(/^status$/),
  spctl: looked(/^(--status|--assess|-a|-s)$/),
  ...rows('networksetup systemsetup', looked(/^-(list|get|show|print|is|version|help)/)),
  dscl: looked(/^(-?read|-?list|-?ls|-?cat|-?readall|-?search)$/),
  ...rows(
    'tccutil sysadminctl dseditgroup fdesetup profiles mdutil bless startosinstall',
    looked(/^(status|list|show|-s|-sv|-l|-P|read|checkmember)$/),
  ),
  softwareupdate: looked(/^(-l|--list|--history)$/),
  installer: looked(/^-(dominfo|volinfo|pkginfo|query)$/, INSTALLS),
  hdiutil: changing(/^(erasekeys|resize|burn|partition)$/, DISK),
  scutil: changing(/^--set$/),
  // Network.
  hostname: {
    when: [
      { options: '-F --file -b', effects: CHANGED },
      { operands: 'some', without: '-i -I -f -d -s -a -A', effects: CHANGED },
    ],
    gives: 'identity',
  },
  ip: { when: [{ word: /^(add|del|delete|set|flush|change|replace|append|exec)$/, effects: CHANGED }], gives: 'identity' },
  ifconfig: {
    when: [{ word: /^(up|down|netmask|add|delete|alias|-alias|mtu|ether|promisc|hw|create|destroy|inet6?)$/, effects: CHANGED }],
    gives: 'identity',
  },
  route: { when: [{ word: /^(add|del|delete|flush|change)$/, effects: CHANGED }] },
  nmcli: {
    when: [{ word: /^(add|modify|delete|up|down|connect|disconnect|edit|on|off|hotspot|import|clone|reload|hostname)$/, effects: CHANGED }],
  },
  ethtool: { style: 'words', when: [{ options: '-s -K -G -A -E -C -L -N -X -U -f --change --offload --flash', effects: CHANGED }] },
  ...rows('tc brctl bridge', changing(/^(add|del|delete|change|replace|set|addbr|delbr|addif|delif|flush)$/)),
  ...rows(
    'iw iwconfig rfkill wpa_cli bluetoothctl airport',
    changing(
      /^(set|block|unblock|connect|disconnect|remove|pair|trust|power|discoverable|essid|key|mode|del|add|up|down|-z|--disassociate)$/,
    ),
  ),
  iwctl: changing(/^(connect|disconnect|forget|set-property)$/),
  ...rows('wg wg-quick openvpn openconnect vpnc nordvpn protonvpn-cli mullvad expressvpn warp-cli zerotier-cli pptp strongswan ipsec', {
    when: [
      { word: /^(show|status|list|--version|settings|info|genkey|pubkey|genpsk)$/, effects: [] },
      { effects: [...CHANGED, { effect: 'disable-guard', risk: 'risk', says: 'changes by which way programs go out ({command})' }] },
    ],
  }),
  ...rows('iptables ip6tables nft ufw pfctl firewall-cmd ebtables ipset iptables-restore nft-restore', {
    style: 'words',
    when: [
      {
        word: /^(-F|--flush|-X|-D|--delete|-Z|flush|delete|reset|disable|-P|--policy|-d|--panic-off|destroy)$/,
        effects: [...CHANGED, ...FIREWALL],
      },
      { word: /^(-\w*L\w*|--list.*|-S|--list-rules|list|status|show|--state|--get-.*|-s\w*)$/, effects: [] },
      { effects: CHANGED },
    ],
  }),
  // Users and their rights.
  ...rows(
    'useradd userdel groupadd groupdel groupmod usermod adduser deluser addgroup delgroup chpasswd visudo vigr vipw gpasswd newgrp chfn newusers pwck grpck pwconv pw chage faillock pam-auth-update authselect setcap setfacl xhost',
    {
      when: [
        { options: '-l -S --status --list --check -c', operands: 'some', word: /^(-l|-S|--status|--list|--check|-c)$/, effects: [] },
        { effects: CHANGED },
      ],
    },
  ),
  passwd: looked(/^(-S|--status)$/),
  chsh: looked(/^(-l|--list-shells)$/),
  getent: { when: [{ word: /^g?shadow$/, effects: shown('shows the hashes of passwords ({command})') }], gives: 'identity' },
  ...rows('run0 sudo-rs sudoedit please dzdo gosu su-exec setpriv capsh kdesu kdesudo gksu gksudo lxsudo super calife ksu sesu op-sudo', {
    wraps: { loose: true },
    effects: AS_ANOTHER,
  }),
  ...rows('systemd-nspawn schroot lxc-attach lxc-execute arch-chroot ns-enter', { wraps: { loose: true }, effects: AS_ANOTHER }),
  ...rows('auditctl semanage setsebool restorecon chcon apparmor_parser aa-complain aa-enforce', looked(/^(-l|-s|-n|list|-v)$/)),
  // Which program answers to a name, and where packages come from.
  ...rows('update-alternatives alternatives', looked(/^--(display|list|query|get-selections|help)$/)),
  ...rows(
    'dpkg-reconfigure dpkg-divert dpkg-statoverride apt-key add-apt-repository apt-add-repository apt-mark rpmkeys debconf-set-selections tasksel locale-gen',
    {
      when: [{ word: /^(show.*|list|--list|--listpackage|--truename|--list-tasks|-l)$/, effects: [] }, { effects: CHANGED }],
    },
  ),
  ldconfig: looked(/^(-p|--print-cache|-N)$/),
  ...rows(
    'xbps-install xbps-remove pkg_add pkg_delete emerge eopkg swupd opkg rpm-ostree slackpkg installpkg removepkg urpmi urpme guix yay paru pamac pikaur trizen',
    {
      when: [
        {
          word: /^(-Q\w*|-Ss\w*|-Si\w*|search|info|list|show|status|-s|--search|-p|--pretend|-pv|describe|shell|environment|build|-l)$/,
          effects: [],
        },
        { word: /^(-R\w*|remove|uninstall|delete|unmerge|-C|--unmerge|--depclean|rollback)$/, effects: LOST },
        { effects: INSTALLS },
      ],
    },
  ),
  pkg: {
    when: [
      { word: /^(install|add|upgrade)$/, effects: INSTALLS },
      { word: /^(delete|remove|autoremove)$/, effects: LOST },
    ],
  },
  'xcode-select': looked(/^(-p|--print-path|-v|--version)$/),
  // Queues of mail and of printers.
  postsuper: { effects: LOST },
  ...rows('exim exim4', { style: 'words', when: [{ word: /^-(Mrm|Mf|Mg|Mmad|Mes|Mar)$/, effects: LOST }] }),
  ...rows('cancel lprm cupsdisable cupsreject lpadmin cupsctl cupsenable cupsaccept lpoptions', {
    when: [{ options: '-l', operands: 'none', effects: [] }, { effects: CHANGED }],
  }),
  'qemu-img': { when: [{ word: /^(resize|commit|rebase|amend)$|^-d$|^-a$/, effects: LOST }] },
  // Disks and file systems.
  swapon: { when: [{ options: '-s --show --summary', effects: [] }, { effects: CHANGED }] },
  losetup: { when: [NO_OPERANDS, { options: '-a --all -l --list -j', effects: [] }, { effects: CHANGED }] },
  ...rows('swapoff umount umount2 fusermount fstrim udevadm udisksctl blockdev kpartx automount', {
    when: [{ word: /^(info|monitor|status|dump|--getsize64|--getsz|--report|-l|test|verify)$/, effects: [] }, { effects: CHANGED }],
  }),
  ...rows(
    'tune2fs resize2fs e2fsck fsck xfs_repair xfs_growfs ntfsfix debugfs lvcreate lvextend lvresize pvcreate vgcreate vgreduce pvresize growpart e2label fatlabel mkpart cfdisk zerofree scrub nwipe dban hdparm sg_format sedutil-cli',
    {
      when: [{ options: '-n -N -l -V', effects: [] }, { effects: DISK }],
    },
  ),
  smartctl: { when: [{ options: '-s -t --test --smart', effects: CHANGED }] },
  ...rows(
    'cpupower tuned-adm x86_energy_perf_policy ryzenadj nvidia-settings',
    looked(/^(frequency-info|idle-info|info|list|active|-q|--query)$/),
  ),
  'nvidia-smi': { when: [{ options: '-r --gpu-reset -pl --power-limit -pm -e -mig -ac -rac -c', effects: CHANGED }] },
  ...rows('gsettings dconf xdg-mime xdg-settings kwriteconfig5 kwriteconfig6', {
    when: [
      { word: /^(get|list.*|read|dump|query|check|describe|range|writable|monitor)$/, effects: [] },
      { word: /proxy/i, effects: [{ effect: 'disable-guard', risk: 'risk', says: 'changes by which way programs go out ({command})' }] },
      {
        word: /^(set|write|reset|reset-recursively|load|default)$/,
        effects: [{ effect: 'write-outside', risk: 'watch', says: 'changes the settings of programs ({command})' }],
      },
    ],
  }),
};
