/** Bank accounts: ISO 13616, by country and length. */

import { mod97 } from './checks.ts';

const SHAPE = /[a-z]{2}\d{2}(?:[ \u00a0-]?[a-z0-9]{1,4}){2,8}/iy;

/** Where the IBAN that starts at `at` ends. */
export function ibanEnd(text: string, at: number): number | undefined {
  const length = LENGTHS.get(text.slice(at, at + 2).toUpperCase());
  if (length === undefined) return undefined;
  SHAPE.lastIndex = at;
  const written = SHAPE.exec(text)?.[0];
  if (written === undefined) return undefined;
  let end = at;
  let compact = '';
  for (; end < at + written.length && compact.length < length; end++) {
    if (/[a-z0-9]/i.test(text[end]!)) compact += text[end]!.toUpperCase();
  }
  if (compact.length < length || (/[a-z0-9]/i.test(text[end] ?? '') && !CURRENCY.test(text.slice(end, end + 4))) || PUBLISHED.has(compact))
    return undefined;
  return /\d{4}/.test(compact.slice(4)) && /[1-9]/.test(compact.slice(4)) && mod97(compact) ? end : undefined;
}

/** In statements (SWIFT’s field 25) the account’s currency follows at once. */
const CURRENCY = /^(?:EUR|CHF|GBP|USD|SEK|NOK|DKK|PLN|CZK|HUF|RON|BGN|TRY)(?![A-Z0-9])/;

const LENGTHS: ReadonlyMap<string, number> = new Map(
  `AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18 FR27 GB22 GE22 GI23
  GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30
  NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20`
    .split(/\s+/)
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** The registry's and the banks' own examples. */
const PUBLISHED: ReadonlySet<string> = new Set(
  `GB82WEST12345698765432 GB29NWBK60161331926819 GB33BUKB20201555555555 GB94BARC10201530093459 DE89370400440532013000
  DE75512108001245126199 FR1420041010050500013M02606 FR7630006000011234567890189 FR7630001007941234567890185 NL91ABNA0417164300
  ES9121000418450200051332 ES7921000813610123456789 IT60X0542811101000000123456 CH9300762011623852957 CH5604835012345678009 AT611904300234573201
  AT483200000012345864 BE68539007547034 BE71096123456769 PL61109010140000071219812874 PL10105000997603123456789123 SE4550000000058398257466
  SE3550000000054910000003 NO9386011117947 DK5000400440116243 FI2112345600000785 IE29AIBK93115212345678 PT50000201231234567890154
  LU280019400644750000 TR330006100519786457841326 SA0380000000608010167519 AE070331234567890123456 BR1800360305000010009795493C1`.split(
    /\s+/,
  ),
);
