import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonNode, locate, MAX_DEPTH, patched, readJson, source } from '../../../../main/engine/protocols/json.ts';

describe('reading', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(4), (text, indent) => {
        const written = JSON.stringify(JSON.parse(text), null, indent);
        expect(readJson(written)).toEqual({ ok: true, value: JSON.parse(written) });
      }),
    );
  });

  it('refuses what JSON.parse refuses, and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '\\', 'a', '1', ' ') }), (text) => {
        let parsed = true;
        try {
          JSON.parse(text);
        } catch {
          parsed = false;
        }
        const reading = readJson(text);
        expect(reading.ok || reading.why === 'duplicate-key').toBe(parsed);
      }),
    );
  });

  it.each(['{"a":1,"a":1}', '{"a":1,"\\u0061":2}', '[{"b":{"a":1,"c":[],"a":2}}]', '{"__proto__":1,"__proto__":2}', '{"a:":"x:y","a:":1}'])(
    'sees the key that is there twice: %s',
    (text) => {
      expect(readJson(text)).toEqual({ ok: false, why: 'duplicate-key' });
    },
  );

  it('takes the same key in two objects, and colons and quotes in strings, for what they are', () => {
    const text = '[{"a":"{\\"a\\":1,\\"a\\":2}"},{"a":"\\\\"},{"__proto__":{"a":":"}}]';
    expect(readJson(text).ok).toBe(true);
  });

  it('takes names in other letters for the same where clients do', () => {
    expect(readJson('{"type":"ping","Type":"x"}', 'anyCase')).toEqual({ ok: false, why: 'duplicate-key' });
    expect(readJson('{"type":"ping","Type":"x"}').ok).toBe(true);
    expect(readJson('{"Path":{"path":1},"B":2}', 'anyCase').ok).toBe(true);
  });

  it('refuses what nests too deep', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(readJson(nested(MAX_DEPTH)).ok).toBe(true);
    expect(readJson(nested(MAX_DEPTH + 1)).ok).toBe(false);
    expect(readJson('['.repeat(1_000_000)).ok).toBe(false);
  });
});

describe('places', () => {
  it('finds every value where it was written', () => {
    const check = (text: string, node: JsonNode, value: unknown) => {
      expect(JSON.parse(source(text, node))).toEqual(value);
      for (const [key, member] of node.members) check(text, member.value, (value as Record<string, unknown>)[key]);
      for (const [i, item] of node.items.entries()) check(text, item, (value as unknown[])[i]);
      if (typeof value === 'object' && value !== null)
        expect(Math.max(node.members.size, node.items.length)).toBe(Object.keys(value).length);
    };
    fc.assert(
      fc.property(fc.json(), fc.nat(4), (text, indent) => {
        const written = `\n ${JSON.stringify(JSON.parse(text), null, indent)} `;
        check(written, locate(written), JSON.parse(written));
      }),
    );
  });

  it('replaces, adds and leaves out members, and keeps all else as it was written', () => {
    const text = '{ "big": 12345678901234567890, "b":1.0 ,"c" : {"x":"\\u0041"}, "d":[1, 2]}';
    expect(patched(text, locate(text), { b: '[ ]', c: undefined, e: '"new"' })).toBe(
      '{"big": 12345678901234567890,"b":[ ],"d":[1, 2],"e":"new"}',
    );
    expect(patched('{}', locate('{}'), { a: '1', b: undefined })).toBe('{"a":1}');
  });
});
