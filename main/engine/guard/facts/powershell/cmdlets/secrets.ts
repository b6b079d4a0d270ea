/** Cmdlets that ask for, show or decrypt credentials. */

import { textOfValue, unknown } from '../values.ts';
import { type Cmdlet, rows } from './cmdlet.ts';

const SHOWS = [
  { effect: 'credential-access', risk: 'risk', says: 'shows a password or key ({command})' },
  { effect: 'read', risk: 'risk', says: 'shows a password or key ({command})' },
] as const;

export const SECRETS: Readonly<Record<string, Cmdlet>> = {
  ...rows(
    'Get-StoredCredential Get-Secret Get-SecretInfo Get-VaultCredential Get-AzKeyVaultSecret Get-SSMParameter Get-SECSecretValue Get-AzAccessToken Unprotect-CmsMessage Get-PASAccount Get-KeePassEntry Get-BitwardenItem Export-PfxCertificate Get-LapsADPassword Get-AdmPwdPassword Get-AutomationPSCredential Get-CachedCredential',
    {
      positional: 'Name',
      named: 'Target Type Vault VaultName AsPlainText Cert FilePath Password Path',
      effects: SHOWS,
      gives: 'secret',
    },
  ),
  // A window that asks for a password is what phishing looks like, too.
  ...rows('Get-Credential', {
    positional: 'UserName',
    named: 'Message Title Credential',
    effects: [
      { effect: 'credential-access', risk: 'watch', says: 'asks for a password ({command})' },
      { effect: 'read', risk: 'risk', says: 'asks for a password ({command})' },
    ],
    run: () => unknown('key'),
  }),
  'convertfrom-securestring': {
    positional: 'SecureString',
    named: 'Key SecureKey',
    switches: 'AsPlainText',
    effects: [
      { effect: 'credential-access', risk: 'watch', says: 'turns a protected password into text ({command})' },
      { effect: 'read', risk: 'risk', says: 'turns a protected password into text ({command})' },
    ],
    gives: 'secret',
  },
  'convertto-securestring': {
    positional: 'String',
    named: 'Key SecureKey',
    switches: 'AsPlainText Force',
    run: (call) => unknown(call.has('Key') || textOfValue(call.value('String') ?? call.input) !== '' ? 'key' : undefined),
  },
  ...rows(
    'Set-Secret New-StoredCredential Remove-StoredCredential Remove-Secret Unlock-SecretStore Set-SecretStoreConfiguration Reset-SecretStore',
    {
      positional: 'Name',
      named: 'Target Secret Vault Password UserName',
      effects: [
        { effect: 'credential-access', risk: 'risk', says: 'changes what passwords are kept ({command})' },
        { effect: 'write-outside', risk: 'risk', says: 'changes what passwords are kept ({command})' },
      ],
    },
  ),
};
