/**
 * The regular expressions that may run on every text: those whose backtracking is bounded by construction. V8 tries ways through an
 * expression one after the other, so what is counted is the greatest number of ways from one place.
 */

/** Characters of an expression, repetitions of one part, ways through it, characters that it may fit. */
const LONGEST_PATTERN = 1_000;
const MOST_REPEATED = 1_000;
const MOST_WAYS = 2_000;
const LONGEST_MATCH = 20_000;

/** A sentence that says what is wrong and what to write instead; undefined where the expression may be used. */
export function whyRefused(pattern: string, flags: string): string | undefined {
  if (pattern.length > LONGEST_PATTERN) return `it is longer than ${LONGEST_PATTERN} characters.`;
  if (!/^[imsu]{0,4}$/.test(flags)) return 'flags may be i, m, s and u.';
  try {
    new RegExp(pattern, flags);
  } catch {
    return 'it is not a regular expression of JavaScript.';
  }
  try {
    const { least, most, ways } = createReader(pattern).whole();
    if (least === 0) return 'it fits the empty text, and so every place.';
    if (most > LONGEST_MATCH) return `it may fit more than ${LONGEST_MATCH} characters; make its repetitions smaller.`;
    return ways > MOST_WAYS
      ? `there are more than ${MOST_WAYS} ways to fit it from one place; make its repetitions smaller, or fewer of them variable.`
      : undefined;
  } catch (thrown) {
    if (thrown instanceof Refused) return thrown.message;
    throw thrown;
  }
}

/** Characters that a part fits at least and at most, and in how many ways. */
interface Part {
  readonly least: number;
  readonly most: number;
  readonly ways: number;
}

class Refused extends Error {}

const ONE: Part = { least: 1, most: 1, ways: 1 };
const NONE: Part = { least: 0, most: 0, ways: 1 };
const MOST_NESTED = 20;
/** Escapes that stand for one character. */
const ONE_CHARACTER = /^(?:[dDwWsStnrvf]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|u\{[0-9a-fA-F]{1,6}\}|[pP]\{[\w=]{1,64}\}|[^A-Za-z0-9])/;

function createReader(pattern: string): { whole(): Part } {
  let at = 0;
  return { whole: () => alternatives(0) };

  function alternatives(depth: number): Part {
    if (depth > MOST_NESTED) throw new Refused(`groups are nested more than ${MOST_NESTED} deep.`);
    let part = sequence(depth);
    while (pattern[at] === '|') {
      at++;
      const other = sequence(depth);
      part = { least: Math.min(part.least, other.least), most: Math.max(part.most, other.most), ways: part.ways + other.ways };
    }
    return part;
  }

  function sequence(depth: number): Part {
    let whole = NONE;
    while (at < pattern.length && pattern[at] !== '|' && pattern[at] !== ')') {
      const part = repeated(atom(depth));
      whole = { least: whole.least + part.least, most: whole.most + part.most, ways: whole.ways * part.ways };
    }
    return whole;
  }

  function atom(depth: number): Part {
    const char = pattern[at++]!;
    switch (char) {
      case '^':
      case '$':
        return NONE;
      case '[':
        return set();
      case '(':
        return group(depth);
      case '\\':
        return escaped();
      default:
        // With the flag u a character beyond the BMP is one, and counts as two here, which is what it is in the text.
        return ONE;
    }
  }

  function group(depth: number): Part {
    if (pattern[at] === '?') {
      const opening = /^\?(?::|<[A-Za-z_$][\w$]{0,63}>)/.exec(pattern.slice(at, at + 70))?.[0];
      if (opening === undefined) throw new Refused('look-ahead, look-behind and flags within groups are not for patterns; write (?:…).');
      at += opening.length;
    }
    const inner = alternatives(depth + 1);
    at++;
    return inner;
  }

  function set(): Part {
    while (pattern[at] !== ']') at += pattern[at] === '\\' ? 2 : 1;
    at++;
    return ONE;
  }

  function escaped(): Part {
    if (pattern[at] === 'b' || pattern[at] === 'B') {
      at++;
      return NONE;
    }
    const written = ONE_CHARACTER.exec(pattern.slice(at, at + 70))?.[0];
    if (written === undefined) throw new Refused(`\\${pattern[at]} is not for patterns: no references back, and no old escapes.`);
    at += written.length;
    return ONE;
  }

  function repeated(part: Part): Part {
    const quantifier = /^(?:[*+?]|\{(\d{1,9})(?:(,)(\d{0,9}))?\})\??/.exec(pattern.slice(at, at + 30));
    if (!quantifier) return part;
    at += quantifier[0].length;
    if (/^[*+]|,\}/.test(quantifier[0])) throw new Refused(`${quantifier[0]} has no end; write one, such as {1,100}.`);
    const few = quantifier[0].startsWith('?') ? 0 : Number(quantifier[1]);
    const many = quantifier[0].startsWith('?') ? 1 : Number(quantifier[3] ?? quantifier[1]);
    if (many > MOST_REPEATED) throw new Refused(`${quantifier[0]} repeats more than ${MOST_REPEATED} times.`);
    let ways = 0;
    for (let times = few; times <= many && ways <= MOST_WAYS; times++) ways += part.ways ** times;
    return { least: part.least * few, most: part.most * many, ways };
  }
}
