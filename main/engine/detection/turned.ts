/** Lines written backwards or in rot13: found by words that only an order to a model would be turned for. */

export interface Turned {
  readonly start: number;
  readonly end: number;
  readonly says: string;
  readonly how: 'backwards';
}

const BACKWARDS = /snoitcurtsni|suoiverp|erongi|dragersid|tpmorp|tnatsissa|slaitnederc|drowssap/i;
const ROT13 = /vafgehpgvba|cerivbhf|vtaber|qvfertneq|cebzcg|nffvfgnag|perqragvny|cnffjbeq/i;
/** Of a word that stands alone nothing follows: an order has several. */
const LONGEST_LINE = 2000;

export function turnedIn(text: string): Turned[] {
  const found: Turned[] = [];
  for (const [shape, turn] of [
    [BACKWARDS, (line: string) => [...line].reverse().join('')],
    [ROT13, rot13],
  ] as const) {
    const all = new RegExp(shape.source, 'gi');
    let done = 0;
    for (let hit = all.exec(text); hit; hit = all.exec(text)) {
      const before = Math.max(done, hit.index - LONGEST_LINE);
      const from = before + text.slice(before, hit.index).lastIndexOf('\n') + 1;
      const newline = text.slice(hit.index, hit.index + LONGEST_LINE).indexOf('\n');
      const end = newline === -1 ? Math.min(text.length, hit.index + LONGEST_LINE) : hit.index + newline;
      found.push({ start: from, end, says: turn(text.slice(from, end)), how: 'backwards' });
      all.lastIndex = end;
      done = end;
    }
  }
  return found;
}

function rot13(text: string): string {
  return text.replace(/[a-z]/gi, (letter) => {
    const base = letter <= 'Z' ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base);
  });
}
