import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNdjsonSplitter, NDJSON, type NdjsonLine } from '../../../../main/engine/protocols/ndjson.ts';

function split(bytes: Buffer, at: readonly number[] | 'bytes' = [], maxLineBytes?: number): NdjsonLine[] {
  const splitter = createNdjsonSplitter(maxLineBytes);
  const places = at === 'bytes' ? [...bytes.keys()] : at.map((cut) => (bytes.length > 0 ? cut % bytes.length : 0));
  const edges = [0, ...[...new Set(places)].sort((a, b) => a - b), bytes.length];
  const lines = edges.slice(1).flatMap((edge, i) => splitter.push(bytes.subarray(edges[i], edge)));
  const rest = splitter.rest();
  return rest ? [...lines, rest] : lines;
}

const meanings = (lines: readonly NdjsonLine[]) => lines.map(({ data, trouble }) => ({ data, trouble }));
const part = fc.constantFrom('{"a":1}', '[2]', '', ' ', '\t', '\u2028', '{"s":"看"}', '\n', '\r\n', '\r');
const cuts = fc.array(fc.nat(), { maxLength: 20 });

describe('lines', () => {
  it('are together every byte that was given, and mean the same, however it is cut', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), cuts, (parts, at) => {
        const bytes = Buffer.from(parts.join(''));
        const lines = split(bytes, at);
        expect(Buffer.concat(lines.map(({ raw }) => raw)).equals(bytes)).toBe(true);
        expect(meanings(lines)).toEqual(meanings(split(bytes)));
      }),
    );
  });

  it('end at a line feed, with or without a carriage return before it', () => {
    const lines = split(Buffer.from('{"a":1}\n\n \t\r\n{"b":2}\r\n{"c":3}'), 'bytes');
    expect(meanings(lines)).toEqual(['{"a":1}', undefined, undefined, '{"b":2}', '{"c":3}'].map((data) => ({ data, trouble: undefined })));
  });

  it.each([
    ['ends that only some clients know, with a value between them', Buffer.from('{"a":\r{"b":1}\r}\n'), 'unknown-shape'],
    ['the like within a string', Buffer.from('{"a":"\u2028{}\u2028"}\n'), 'unknown-shape'],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22, 0x0a]), 'undecodable'],
  ])('are not read with %s', (_name, bytes, trouble) => {
    expect(meanings(split(bytes, 'bytes'))).toEqual([{ data: undefined, trouble }]);
  });

  it('are read with such characters in what they say', () => {
    expect(meanings(split(Buffer.from('{"a":"one\u2028two"}\n')))).toEqual([{ data: '{"a":"one\u2028two"}', trouble: undefined }]);
  });

  it('that are too long come in parts until their end, and the next is read', () => {
    const lines = split(Buffer.from(`"${'x'.repeat(500)}"\n"next"\n`), 'bytes', 100);
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.slice(0, -1).every(({ trouble }) => trouble === 'too-long')).toBe(true);
    expect(lines.at(-1)).toMatchObject({ data: '"next"' });
  });

  it('keep their end when what they say is changed', () => {
    for (const end of ['\n', '\r\n', '']) {
      const changed = NDJSON.withData({ raw: Buffer.from(`{"a":1}${end}`), data: '{"a":1}' }, '{}');
      expect(Buffer.from(changed).toString()).toBe(`{}${end}`);
    }
  });
});
