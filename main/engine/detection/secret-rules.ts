/** The table of credentials that are known by their first characters: prefix, bounded shape, check. */

import { entropy, hasCrc32, isBasicCredential, isExample, mixesDigitsAndLetters } from './shapes.ts';

export interface SecretRule {
  /** Without the leading `secret.`. */
  readonly label: string;
  readonly severity: 'medium' | 'high';
  /** Literal beginnings of at least three characters, case-sensitive. A scan tries the pattern only where one of them stands. */
  readonly prefixes: readonly string[];
  /** Sticky; tried `lead` characters before the prefix. Every quantifier is bounded, which keeps a scan linear. */
  readonly pattern: RegExp;
  /** Characters of the value before the prefix, for kinds that are known by their middle. */
  readonly lead?: number;
  /** Characters that belong to the pattern but not to the credential: `Bearer `. */
  readonly skip?: RegExp;
  /** Where the match is long, more of this alphabet still belongs to the value, up to 8 KB: a token longer than the pattern must not leave its end in clear. */
  readonly tail?: RegExp;
  /** Checksum or the like. Asked of the value. */
  readonly check?: (value: string) => boolean;
}

const looksRandom = (value: string) => mixesDigitsAndLetters(value) && entropy(value) >= 3;
const WORD = /[\w-]/;
/** RFC 6750, section 2.1. */
const TOKEN68 = /[\w.~+/=-]/;

