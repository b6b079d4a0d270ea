/** Programs that talk to other machines. */

import { type Program, rows, type When } from './program.ts';

const sends = (options: string): When => ({
  options,
  effects: [{ effect: 'network', risk: 'watch', says: 'sends data to {host}' }],
});

const published = (what: string) =>
  [
    { effect: 'network', risk: 'watch', says: `publishes ${what}, which cannot be taken back` },
    { effect: 'destructive', risk: 'risk', says: `publishes ${what}, which cannot be taken back` },
  ] as const;

export const NETWORK: Readonly<Record<string, Program>> = {
  curl: {
    special: 'download',
    operands: 'url',
    values:
      '-X --request -H --header -A --user-agent -e --referer -u --user -b --cookie -m --max-time --connect-timeout -w --write-out --retry --retry-delay --retry-max-time -x --proxy -r --range --url-query --resolve --limit-rate --max-redirs -C --continue-at -d --data --data-raw --data-binary --data-urlencode --data-ascii --json -F --form --form-string -T --upload-file --noproxy --preproxy --socks5',
    reads: '-K --config --cacert --cert --key -E',
    writes: '-o --output -D --dump-header -c --cookie-jar --trace --trace-ascii --stderr --etag-save',
    when: [
      sends('-d --data --data-raw --data-binary --data-urlencode --data-ascii --json -F --form --form-string -T --upload-file'),
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
    reads: '-i --input-file',
    writes: '-O --output-document -o --output-file -a',
    when: [sends('--post-data --post-file --body-data --body-file')],
  },
  ...rows('aria2c axel', { special: 'download', operands: 'url', values: '-x -s -j', writes: '-o --out -d --dir' }),
  ...rows('http https xh httpie', { operands: 'url', effects: [{ effect: 'network', risk: 'watch', says: 'talks to {host}' }] }),
  ...rows('ping ping6 dig nslookup host whois traceroute mtr drill', { operands: 'host', values: '-c -i -W -t -n -p' }),
  ...rows('nc ncat netcat socat', { special: 'netcat', values: '-p -s -w -i -x -X', runs: '-e --exec -c --sh-exec' }),
  ...rows('telnet ftp tftp lftp sftp', {
    operands: 'host',
    effects: [{ effect: 'network', risk: 'watch', says: 'opens a connection to {host}' }],
  }),
  ssh: {
    special: 'ssh',
    values: '-b -c -D -E -e -F -I -i -J -L -l -m -O -o -p -Q -R -S -W -w -B',
  },
  ...rows('scp', { operands: 'remote-copy', values: '-P -i -F -l -J -c', runs: '-S -D' }),
  rsync: {
    operands: 'remote-copy',
    values: '--exclude --include --filter -f --bwlimit --port --max-size',
    runs: '-e --rsh --rsync-path',
    when: [
      {
        options: '--delete --delete-after --delete-before --delete-during --delete-excluded --remove-source-files',
        effects: [{ effect: 'destructive', risk: 'watch', says: 'deletes what the other side does not have ({command})' }],
      },
    ],
  },
  'ssh-add': { operands: 'read' },
  ...rows('ssh-keygen', { writes: '-f' }),
  ...rows('ssh-copy-id', { operands: 'host', effects: [{ effect: 'network', risk: 'risk', says: 'puts a key on {host} to log in with' }] }),
  gh: {
    commands: {
      auth: {
        when: [
          { word: /^token$|^--show-token$|^-t$/, effects: [{ effect: 'read', risk: 'risk', says: 'shows the key to GitHub ({command})' }] },
          {
            word: /^(login|logout|refresh|setup-git)$/,
            effects: [{ effect: 'network', risk: 'watch', says: 'changes who you are at GitHub ({command})' }],
          },
        ],
      },
      api: {
        values: '-H -q --jq -f -F -X --method --hostname',
        effects: [{ effect: 'network', says: 'asks GitHub' }],
        when: [
          {
            options: '-f -F --field --raw-field --input -X --method',
            effects: [{ effect: 'network', risk: 'watch', says: 'asks GitHub to change something' }],
          },
        ],
      },
      repo: {
        effects: [{ effect: 'network', says: 'asks GitHub' }],
        when: [
          {
            word: /^(delete|archive|edit|rename)$/,
            effects: [{ effect: 'destructive', risk: 'risk', says: 'changes or deletes a repository on GitHub ({command})' }],
          },
          {
            word: /^(create|fork|sync)$/,
            effects: [{ effect: 'network', risk: 'watch', says: 'changes something on GitHub ({command})' }],
          },
        ],
      },
      release: {
        effects: [{ effect: 'network', says: 'asks GitHub' }],
        when: [{ word: /^(create|upload|delete|edit)$/, effects: published('a release on GitHub') }],
      },
      '*': {
        effects: [{ effect: 'network', says: 'asks GitHub' }],
        when: [
          {
            word: /^(delete|merge)$/,
            effects: [{ effect: 'destructive', risk: 'watch', says: 'changes something on GitHub for good ({command})' }],
          },
          {
            word: /^(add|create|edit|close|comment|merge|delete|review|reopen|set|run|rerun|cancel|upload)$/,
            effects: [{ effect: 'network', risk: 'watch', says: 'changes something on GitHub ({command})' }],
          },
        ],
      },
    },
  },
  twine: { commands: { upload: { effects: published('a package to PyPI') }, '*': { operands: 'read' } } },
  ...rows('ngrok cloudflared lt localtunnel bore frpc zrok', {
    effects: [{ effect: 'network', risk: 'watch', says: 'opens this machine to the internet ({command})' }],
  }),
  ...rows('mail mailx sendmail mutt msmtp swaks', {
    effects: [{ effect: 'network', risk: 'watch', says: 'sends mail ({command})' }],
  }),
  'lwp-download': { special: 'download', operands: 'url' },
  ...rows('open xdg-open start', { operands: 'url', effects: [{ effect: 'runs-code', says: 'opens {operands} in its program' }] }),
};
