/** Telephone numbers: international ones by country code and length (ITU E.164), national ones where a word says so. */

import { isPattern } from './checks.ts';
import type { Surroundings } from './context.ts';

const INTERNATIONAL = /\+(?:[ .-]?\(?\d{1,5}\)?|[ /.-]\d{1,5}){2,8}(?!\d)/y;
const NATIONAL = /\(?\d{2,5}\)?(?:[ \u00a0]?[/.-]?[ \u00a0]?\d{1,8}){1,5}(?!\d)/y;
const AMERICAN = /\([2-9]\d{2}\) ?[2-9]\d{2}[-. ]\d{4}(?!\d)/y;

/** Where the telephone number that starts at `at` ends. */
export function phoneEnd(text: string, at: number, around: () => Surroundings): number | undefined {
  if (text[at] === '+') return internationalEnd(text, at, around);
  const parenthesised = text[at] === '(' ? match(AMERICAN, text, at) : undefined;
  if (parenthesised) return isAmerican(parenthesised.replace(/\D/g, '')) ? at + parenthesised.length : undefined;
  const written = match(NATIONAL, text, at);
  if (written === undefined || goesOn(text, at + written.length)) return undefined;
  const digits = written.replace(/\D/g, '');
  if (digits.length < 8 || digits.length > (digits.startsWith('00') ? 15 : 12) || isPlaceholder(digits) || isTollFree(digits))
    return undefined;
  if (!/^[\d(]/.test(written) || /^\d{4}-\d{2}-\d{2}$/.test(written) || /^\d{1,3}(?:\.\d{1,3}){3}$/.test(written)) return undefined;
  if (written.length === digits.length && !/^0|^[2-9]/.test(digits)) return undefined;
  if (!isBalanced(written) || (written.length === digits.length && /[\w({[]/.test(text[at - 1] ?? ''))) return undefined;
  return around().has(WORDS) ? at + written.length : undefined;
}

function isBalanced(written: string): boolean {
  return written.split('(').length === written.split(')').length;
}

function internationalEnd(text: string, at: number, around: () => Surroundings): number | undefined {
  const written = match(INTERNATIONAL, text, at);
  if (written === undefined || goesOn(text, at + written.length)) return undefined;
  if (!isBalanced(written)) return undefined;
  const digits = written.replace(/\D/g, '');
  const code = [1, 2, 3].map((length) => digits.slice(0, length)).find((prefix) => CODES.has(prefix));
  if (code === undefined) return undefined;
  const [least, most] = CODES.get(code)!;
  const rest = digits.slice(code.length).replace(/^0(?=\d{8})/, '');
  if (rest.length < least || rest.length > most || isPlaceholder(rest)) return undefined;
  if (code === '1' && (!isAmerican(rest) || isTollFree(rest))) return undefined;
  if (
    code === '44' &&
    /^(?:1632960|7700900|2079460|1134960|1144960|1214960|1314960|1414960|1514960|1614960|2890180|2920180|8081570|9098790|3069990)/.test(
      rest,
    )
  )
    return undefined;
  const bare = written.length === digits.length + 1;
  const diff = bare && (at === 0 || text[at - 1] === '\n');
  return !bare || (digits.length >= 10 && !diff) || around().has(WORDS) ? at + written.length : undefined;
}

function isAmerican(rest: string): boolean {
  return /^[2-9]\d{2}[2-9]\d{6}$/.test(rest) && !/^\d{3}55501\d\d$|^555|^\d{3}5551212$|^\d11|^\d{3}\d11/.test(rest) && !isTollFree(rest);
}

/** Toll-free numbers are companies' (North American Numbering Plan), and the 555-01xx range is nobody's. */
function isTollFree(rest: string): boolean {
  return rest.length === 10 && /^(?:8(?:00|33|44|55|66|77|88)|\d{3}55501)/.test(rest);
}

function isPlaceholder(digits: string): boolean {
  return isPattern(digits) || /0{6}|(\d)\1{5}|1234567|2345678/.test(digits) || new Set(digits).size <= 2;
}

/** A part number, a version or a range goes on where a telephone number ends. */
function goesOn(text: string, end: number): boolean {
  return /^(?:[\w%]|[-.:/]\w|, ?\d{3}\b)/.test(text.slice(end, end + 5)) && !/^(?:x|ext)/i.test(text.slice(end, end + 3));
}

function match(shape: RegExp, text: string, at: number): string | undefined {
  shape.lastIndex = at;
  return shape.exec(text)?.[0];
}

const WORDS = [
  'tel',
  'telefon',
  'telephone',
  'telefono',
  'telefone',
  'teléfono',
  'phone',
  'phones',
  'fone',
  'mobile',
  'mobil',
  'mob',
  'cell',
  'cellphone',
  'handy',
  'call',
  'call me',
  'ring',
  'rufnummer',
  'ruckruf',
  'anrufen',
  'rufen',
  'portable',
  'movil',
  'celular',
  'cellulare',
  'chiama',
  'whatsapp',
  'signal',
  'fax',
  'sms',
  'text me',
  'contact number',
  'komorka',
  'numer telefonu',
  'telefonnummer',
  'tlf',
  'gsm',
  'msisdn',
  'telefoon',
  'bellen',
  'mobiel',
  'appeler',
  'ligue',
  'llamar',
  'dzwon',
  'cep',
  'arayin',
  'тел',
  'телефон',
  'звон',
  '電話',
  '携帯',
  '电话',
  '手机',
  '전화',
  '휴대',
  'फोन',
  'मोबाइल',
  'هاتف',
  'جوال',
  'phone number',
  'ph',
  'my number is',
  'number is',
  'reach me',
  'reached at',
];

/** National significant number's least and most digits by country code. */
const CODES: ReadonlyMap<string, readonly [number, number]> = new Map(
  `1:10-10 7:10-10 20:8-10 27:9-9 30:10-10 31:9-9 32:8-9 33:9-9 34:9-9 36:8-9 39:8-11 40:9-9 41:9-9 43:7-12 44:9-10 45:8-8 46:7-10 47:8-8
  48:9-9 49:7-12 51:8-9 52:10-10 53:8-8 54:10-11 55:10-11 56:9-9 57:10-10 58:10-10 60:8-10 61:9-9 62:8-12 63:9-10 64:8-10 65:8-8 66:8-9
  81:9-10 82:8-10 84:9-10 86:10-11 90:10-10 91:10-10 92:9-10 93:9-9 94:9-9 95:7-10 98:10-10 211:9-9 212:9-9 213:8-9 216:8-8 218:9-9 220:7-7
  221:9-9 225:10-10 233:9-9 234:8-10 237:9-9 251:9-9 254:9-9 255:9-9 256:9-9 260:9-9 263:8-10 351:9-9 352:6-9 353:7-9 354:7-7 355:8-9 356:8-8
  357:8-8 358:7-11 359:8-9 370:8-8 371:8-8 372:7-8 373:8-8 374:8-8 375:9-9 380:9-9 381:8-9 382:8-8 385:8-9 386:8-8 387:8-8 389:8-8 420:9-9
  421:9-9 423:7-7 502:8-8 503:8-8 504:8-8 505:8-8 506:8-8 507:7-8 591:8-8 593:8-9 595:9-9 598:8-8 852:8-8 853:8-8 855:8-9 880:8-10 886:8-9
  960:7-7 961:7-8 962:8-9 963:8-9 964:8-10 965:8-8 966:8-9 967:7-9 968:8-8 970:8-9 971:8-9 972:8-9 973:8-8 974:8-8 977:8-10 992:9-9 994:9-9
  995:9-9 996:9-9 998:9-9`
    .split(/\s+/)
    .map((entry) => {
      const [code = '', range = ''] = entry.split(':');
      const [least, most] = range.split('-').map(Number);
      return [code, [least!, most!]];
    }),
);
