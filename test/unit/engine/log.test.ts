import { describe, expect, it } from 'vitest';
import { HoldpointError } from '../../../main/contract/errors.ts';
import { createLog, type LogFields } from '../../../main/engine/log.ts';

const AT = Date.UTC(2026, 4, 1);

function written(fields: LogFields, redact = (text: string) => text.replaceAll('hunter2', '[secret]')): string {
  const lines: string[] = [];
  createLog(
    (line) => lines.push(line),
    redact,
    () => AT,
  ).warn('it.happened', fields);
  expect(lines).toHaveLength(1);
  return lines[0]!;
}

describe('the log', () => {
  it('writes one line of JSON for each entry', () => {
    const line = written({ port: 80, note: 'two\nlines' });
    expect(line.match(/\n/g)).toHaveLength(1);
    expect(JSON.parse(line)).toEqual({ at: '2026-05-01T00:00:00.000Z', level: 'warn', event: 'it.happened', port: 80, note: 'two\nlines' });
  });

  it.each<[string, LogFields]>([
    ['in a text', { note: 'password hunter2' }],
    ['deep inside', { a: [{ b: { c: 'hunter2' } }] }],
    ['in an error', { error: new Error('hunter2') }],
    ['in an error of ours', { error: new HoldpointError('internal', 'hunter2') }],
    ['at the edge of what is kept', { note: `${'x'.repeat(3_996)}hunter2` }],
  ])('keeps no credential %s', (_what, fields) => {
    const line = written(fields);
    expect(line).not.toContain('hunter2');
    expect(line).not.toContain('xhunt');
  });

  it('leaves out what cannot be redacted', () => {
    const line = written({ note: 'hunter2' }, () => {
      throw new Error('broken');
    });
    expect(line).not.toContain('hunter2');
    expect(JSON.parse(line).note).toBe('[could not be redacted]');
  });

  it('does not let a field pretend another time, level or event', () => {
    expect(JSON.parse(written({ at: 'x', level: 'info', event: 'other' }))).toMatchObject({
      at: '2026-05-01T00:00:00.000Z',
      level: 'warn',
      event: 'it.happened',
    });
  });

  it('stays short and whole whatever it is given', () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    const line = written({ circle, big: 12n, many: Array(10_000).fill(1), long: 'x'.repeat(1_000_000), code: () => 1 });
    expect(line.length).toBeLessThan(10_000);
    expect(() => JSON.parse(line)).not.toThrow();
  });
});
