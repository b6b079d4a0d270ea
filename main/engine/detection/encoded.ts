/** Text inside text: base64 and hexadecimal that decode to something readable, one level deep. */

export interface Decoded {
  readonly start: number;
  readonly end: number;
  readonly says: string;
}

const LEAST = 24;
const LONGEST = 65_536;

/** Every run of base64 or hexadecimal in `text` that is readable when decoded. One pass. */
export function decodedIn(text: string): Decoded[] {
  const found: Decoded[] = [];
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    const unit = i < text.length ? text.charCodeAt(i) : 0;
    if (unit < 128 && ALPHABET[unit] === 1) continue;
    if (i - start >= LEAST) {
      const end = unit === 61 ? (text.charCodeAt(i + 1) === 61 ? i + 2 : i + 1) : i;
      const says = decoded(text, start, i);
      if (says !== '') found.push({ start, end, says });
    }
    start = i + 1;
  }
  return found;
}

function decoded(text: string, start: number, end: number): string {
  if (end - start > LONGEST) return '';
  if (isHex(text, start, end)) return readable(Buffer.from(text.slice(start, end), 'hex'));
  if (hasControl(text, start)) return '';
  return readable(Buffer.from(text.slice(start, end), 'base64'));
}

function isHex(text: string, start: number, end: number): boolean {
  if ((end - start) % 2 !== 0 || end - start < 32) return false;
  for (let i = start; i < end; i++) if (HEX[text.charCodeAt(i)] !== 1) return false;
  return true;
}

/** Looks at eighteen bytes only: that tells most names and hashes from text, and costs nothing. */
function hasControl(text: string, start: number): boolean {
  for (let i = start; i < start + LEAST; i += 4) {
    const bits = (VALUE(text, i) << 18) | (VALUE(text, i + 1) << 12) | (VALUE(text, i + 2) << 6) | VALUE(text, i + 3);
    for (const byte of [(bits >> 16) & 255, (bits >> 8) & 255, bits & 255]) {
      if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13) return true;
    }
  }
  return false;
}

function readable(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  let plain = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 32 ? unit === 9 || unit === 10 || unit === 13 : unit !== 127 && unit !== 0xfffd) plain++;
  }
  return plain >= text.length * 0.97 && /[\p{L}]{2}/u.test(text) ? text : '';
}

function VALUE(text: string, at: number): number {
  return VALUES[text.charCodeAt(at)] ?? 0;
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const ALPHABET = marked(`${DIGITS}-_`);
const HEX = marked('0123456789abcdefABCDEF');
const VALUES: Uint8Array = (() => {
  const table = new Uint8Array(128);
  for (let i = 0; i < DIGITS.length; i++) table[DIGITS.charCodeAt(i)] = i;
  table[45] = 62;
  table[95] = 63;
  return table;
})();

function marked(chars: string): Uint8Array {
  const table = new Uint8Array(128);
  for (const char of chars) table[char.charCodeAt(0)] = 1;
  return table;
}
