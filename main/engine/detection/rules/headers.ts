/** Credentials that a scheme's name announces, as in the header `Authorization` (RFC 9110, section 11). */

import { isBasicCredential } from '../shapes.ts';
import { isStrong } from '../values.ts';
import { looksRandom, rule, type SecretRule } from './rule.ts';

/** RFC 6750, section 2.1. */
const TOKEN68 = /[\w.~+/=-]/;

export const HEADER_RULES: readonly SecretRule[] = [
  rule('bearer-token', ['Bearer ', 'bearer ', 'BEARER '], /[Bb](?:earer|EARER) {1,3}[\w.~+/-]{16,255}={0,2}/y, {
    tail: TOKEN68,
    skip: /[Bb](?:earer|EARER) {1,3}/y,
    check: looksRandom,
  }),
  rule('basic-credentials', ['Basic ', 'basic '], /[Bb]asic {1,3}[A-Za-z0-9+/]{8,255}={0,2}/y, {
    tail: TOKEN68,
    skip: /[Bb]asic {1,3}/y,
    check: isBasicCredential,
  }),
  rule(
    'authorization',
    ['Token ', 'token ', 'Api-Token ', 'ApiKey ', 'apikey ', 'Api-Key ', 'GenieKey ', 'SSWS ', 'Splunk ', 'NexusToken '],
    /(?:[Tt]oken|Api-Token|[Aa]pi[Kk]ey|Api-Key|GenieKey|SSWS|Splunk|NexusToken) {1,3}(?:token="?)?[\w.~+/-]{16,255}={0,2}/y,
    {
      tail: TOKEN68,
      skip: /(?:[Tt]oken|Api-Token|[Aa]pi[Kk]ey|Api-Key|GenieKey|SSWS|Splunk|NexusToken) {1,3}(?:token="?)?/y,
      check: (value) => looksRandom(value) && !/^[a-f0-9]{40}$|[/.]\w{1,5}$/.test(value),
    },
  ),
  rule(
    'password',
    ['add_user ', 'change_password ', 'sp_addlogin '],
    /(?:add_user|change_password|sp_addlogin) {1,3}N?['"]?[^\s'",]{1,60}['"]?,? {1,3}N?['"]?[^\s'"]{6,255}/y,
    {
      skip: /(?:add_user|change_password|sp_addlogin) {1,3}N?['"]?[^\s'",]{1,60}['"]?,? {1,3}N?['"]?/y,
      check: isStrong,
    },
  ),
  // chpasswd <<< "root:…", echo "root:…" | chpasswd
  rule(
    'password',
    ['chpasswd <<< ', 'echo "root:', "echo 'root:", 'echo root:'],
    /(?:chpasswd <<< ["']?\w{1,40}:|echo ["']?root:)[^\s"'|]{6,255}/y,
    {
      skip: /(?:chpasswd <<< ["']?\w{1,40}:|echo ["']?root:)/y,
      check: isStrong,
    },
  ),
];
