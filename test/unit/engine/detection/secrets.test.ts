import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DOCUMENT_PATTERNS } from '../../../../main/engine/detection/documents.ts';
import { findSecrets, MAX_ATTEMPTS, SCAN_PATTERNS, scanSecrets } from '../../../../main/engine/detection/secrets.ts';
import { CREDENTIALS, checked, HEX, jwt, letters, privateKey } from './tokens.ts';

/** What was found, by label and by text. */
const found = (text: string) => findSecrets(text).map(({ label, start, end }) => [label.replace('secret.', ''), text.slice(start, end)]);

describe('credentials by their shape', () => {
  it.each(CREDENTIALS)('finds %s in prose, code, JSON, an environment and a URL', (label, value) => {
    const json = JSON.stringify({ text: `first line\n${value}\n` });
    const written = json.slice(json.indexOf('\\n') + 2, json.lastIndexOf('\\n'));
    for (const text of [`Use ${value} for it.`, `const key = "${value}";`, value]) expect(found(text)).toEqual([[label, value]]);
    expect(found(json)).toEqual([[label, written]]);
    expect(found(JSON.stringify(json)).map(([name]) => name)).toEqual([label]);
  });

  it.each([
    ['a checksum that fails', `ghp_${letters(36)}`],
    ['a placeholder', `ghp_${'x'.repeat(36)}`],
    ['the vendor’s own example', ['AKIA', 'IOSFODNN7', 'EXAMPLE'].join('')],
    ['a part of a longer word', `ta${`sk-${letters(48)}`}`],
    ['base 64 that only looks like it', `${letters(40)}AKIA${letters(16, 'ABCDEFGH')}${letters(40)}`],
    ['a header without a key', `-----BEGIN RSA ${'PRIVATE'} KEY-----`],
    [
      'code about keys',
      `if (text.includes('-----BEGIN ${'PRIVATE'} KEY-----') && text.includes('-----END ${'PRIVATE'} KEY-----')) return text.length`,
    ],
    ['three base-64 parts without an algorithm', `eyJ${letters(20)}.${letters(30)}.${letters(43)}`],
    ['Bearer in prose', 'Bearer authentication is described in the next section.'],
    ['Basic in prose', 'Basic authentication is described in the next section.'],
    ['Bearer with a variable', 'Authorization: Bearer $' + '{ACCESS_TOKEN_VARIABLE_1}'],
  ])('does not take %s for one', (_what, text) => {
    expect(found(text)).toEqual([]);
  });

  it('finds a private key with line numbers, in a diff, and cut off', () => {
    const key = privateKey();
    const lines = key.split('\n');
    for (const text of [
      lines.map((line, i) => `${String(i + 1).padStart(6)}→${line}`).join('\n'),
      lines.map((line) => `+${line}`).join('\n'),
      lines.slice(0, 4).join('\n'),
    ]) {
      const [finding, ...rest] = findSecrets(text);
      expect(rest).toEqual([]);
      expect(finding).toMatchObject({ label: 'secret.private-key' });
      expect(text.slice(0, finding!.start) + text.slice(finding!.end)).not.toMatch(/[A-Za-z0-9+/]{20}/);
    }
  });

  it('finds the AWS secret key that stands beside its id', () => {
    const [id, secret] = [`AKIA${letters(16, 'ABCDEFGHIJ234567')}`, letters(40)];
    expect(found(`${id},${secret}`)).toEqual([
      ['aws-access-key', id],
      ['aws-secret-key', secret],
    ]);
  });

  it('covers a token to its end, however long it is', () => {
    const long = `sk-ant-api03-${letters(3000)}`;
    expect(found(`key ${long} end`)).toEqual([['anthropic-key', long]]);
  });
});

