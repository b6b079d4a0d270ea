/** Payment cards: ISO/IEC 7812 numbers of the networks, without those that are published for tests. */

import { isPattern, luhn } from './checks.ts';
import { holds, type Surroundings } from './context.ts';

const SHAPE = /\d{13,19}(?!\d)|\d{4}([ \u00a0\u202f.-])\d{4}\1\d{4}\1\d{4}(?:\1\d{3})?(?!\d)|\d{4}([ \u00a0\u202f-])\d{6}\2\d{4,5}(?!\d)/y;

/** Where the card number that starts at `at` ends. */
export function cardEnd(text: string, at: number, around: () => Surroundings): number | undefined {
  SHAPE.lastIndex = at;
  const written = SHAPE.exec(text)?.[0];
  if (written === undefined) return undefined;
  const end = at + written.length;
  if (/^(?:[\w%]|[.-]\d|[-_.][a-z])/i.test(text.slice(end, end + 2))) return undefined;
  const digits = written.replace(/\D/g, '');
  if (!isCard(digits)) return undefined;
  const beside = around();
  if (beside.has(WORDS)) return end;
  if (holds(beside.before, OTHERWISE)) return undefined;
  const grouped = written.length > digits.length;
  if (grouped) return end;
  return digits.length >= 15 && digits.length <= 16 && !/[/#.\-=_]/.test(text[at - 1] ?? '') ? end : undefined;
}

/** Words that make any length of number a card's. */
const WORDS = [
  'card',
  'cards',
  'visa',
  'mastercard',
  'amex',
  'american express',
  'diners',
  'discover',
  'maestro',
  'jcb',
  'pan',
  'cc',
  'ccnum',
  'kreditkarte',
  'karte',
  'kartennummer',
  'carte',
  'tarjeta',
  'carta di credito',
  'carta',
  'cartao',
  'karta',
  'karty',
  'kort',
  'kaart',
  'kredi kart',
  'карт',
  'カード',
  '卡号',
  '银联',
  '信用卡',
  '카드',
  'कार्ड',
  'بطاقة',
];
/** Words that make it another number, though it passes the check as one in ten does. */
const OTHERWISE = [
  'order',
  'orders',
  'invoice',
  'tracking',
  'message',
  'snowflake',
  'channel',
  'status',
  'timestamp',
  'imei',
  'serial',
  'reference',
  'build',
  'commit',
  'bestellung',
  'rechnung',
  'sendung',
  'commande',
  'pedido',
  'isbn',
  'ean',
  'gtin',
  'seed',
  'offset',
  'nonce',
  'id',
  'uid',
  'ids',
];

function isCard(digits: string): boolean {
  return hasNetwork(digits) && luhn(digits) && !isForTests(digits);
}

function hasNetwork(digits: string): boolean {
  const length = digits.length;
  const four = Number(digits.slice(0, 4));
  if (digits[0] === '4') return length === 13 || length === 16 || length === 19;
  if ((four >= 5100 && four <= 5599) || (four >= 2221 && four <= 2720)) return length === 16;
  if (/^3[47]/.test(digits)) return length === 15;
  if (/^(?:30[0-5]|309|36|38|39)/.test(digits)) return length === 14;
  if (four >= 3528 && four <= 3589) return length === 16;
  if (/^(?:6011|64[4-9]|65)/.test(digits)) return length === 16 || length === 19;
  if (/^(?:62|81)/.test(digits)) return length >= 16;
  return /^(?:50|5[6-8]|6[0-9])/.test(digits) && (length === 16 || length === 19);
}

/** Numbers for tests repeat: few digits, or many zeros. Those that do not are listed. */
function isForTests(digits: string): boolean {
  if (PUBLISHED.has(digits) || isPattern(digits)) return true;
  const counts = new Map<string, number>();
  for (const digit of digits) counts.set(digit, (counts.get(digit) ?? 0) + 1);
  return counts.size <= 3 || Math.max(...counts.values()) >= digits.length / 2 || /0{6}|(\d)\1{6}|^(\d{4})\2{2}/.test(digits);
}

/** From the test pages of Stripe, Adyen, PayPal, Braintree, Square and Worldpay. */
const PUBLISHED: ReadonlySet<string> = new Set(
  `378282246310005 371449635398431 378734493671000 370000000000002 341111111111111 343434343434343 30569309025904 38520000023237
  36227206271667 36148900647913 6011000990139424 6011111111111117 6011981111111113 6445644564456445 3530111333300000 3566002020360505
  3566111111111113 5019717010103742 5610591081018250 6304000000000000 5105105105105100 5200828282828210 2223003122003222
  2223000048400011 2223520043560014 5431111111111111 5424000000000015 5555341244441115 5577000055770004 5136333333333335
  4000056655665556 4012888888881881 4012000033330026 4012000077777777 4005519200000004 4009348888881881 4012000033330125 4217651111111119
  4500600000000061 4111111145551142 4988438843884305 4166676667666746 4646464646464644 4444333322221111 4462030000000000 4917610000000000
  4917484589897107 4508750015741019 4532015112830366 4539578763621486 4716059741226093 4485275742308327 4929939187355598 6011601160116611
  6250941006528599 6250947000000014 6200000000000005 6205500000000000004 5425233430109903 2222420000001113 4263982640269299
  4917484589897107 4001919257537193 4007702835532454 374245455400126 60115564485789458 5425230000004415`.split(/\s+/),
);