export const SECRET_RULES: readonly SecretRule[] = [
  rule('anthropic-key', ['sk-ant-'], /sk-ant-[a-z]{2,8}\d{0,3}-[\w-]{20,255}/y, { tail: WORD }),
  rule('openrouter-key', ['sk-or-'], /sk-or-v\d-[0-9a-f]{40,80}/y),
  rule('openai-key', ['sk-proj-', 'sk-svcacct-', 'sk-admin-'], /sk-[a-z]{4,8}-[\w-]{20,255}/y, { tail: WORD }),
  // The older OpenAI keys, and the many services that copied their shape.
  rule('api-key', ['sk-'], /sk-[A-Za-z0-9]{32,64}(?![\w-])/y, { check: looksRandom }),
  rule('github-token', ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'], /gh[pousr]_[A-Za-z0-9]{36,251}/y, {
    tail: WORD,
    check: (value) => (value.length === 40 ? hasCrc32(value) : looksRandom(value)),
  }),
  rule('github-token', ['github_pat_'], /github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}/y),
  rule(
    'gitlab-token',
    ['glpat-', 'gldt-', 'glrt-', 'glcbt-', 'glptt-', 'glsoat-', 'glft-', 'glimt-', 'glagent-'],
    /gl[a-z]{2,5}-[\w.-]{20,249}/y,
    { tail: WORD },
  ),
  rule('aws-access-key', ['AKIA', 'ASIA', 'ABIA', 'ACCA'], /A[KSBC][IC]A[A-Z2-7]{16}(?![A-Za-z0-9])/y, { severity: 'medium' }),
  rule('google-api-key', ['AIza'], /AIza[\w-]{35}(?![\w-])/y),
  rule('google-oauth', ['ya29.'], /ya29\.[\w-]{20,255}/y, { tail: WORD }),
  rule('google-oauth', ['GOCSPX-'], /GOCSPX-[\w-]{28}/y),
  rule(
    'slack-token',
    ['xoxb-', 'xoxp-', 'xoxa-', 'xoxe-', 'xoxe.', 'xoxr-', 'xoxs-', 'xoxc-', 'xoxd-'],
    /xox[abcdeprs][.-][\w.%-]{20,255}/y,
    { tail: WORD, check: (value) => /\d/.test(value) },
  ),
  rule('slack-token', ['xapp-'], /xapp-\d-[A-Z0-9]{8,16}-\d{8,16}-[a-f0-9]{32,80}/y),
  rule('slack-webhook', ['hooks.slack.com/services/'], /hooks\.slack\.com\/services\/T\w{8,12}\/B\w{8,12}\/\w{20,32}/y),
  rule('stripe-key', ['sk_live_', 'rk_live_'], /[rs]k_live_[A-Za-z0-9]{16,247}/y, { tail: WORD }),
  rule('stripe-key', ['sk_test_', 'rk_test_'], /[rs]k_test_[A-Za-z0-9]{16,247}/y, { tail: WORD, severity: 'medium', check: looksRandom }),
  rule('stripe-key', ['whsec_'], /whsec_[A-Za-z0-9+/]{24,64}={0,2}/y, { check: looksRandom }),
  rule('npm-token', ['npm_'], /npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])/y, { check: hasCrc32 }),
  rule('pypi-token', ['pypi-AgE'], /pypi-AgE[\w-]{50,255}/y, { tail: WORD }),
  rule('azure-client-secret', ['8Q~', '7Q~'], /[\w~.]{3}[78]Q~[\w~.-]{31,34}(?![\w~.-])/y, { lead: 3 }),
  rule('huggingface-token', ['hf_'], /hf_[A-Za-z]{34}(?![A-Za-z0-9])/y, { check: (value) => entropy(value) >= 3.5 && /[A-Z]/.test(value) }),
  rule('groq-key', ['gsk_'], /gsk_[A-Za-z0-9]{48,56}(?![A-Za-z0-9])/y),
  rule('xai-key', ['xai-'], /xai-[A-Za-z0-9]{70,90}(?![A-Za-z0-9])/y),
  rule('perplexity-key', ['pplx-'], /pplx-[A-Za-z0-9]{40,64}(?![A-Za-z0-9])/y),
  rule('replicate-token', ['r8_'], /r8_[A-Za-z0-9]{37}(?![A-Za-z0-9])/y, { check: looksRandom }),
  rule('digitalocean-token', ['dop_v1_', 'doo_v1_', 'dor_v1_'], /do[opr]_v1_[a-f0-9]{64}/y),
  rule('databricks-token', ['dapi'], /dapi[a-f0-9]{32}(?:-\d)?(?![A-Za-z0-9])/y),
  rule('sendgrid-key', ['SG.'], /SG\.[\w-]{22}\.[\w-]{43}(?![\w-])/y),
  rule('telegram-token', [':AA'], /\d{8}:AA[\w-]{33}(?![\w-])/y, { lead: 8 }),
  rule('grafana-token', ['glsa_'], /glsa_[A-Za-z0-9]{32}_[a-fA-F0-9]{8}/y),
  rule('vault-token', ['hvs.', 'hvb.'], /hv[bs]\.[\w-]{24,255}/y, { tail: WORD }),
  rule('linear-key', ['lin_api_'], /lin_api_[A-Za-z0-9]{40}/y),
  rule('notion-token', ['ntn_'], /ntn_[A-Za-z0-9]{40,50}(?![A-Za-z0-9])/y),
  rule('shopify-token', ['shpat_', 'shpca_', 'shppa_', 'shpss_'], /shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}/y),
  rule('atlassian-token', ['ATATT3', 'ATCTT3', 'ATBBT3'], /AT[ABC][TB]T3[\w=-]{60,249}/y, { tail: WORD }),
  rule('sentry-token', ['sntryu_'], /sntryu_[a-f0-9]{64}/y),
  rule('docker-token', ['dckr_pat_', 'dckr_oat_'], /dckr_[po]at_[\w-]{27,40}/y),
  rule('tailscale-key', ['tskey-'], /tskey-[a-z]{3,12}-[\w-]{20,80}/y),
  rule('age-key', ['AGE-SECRET-KEY-1'], /AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}/y),
  rule('bearer-token', ['Bearer ', 'bearer '], /[Bb]earer {1,3}[\w.~+/-]{16,255}={0,2}/y, {
    tail: TOKEN68,
    skip: /[Bb]earer {1,3}/y,
    check: looksRandom,
  }),
  rule('basic-credentials', ['Basic ', 'basic '], /[Bb]asic {1,3}[A-Za-z0-9+/]{8,255}={0,2}/y, {
    tail: TOKEN68,
    skip: /[Bb]asic {1,3}/y,
    check: isBasicCredential,
  }),
];

function rule(label: string, prefixes: readonly string[], pattern: RegExp, more: Partial<SecretRule> = {}): SecretRule {
  return { label, severity: 'high', prefixes, pattern, ...more };
}

/** Whether a value of a rule counts as a finding: its check holds and it is no example. */
export function isLive(rule: SecretRule, value: string): boolean {
  return !isExample(value) && (rule.check?.(value) ?? true);
}
