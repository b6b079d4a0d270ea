/** The corpora of texts are what they say: whole, large enough, and without a credential that anybody's scanner would stop. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../../build/places.ts';
import { crcBase62 } from '../../corpora/chance.ts';
import { KINDS } from '../../corpora/kinds.ts';
import { expandTokens, kindsIn } from '../../corpora/tokens.ts';
import { readInjectionCases, readPersonalCases, readSecretCases, type TextCase } from '../../eval/text-cases.ts';
import { isBelow, isFalseAlarm, isMissed, scored, wholeRow } from '../../eval/text-scores.ts';

const CORPORA = join(ROOT, 'test', 'corpora');
const secrets = readSecretCases(CORPORA);
const personal = readPersonalCases(CORPORA);
const injection = readInjectionCases(CORPORA);

describe('the corpora of texts', () => {
  it.each<[string, readonly TextCase[], number, number]>([
    ['secrets', secrets, 200, 200],
    ['personal data', personal, 100, 100],
    ['orders to the agent', injection, 150, 180],
  ])('have enough of %s and of what only looks like it', (_, cases, present, harmless) => {
    expect(cases.filter(({ expect }) => expect.length > 0).length).toBeGreaterThanOrEqual(present);
    expect(cases.filter(({ expect }) => expect.length === 0).length).toBeGreaterThanOrEqual(harmless);
  });

  it('name each case and write each text once', () => {
    const all = [...secrets, ...personal, ...injection];
    expect(repeated(all.map(({ id }) => id))).toEqual([]);
    expect(repeated(all.map(({ written }) => written))).toEqual([]);
  });

  it('leave no placeholder as it was', () => {
    const unknown = secrets.flatMap(({ written }) => kindsIn(written)).filter((kind) => !Object.hasOwn(KINDS, kind));
    expect(unknown).toEqual([]);
    expect(secrets.filter(({ text }) => /\{\{(begin|end)\b/.test(text) || kindsIn(text).length > 0)).toEqual([]);
  });

  it('commit no credential of a live shape', () => {
    const files = readdirSync(CORPORA, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(jsonl|ts)$/.test(name));
    expect(files.length).toBeGreaterThan(10);
    expect(files.flatMap((name) => liveShapes(readFileSync(join(CORPORA, name), 'utf8')).map((found) => `${name}: ${found}`))).toEqual([]);
  });
});

describe('the test that looks for credentials', () => {
  it('sees those that placeholders become', () => {
    const kinds = [
      'github-token',
      'npm-token',
      'aws-access-key',
      'gcp-api-key',
      'slack-bot',
      'stripe-key',
      'openai-key',
      'anthropic-key',
      'rsa-key',
    ];
    expect(kinds.filter((kind) => liveShapes(expandTokens(`{{${kind}:1}}`)).length === 0)).toEqual([]);
  });
});

describe('tokens', () => {
  it.each(Object.keys(KINDS))('of the kind %s are the same for a seed, and others for another', (kind) => {
    const token = expandTokens(`{{${kind}:1}}`);
    expect(token.length).toBeGreaterThan(9);
    expect(expandTokens(`{{${kind}:1}}`)).toBe(token);
    if (kind !== 'azure-emulator-key') expect(expandTokens(`{{${kind}:2}}`)).not.toBe(token);
  });

  it('have GitHub’s checksum, or deliberately not', () => {
    const sum = (kind: string) => {
      const token = expandTokens(`{{${kind}:1}}`);
      return crcBase62(token.slice(4, 34)) === token.slice(34);
    };
    expect([sum('github-token'), sum('npm-token'), sum('github-token-wrong-sum'), sum('npm-token-wrong-sum')]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('go through filters, one after the other', () => {
    expect(expandTokens('{{begin|base64|numbered}}a b{{end}}')).toBe('     1\tYSBi');
  });

  it('are refused where nobody knows the kind or the filter', () => {
    expect(() => expandTokens('{{no-such:1}}')).toThrow('no-such');
    expect(() => expandTokens('{{uuid:1|nosuch}}')).toThrow('nosuch');
  });

  it('leave other doubled braces alone', () => {
    expect(expandTokens('{{ password }} and {{.Values.x}}')).toBe('{{ password }} and {{.Values.x}}');
  });
});

describe('the score', () => {
  const one = (expected: readonly string[]): TextCase => ({ id: 'x', text: 't', written: 't', expect: expected });

  it('takes a label below the one expected, never one that only begins alike', () => {
    expect(isBelow('secret.github-token', 'secret')).toBe(true);
    expect(isBelow('secret.aws-access-key', 'secret.aws')).toBe(false);
  });

  it('does not take what was not read for what was found', () => {
    expect(isMissed(scored(one(['secret']), 'secret', ['secret.scan-truncated']))).toBe(true);
    expect(isFalseAlarm(scored(one([]), 'secret', ['secret.unscanned']))).toBe(false);
  });

  it('counts no finding of another family', () => {
    expect(isFalseAlarm(scored(one([]), 'pii', ['secret.password']))).toBe(false);
  });

  it('gives recall and precision', () => {
    const all = [scored(one(['pii']), 'pii', ['pii.email']), scored(one(['pii']), 'pii', []), scored(one([]), 'pii', ['pii.email'])];
    expect(wholeRow('all', all)).toEqual(['all', '2', '1', '50.0 %', '2', '1', '50.0 %']);
  });
});

/** What hosts of repositories refuse to take: rough shapes, and no published example. */
const LIVE = [
  /\bgh[pousr]_[A-Za-z0-9]{36}\b/g,
  /\bgithub_pat_\w{82}\b/g,
  /\bnpm_[A-Za-z0-9]{36}\b/g,
  /\bgl(?:pat|rt|dt)-[\w-]{20}\b/g,
  /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/g,
  /\bAIza[\w-]{35}/g,
  /\bxox[bp]-\d{10,13}-\d{10,13}-[\w-]{20,}/g,
  /hooks\.slack\.com\/services\/T\w{8,}\/B\w{8,}\/(?!X{24})\w{24}/g,
  /\b[sr]k_live_\w{20,}/g,
  /\bsk-(?:proj|svcacct|ant)-[\w-]{40,}/g,
  /\bsk-[A-Za-z0-9]{20}T3BlbkFJ/g,
  /\bSG\.[\w-]{22}\.[\w-]{43}/g,
  /\bhf_[A-Za-z]{34}\b/g,
  /\bdop_v1_[0-9a-f]{64}\b/g,
  /\bpypi-AgEI[\w-]{50,}/g,
  /\bshp(?:at|ss)_[0-9a-f]{32}\b/g,
  /\bhvs\.[\w-]{80,}/g,
  /\bdapi[0-9a-f]{32}\b/g,
  /\bAccountKey=[A-Za-z0-9+/]{80,}/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----\s*[A-Za-z0-9+/]{64}/g,
];

function liveShapes(text: string): string[] {
  return LIVE.flatMap((shape) => [...text.matchAll(shape)].map(([found]) => found)).filter((found) => !isKnownDummy(found));
}

/** Refused by its provider's own checksum, or said to be an example. */
function isKnownDummy(found: string): boolean {
  const summed = /^(?:gh[pousr]|npm)_(\w{30})(\w{6})$/.exec(found);
  return summed !== null ? crcBase62(summed[1]!) !== summed[2] : found.endsWith('EXAMPLE') || /(.)\1{15}/.test(found);
}

function repeated(values: readonly string[]): string[] {
  const seen = new Set<string>();
  return values.filter((value) => seen.has(value) || !seen.add(value));
}
