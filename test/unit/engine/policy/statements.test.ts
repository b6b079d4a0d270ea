import { describe, expect, it } from 'vitest';
import { offsetOfByte, positionAt, statementsOf } from '../../../../main/engine/policy/statements.ts';

describe('the place of a policy in its file', () => {
  it.each([
    ['two policies', 'permit(a);\nforbid(b);', ['permit(a);', 'forbid(b);']],
    ['semicolons in strings', '@reason("a; \\"b;") permit(a);permit(c);', ['@reason("a; \\"b;") permit(a);', 'permit(c);']],
    ['semicolons in comments', '// one;\npermit(a // two; "three\n);', ['permit(a // two; "three\n);']],
    ['comment marks in strings', 'permit("//");permit(b);', ['permit("//");', 'permit(b);']],
    ['a policy that never ends', 'permit(a);\n permit(b) \n', ['permit(a);', 'permit(b)']],
    ['a string that never ends', 'permit("a;\n', ['permit("a;']],
    ['nothing but comments', '// nothing\n  ', []],
  ])('is found with %s', (_, text, expected) => {
    const statements = statementsOf(text);
    expect(statements.map((statement) => statement.text)).toEqual(expected);
    for (const statement of statements) expect(text.slice(statement.start).startsWith(statement.text)).toBe(true);
  });

  it('tells where each annotation stands, and the first where one comes twice', () => {
    const text = 'permit(x);\n@id("é") @reason("@id") @id("b")\nforbid(x);';
    const annotations = statementsOf(text)[1]?.annotations;
    expect([...(annotations ?? [])]).toEqual([
      ['id', text.indexOf('@id')],
      ['reason', text.indexOf('@reason')],
    ]);
  });

  it.each([
    ['the beginning', 'abc', 0, { line: 1, column: 1 }],
    ['after accents and an emoji', 'é😀x', 3, { line: 1, column: 3 }],
    ['after a line of Windows', 'a\r\nbc', 4, { line: 2, column: 2 }],
    ['after an empty line', 'a\n\nb', 3, { line: 3, column: 1 }],
  ])('counts characters: %s', (_, text, offset, expected) => {
    expect(positionAt(text, offset)).toEqual(expected);
  });

  it('turns Cedar’s bytes into offsets', () => {
    expect(offsetOfByte('é😀x', 6)).toBe(3);
    expect(offsetOfByte('abc', 2)).toBe(2);
  });
});
