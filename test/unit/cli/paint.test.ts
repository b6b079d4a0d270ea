import { describe, expect, it } from 'vitest';
import { choiceLines, questionLines, summaryOf, takesStyle } from '../../../main/cli/paint.ts';
import { question } from '../../integration/control/fixture.ts';

const BOLD_UNDERLINE = '\u001b[1;4m';
const UNDERLINE = '\u001b[4m';
const PLAIN = '\u001b[0m';
const mark = (start: number, end: number, risk: 'plain' | 'watch' | 'risk') => ({ start, end, risk, says: 'x' });
const action = (text: string, marks: ReturnType<typeof mark>[], omitted = 0) => ({ ...question().action, text, marks, omitted });

describe('a question in a terminal', () => {
  it('has its risky words underlined, each line on its own', () => {
    const lines = questionLines(question({ action: action('cd x\nrm -rf\n~/a; ls y', [mark(0, 2, 'watch'), mark(5, 15, 'risk')]) }), true);
    expect(lines).toContain(`    ${UNDERLINE}cd${PLAIN} x`);
    expect(lines).toContain(`    ${BOLD_UNDERLINE}rm -rf${PLAIN}`);
    expect(lines).toContain(`    ${BOLD_UNDERLINE}~/a${PLAIN}; ls y`);
  });

  it('has no style where the terminal takes none', () => {
    expect(questionLines(question(), false).join('')).not.toContain('\u001b');
  });

  it('has no style that is not ours, whatever its words', () => {
    const hostile = '\u001b[8mhidden\u009b2J';
    const lines = questionLines(
      question({
        title: hostile,
        reason: hostile,
        workspace: hostile,
        action: action(hostile, [mark(0, 5, 'risk')]),
        effects: [{ risk: 'risk', says: hostile }],
        idea: { model: hostile, provider: hostile, after: hostile },
      }),
      true,
    ).join('\n');
    for (const ours of [BOLD_UNDERLINE, PLAIN, '\u001b[1m']) expect(lines).toContain(ours);
    expect(lines.replaceAll(BOLD_UNDERLINE, '').replaceAll(PLAIN, '').replaceAll('\u001b[1m', '')).not.toMatch(/\p{Cc}(?<!\n)/u);
  });

  it('says how much of it is not shown', () => {
    expect(questionLines(question({ action: action('x', [], 1234) }), false)).toContain('    … 1234 more characters are not shown');
  });

  it('offers what policy permits, and nothing else', () => {
    const letters = (grants: ('session' | 'workspace')[]) => choiceLines(question({ grants })).map((line) => line.trim().split(/\s/)[0]);
    expect(letters(['session', 'workspace'])).toEqual(['d', 'd', 'a', 's', 'w']);
    expect(letters(['session'])).toEqual(['d', 'd', 'a', 's']);
    expect(letters([])).toEqual(['d', 'd', 'a']);
  });

  it('is one line in a list, however long its action', () => {
    const summary = summaryOf(question({ action: action(`cat <<E\n${'x'.repeat(10_000)}\nE`, []) }));
    expect(summary).not.toContain('\n');
    expect(summary.length).toBeLessThan(300);
    expect(summary).toMatch(/: cat <<E ⏎ x+…$/);
  });
});

describe('style', () => {
  it.each([
    [{ isTTY: true }, {}, true],
    [{ isTTY: true }, { NO_COLOR: '1' }, false],
    [{ isTTY: true }, { TERM: 'dumb' }, false],
    [{ isTTY: false }, {}, false],
    [{}, {}, false],
  ])('for %j with %j is %s', (output, env, expected) => {
    expect(takesStyle(output, env)).toBe(expected);
  });
});
