/** What is in a text and on no screen: tag characters, variation selectors and zero-width characters that carry letters. */
// biome-ignore-all lint/suspicious/noMisleadingCharacterClass: each of them is looked for by itself

export interface Unseen {
  readonly end: number;
  /** What it says; empty where it says nothing. */
  readonly says: string;
  /** Nobody writes this by chance. */
  readonly smuggled: boolean;
}

const TAGS = /(?:\udb40[\udc00-\udc7f]){1,4096}/y;
const SELECTORS = /(?:[\ufe00-\ufe0f]|\udb40[\udd00-\uddef]){1,8192}/y;
const ZERO_WIDTH =
  /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0]{1,8192}/y;

/** The invisible characters that start at `at`. */
export function unseenAt(text: string, at: number): Unseen | undefined {
  return tags(text, at) ?? selectors(text, at) ?? zeroWidth(text, at);
}

/** Unicode's tag block mirrors ASCII. After a black flag, closed by a cancel tag, they name a region (UTS 51) and are no text. */
function tags(text: string, at: number): Unseen | undefined {
  const run = match(TAGS, text, at);
  if (run === undefined) return undefined;
  const isFlag = text[at - 2] === '\ud83c' && text[at - 1] === '\udff4' && /\udb40\udc7f/.test(run.slice(0, 16));
  if (isFlag) return { end: at + run.indexOf('\udc7f') + 1, says: '', smuggled: false };
  let says = '';
  for (let i = 1; i < run.length; i += 2) says += String.fromCharCode(run.charCodeAt(i) - 0xdc00);
  return { end: at + run.length, says: says.replace(/[^\x20-\x7e]/g, ''), smuggled: true };
}

/** One selector chooses how a character is drawn; a run of them can carry bytes. */
function selectors(text: string, at: number): Unseen | undefined {
  const run = match(SELECTORS, text, at);
  if (run === undefined) return undefined;
  const bytes = [...run].map((char) => {
    const point = char.codePointAt(0)!;
    return point >= 0xe0100 ? point - 0xe0100 + 16 : point - 0xfe00;
  });
  const says = bytes.length >= 4 ? printable(Buffer.from(bytes)) : '';
  return { end: at + run.length, says, smuggled: bytes.length >= 4 };
}

function zeroWidth(text: string, at: number): Unseen | undefined {
  const run = match(ZERO_WIDTH, text, at);
  if (run === undefined) return undefined;
  return { end: at + run.length, says: run.length >= 24 ? fromBits(run) : '', smuggled: run.length >= 24 };
}

/** Two kinds of character as the bits of ASCII, whichever is the one. */
function fromBits(run: string): string {
  const [zero, one, more] = [...new Set(run)];
  if (zero === undefined || one === undefined || more !== undefined) return '';
  for (const ones of [one, zero]) {
    const bits = [...run].map((char) => (char === ones ? '1' : '0')).join('');
    const bytes = (bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
    const says = printable(Buffer.from(bytes));
    if (says !== '') return says;
  }
  return '';
}

function printable(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return /^[\n\r\t\x20-\x7e\u00a0-\ufffc]{2,8192}$/.test(text) ? text : '';
}

function match(shape: RegExp, text: string, at: number): string | undefined {
  shape.lastIndex = at;
  return shape.exec(text)?.[0];
}
