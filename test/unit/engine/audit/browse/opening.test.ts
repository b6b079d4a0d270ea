import { describe, expect, it } from 'vitest';
import { foundIn } from '../../../../../main/engine/audit/browse/found.ts';
import { openingOf } from '../../../../../main/engine/audit/browse/opening.ts';

describe('a conversation’s opening', () => {
  it.each([
    ['Fix  the\n basket', 'Fix the basket'],
    ['<system-reminder>As you wish</system-reminder>\nFix it<system-reminder>More</system-reminder>', 'Fix it'],
    ['<context>a <reminder>b</reminder></context>Fix it', 'Fix it'],
    ['<environment_context>\n<cwd>/srv</cwd>\n</environment_context>', null],
    ['# AGENTS.md instructions for /srv\n\n<INSTRUCTIONS>\nBe kind\n</INSTRUCTIONS>', null],
    ['<context>long</context><userRequest>\nFix it\n</userRequest>', 'Fix it'],
    ['<system-reminder>whose end was cut', null],
    ['This is the Gemini CLI. We are setting up the context for our chat.', null],
    ['if (a <b> c) <i>stay</i>', 'if (a <b> c) <i>stay</i>'],
    [' \n\t', null],
    ['x'.repeat(300), 'x'.repeat(200)],
    [`${'x'.repeat(199)}😀`, 'x'.repeat(199)],
  ])('of %j is %j', (text, opening) => {
    expect(openingOf(text)).toBe(opening);
  });

  it.each(['<context>', '\n', '<userRequest>', ' ', '</context>'])('is found soon in a text of many %j', (part) => {
    expect(openingOf(part.repeat(500_000 / part.length))?.length ?? 0).toBeLessThanOrEqual(200);
  });
});

describe('what was found', () => {
  it.each([
    [['token'], 'The tokens and a token', [], 'The tokens and a token'],
    [['cafe'], 'nothing', ['Zwei Cafés, ein Café'], 'Zwei Cafés, ein Café'],
    [['gone'], 'the line', ['a text without it'], 'the line'],
    [['b'], 'line', [`${'a '.repeat(100)}b${' c'.repeat(200)}`], `…${'a '.repeat(24)}b${' c'.repeat(55)}…`],
    [['ǰ', 'İstanbul'], 'İstanbul', [], 'İstanbul'],
  ])('for %j in %j and %j is %j', (words, summary, texts, found) => {
    expect(foundIn(words, summary, texts)).toBe(found);
  });
});
