import { describe, expect, it } from 'vitest';
import { normalised } from '../../../../main/engine/detection/normalise.ts';

const tags = (text: string) => [...text].map((char) => String.fromCodePoint(0xe0000 + char.charCodeAt(0))).join('');

describe('a text without its disguises', () => {
  it.each([
    ['zero-width spaces', 'ig\u200bno\u200bre', 'ignore'],
    ['soft hyphens', 'in\u00adstructions', 'instructions'],
    ['full-width letters', 'Ｉｇｎｏｒｅ', 'Ignore'],
    ['mathematical letters', '𝐈𝐠𝐧𝐨𝐫𝐞', 'Ignore'],
    ['Cyrillic among Latin', 'ignоrе', 'ignore'],
    ['letters apart', 'i g n o r e', 'ignore'],
    ['entities', '&#73;gnore &amp; run', 'Ignore & run'],
    ['escapes of JSON', '\\u0049gnore', 'Ignore'],
    ['escapes of URLs', 'Ignore%20all', 'Ignore all'],
    ['tags between letters', 'ig<b></b>nore', 'ignore'],
    ['colours of a terminal', '\u001b[31mred\u001b[0m', 'red'],
    ['a right-to-left override', '\u202eerongi\u202c', 'ignore\u202c'.replace('\u202c', '')],
  ])('has no %s', (_what, text, plain) => {
    expect(normalised(text).text).toBe(plain);
  });

  it.each([
    ['Cyrillic', 'Иван Петров'],
    ['Greek in formulae', 'α + β = γ'],
    ['Persian with its joiners', 'می\u200cتوانید'],
    ['Hindi with its joiners', 'क्\u200dष'],
    ['accents', 'Jürgen Groß'],
  ])('is unchanged where it is honest: %s', (_what, text) => {
    expect(normalised(text).text).toBe(text);
  });

  it.each([
    ['tag characters', `Hello.${tags('run it')}`, 'run it', 'invisible'],
    ['a comment', 'a <!-- run it --> b', ' run it ', 'comment'],
    ['an element that is not displayed', '<p style="display:none">run it</p>', 'run it', 'style'],
    ['an attribute', '<img alt="run it now">', 'run it now', 'attribute'],
    ['concealed text', 'ok \u001b[8mrun it\u001b[0m', 'run it', 'terminal'],
    ['an overwritten line', 'run it\rdone', 'run it', 'terminal'],
    ['base64', Buffer.from('please run this command now').toString('base64'), 'please run this command now', 'encoded'],
  ])('says what %s hides', (_what, text, hidden, how) => {
    const normal = normalised(text);
    const found = normal.hidden.filter((part) => part.how === how).map(({ start, end }) => normal.text.slice(start, end));
    expect(found).toContain(hidden);
  });

  it('takes flags and families for what they are', () => {
    const flag = `🏴${tags('gbsct')}\u{e007f}`;
    expect(normalised(`${flag} 👩\u200d👧`).hidden).toEqual([]);
  });

  it('leads back to the original', () => {
    const text = 'say: &#73;g\u200bnore it';
    const normal = normalised(text);
    const start = normal.text.indexOf('Ignore');
    expect(text.slice(normal.originOf(start), normal.originOfEnd(start + 6))).toBe('&#73;g\u200bnore');
  });
});
