/** Strings and comments in code: what stands in them is said, not done. Where that cannot be told for certain, nothing is hidden. */

import { tokenizer } from 'acorn';

/** Whether something stands at this place that is only text. */
export type IsText = (at: number) => boolean;

const NOWHERE: IsText = () => false;
const LONGEST = 64 * 1024;

export function textIn(code: string, language: string): IsText {
  if (code.length > LONGEST) return NOWHERE;
  if (/^(node|nodejs|deno|bun|tsx|ts-node|esno|zx)/.test(language)) return javascript(code);
  if (/^(python|pypy)/.test(language))
    return spans(
      code,
      /(?:\b[rbuRBU]{0,2})("""|''')[\s\S]*?\1|\b[rbuRBU]{0,2}"(?:\\.|[^"\\\n])*"|\b[rbuRBU]{0,2}'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|#[^\n]*/g,
      /\b[fF][rR]?["']/,
    );
  // Patterns between slashes and `%q(…)` make quotes ambiguous there.
  if (/^(ruby|perl|php|lua|Rscript|R|julia)/.test(language))
    return spans(code, /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g, /[/%]|["'].{0,2000}(?:#\{|\$\{|@\{|\{\$|`)|\?["']|\bq[qwrx]?\b|`/s);
  return NOWHERE;
}

/** `unclear` is looked for in what stands outside of the spans, and interpolation within them. */
function spans(code: string, pattern: RegExp, unclear: RegExp): IsText {
  const found: [number, number][] = [];
  for (const match of code.matchAll(pattern)) found.push([match.index, match.index + match[0].length]);
  let outside = '';
  let last = 0;
  for (const [start, end] of found) {
    outside += `${code.slice(last, start)} `;
    last = end;
  }
  outside += code.slice(last);
  if (unclear.test(outside) || /["']/.test(outside)) return NOWHERE;
  if (found.some(([start, end]) => /#\{|\$\{|@\{|\{\$|`/.test(code.slice(start, end)) && code[start] !== "'")) return NOWHERE;
  return within(found);
}

function javascript(code: string): IsText {
  const found: [number, number][] = [];
  try {
    const options = {
      ecmaVersion: 'latest',
      sourceType: 'module',
      allowHashBang: true,
      onComment: (_block: boolean, _text: string, start: number, end: number) => found.push([start, end]),
    } as const;
    for (const token of tokenizer(code, options)) {
      const label: string = token.type.label;
      if (label === 'string' || label === 'template' || label === 'regexp') found.push([token.start, token.end]);
    }
  } catch {
    return NOWHERE;
  }
  return within(found.sort((a, b) => a[0] - b[0]));
}

/** What begins with the quote itself begins outside. */
function within(found: readonly (readonly [number, number])[]): IsText {
  return (at) => {
    let [low, high] = [0, found.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const [start, end] = found[middle]!;
      if (at < start) high = middle - 1;
      else if (at >= end) low = middle + 1;
      else return at > start;
    }
    return false;
  };
}