describe('credentials by the name they are given', () => {
  const value = letters(32);
  it.each([
    ['an environment file', `DB_PASSWORD=${value}`, 'password'],
    ['JSON', `{"apiKey": "${value}"}`, 'assigned-credential'],
    ['JSON in JSON', JSON.stringify(`{"client_secret": "${value}"}`), 'assigned-credential'],
    ['YAML', `  password: ${value}`, 'password'],
    ['Ruby', `'api_key' => '${value}'`, 'assigned-credential'],
    ['Go', `apiKey := "${value}"`, 'assigned-credential'],
    ['a header', `x-api-key: ${value}`, 'assigned-credential'],
    ['a bearer header', `Authorization: Bearer ${value}`, 'bearer-token'],
    ['a URL', `https://example.org/v1?alt=sse&key=${value}&n=1`, 'assigned-credential'],
    ['a signed URL', `https://acct.blob.core.windows.net/c?sv=2024&sig=${value}%3D`, 'assigned-credential'],
    ['a connection string', `postgres://app:${value}@db.internal:5432/main`, 'url-password'],
  ])('finds it in %s', (_where, text, label) => {
    const [finding] = findSecrets(text);
    expect(finding).toMatchObject({ label: `secret.${label}` });
    expect(text.slice(finding!.start, finding!.end)).toContain(value);
    expect(finding!.end - finding!.start).toBeLessThan(value.length + 4);
  });

  it('names Azure’s and AWS’s keys', () => {
    const base64 = `${letters(86)}==`;
    expect(found(`DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${base64};`)).toEqual([['azure-key', base64]]);
    expect(found(`aws_secret_access_key = ${letters(40)}`)).toEqual([['aws-secret-key', letters(40)]]);
  });

  it('finds user and password of Basic authentication', () => {
    const basic = Buffer.from('ada:correct horse battery').toString('base64');
    expect(found(`Authorization: Basic ${basic}`)).toEqual([['basic-credentials', basic]]);
  });

  it('names a value by what it is, not by what it was assigned to', () => {
    const token = checked('ghp_');
    expect(found(`password="${token}"`)).toEqual([['github-token', token]]);
  });

  it.each([
    'const token = getToken();',
    'password: string;',
    'apiKey: process.env.ANTHROPIC_API_KEY,',
    'secret = settings.secretKey1.value',
    'api_key = "<your-api-key-1234>"',
    'password = "changeme123"',
    'password=$DB_PASSWORD1',
    'if (password == "abc123xyz") {',
    'next_page_token: "a1b2c3d4e5f6g7h8i9j0k1"',
    'std::token::Value1234567890abcdef',
    'https://example.org/?key=north&token=12',
    'postgres://postgres:postgres@localhost/db',
    'redis://:$' + '{PASSWORD}@cache:6379',
    'see http://localhost:3000/@scope/package',
    'max_tokens: 4096, tokens: 123456',
  ])('leaves alone: %s', (text) => {
    expect(found(text)).toEqual([]);
  });
});

describe('a scan', () => {
  it('has only bounded quantifiers: 255 at most', () => {
    for (const pattern of [...SCAN_PATTERNS, ...DOCUMENT_PATTERNS]) {
      const bare = pattern.source.replace(/\\./g, 'x').replace(/\[(?:[^\]])*\]/g, 'c');
      expect(bare, String(pattern)).not.toMatch(/[*+]|\{\d+,\}/);
      for (const [, most] of bare.matchAll(/\{(?:\d+,)?(\d+)\}/g)) expect(Number(most), String(pattern)).toBeLessThanOrEqual(255);
      expect(bare, `${pattern}: one quantifier within another`).not.toMatch(/[?}]\)(?:\{|\?\{)/);
    }
  });

  const crafted = [
    'xoxb-',
    'sk-ant-api03-',
    'sk-',
    `-----BEGIN RSA ${'PRIVATE'} KEY-----`,
    `${jwt().slice(0, 40)}.`,
    'password=',
    'https://a:',
    '?key=',
    '[secret:',
    'Bearer ',
    'AKIA',
    'ghp_',
  ];

  it.each(crafted)('tries each rule a bounded number of times on %j, repeated to 200 KB', (unit) => {
    const text = unit.repeat(Math.ceil(200_000 / unit.length));
    const { attempts } = scanSecrets(text, { lenient: false, maxAttempts: MAX_ATTEMPTS });
    expect(attempts).toBeLessThanOrEqual(MAX_ATTEMPTS * 3);
    const twice = scanSecrets(text + text, { lenient: true, maxAttempts: Number.POSITIVE_INFINITY }).attempts;
    const once = scanSecrets(text, { lenient: true, maxAttempts: Number.POSITIVE_INFINITY }).attempts;
    expect(twice).toBeLessThanOrEqual(once * 2 + 10);
  });

  it('says from where on it has not looked', () => {
    const text = 'password=\n'.repeat(MAX_ATTEMPTS * 3);
    const findings = findSecrets(text);
    expect(findings).toEqual([
      { detector: 'secrets', label: 'secret.scan-truncated', severity: 'medium', start: expect.any(Number), end: text.length },
    ]);
    expect(findings[0]!.start).toBeGreaterThan(MAX_ATTEMPTS * 10);
  });

  it('finds nothing in this project’s own source', () => {
    const root = new URL('../../../../main', import.meta.url).pathname;
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).map((name) => join(root, name));
    const sources = files.filter((file) => file.endsWith('.ts') && statSync(file).isFile());
    expect(sources.length).toBeGreaterThan(20);
    expect(sources.flatMap((file) => found(readFileSync(file, 'utf8')).map((finding) => [file, finding]))).toEqual([]);
  });

  it('gives findings in order and apart from each other', () => {
    const text = CREDENTIALS.map(([, value], i) => `token_${i}="${value}" and ${letters(20, HEX)}`).join('\n');
    const findings = findSecrets(text);
    expect(findings.length).toBeGreaterThanOrEqual(CREDENTIALS.length);
    for (const [i, finding] of findings.slice(1).entries()) expect(finding.start).toBeGreaterThanOrEqual(findings[i]!.end);
  });
});
