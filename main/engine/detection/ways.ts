/** How a value may stand beside its name where there is no `=` and no `:`. */

import type { NameKind } from './names.ts';
import { isCredential, isStrong, isStrongAlone } from './values.ts';

export interface Way {
  /** Sticky, from the end of the name; the value is the last group. */
  readonly pattern: RegExp;
  /** The characters that may follow the name. */
  readonly at: string;
  /** `before`: 40 characters before the name. */
  readonly takes: (value: string, kind: NameKind, before: string) => boolean;
}

const quoted = (value: string, kind: NameKind) => isCredential(value, kind, 'quoted');
const strong = (value: string) => isStrong(value);
const bySpelling = (value: string, kind: NameKind) => (kind === 'password' ? quoted(value, kind) : strong(value));

/** In the order in which they are tried. */
export const WAYS: readonly Way[] = [
  // <password>V</password>, <entry key="db.password">V</entry>, <setting name="ApiKey" type="x"><value>V</value>
  {
    at: '> "\'\n\t',
    pattern:
      /["']?(?:\s{1,4}[\w:.-]{1,40}\s?=\s?["'][^"'<>]{0,120}["']){0,3}\s{0,4}>\s{0,60}(?:<(?:[Vv]alue|string|saml2?:AttributeValue|AttributeValue)(?: [^<>]{0,80})?>\s{0,20})?(?:<!\[CDATA\[)?([^<>\s]{6,255})(?:\]\]>)?\s{0,60}<\//y,
    takes: quoted,
  },
  // <key>APIToken</key><string>V</string>
  {
    at: '<',
    pattern: /<\/(?:key|name|string|param-name)>\s{0,60}<(?:string|data|value|param-value)>\s{0,60}([^<>\s]{6,255})\s{0,60}</y,
    takes: quoted,
  },
  // key="ApiSecret" value="V"
  { at: '"\'', pattern: /["']\s{1,60}(?:value|newValue|content|default)\s{0,4}=\s{0,4}["']([^"'\n<>]{6,255})["']/y, takes: quoted },
  // name: DB_PASSWORD, value: V
  {
    at: '"\',\n\r ',
    pattern:
      /["']?\s{0,4},?\s{0,60}["']?(?:value|Value|defaultValue|default|ParameterValue|plaintext)["']?\s{0,4}[:=]\s{0,4}["']?([^\s"',}]{6,255})/y,
    takes: quoted,
  },
  // define('DB_PASSWORD', 'V'); in a list of names it has to be more than a name with a digit.
  {
    at: '"\'`',
    pattern: /["'`]\s{0,4},\s{0,60}["'`]([^"'`\n\\]{6,255})["'`]/y,
    takes: (value, kind, before) =>
      (/\w\(\s{0,20}["'`]$/.test(before) ? quoted(value, kind) : strong(value)) && (kind !== 'key' || value.length >= 16),
  },
  // setPassword("V"), PASSWORD('V')
  { at: '(', pattern: /\(\s{0,4}[@N]?["'`]([^"'`\n\\]{6,255})["'`]/y, takes: bySpelling },
  // storePassword 'V', IDENTIFIED BY 'V', WITH PASSWORD = N'V'
  {
    at: '"\' \t',
    pattern: /["']?[ \t]{1,24}(?:BY |by |VALUES? |WITH |AS |encrypted |WITH [\w]{1,40} BY )?N?["'`]([^"'`\n\\]{6,255})["'`]/y,
    takes: bySpelling,
  },
  // set DEPLOY_KEY --body "V"
  {
    at: ' "\'',
    pattern: /["']?[ \t]{1,4}--?(?:body|value|secret-string|data|text|[Ss]tring|input|v|b)[= ]["']?([^\s"']{6,255})/y,
    takes: quoted,
  },
  // api_key <- "V", the arrow of R
  { at: ' <', pattern: /[ \t]{0,4}<{1,2}-[ \t]{0,4}["']([^"'\n]{6,255})["']/y, takes: quoted },
  // PIC X(20) VALUE 'V'
  { at: ' ', pattern: /[^\n"'`]{1,40}?\b(?:VALUE|value|DEFAULT|default)[ \t]{1,4}(?:IS |is )?["']([^"'\n]{6,255})["']/y, takes: quoted },
  // DbPassword: with its type, and its default on a line below
  {
    at: ':" ',
    pattern:
      /["']?\s{0,3}[:{]\s{0,3}\n(?:[ \t]{1,12}(?:[Tt]ype|[Dd]escription|NoEcho|sensitive|nullable)[^\n]{0,120}\n){0,4}[ \t]{1,12}(?:[Dd]efault|[Vv]alue)\s{0,12}[:=]\s{0,4}["']?([^\s"']{6,255})/y,
    takes: quoted,
  },
  // DB_PASSWORD -> V, Password ........ V
  { at: ' ', pattern: /(?:[ \t]{1,3}(?:->|=>|→)[ \t]{1,3}| [.]{3,60} )["'`]?([^\s"'`]{6,255})/y, takes: (value) => isStrongAlone(value) },
  // "password").send_keys("V")
  { at: '"\'', pattern: /["']\]?\)\.(?:send_keys|sendKeys|fill|type|setValue|set)\(["']([^"'\n]{6,255})["']/y, takes: quoted },
  // A heading, its line, V
  { at: '\n', pattern: /\r?\n[-=~]{3,80}\r?\n[ \t]{0,4}([^\s]{16,255})[ \t]{0,4}(?:\r?\n|$)/y, takes: (value) => isStrongAlone(value) },
  // read -r TOKEN <<< "V"
  { at: ' ', pattern: /[ \t]{1,3}<<<[ \t]{0,3}["']?([^\s"']{6,255})/y, takes: strong },
  // expect "assword:" { send "V\r" }
  {
    at: ':*" ',
    pattern: /[:?*" ]{1,4}["']?[^\n"']{0,20}[\n{)]?\s{0,10}(?:exp_)?send(?:line)?(?: --)?[ (]{1,3}["']([^"'\\\s]{6,255})(?:\\[rn])?["']/y,
    takes: quoted,
  },
  // task.setvariable variable=dbPassword;issecret=true]V
  {
    at: '];',
    pattern: /(?:;[\w=;]{0,40})?\]([^\s"'`\]]{6,255})/y,
    takes: (value, kind, before) => before.endsWith('variable=') && quoted(value, kind),
  },
  // {password, "V"}
  { at: ',', pattern: /,\s{0,4}<{0,2}["']([^"'\n]{6,255})["']>{0,2}\}/y, takes: quoted },
  // name="password", an empty line, V: a part of a form
  { at: '"', pattern: /"\r?\n(?:Content-Type: [^\n]{0,80}\n)?\r?\n([^\s"']{6,255})(?=\r?\n|$)/y, takes: quoted },
  // "bearer": { "repo.acme.io": "V" }
  { at: '"', pattern: /"\s{0,4}:\s{0,4}\{\s{0,40}"[^"\n]{1,80}"\s{0,4}:\s{0,4}"([^"\n]{16,255})"\s{0,40}[,}]/y, takes: strong },
  // what's the root password? — on the next line, after who answers
  {
    at: '? :',
    pattern: /[^\n?:]{0,30}[?:][ \t]{0,3}\r?\n[ \t>]{0,6}(?:[[\w][^\n]{0,48}: )?([^\s]{8,100})[ \t]{0,3}(?:\r?\n|$)/y,
    takes: (value) => isStrongAlone(value),
  },
  // | **Password** | `V` |
  { at: ' *`_|', pattern: /[*_`]{0,3} {0,20}\| {0,20}[*_`]{0,3}([^\s|`]{6,255}?)[*_`]{0,3} {0,20}(?:\||\n|$)/y, takes: strong },
];

/** Functions that take a user and a password: `auth=("ada", "V")`, `new NetworkCredential("ada", "V")`. */
export const CALLS =
  /(?:auth|authenticate|authentication|credentials?|login|logon|sign_?in|connect|connection|pdo|mysqli|mysqli_connect|pg_connect|ldap_bind|simple_bind_s|bind|(?:^|\.)open|dial|add_?user|create_?user|OAuthTokenCredential|connect_db|createConnection|initialize|PlainAuth)$/i;
/** Functions that take a key beside what they are to sign: `jwt.sign(claims, "V")`. */
export const SIGNS =
  /(?:jwt\.(?:sign|verify|encode|decode)|create_?hmac|hmac(?:\.new|_?sha\d{1,3}|\.digest)?|hash_hmac|hexdigest|fernet|unsafePlainText|sym_encrypt|sym_decrypt|aes_encrypt|aes_decrypt|signingkey|secretkeyspec)$/i;
export const SIGN = /\((?:\s{0,4}[^()"'\n,]{1,60},|\s{0,4}["'][^"'\n]{0,20}["'],){0,2}\s{0,4}[rbf]?["']([^"'\s]{14,255})["']/y;

/** The password is the last group: the string after the one that names the user. */
export const CALL =
  /\s{0,3}=?\s{0,3}\(?(?:[^()"'\n,]{1,60},){0,2}(?:\s{0,4}(?:["'][^"'\n]{0,200}["']|\d{1,5}),){1,3}\s{0,4}(?:\(?ConvertTo-SecureString )?[@N]?["']([^"'\s]{6,255})["']/y;

/** For the test that asserts that every quantifier is bounded. */
export const WAY_PATTERNS: readonly RegExp[] = [CALL, SIGNS, SIGN, ...WAYS.map(({ pattern }) => pattern)];
