/** What a page holds and does not show: comments, elements hidden by style, attributes, a heading's metadata. */

export interface Concealed {
  readonly start: number;
  readonly end: number;
  readonly how: 'comment' | 'style' | 'attribute' | 'distance';
}

const FAR = /\n{20,4000}|[ \t]{90,4000}/g;
const OPENING = /<!--|\[(?:\/\/|comment|_|\s)\]:|<[a-z][^<>]{0,2000}>/gi;
const HIDING =
  /\shidden(?:[\s=>/]|$)|type\s{0,2}=\s{0,2}["']?hidden|aria-hidden\s{0,2}=\s{0,2}["']?true|(?:class|id)\s{0,2}=\s{0,2}["'][^"']{0,200}(?:sr-only|visually-?hidden|screen-?reader|d-none|hide)|style\s{0,2}=\s{0,2}["'][^"']{0,400}(?:display\s{0,2}:\s{0,2}none|visibility\s{0,2}:\s{0,2}hidden|font-size\s{0,2}:\s{0,2}[01](?:\.\d{1,3})?(?:px|pt|em|rem|%)?\s{0,2}(?:[;"'!]|$)|opacity\s{0,2}:\s{0,2}0?(?:\.0\d{0,3})?\s{0,2}[;"'!]|(?:left|top|text-indent|margin-left)\s{0,2}:\s{0,2}-\d{3,5}|(?:^|[;"'\s])color\s{0,2}:\s{0,2}(?:#f[a-f0-9]f[a-f0-9]f[a-f0-9]|#fff|white|transparent)\b|(?:width|height|max-height)\s{0,2}:\s{0,2}0(?:px)?\s{0,2}[;"']|clip\s{0,2}:\s{0,2}rect\(0)/i;
const ATTRIBUTE =
  /\s(?:alt|title|aria-label|aria-description|content|placeholder|value|summary|label|data-[\w-]{1,40})\s{0,2}=\s{0,2}(?:"([^"]{8,2000})"|'([^']{8,2000})')/gi;
const LONGEST = 8000;

/** Parts of `text` that are not on the page, sorted; linear in its length. */
export function concealedIn(text: string): Concealed[] {
  const found: Concealed[] = farAway(text);
  OPENING.lastIndex = 0;
  for (let open = OPENING.exec(text); open; open = OPENING.exec(text)) {
    const start = open.index;
    const inside = start + open[0].length;
    if (open[0] === '<!--') {
      const end = endOf(text, inside, '-->');
      found.push({ start: inside, end, how: 'comment' });
      OPENING.lastIndex = end;
    } else if (open[0].startsWith('[')) {
      const end = endOf(text, inside, '\n');
      found.push({ start: inside, end, how: 'comment' });
      OPENING.lastIndex = end;
    } else {
      for (const attribute of open[0].matchAll(ATTRIBUTE)) {
        const from = start + attribute.index + attribute[0].length - (attribute[1] ?? attribute[2])!.length - 1;
        found.push({ start: from, end: start + attribute.index + attribute[0].length - 1, how: 'attribute' });
      }
      const [, name = ''] = /^<([a-z][a-z0-9-]{0,30})/i.exec(open[0]) ?? [];
      if (!/^(?:template|noscript)$/i.test(name) && !HIDING.test(open[0])) continue;
      const end = endOf(text, inside, `</${name}`);
      found.push({ start: inside, end, how: 'style' });
      OPENING.lastIndex = end;
    }
  }
  return found;
}

/** Out of the window: below it or to the right of it. */
function farAway(text: string): Concealed[] {
  const found: Concealed[] = [];
  if (!text.includes('\n'.repeat(20)) && !text.includes(' '.repeat(90)) && !text.includes('\t'.repeat(90))) return found;
  FAR.lastIndex = 0;
  for (let gap = FAR.exec(text); gap; gap = FAR.exec(text)) {
    const start = gap.index + gap[0].length;
    const end = endOf(text, start, '\n');
    found.push({ start, end, how: 'distance' });
    FAR.lastIndex = end;
  }
  return found;
}

/** Where `close` stands, or the longest that something hidden may be. */
function endOf(text: string, from: number, close: string): number {
  const part = text.slice(from, from + LONGEST);
  const at = part.indexOf(close);
  return at === -1 ? from + part.length : from + at;
}
