/** Credentials in the words of protocols, network devices and programs that take them beside a user's name. */

import { isExample } from '../shapes.ts';
import { isCredential, isStrong, isStrongAlone } from '../values.ts';
import { isDrawn, looksRandom, rule, type SecretRule } from './rule.ts';

const password = (value: string) => isCredential(value, 'password', 'bare');

/** A value behind words: the words are the pattern's beginning, what may follow the value is looked at only. */
function worded(
  prefixes: readonly string[],
  words: string,
  check: (value: string) => boolean,
  value = '[^\\s"\'`]{6,200}',
  after = '',
): SecretRule {
  return rule('password', prefixes, new RegExp(words + value + after, 'y'), { skip: new RegExp(words, 'y'), check, severity: 'medium' });
}

export const DEVICE_RULES: readonly SecretRule[] = [
  // Oracle's user/password@host.
  worded(
    ['sqlplus ', 'sqlcl ', 'expdp ', 'impdp ', 'sqlldr ', 'rman ', 'thin:', 'userid='],
    '(?:(?:sqlplus|sqlcl|expdp|impdp|sqlldr|rman) {1,3}(?:-\\w{1,8} |target |userid=){0,3}|thin:|userid=)["\']?[\\w$#.]{1,40}\\/["\']?',
    password,
    '[^\\s@"\'/]{5,100}',
    '(?=["\']?@)',
  ),
  // Cisco, Juniper, Huawei, FortiGate, MikroTik: the number tells how it is written, 7 is reversible.
  worded(
    ['secret ', 'password ', 'key ', 'plain-text-password-value ', 'cipher ', 'simple ', 'passwd '],
    '(?:secret|password|passwd|key|plain-text-password-value|cipher|simple)(?: 0| 7| clear-text| plaintext| plain| irreversible-cipher)? (?:(?<=\\b(?:0|7|text|plaintext|plain|value|cipher) )|(?<=enable (?:secret|password) )|(?<=(?:tacacs|radius)-server key ))["\']?',
    isStrong,
    '[^\\s"\'`$]{6,120}',
  ),
  worded(
    ['snmp-server community ', 'snmp community ', 'set snmp community ', 'rocommunity ', 'rwcommunity ', 'com2sec '],
    '(?:snmp-server community|(?:set )?snmp community|r[ow]community6?|com2sec \\S{1,30} \\S{1,40}) ["\']?',
    password,
    '[^\\s"\'`;]{6,60}',
  ),
  // RFC 9051, RFC 1939, RFC 959, Redis' access lists.
  worded([' LOGIN '], ' LOGIN ["\']?[\\w.@+-]{1,64}["\']? ["\']?', password),
  rule('basic-credentials', ['AUTH PLAIN ', 'SASL PLAIN '], /(?:AUTH|SASL) PLAIN [A-Za-z0-9+/]{8,200}={0,2}/y, {
    skip: /(?:AUTH|SASL) PLAIN /y,
    check: isSaslPlain,
  }),
  worded([' on >', ' reset >', ' on nopass >'], ' (?:on|reset|nopass) >', password),
  // pppd's and strongSwan's files of secrets.
  worded([': PSK ', ': XAUTH ', ': EAP '], ': (?:PSK|XAUTH|EAP) ["\']?', password),
  // echo 'user:V' | chpasswd
  worded(
    ['echo ', 'printf '],
    '(?:echo|printf) {1,3}(?:-\\w )?["\']?[\\w.-]{1,40}:',
    password,
    '[^\\s"\'`|]{6,120}',
    '(?=["\']?\\s{0,3}\\|\\s{0,3}(?:sudo )?(?:-\\w ){0,2}(?:chpasswd|newusers|pure-pw))',
  ),
  // printf 'V' | docker secret create
  worded(
    ['echo ', 'printf '],
    '(?:echo|printf) {1,3}(?:-\\w )?["\']?',
    isStrong,
    '[^\\s"\'`|$]{8,200}',
    '(?=["\']?\\s{0,3}\\|\\s{0,3}(?:sudo )?(?:docker secret|podman secret|kubectl create secret|gh secret|vault |secret-tool|wrangler secret|pass insert|security |flyctl secrets|cryptsetup|openssl|gpg|passwd|smbpasswd|ssh-add|borg|restic))',
  ),
  worded(
    ['isakmp key ', 'pre-shared-key ', 'ikev2 '],
    '(?:isakmp key|pre-shared-key|ikev2 pre-shared-key)(?: 0| local| remote| ascii-text)? ["\']?',
    password,
  ),
  worded(['createUser '], 'createUser \\S{1,40} (?:MD5|SHA|SHA-\\d{3}) ["\']?', password),
  worded(['IDENTIFY '], 'IDENTIFY (?:\\S{1,30} )?', isStrong, '[^\\s"\'`]{6,120}', '(?=\\s|$)'),
  worded(['{PLAIN}', '{CLEARTEXT}', '{CLEAR}', '{plain}'], '\\{(?:PLAIN|CLEARTEXT|CLEAR|plain)\\}', password, '[^\\s:"\'`]{6,120}'),
  worded(['CURLOPT_USERPWD', 'BUNDLE_'], '(?:CURLOPT_USERPWD|BUNDLE_\\w{2,80})["\']?[,:=]{1,2}>? {0,3}["\']?[\\w.@-]{1,40}:', isStrong),
  // Both of a pair: `login: admin / V`.
  worded(
    ['login: ', 'Login: ', 'user: ', 'User: ', 'username: ', 'Username: ', 'creds: ', 'credentials: ', 'account: '],
    '(?:[Ll]ogin|[Uu]ser|[Uu]sername|creds|credentials|account): ["\'`]?[\\w.@+-]{1,60}["\'`]? ?[/|,:] ?["\'`]?',
    isStrongAlone,
    '[^\\s"\'`]{8,120}',
  ),
  rule(
    'otp-seed',
    ['TOTP ', 'OTP s', '2FA ', 'MFA ', 'totp ', 'otp s'],
    /(?:T?OTP|2FA|MFA|t?otp) (?:seed|key|setup key|secret)[^\n:=]{0,20}[:=] {0,3}[A-Z2-7 ]{16,79}(?![a-z])/y,
    {
      skip: /(?:T?OTP|2FA|MFA|t?otp) (?:seed|key|setup key|secret)[^\n:=]{0,20}[:=] {0,3}/y,
      check: isDrawn,
    },
  ),
  // Conda's way of putting a token into a path.
  rule('authorization', ['/t/'], /\/t\/[\w-]{20,64}(?=\/)/y, { skip: /\/t\//y, check: looksRandom, severity: 'medium' }),
  rule('vault-token', ['Unseal Key ', 'Recovery Key '], /(?:Unseal|Recovery) Key \d{1,2}: {0,3}[A-Za-z0-9+/]{40,64}={0,2}/y, {
    skip: /(?:Unseal|Recovery) Key \d{1,2}: {0,3}/y,
    check: isDrawn,
  }),
  rule(
    'wallet-key',
    ['accounts: [', 'private_key', 'privateKey', '--private-key'],
    /(?:accounts: \[|private_?-?[kK]ey)["'\s:=,[]{1,12}0x[a-f0-9]{64}(?![a-f0-9])/y,
    {
      skip: /(?:accounts: \[|private_?-?[kK]ey)["'\s:=,[]{1,12}/y,
      check: (value) => isDrawn(value.slice(2)),
    },
  ),
];

/** RFC 4616: what the user goes by, the user, and the password, with NUL between; some leave the first out and take a colon. */
function isSaslPlain(value: string): boolean {
  const parts = Buffer.from(value, 'base64').toString('latin1').split(/[\0:]/);
  const last = parts.at(-1) ?? '';
  return parts.length >= 2 && /^[\x20-\x7e]{6,200}$/.test(last) && !isExample(last) && isCredential(last, 'password', 'quoted');
}
