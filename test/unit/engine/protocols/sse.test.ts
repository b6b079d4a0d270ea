import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSseSplitter, type SseFrame, withData } from '../../../../main/engine/protocols/sse.ts';

function split(body: string | Uint8Array, cuts: readonly number[] | 'bytes' = [], maxFrameBytes?: number): SseFrame[] {
  const bytes = Buffer.from(body);
  const splitter = createSseSplitter(maxFrameBytes);
  const places = cuts === 'bytes' ? [...bytes.keys()] : cuts.map((cut) => cut % Math.max(1, bytes.length));
  const edges = [0, ...[...new Set(places)].sort((a, b) => a - b), bytes.length];
  const frames = edges.slice(1).flatMap((edge, i) => splitter.push(bytes.subarray(edges[i], edge)));
  const rest = splitter.rest();
  return rest ? [...frames, rest] : frames;
}

const meanings = (frames: readonly SseFrame[]) =>
  frames.filter((frame) => frame.data !== undefined || frame.trouble).map(({ event, data, trouble }) => ({ event, data, trouble }));

const line = fc.constantFrom(
  'data: a',
  'data:b',
  'data',
  'event: e',
  ': comment',
  'id: 1',
  'retry: 5',
  '',
  '',
  'data:  c',
  'odd: x',
  ' data: y',
  '看',
);
const eol = fc.constantFrom('\n', '\r\n', '\r');
const body = fc.array(fc.tuple(line, eol), { maxLength: 30 }).map((lines) => lines.flat().join(''));
const cuts = fc.array(fc.nat(), { maxLength: 20 });

describe('frames', () => {
  it('are together every byte that was given, and mean the same, however it is cut', () => {
    fc.assert(
      fc.property(body, cuts, fc.boolean(), (text, at, bom) => {
        const bytes = bom ? `\uFEFF${text}` : text;
        const frames = split(bytes, at);
        expect(Buffer.concat(frames.map((frame) => frame.raw)).toString()).toBe(bytes);
        expect(meanings(frames)).toEqual(meanings(split(bytes)));
      }),
    );
  });

  it.each(['\n', '\r\n', '\r'])('end at a blank line, with line ends %j', (end) => {
    const text = [': hello', '', 'event: a', 'data: 1', 'data:2', 'data', '', 'data:  x', '', ''].join(end);
    const want = [
      { event: 'a', data: '1\n2\n', trouble: undefined },
      { event: undefined, data: ' x', trouble: undefined },
    ];
    expect(meanings(split(text))).toEqual(want);
    expect(meanings(split(text, 'bytes'))).toEqual(want);
    expect(meanings(split(`\uFEFF${text}`, 'bytes'))).toEqual(want);
  });

  it('end when the blank line’s carriage return is there, not at the next byte', () => {
    expect(createSseSplitter().push(Buffer.from('data: 1\r\r'))).toHaveLength(1);
    expect(createSseSplitter().push(Buffer.from('data: 1\n\r'))).toHaveLength(1);
  });

  it('are not parted from the second half of their blank line where lines end in both: what we write would stand between', () => {
    const splitter = createSseSplitter();
    expect(splitter.push(Buffer.from('data: 1\r\n\r'))).toEqual([]);
    expect(splitter.push(Buffer.from('\ndata: 2\r\n\r\n')).map(({ raw }) => Buffer.from(raw).toString())).toEqual([
      'data: 1\r\n\r\n',
      'data: 2\r\n\r\n',
    ]);
    const other = createSseSplitter();
    expect([...other.push(Buffer.from('data: 1\r\n\r')), ...other.push(Buffer.from('data: 2\r\n\r\n'))]).toHaveLength(2);
  });

  it.each([
    ['a field that the standard does not know', 'data: 1\nDATA: 2\n\n', 'unknown-shape'],
    ['a field behind white space', ' data: 1\n\n', 'unknown-shape'],
    ['two event names', 'event: a\nevent: b\ndata: 1\n\n', 'unknown-shape'],
    ['a byte order mark within the stream', ': x\n\n\uFEFFdata: 1\n\n', 'unknown-shape'],
    ['bytes that are not UTF-8', Buffer.from([0x64, 0x61, 0x74, 0x61, 0x3a, 0xff, 0x0a, 0x0a]), 'undecodable'],
  ])('are not read with %s', (_name, text, trouble) => {
    expect(meanings(split(text, 'bytes'))).toEqual([{ event: undefined, data: undefined, trouble }]);
  });

  it('that are too long come in parts until their blank line, and the next is read', () => {
    const long = `data: ${'x'.repeat(500)}\n\n`;
    const after = 'data: 1\n\n';
    for (const at of [[], 'bytes' as const]) {
      const frames = split(long + after, at, 64);
      expect(Buffer.concat(frames.map((frame) => frame.raw)).toString()).toBe(long + after);
      expect(frames.slice(0, -1).every((frame) => frame.trouble === 'too-long' && frame.data === undefined)).toBe(true);
      expect(frames.at(-1)).toMatchObject({ data: '1' });
    }
  });

  it('that are too long do not pile up', () => {
    const splitter = createSseSplitter(1000);
    splitter.push(Buffer.from('data: '));
    const lengths = Array.from({ length: 50 }, () =>
      splitter.push(Buffer.alloc(400, 'x')).reduce((sum, frame) => sum + frame.raw.length, 0),
    );
    expect(lengths.slice(3).every((length) => length === 400)).toBe(true);
    expect(splitter.rest()).toBeUndefined();
  });

  it('cut short by half a character or half a field’s name are read as far as they go', () => {
    expect(split(Buffer.from('data: 看').subarray(0, -1))).toMatchObject([{ data: '' }]);
    expect(split('event: a\nda')).toMatchObject([{ event: 'a' }]);
  });
});

it('puts other data into a frame and keeps its name, id and line ends', () => {
  const [frame] = split('event: a\r\nid: 7\r\ndata: 1\r\ndata: 2\r\n\r\n');
  expect(Buffer.from(withData(frame!, '{"x":\n1}')).toString()).toBe('event: a\r\nid: 7\r\ndata: {"x":\r\ndata: 1}\r\n\r\n');
});
