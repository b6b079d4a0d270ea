import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJson } from '../../../../main/engine/protocols/json.ts';
import { createResentReader } from '../../../../main/engine/protocols/resent.ts';

const MANY = 16 * 1024 * 1024;

/** Whatever was read before, what is read now is what `readJson` reads. */
function agrees(texts: readonly string[], keptBytes = MANY): void {
  const reader = createResentReader(keptBytes, 0);
  for (const text of texts) {
    const bytes = Buffer.from(text);
    expect(reader.read(bytes)).toEqual(readJson(bytes.toString('utf8')));
  }
}

const long = 'x'.repeat(60);
const turn = (text: string) => ({
  role: 'user',
  content: [{ type: 'text', text: `${text} ${long}`, note: { a: 1, text: `é😀"\\ ${long}` } }],
});
const talk = (...texts: string[]) =>
  JSON.stringify({ model: 'm', system: [{ text: long, n: 0 }], messages: texts.map(turn), max_tokens: 10 });

describe('a conversation that is sent again', () => {
  it('is read as if it were new, whatever was added to it or changed in it', () => {
    const first = talk('one', 'two', 'three');
    agrees([
      first,
      first,
      talk('one', 'two', 'three', 'four'),
      talk('one', 'TWO', 'three'),
      talk('one'),
      talk(),
      first.slice(0, -1),
      first,
    ]);
  });

  it('keeps the values of what is the same', () => {
    const reader = createResentReader(MANY, 0);
    const read = (text: string) => {
      const reading = reader.read(Buffer.from(text));
      return (reading.ok ? reading.value : undefined) as { system: unknown; messages: unknown[] };
    };
    const before = read(talk('one', 'two'));
    const after = read(talk('one', 'two', 'three'));
    expect(after.system).toBe(before.system);
    expect(after.messages.slice(0, 2).every((message, at) => message === before.messages[at])).toBe(true);
    expect(after.messages).toHaveLength(3);
  });

  it.each([
    ['a member twice, the second behind what is known', (text: string) => text.replace(/}$/, ',"messages":[]}')],
    ['a member twice in what is known only in part', (text: string) => text.replace('"three', '","text":"')],
    ['a list that goes on as an object', (text: string) => text.replace(/\]}$/, '}}')],
    ['a list that never ends', (text: string) => text.slice(0, -30)],
    ['a string that never ends', (text: string) => `${text.slice(0, -30)}"`],
    ['too deep', (text: string) => text.replace('"max_tokens":10', `"max_tokens":${'['.repeat(300)}${']'.repeat(300)}`)],
    ['a zero where a part was', (text: string) => text.replace('"max_tokens":10', '"max_tokens":0,"zero":[0,00]')],
  ])('is refused as it would be if it were new: %s', (_what, change) => {
    const text = talk('one', 'two', 'three');
    agrees([text, change(text), text, change(talk('one', 'two', 'three', 'four'))]);
  });

  it('takes no name for another: escaped, inherited, empty, a number, not ASCII, with blanks before the colon', () => {
    const part = JSON.stringify(turn('one'));
    for (const name of ['"\\u0061"', '"__proto__"', '""', '"0"', '"é"', '"a" ', '"constructor"'])
      agrees([
        `{${name}:${part},"a":[0]}`,
        `{${name}:${part},"b":0}`,
        `{"c":{${name}:[${part},${part}]},"d":1}`,
        `{"c":{${name}:[${part},${part}]},"e":2}`,
      ]);
  });

  it('is the same for any JSON and any change to it', () => {
    const any = fc
      .json({ maxDepth: 6 })
      .map((text) => JSON.stringify({ a: [JSON.parse(text), long, { b: { c: [JSON.parse(text), { long, 0: 0 }] } }], z: 0 }));
    fc.assert(
      fc.property(
        any,
        fc.nat(),
        fc.nat(5),
        fc.constantFrom('', '0', '"', ',', '}', ']', '{"a":0}', ':', '\\', `[${'"x",'.repeat(30)}0]`, 'é'),
        (text, where, drop, put) => {
          const cut = where % text.length;
          const changed = text.slice(0, cut) + put + text.slice(cut + drop);
          agrees([text, changed, text, changed + put, `${text.slice(0, -1)},"more":[${text}]}`]);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('forgets the oldest bodies beyond its bound', () => {
    const reader = createResentReader(1_000, 0);
    const texts = Array.from({ length: 10 }, (_, at) => JSON.stringify([at, turn('one')]));
    const read = (text: string) => {
      const reading = reader.read(Buffer.from(text));
      return reading.ok && reading.value;
    };
    const [first] = texts.map(read);
    expect(read(texts[0]!)).toEqual(first);
    expect(read(texts[0]!)).not.toBe(first);
    expect(read(texts[0]!)).toBe(read(texts[0]!));
    expect(read(JSON.stringify([1, 'y'.repeat(2_000)]))).not.toBe(read(JSON.stringify([1, 'y'.repeat(2_000)])));
  });
});
