/** What a name says of the value that it is given to: a password, a key, a cookie, or nothing. */

/** `weak`: only the last word speaks for a credential, so the value has to speak for itself too. */
export type NameKind = 'password' | 'key' | 'cookie' | 'weak';

/** Matched by the end of a name in lower case without separators, suffix and number. */
const PASSWORDS = [
  'password',
  'passwd',
  'passphrase',
  'passcode',
  'pwd',
  'passwort',
  'kennwort',
  'motdepasse',
  'contraseña',
  'contrasena',
  'wachtwoord',
  'requirepass',
  'masterauth',
  'storepass',
  'keypass',
  'securestring',
  'senha',
  'heslo',
  'salasana',
  'adgangskode',
  'kodeord',
  'passord',
  'parola',
  'lozinka',
  'geslo',
  'parool',
  'katasandi',
  'palavrapasse',
  'paroladordine',
  'haslo',
  'jelszo',
  'losenord',
  'lösenord',
  'sifre',
  'parole',
  'userpwd',
  'assword',
  'mdp',
];
const KEYS = [
  'apikey',
  'secret',
  'secretkey',
  'accesskey',
  'secretaccesskey',
  'privatekey',
  'accountkey',
  'sharedaccesskey',
  'authkey',
  'encryptionkey',
  'signingkey',
  'masterkey',
  'token',
  'authorization',
  'secretkeybase',
  'clientkeydata',
  'keydata',
  'serverkey',
  'licensekey',
  'apppassword',
  'jwtkey',
  'hmackey',
  'appkey',
  'deploykey',
  'webhooksecret',
  'salt',
  'credential',
  'credentials',
  'bearer',
  'secretaccesstoken',
  'sastoken',
  'storagekey',
  'primarymasterkey',
  'connectionstring',
  'phpsessid',
  'jsessionid',
  'sessiontoken',
  'secretid',
  'clientsecretvalue',
  'unsealkey',
  'rootkey',
  'integrationkey',
  'subscriptionkey',
  'consumerkey',
  'writekey',
  'machinekey',
  'validationkey',
  'decryptionkey',
  'sharedkey',
  'accesscode',
  'hmac',
  'seckey',
  'authtok',
  'keymaterial',
  'symmkey',
  'totpseed',
  'otpseed',
];
const COOKIES = ['cookie'];
/** A word at the end that is a name by itself, or after a separator or a change of case: not of `compass` or `bypass`. */
const SHORT =
  /(?:^|[_.:-])(?:pass|passe|pw|psk|auth|pin|creds?)$|(?:^|[_.:-])(?:PASS|Pass|PW|PSK|AUTH|PIN|CREDS?)$|[a-z](?:Pass|Pw|Creds?)$|^[A-Z]{2,40}PASS$/;
/** What a password is for, and short for password: `dbpass`, `smtppw`. */
const JOINED =
  /(?:^|[_.:-])(?:db|my|sql|mysql|pg|user|usr|root|adm|admin|ftp|ssh|smtp|imap|mail|ldap|http|proxy|redis|mongo|wifi|wlan|become|sudo|vnc|rdp|login|bind|svc|app|web|master|sys|srv|api|rpc|mqtt|tls|ssl|jks|zip|enc|backup|sa|remote|local|client|server|domain|smb|samba|rabbit|amqp|kafka|elastic|git|svn|docker|registry|repo|upload|cert|pfx|p12|key|store|wpa|new|old|temp|default|nas|cam|router|cluster)(?:pass|pw|psk|creds?)$/i;
/** Names that end like a credential's and are none. */
const HARMLESS =
  /(?:page|next|prev|cursor|continuation|sync|cancel(?:lation)?|publickey|csrf|xsrf|resume|idempotency|request|change|pagination|start|end|design|color|theme|close|open|comma|unexpected|identifier|keyword|first|last|previous|syntax|eof|string|class|css|type)token$|(?:public|publishable|site|cache|primary|foreign|partition|sort|row|range|hash|idempotency|lookup|group|object|map|translation|i18n|locale|anon|websocket|host|index|shard|routing|dedup|name|unique|composite|natural|shortcut|hot|query|react|item|label|registry)key$|(?:no|has|is|needs?|use|without|show|hide|forgot|reset|change|confirm|toggle|require|requires?|enable|disable)(?:password|secret|token|apikey)$/;
/** What may follow the word: `private_key_b64`, `DB_PASSWORD2`, `token_value`. */
const SUFFIXES = [
  'base64',
  'b64',
  'encoded',
  'value',
  'raw',
  'plain',
  'plaintext',
  'string',
  'pem',
  'prod',
  'production',
  'staging',
  'dev',
  'live',
  'test',
];
const SUFFIX = new RegExp(`(?:${SUFFIXES.join('|')})$`);

/** The kind of a name as it is written; undefined where it is no credential's. */
export function nameKind(written: string): NameKind | undefined {
  if (!mayBeCredential(written)) return undefined;
  const bare = written.replace(/\d{1,4}$/, '');
  const plain = bare.toLowerCase().replace(/[_.:-]/g, '');
  return kindOf(bare, plain) ?? (SUFFIX.test(plain) ? kindOf('', plain.replace(SUFFIX, '')) : undefined);
}

/** Lower case, without separators. */
export function plainName(written: string): string {
  return written.toLowerCase().replace(/[_.:-]/g, '');
}

/** Nearly all names are none, and are told by their last three letters. */
function mayBeCredential(written: string): boolean {
  const ending = written.slice(-3).toLowerCase();
  return ENDINGS.has(ending) || /\d$/.test(ending) || ending.length < 3 || /[^a-z]/.test(ending);
}
const ENDINGS = new Set(
  [
    ...PASSWORDS,
    ...KEYS,
    ...COOKIES,
    ...SUFFIXES,
    'pass',
    'passe',
    'auth',
    'pin',
    'psk',
    'cred',
    'creds',
    'key',
    'jwt',
    'sessionid',
    'psk',
    'hmac',
    'encrypt',
    'clave',
  ].map((word) => word.slice(-3)),
);

function kindOf(written: string, plain: string): NameKind | undefined {
  if (HARMLESS.test(plain)) return undefined;
  if (PASSWORDS.some((word) => plain.endsWith(word))) return 'password';
  if (COOKIES.some((word) => plain.endsWith(word))) return 'cookie';
  if (KEYS.some((word) => plain.endsWith(word))) return 'key';
  if (SHORT.test(written) || JOINED.test(written)) return 'password';
  // `MAILCHIMP_KEY` of an environment, `x-functions-key` of a header, `apiAuth`.
  // Django's cookie; with a separator it is anybody's number of a session.
  if (written === 'sessionid') return 'key';
  // Consul's key of its gossip.
  if (written === 'encrypt') return 'weak';
  if (plain === 'clave') return 'password';
  return /[_-](?:key|auth|jwt)$|^(?:key|jwt)$/i.test(written) || /[a-z]Key$/.test(written) ? 'weak' : undefined;
}
