/** Credentials of a live shape, made when a test runs: nobody's, and never written in a file. */

import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { base62 } from '../../../../main/engine/detection/shapes.ts';

const ALNUM = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The same characters for the same seed. */
export function letters(length: number, alphabet = ALNUM, seed = 'seed'): string {
  let out = '';
  for (let round = 0; out.length < length; round++) {
    for (const byte of createHash('sha256').update(`${seed} ${round}`).digest()) out += alphabet[byte % alphabet.length];
  }
  return out.slice(0, length);
}

export const HEX = '0123456789abcdef';
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** With the checksum that GitHub and npm put at the end. */
export function checked(prefix: string, seed = 'seed'): string {
  const random = letters(30, ALNUM, seed);
  return prefix + random + base62(crc32(random));
}

export function jwt(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: '1234567890', name: 'Ada', scope: letters(600) })}.${letters(43)}`;
}

export function privateKey(lines = 6): string {
  const body = Array.from({ length: lines }, (_, i) => letters(64, `${ALNUM}+/`, `line ${i}`));
  return [`-----BEGIN RSA ${'PRIVATE'} KEY-----`, ...body, `-----END RSA ${'PRIVATE'} KEY-----`].join('\n');
}

/** Label and credential. */
export const CREDENTIALS: readonly (readonly [string, string])[] = [
  ['anthropic-key', `sk-ant-api03-${letters(93)}AA`],
  ['anthropic-key', `sk-ant-oat01-${letters(93)}AA`],
  ['openai-key', `sk-proj-${letters(74)}T3BlbkFJ${letters(74)}`],
  ['api-key', `sk-${letters(48)}`],
  ['openrouter-key', `sk-or-v1-${letters(64, HEX)}`],
  ['github-token', checked('ghp_')],
  ['github-token', checked('gho_', 'another')],
  ['github-token', `github_pat_${letters(22)}_${letters(59)}`],
  ['gitlab-token', `glpat-${letters(20)}`],
  ['aws-access-key', `AKIA${letters(16, UPPER)}`],
  ['google-api-key', `AIza${letters(35)}`],
  ['google-oauth', `ya29.${letters(120)}`],
  ['slack-token', `xoxb-${letters(12, '0123456789')}-${letters(13, '0123456789')}-${letters(24)}`],
  ['slack-webhook', `hooks.slack.com/services/T${letters(9, UPPER)}/B${letters(9, UPPER)}/${letters(24)}`],
  ['stripe-key', `sk_live_${letters(99)}`],
  ['npm-token', checked('npm_')],
  ['pypi-token', `pypi-AgEIcHlwaS5vcmc${letters(120)}`],
  ['azure-client-secret', `${letters(3)}8Q~${letters(34)}`],
  ['huggingface-token', `hf_${letters(34, ALNUM.slice(10))}`],
  ['groq-key', `gsk_${letters(52)}`],
  ['sendgrid-key', `SG.${letters(22)}.${letters(43)}`],
  ['telegram-token', `${letters(8, '123456789')}:AA${letters(33)}`],
  ['digitalocean-token', `dop_v1_${letters(64, HEX)}`],
  ['databricks-token', `dapi${letters(32, HEX)}`],
  ['vault-token', `hvs.${letters(95)}`],
  ['atlassian-token', `ATATT3${letters(180)}`],
  ['jwt', jwt()],
  ['private-key', privateKey()],
];
