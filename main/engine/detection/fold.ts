/** Letters without case and accents, so that `Número` and `NUMERO` are one word to whoever looks for it. */

/** Letters that have no decomposition and are still typed without their stroke or dot. */
const SPECIAL: readonly (readonly [string, string])[] = [
  ['ł', 'l'],
  ['Ł', 'l'],
  ['ø', 'o'],
  ['Ø', 'o'],
  ['đ', 'd'],
  ['Đ', 'd'],
  ['ı', 'i'],
  ['İ', 'i'],
  ['ß', 's'],
  ['æ', 'a'],
  ['œ', 'o'],
  ['أ', 'ا'],
  ['إ', 'ا'],
  ['آ', 'ا'],
];

/** For every UTF-16 unit: the letter or digit it stands for in a word, 0 where it ends one. */
export const FOLDED: Uint16Array = buildTable();

/** `text` with each unit folded, and a space for each that is no part of a word: offsets stay as they are. For a few hundred characters. */
export function folded(text: string): string {
  const units = new Array<number>(text.length);
  for (let i = 0; i < text.length; i++) units[i] = FOLDED[text.charCodeAt(i)]! || 32;
  return String.fromCharCode(...units);
}

function buildTable(): Uint16Array {
  const table = new Uint16Array(0x10000);
  for (let unit = 0x30; unit < 0x10000; unit++) {
    if (unit >= 0xd800 && unit < 0xf900) continue;
    const char = String.fromCharCode(unit);
    if (!/[\p{L}\p{N}\p{M}]/u.test(char)) continue;
    table[unit] = isSyllabic(unit) ? unit : bare(char);
  }
  for (const [from, to] of SPECIAL) table[from.charCodeAt(0)] = to.charCodeAt(0);
  return table;
}

/** Writing where a mark is a letter of its own: taking it away would make other words. */
function isSyllabic(unit: number): boolean {
  return (unit >= 0x900 && unit < 0x1e00) || unit >= 0x2e80;
}

function bare(char: string): number {
  const lower = char.toLowerCase().normalize('NFD');
  return lower.length > 0 ? lower.charCodeAt(0) : 0;
}
