import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactedBody } from '../../../../../main/engine/protocols/redaction/redacted-body.ts';

const HIDDEN = '[secret:x:aaaaaaaa]';

function redacted(body: string, ...values: string[]): string | undefined {
  const bytes = redactedBody(Buffer.from(body), new Map(values.map((value) => [value, HIDDEN])));
  return bytes && Buffer.from(bytes).toString();
}

describe('a request with something that must not leave', () => {
  it('leaves without it, and with every other byte', () => {
    const body =
      '{ "n": 1.50, "z": 12345678901234567890, "messages": [{"content": "key hunter22 and caf\\u00e9"}, {"content":"\\u00fc"}] }';
    expect(redacted(body, 'hunter22')).toBe(body.replace('"key hunter22 and caf\\u00e9"', `"key ${HIDDEN} and café"`));
  });

  it('loses it from arguments, which are JSON within JSON', () => {
    const value = 'line one\nline "two"';
    const body = JSON.stringify({ function: { arguments: JSON.stringify({ text: `<${value}>` }) }, text: value });
    const left = JSON.parse(redacted(body, value)!);
    expect(JSON.parse(left.function.arguments)).toEqual({ text: `<${HIDDEN}>` });
    expect(left.text).toBe(HIDDEN);
  });

  it('keeps what is signed', () => {
    const body = JSON.stringify({
      content: [
        { type: 'thinking', thinking: 'hunter22', signature: 'hunter22' },
        { type: 'text', text: 'hunter22' },
      ],
    });
    expect(JSON.parse(redacted(body, 'hunter22')!).content).toEqual([
      { type: 'thinking', thinking: 'hunter22', signature: 'hunter22' },
      { type: 'text', text: HIDDEN },
    ]);
  });

  it('does not leave where it cannot be read', () => {
    expect(redacted('prompt=hunter22', 'hunter22')).toBeUndefined();
    expect(redactedBody(Buffer.from([0x22, 0xff, 0x22]), new Map([['x', HIDDEN]]))).toBeUndefined();
  });

  it('holds no value in any string, whatever the strings are', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.string({ minLength: 3, maxLength: 8 }), (value, secret) => {
        const body = JSON.stringify({ value, text: `a${secret}b`, [secret]: [secret] });
        const left = redacted(body, secret);
        fc.pre(!HIDDEN.includes(secret));
        const parsed = JSON.parse(left!);
        expect(parsed.text).toBe(`a${HIDDEN}b`);
        expect(Object.keys(parsed).some((key) => key.includes(secret))).toBe(false);
      }),
    );
  });
});
