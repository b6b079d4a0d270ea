/** Passwords in the short options of programs that take them so: `curl -u`, `mysql -p`, `sshpass -p`. */

import type { Cell } from './tables.ts';
import { isCredential, isStrongAlone } from './values.ts';

/** Which programs, which option, and where in what follows it the password is: the last group. */
const FORMS: readonly { readonly programs: RegExp; readonly option: RegExp }[] = [
  {
    programs: /(?:^|[\s/;|&(`"'])(?:curl|http|https|xh|httpie|wget|ab|wrk|siege|lftp|restic|crane|skopeo|tea|jf|svn)\s/,
    option: /-(?:[a-zA-Z]{0,6}u|U|a|-user|-proxy-user|-auth|-creds|-src-creds|-dest-creds)[= ]{0,2}["']?[^\s:"']{1,100}:([^\s"'`]{6,255})/y,
  },
  {
    programs: /(?:^|[\s/;|&(`"'])(?:mysql|mysqldump|mysqladmin|mariadb|mariadb-dump|mysqlimport|mysqlsh|7z|7za|rar|unrar)\s/,
    option: /-p["']?([^\s"'`]{6,255})/y,
  },
  {
    programs:
      /(?:^|[\s/;|&(`"'])(?:sshpass|mongo|mongosh|mongodump|mongorestore|mongoexport|docker|podman|buildah|helm|nerdctl|az|oc|cf|twine|rabbitmqadmin|argocd|influx|cqlsh|ipmitool|vncviewer|plink|pscp|mosquitto_pub|mosquitto_sub|kinit|rclone|vault|useradd|usermod|smbpasswd|create_user)\s/,
    option: /-(?:p|P|pw)[= ]{0,2}["']?([^\s"'`]{6,255})/y,
  },
  { programs: /(?:^|[\s/;|&(`"'])(?:redis-cli|valkey-cli|keydb-cli)\s/, option: /-a[= ]{0,2}["']?([^\s"'`]{6,255})/y },
  { programs: /(?:^|[\s/;|&(`"'])(?:sqlcmd|bcp|isql|zip|unzip|clickhouse-client|putty)\s/, option: /-P[= ]{0,2}["']?([^\s"'`]{6,255})/y },
  {
    programs: /(?:^|[\s/;|&(`"'])(?:ldapsearch|ldapadd|ldapmodify|ldapwhoami|ldapdelete|ldappasswd)\s/,
    option: /-w[= ]{0,2}["']?([^\s"'`]{6,255})/y,
  },
  { programs: /(?:^|[\s/;|&(`"'])(?:smbclient|rpcclient|smbmap|net)\s/, option: /-U[= ]{0,2}["']?[^\s%"']{1,100}%([^\s"'`]{6,255})/y },
  { programs: /(?:^|[\s/;|&(`"'])(?:snmpwalk|snmpget|snmpset|snmpbulkwalk)\s/, option: /-[AX][= ]{0,2}["']?([^\s"'`]{6,255})/y },
  {
    programs: /(?:^|[\s/;|&(`"'])(?:htpasswd|mosquitto_passwd|nikto|xfreerdp|openssl|smbpasswd)\s/,
    option: /-(?:b|k|bc|nb|cb)[= ]{0,2}(?:\S{1,60} ){0,2}["']?([^\s"'`]{6,255})/y,
  },
];
const ANY_PASSWORD = /-(?:p|P|pw|w|passwd?|-pass|-pw)[= ]["']?(?:\/[\w/]{1,60} )?([^\s"'`]{12,120})(?=["']?(?:\s|$))/y;
const ANY_PAIR = /-(?:u|U|-user|-auth|-creds|-login|-userpwd)[= ]["']?[\w.@-]{1,60}[:,]([^\s"'`:]{12,120})(?=["']?(?:\s|$))/y;
const NET_USE = /\/(?:user|u):\S{1,80}[ \t]{1,4}["']?([^\s"'`]{6,255})/iy;
const NET = /(?:^|[\s;|&])(?:net\s{1,4}use|cmdkey|runas|schtasks|wmic|psexec\w{0,3})\s/i;
const LOOKED_BACK = 240;

/** The password after the `-` or `/` at `at`, which begins an option. */
export function optionPasswordAt(text: string, at: number): Cell | undefined {
  const isSlash = text[at] === '/';
  if (!isSlash && !MAYBE_OPTION.has(text[at + 1] ?? '')) return undefined;
  if (isSlash && !/^\/(?:u(?:ser)?:|add)/i.test(text.slice(at, at + 6))) return undefined;
  const near = text.slice(Math.max(0, at - LOOKED_BACK), at);
  const before = near.slice(near.lastIndexOf('\n') + 1);
  const earlier = passwordBefore(before, text, at);
  if (earlier) return earlier;
  if (isSlash) return NET.test(before) ? passwordIn(text, at, NET_USE) : undefined;
  // Of a program that nobody knows the value has to speak for itself.
  for (const pattern of [ANY_PASSWORD, ANY_PAIR]) {
    pattern.lastIndex = at;
    const any = pattern.exec(text);
    if (any?.[1] && isStrongAlone(any[1])) return { start: at + any[0].length - any[1].length, end: at + any[0].length };
  }
  for (const { programs, option } of FORMS) {
    if (!programs.test(before)) continue;
    const found = passwordIn(text, at, option);
    if (found) return found;
  }
  return undefined;
}

const MAYBE_OPTION: ReadonlySet<string> = new Set('uUapPwAXbkcnS-sLfiv');

function passwordIn(text: string, at: number, option: RegExp): Cell | undefined {
  option.lastIndex = at;
  const match = option.exec(text);
  if (!match?.[1]) return undefined;
  const end = at + match[0].length;
  return isCredential(match[1], 'password', 'bare') ? { start: end - match[1].length, end } : undefined;
}

/** What is written to a program's input, or stands after a user's name: `echo V | sudo -S`, `net user ada V /add`. */
const BEFORE: readonly { readonly option: RegExp; readonly before: RegExp }[] = [
  {
    option: /-(?:S|-password-stdin|-with-token|-passphrase-fd|-stdin)\b/y,
    before: /(?:echo|printf|<<<)\s{1,3}(?:-n\s{1,3})?["']?([^\s"'`|]{6,255})["']?\s{0,3}\|[^|\n]{1,80}$/,
  },
  { option: /\/add\b/iy, before: /\bnet\s{1,3}user\s{1,3}\S{1,60}\s{1,3}["']?([^\s"']{6,255})["']?\s{1,3}$/i },
];

function passwordBefore(before: string, text: string, at: number): Cell | undefined {
  for (const { option, before: pattern } of BEFORE) {
    option.lastIndex = at;
    const value = option.test(text) ? pattern.exec(before)?.[1] : undefined;
    if (value === undefined || !isCredential(value, 'password', 'bare')) continue;
    const start = at - before.length + before.lastIndexOf(value);
    return { start, end: start + value.length };
  }
  return undefined;
}

/** For the test that asserts that every quantifier is bounded. */
export const COMMAND_PATTERNS: readonly RegExp[] = [
  ANY_PASSWORD,
  ANY_PAIR,
  NET_USE,
  NET,
  ...BEFORE.flatMap(({ option, before }) => [option, before]),
  ...FORMS.flatMap(({ programs, option }) => [programs, option]),
];
