/** Programs that talk to other machines. */

import { type Program, rows } from './program.ts';
import { delivered } from './publishing.ts';

export const NETWORK: Readonly<Record<string, Program>> = {
  curl: {
    special: 'download',
    operands: 'url',
    values:
      '-X --request -H --header -A --user-agent -e --referer -u --user -b --cookie -m --max-time --connect-timeout -w --write-out --retry --retry-delay --retry-max-time -x --proxy -r --range --url-query --resolve --limit-rate --max-redirs -C --continue-at -d --data --data-raw --data-binary --data-urlencode --data-ascii --json -F --form --form-string -T --upload-file --noproxy --preproxy --socks4 --socks4a --socks5 --socks5-hostname --proxy-header --oauth2-bearer --connect-to --interface --url --cert-type --ciphers --retry-max-time --max-filesize --output-dir',
    reads: '-K --config --cacert --cert --key -E',
    writes: '-o --output -D --dump-header -c --cookie-jar --trace --trace-ascii --stderr --etag-save',
    when: [
      {
        word: /^(-X|--request=?)?(POST|PUT|PATCH|DELETE)$/i,
        effects: [{ effect: 'network', risk: 'watch', says: 'asks {host} to change something' }],
      },
    ],
  },
  wget: {
    special: 'download',
    operands: 'url',
    values:
      '-t --tries -T --timeout -U --user-agent --header -e --execute -w --wait -l --level -A -R -P --directory-prefix --user --password --method --post-data --post-file --body-data --body-file',
    reads: '-i --input-file --config',
    helps: '--use-askpass',
    writes: '-O --output-document -o --output-file -a',
    when: [
      {
        word: /^--method=(POST|PUT|PATCH|DELETE)$/i,
        effects: [{ effect: 'network', risk: 'watch', says: 'asks {host} to change something' }],
      },
    ],
  },
  ...rows('aria2c axel', { special: 'download', operands: 'url', values: '-x -s -j', writes: '-o --out -d --dir' }),
  ...rows('http https xh xhs httpie curlie', {
    special: 'httpie',
    values: '-a --auth -o --output --session -p --print -A --auth-type --timeout',
  }),
  ...rows(
    'ping ping6 dig nslookup host whois traceroute mtr drill getent kdig dog resolvectl tracepath fping arping delv finger rusers nbtscan avahi-resolve dns-sd',
    {
      operands: 'host',
      values: '-c -i -W -t -n -p',
    },
  ),
  ...rows('nc ncat netcat socat', { special: 'netcat', values: '-p -s -w -i -x -X', runs: '-e --exec -c --sh-exec' }),
  ...rows('telnet ftp tftp lftp sftp smbclient ncftpput websocat wscat', {
    when: [
      { word: /^(wss?:\/\/)?(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)([:/].*)?$/, effects: [] },
      { effects: [{ effect: 'network', risk: 'watch', says: 'opens a connection to {host}' }] },
    ],
    operands: 'host',
    special: 'sends-stdin',
  }),
  ssh: {
    special: 'ssh',
    values: '-b -c -D -E -e -F -I -i -J -L -l -m -O -o -p -Q -R -S -W -w -B',
  },
  ...rows('scp', { operands: 'remote-copy', values: '-P -i -F -l -J -c', helps: '-S -D' }),
  rsync: {
    operands: 'remote-copy',
    rehearses: '-n',
    values: '--exclude --include --filter -f --bwlimit --port --max-size',
    helps: '-e --rsh --rsync-path',
    when: [
      {
        options: '--delete --delete-after --delete-before --delete-during --delete-excluded --remove-source-files',
        effects: [{ effect: 'destructive', risk: 'watch', says: 'deletes what the other side does not have ({command})' }],
      },
    ],
  },
  'ssh-add': { operands: 'read', values: '-t -s -e -S -h -H' },
  'ssh-keygen': { special: 'ssh-keygen', values: '-f -t -b -C -N -P -m -E -F -H -R -I -n -s -V -O -Y' },
  'ssh-keyscan': { operands: 'host', values: '-t -p' },
  ...rows('ssh-copy-id', { operands: 'host', effects: [{ effect: 'network', risk: 'risk', says: 'puts a key on {host} to log in with' }] }),
  ...rows('ngrok cloudflared lt localtunnel bore frpc zrok tailscale serveo pagekite chisel', {
    effects: [{ effect: 'network', risk: 'watch', says: 'opens this machine to the internet ({command})' }],
  }),
  ...rows('mail mailx sendmail mutt neomutt msmtp swaks s-nail ssmtp', {
    special: 'mail',
    values: '-s --subject -a -A --attach -c -b -r -f -S --to --from --body --server',
    effects: [{ effect: 'network', risk: 'watch', says: 'sends mail ({command})' }],
  }),
  ...rows('pastebinit ix sprunge gist croc wormhole ffsend transfer magic-wormhole onionshare file.io', {
    special: 'sends-files',
    effects: delivered('hands files to a service on the internet ({command})'),
  }),
  ...rows('nmap masscan zmap nikto sqlmap hydra gobuster ffuf nuclei', {
    effects: [{ effect: 'network', risk: 'watch', says: 'searches other machines for ways in ({command})' }],
  }),
  ...rows('tcpdump tshark wireshark ettercap mitmproxy mitmdump bettercap', {
    effects: [{ effect: 'privilege', risk: 'watch', says: 'reads along what programs send ({command})' }],
  }),
  ...rows('logger', {
    when: [
      { options: '-n --server', effects: [{ effect: 'network', risk: 'watch', says: 'sends log lines to another machine ({command})' }] },
    ],
  }),
  ...rows('youtube-dl yt-dlp', { effects: [{ effect: 'network', says: 'fetches {operands}' }] }),
  'lwp-download': { special: 'download', operands: 'url' },
  ...rows('open xdg-open start', { operands: 'url', effects: [{ effect: 'runs-code', says: 'opens {operands} in its program' }] }),
};
