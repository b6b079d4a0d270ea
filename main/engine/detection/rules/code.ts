/** Tokens of code hosts, package registries, and what builds and delivers code. */

import { B62, B64, HEX, isDrawn, looksRandom, rule, type SecretRule, token, UPPER36, URL64, WORD } from './rule.ts';
import { hasCrc32 } from '../shapes.ts';

export const CODE_RULES: readonly SecretRule[] = [
  rule('github-token', ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'], /gh[pousr]_[A-Za-z0-9]{36,251}/y, {
    tail: WORD,
    check: (value) => (value.length === 40 ? hasCrc32(value) : looksRandom(value)),
  }),
  rule('github-token', ['github_pat_'], /github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}/y, { check: looksRandom }),
  rule(
    'gitlab-token',
    ['glpat-', 'gldt-', 'glrt-', 'glrtr-', 'glcbt-', 'glptt-', 'glsoat-', 'gloas-', 'glft-', 'glffct-', 'glimt-', 'glagent-', 'glwt-'],
    /gl[a-z]{2,5}-[\w.-]{20,249}/y,
    { tail: WORD, check: isDrawn },
  ),
  token('gitlab-token', 'GR1348941', URL64, 20),
  token('bitbucket-token', 'ATBB', B62, 32, 36),
  rule('atlassian-token', ['ATATT3', 'ATCTT3', 'ATBBT3'], /AT[ABC][TB]T3[\w=-]{60,249}/y, { tail: WORD }),
  rule('npm-token', ['npm_'], /npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])/y, { check: hasCrc32 }),
  rule('pypi-token', ['pypi-AgE'], /pypi-AgE[\w-]{50,255}/y, { tail: WORD }),
  token('rubygems-token', 'rubygems_', HEX, 48),
  token('crates-token', 'cio', B62, 32, 32, { check: looksRandom }),
  token('nuget-key', 'oy2', 'a-z0-9', 43, 43, { check: looksRandom }),
  token('clojars-token', 'CLOJARS_', HEX, 60),
  token('docker-token', 'dckr_pat_', URL64, 27, 40),
  token('docker-token', 'dckr_oat_', URL64, 27, 50),
  token('docker-swarm-token', 'SWMTKN-', `${B62}-`, 70, 90),
  token('artifactory-key', 'AKCp', B62, 66, 80),
  token('artifactory-token', 'cmVmdGtu', B62, 50, 70),
  token('buildkite-token', 'bkua_', HEX, 40),
  token('buildkite-token', 'bkpt_', HEX, 40, 80),
  token('circleci-token', 'CCIPAT_', `${B62}_`, 50, 90),
  token('circleci-token', 'CCIPRJ_', `${B62}_`, 50, 90),
  token('sourcegraph-token', 'sgp_', `${HEX}_l`, 40, 80),
  token('sonar-token', 'sqp_', HEX, 40),
  token('sonar-token', 'squ_', HEX, 40),
  token('sonar-token', 'sqa_', HEX, 40),
  token('sentry-token', 'sntryu_', HEX, 64),
  rule('sentry-token', ['sntrys_eyJ'], /sntrys_eyJ[A-Za-z0-9+/=_-]{60,255}/y, { tail: /[\w+/=-]/ }),
  token('snyk-token', 'snyk_', `${B62}.`, 30, 90, { check: looksRandom }),
  token('semgrep-token', 'semgrep_', HEX, 40, 70),
  token('expo-token', 'exp_', URL64, 40, 60, { check: looksRandom }),
  token('codecov-token', 'codecov_', HEX, 32, 64),
  token('infracost-key', 'ico-', B62, 32, 32, { check: looksRandom }),
  token('prefect-key', 'pnu_', 'a-z0-9', 36, 36, { check: looksRandom }),
  token('prefect-key', 'pnb_', 'a-z0-9', 36, 36, { check: looksRandom }),
  token('readme-key', 'rdme_', 'a-z0-9', 70, 80),
  token('postman-key', 'PMAK-', `${HEX}-`, 50, 64),
  token('octopus-key', 'API-', UPPER36, 25, 32, { check: looksRandom }),
  token('harness-token', 'pat.', `${B62}._-`, 60, 90, { check: looksRandom }),
  token('harness-token', 'sat.', `${B62}._-`, 60, 90, { check: looksRandom }),
  token('launchdarkly-key', 'sdk-', `${HEX}-`, 36, 36, { check: isLongUuid }),
  token('launchdarkly-key', 'mob-', `${HEX}-`, 36, 36, { check: isLongUuid }),
  token('launchdarkly-key', 'api-', `${HEX}-`, 36, 36, { check: isLongUuid }),
  token('composer-token', 'packagist_', B62, 40, 80),
  token('gitea-token', 'gta_', B62, 40, 48),
  token('jfrog-token', 'eyJ2ZXIiOiIyIi', B64, 100, 255, { tail: /[\w.-]/ }),
];

/** After the four letters a UUID. */
function isLongUuid(value: string): boolean {
  return /^[a-z]{3}-[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(value);
}
