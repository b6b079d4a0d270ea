/** Programs that keep passwords and keys. */

import { type Program, rows, type Said } from './program.ts';
import { shown } from './publishing.ts';

const SHOWS = shown('shows a password or key ({command})');
const CHANGES: readonly Said[] = [{ effect: 'network', risk: 'watch', says: 'changes passwords or keys ({command})' }];
const QUIET =
  /^(--version|version|--help|help|status|ls|list|sync|login|logout|lock|generate|gen|init|completion|whoami|account|signin|find|search|grep-names)$/;

export const SECRETS: Readonly<Record<string, Program>> = {
  vault: {
    style: 'words',
    commands: {
      ...rows('status version path-help print-version', { effects: [{ effect: 'network', says: 'asks vault ({command})' }] }),
      kv: { when: [{ word: /^(get)$/, effects: SHOWS }, { word: /^(list|metadata)$/, effects: [] }, { effects: CHANGES }] },
      ...rows('read unwrap token print', { effects: SHOWS }),
      list: {},
      '*': { effects: CHANGES },
    },
  },
  ...rows('pass gopass', { when: [{ word: QUIET, effects: [] }, { operands: 'none', effects: [] }, { effects: SHOWS }] }),
  ...rows('op bw lpass keepassxc-cli rbw dcli infisical doppler akeyless chamber berglas teller aws-vault saml2aws', {
    style: 'words',
    when: [
      { word: /^(run)$/, effects: [{ effect: 'runs-code', says: 'runs {command}' }] },
      { word: QUIET, effects: [] },
      { effects: SHOWS },
    ],
  }),
  'secret-tool': { when: [{ word: /^(lookup|search)$/, effects: SHOWS }, { effects: CHANGES }] },
  ...rows('kwallet-query kwalletcli keyring', { effects: SHOWS }),
  security: {
    when: [
      {
        word: /holdpoint/i,
        effects: [{ effect: 'disable-guard', risk: 'risk', says: 'changes whether programs trust Holdpoint ({command})' }],
      },
      { word: /^(find-.*-password|dump-keychain|export|unlock-keychain|find-identity|add-.*|delete-.*|set-.*|import)$/, effects: SHOWS },
      { effects: [] },
    ],
  },
  ...rows('gpg gpg2', {
    operands: 'read',
    values: '-r --recipient -u --local-user --homedir --keyserver --passphrase --batch --pinentry-mode',
    writes: '-o --output',
    effects: [{ effect: 'runs-code', says: 'runs {name}' }],
    when: [
      { word: /^--export-secret/, effects: shown('shows secret keys ({command})') },
      {
        word: /^--delete-(secret|key)/,
        effects: [{ effect: 'destructive', risk: 'risk', says: 'deletes keys that may have no copy ({command})' }],
      },
      {
        word: /^--(import|recv-keys?|receive-keys|fetch-keys|locate-external-keys|refresh-keys|import-ownertrust|lsign-key|sign-key|quick-(l)?sign-key)$/,
        effects: [{ effect: 'write-outside', risk: 'watch', says: 'changes whose signatures this user trusts ({command})' }],
      },
      { word: /^--(send-keys?|keyserver)$/, effects: [{ effect: 'network', risk: 'watch', says: 'publishes a key ({command})' }] },
    ],
  }),
  sops: {
    operands: 'read',
    values: '--age --kms --pgp --input-type --output-type --extract --set',
    when: [{ options: '-d --decrypt', effects: SHOWS }, { word: /^(decrypt|exec-env|exec-file)$/, effects: SHOWS }, { effects: [] }],
  },
  age: { operands: 'read', reads: '-i --identity', values: '-r --recipient -R', writes: '-o --output' },
  ...rows('dcos-secrets kubeseal', { effects: [{ effect: 'runs-code', says: 'runs {command}' }] }),
  'ssh-agent': {},
  keytool: {
    style: 'words',
    when: [
      { word: /^-(exportsecret|importkeystore|storepasswd|keypasswd)$/, effects: SHOWS },
      { effects: [{ effect: 'runs-code', says: 'runs {command}' }] },
    ],
  },
  // Browsers' and systems' stores, read by tools that exist for nothing else.
  ...rows('lazagne mimipenguin hashcat john chainbreaker firepwd', {
    effects: shown('takes passwords from where programs keep them ({command})'),
  }),
};
