/** What looks into other programs, listens in, searches other machines, or writes into hardware. */

import { type Program, rows, type Said } from './program.ts';
import { shown } from './publishing.ts';

const FLASHES: readonly Said[] = [{ effect: 'destructive', risk: 'risk', says: 'rewrites what a device holds ({command})' }];
const RUNS: readonly Said[] = [{ effect: 'runs-code', says: 'runs {command}' }];
const LISTENS: readonly Said[] = [
  { effect: 'privilege', risk: 'risk', says: 'listens in on what this machine says or shows ({command})' },
  { effect: 'read', risk: 'risk', says: 'listens in on what this machine says or shows ({command})' },
];
const ATTACKS: readonly Said[] = [{ effect: 'network', risk: 'risk', says: 'searches or attacks other machines ({command})' }];
const MEMORY = shown('takes what another program has in memory, passwords and keys too ({command})');
const flashing = (word: RegExp): Program => ({ effects: RUNS, when: [{ word, effects: FLASHES }] });

export const DEVICES: Readonly<Record<string, Program>> = {
  adb: {
    effects: RUNS,
    commands: {
      shell: {
        special: 'remote-shell',
        when: [{ word: /\b(clear|uninstall|reboot|recovery|wipe\w*|svc|disable\S*)\b/, effects: FLASHES }],
      },
      ...rows('uninstall reboot sideload root remount disable-verity restore', { effects: FLASHES }),
      pull: { operands: 'list' },
      '*': {},
    },
  },
  ...rows('fastboot heimdall', {
    when: [{ word: /^(devices|getvar|help|--version|detect|print-pit)$/, effects: RUNS }, { effects: FLASHES }],
  }),
  ...rows('idevicerestore idevicebackup2 ideviceinstaller cfgutil', {
    when: [{ word: /^(-l|list|--list|list-apps|info|backup)$/, effects: RUNS }, { effects: FLASHES }],
  }),
  ...rows('esptool.py esptool', flashing(/^(erase[_-]\w+|write[_-]\w+|burn\w*)$/)),
  ...rows('espefuse.py espefuse', flashing(/^(burn|write)[_-]\w+$/)),
  ...rows('avrdude', flashing(/^-U|^-e$|^(flash|eeprom|l?h?fuse|lock):w/)),
  ...rows('st-flash dfu-util flashrom nrfjprog openocd JLinkExe bossac picotool teensy_loader_cli pyocd probe-rs stm32flash', {
    when: [
      { word: /^(-l|--list|list|info|probe|read|reset|-r|--read|verify|gdbserver|--version|run|attach)$/, effects: RUNS },
      { word: /erase|program|write|^-w$|^-D$|^-e$|^load$|^flash$|^download$|mass|--recover/, effects: FLASHES },
      { effects: RUNS },
    ],
  }),
  ...rows(
    'fwupdmgr fwupdtool ipmitool racadm storcli megacli ledctl efivar tpm2_clear setpci i2cset flash_erase nandwrite mtd_debug fw_setenv',
    {
      when: [{ word: /^(get-.*|list|show|status|sdr|sel|info|-l|--list|fru|sensor|-p|getsysinfo)$/, effects: RUNS }, { effects: FLASHES }],
    },
  ),
  // Other programs' memory.
  ...rows('gcore procdump memdump avml fmem dumpit lime pypykatz mimikatz rekall volatility vol.py truffleproc', { effects: MEMORY }),
  coredumpctl: { when: [{ word: /^(dump|gdb|debug)$/, effects: MEMORY }] },
  ...rows('jmap jcmd', { effects: RUNS, when: [{ word: /dump/i, effects: MEMORY }] }),
  frida: { effects: MEMORY },
  // What goes over the wire, over the keys, onto the screen.
  ...rows(
    'tcpdump tshark dumpcap ngrep tcpflow ettercap bettercap dsniff arpspoof mitmproxy mitmdump mitmweb wireshark sslstrip responder snort airodump-ng',
    {
      when: [{ options: '-r --version -D -h', effects: RUNS }, { effects: LISTENS }],
    },
  ),
  ...rows(
    'screencapture scrot grim flameshot maim gnome-screenshot spectacle arecord parecord pw-record rec fswebcam imagesnap wf-recorder showkey evtest logkeys xinput xspy libinput xwd',
    {
      when: [{ word: /^(list|--list|--list-devices|list-devices|-l|--version)$/, effects: RUNS }, { effects: LISTENS }],
    },
  ),
  ...rows('xdotool ydotool wtype cliclick osascript-keys dotool', {
    when: [
      {
        word: /^(key|type|keydown|click|windowkill|exec|mousemove|k:|t:|c:)/,
        effects: [{ effect: 'privilege', risk: 'watch', says: 'types or clicks in other programs in your place ({command})' }],
      },
    ],
  }),
  // Other machines.
  ...rows(
    'nmap masscan zmap nikto sqlmap hydra medusa gobuster dirb dirbuster ffuf feroxbuster wpscan msfconsole msfvenom nuclei amass subfinder crackmapexec netexec enum4linux rustscan hping3 ' +
      'aircrack-ng aireplay-ng wfuzz patator commix xsser sqlninja responder.py impacket-secretsdump secretsdump.py evil-winrm ldapsearch-all bloodhound-python snmpwalk-all slowloris',
    {
      when: [
        { word: /^(localhost|127\.\d+\.\d+\.\d+|::1|--version|--help|https?:\/\/(localhost|127\.0\.0\.1)[:/].*)$/, effects: RUNS },
        { effects: ATTACKS },
      ],
    },
  ),
};
