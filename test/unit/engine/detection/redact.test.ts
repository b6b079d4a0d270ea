import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../../main/engine/detection/redact.ts';
import { CREDENTIALS, checked, letters } from './tokens.ts';

const redactor = () => createRedactor({ key: Buffer.alloc(32, 7) });
const PLACEHOLDER = /\[secret:[a-z0-9-]+:[a-z2-7]{8}\]/;

describe('redaction', () => {
  it.each(CREDENTIALS)('leaves nothing of a %s', (label, value) => {
    const clean = redactor().redact(`before ${value} after`);
    expect(clean).toMatch(new RegExp(`^before \\[secret:${label}:[a-z2-7]{8}\\] after$`));
  });

  it('writes the same for the same credential, another for another, and another with another key', () => {
    const [one, two] = [checked('ghp_', 'one'), checked('ghp_', 'two')];
    const { redact } = redactor();
    const [a, b, c] = redact(`${one} ${one} ${two}`).split(' ');
    expect(a).toBe(b);
    expect(a).not.toBe(c);
    expect(createRedactor({ key: Buffer.alloc(32, 8) }).redact(one)).not.toBe(a);
  });

  it('redacts a token whose checksum fails: better one too many', () => {
    expect(redactor().redact(`ghp_${letters(36)}`)).toMatch(PLACEHOLDER);
  });

  it.each(['key', 'token', 'api_key', 'access_token'])('redacts a URL’s %s though it is short and plain', (name) => {
    const url = `https://api.example.org/v1?alt=sse&${name}=opensesame&n=1`;
    expect(redactor().redact(url)).toMatch(new RegExp(`^https://api\\.example\\.org/v1\\?alt=sse&${name}=\\[secret:[^\\]]+\\]&n=1$`));
  });

  it('replaces what it has learnt wherever it appears: plain, in JSON, in a URL', () => {
    const it_ = redactor();
    const credential = 'a "quoted"/odd+credential';
    it_.learn(`Bearer ${credential}`);
    for (const text of [
      credential,
      JSON.stringify({ credential }),
      JSON.stringify(JSON.stringify({ credential })),
      `https://h/?q=${encodeURIComponent(credential)}`,
    ]) {
      const clean = it_.redact(`x ${text} y`);
      expect(clean).toMatch(/\[secret:credential:[a-z2-7]{8}\]/);
      expect(clean).not.toMatch(/odd/);
    }
  });

  it('redacts a password that stands beside a placeholder', () => {
    const it_ = redactor();
    it_.learn('learnt-credential-1');
    const clean = it_.redact(`DB_PASSWORD=${letters(12)}; KEY=learnt-credential-1`);
    expect(clean).toMatch(/^DB_PASSWORD=\[secret:password:[a-z2-7]{8}\]; KEY=\[secret:credential:[a-z2-7]{8}\]$/);
  });

  it('learns nothing so short that it would blank out words', () => {
    const it_ = redactor();
    const before = it_.generation;
    it_.learn('the');
    it_.learn('Bearer secret');
    expect(it_.generation).toBe(before);
    expect(it_.redact('the secret of the sea')).toBe('the secret of the sea');
  });

  it('remembers the thousand credentials that it saw last', () => {
    const it_ = redactor();
    const values = Array.from({ length: 1001 }, (_, i) => `plain-value-number-${String(i).padStart(5, '0')}`);
    for (const value of values.slice(0, 1000)) it_.learn(value);
    it_.learn(values[0]!);
    it_.learn(values[1000]!);
    expect(it_.redact(values[0]!)).toMatch(PLACEHOLDER);
    expect(it_.redact(values[1000]!)).toMatch(PLACEHOLDER);
    expect(it_.redact(values[1]!)).toBe(values[1]);
  });

  it('redacts whole values under the names of credentials, and strings everywhere else', () => {
    const token = checked('ghp_');
    const clean = redactor().redactJson({
      headers: { Authorization: 'x', 'X-Api-Key': 'short', Cookie: ['a=b', 'c=d'], accept: 'text/html' },
      command: [`curl -H "x: ${token}"`, 7, null, true],
      [token]: 'as a name',
      password: '',
      usage: { inputTokens: 12 },
    });
    const text = JSON.stringify(clean);
    expect(text).not.toContain(token);
    expect(clean).toMatchObject({
      headers: {
        Authorization: expect.stringMatching(PLACEHOLDER),
        'X-Api-Key': expect.stringMatching(PLACEHOLDER),
        Cookie: expect.stringMatching(PLACEHOLDER),
        accept: 'text/html',
      },
      command: [expect.stringMatching(PLACEHOLDER), 7, null, true],
      password: '',
      usage: { inputTokens: 12 },
    });
  });

  it('survives values nested without end', () => {
    let value: string | readonly unknown[] = 'deep';
    for (let i = 0; i < 50_000; i++) value = [value];
    expect(JSON.stringify(redactor().redactJson(value as string))).toContain('[nested too deep]');
  });

  it('drops the rest of a text that is crafted to keep it busy, instead of leaving it unread', () => {
    const token = checked('ghp_');
    const clean = redactor().redact(`${'password=\n'.repeat(60_000)}${token}`);
    expect(clean).not.toContain(token);
    expect(clean).toMatch(/\[secret:unscanned:[a-z2-7]{8}\]$/);
  });

  it('changes nothing more when it is done twice, and leaves well-formed text without credentials as it is', () => {
    const it_ = redactor();
    it_.learn('learnt-credential-1');
    const parts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        ...CREDENTIALS.map(([, value]) => value),
        'learnt-credential-1',
        `?token=${checked('ghp_')}`,
        `password=${letters(30)}`,
        `"api_key": "${letters(30)}"`,
        'password=',
        '"api_key": "',
        '?token=',
        'Bearer ',
        '[secret:',
        '[secret:jwt:abcdefgh]',
        ' ',
        '\n',
        '"',
      ),
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 8 }), (texts) => {
        const once = it_.redact(texts.join(' '));
        expect(it_.redact(once)).toBe(once);
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.lorem({ maxCount: 50 }), (text) => {
        expect(it_.redact(text)).toBe(text);
      }),
    );
  });

  it('keeps a member that readers of JSON would lose for its name', () => {
    const data = JSON.parse('{"a":{"__proto__":{"b":1}}}');
    expect(JSON.stringify(redactor().redactJson(data))).toBe('{"a":{"[__proto__]":{"b":1}}}');
  });
});
