/** Days of birth: a date directly behind words that say so, in many languages. */

import type { Surroundings } from './context.ts';

const NUMERIC =
  /(?:(?:19|20)\d{2}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2(?:(?:19|20)\d{2}|\d{2})|(?:19|20)\d{2}[年년] ?\d{1,2}[月월] ?\d{1,2}[日일])(?!\d)/y;
const NAMED = /\d{1,2}(?:\.|st|nd|rd|th|er|º|ο)?,? (?:de |of )?(\p{L}{3,12})\.?,? (?:de |do )?(?:19|20)\d{2}(?!\d)/uy;
/** From the day or the year of "March 3, 1951" back to the month. */
const MONTH_BEFORE = /(?:^|[^\p{L}])(\p{L}{3,12})\.? $/u;
const AFTER_MONTH = /\d{1,2}(?:st|nd|rd|th)?,? (?:19|20)\d{2}(?!\d)/y;

/** The date that starts at `at`, or whose month stands before it, if words say that it is a day of birth. */
export function birthAround(text: string, at: number, around: () => Surroundings): { start: number; end: number } | undefined {
  const date = numeric(text, at) ?? named(text, at);
  if (!date || PLACEHOLDERS.test(text.slice(date.start, date.end))) return undefined;
  const beside = around();
  return beside.has(FIELDS) || SAID.test(beside.before.slice(-48)) ? date : undefined;
}

function numeric(text: string, at: number): { start: number; end: number } | undefined {
  NUMERIC.lastIndex = at;
  const written = NUMERIC.exec(text)?.[0];
  if (written === undefined) return undefined;
  const parts = written.split(/\D+/).filter(Boolean).map(Number);
  const [a = 0, b = 0, c = 0] = written.search(/^\d{4}/) === 0 ? [parts[2], parts[1], parts[0]] : parts;
  return a >= 1 && b >= 1 && c >= 0 && Math.min(a, b) <= 12 && Math.max(a, b) <= 31 ? { start: at, end: at + written.length } : undefined;
}

function named(text: string, at: number): { start: number; end: number } | undefined {
  NAMED.lastIndex = at;
  const found = NAMED.exec(text);
  if (found) return isMonth(found[1]!) ? { start: at, end: at + found[0].length } : undefined;
  AFTER_MONTH.lastIndex = at;
  const rest = AFTER_MONTH.exec(text)?.[0];
  const month = rest === undefined ? undefined : MONTH_BEFORE.exec(text.slice(Math.max(0, at - 16), at))?.[1];
  if (rest === undefined || month === undefined || !isMonth(month)) return undefined;
  return { start: text.lastIndexOf(month, at), end: at + rest.length };
}

function isMonth(word: string): boolean {
  return MONTHS.test(word.toLowerCase());
}

const MONTHS =
  /^(?:jan|f[eé][bv]|m[aä]r|ma[iyrg]|apr|avr|abr|jun|juin|jul|juil|giu|lug|aug|ao[uû]|ago|sep|set|o[ck]t|out|ott|nov|de[cz]|d[eé]c|dic|ene|gen|mei|mrt|maart|sty|lut|kwi|maj|cze|lip|sie|wrz|pa[zź]|lis|gru|янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|ocak|[sş]ub|nis|haz|tem|a[gğ]u|eyl|eki|kas|ara)/;

/** The first second of Unix, and days that forms are tried with. */
const PLACEHOLDERS = /^(?:1970-0?1-0?1|2000-0?1-0?1|1900-0?1-0?1|1990-0?1-0?1|0?1[./-]0?1[./-](?:1900|1970|1990|2000))$/;
/** Names of fields. */
const FIELDS = [
  'dob',
  'd o b',
  'fecha nac',
  'date of birth',
  'dateofbirth',
  'birth date',
  'birthdate',
  'birthday',
  'birth day',
  'geburtsdatum',
  'geburtstag',
  'geb datum',
  'geb',
  'date de naissance',
  'datenaissance',
  'naissance',
  'fecha de nacimiento',
  'fechanacimiento',
  'nacimiento',
  'data di nascita',
  'datanascita',
  'data de nascimento',
  'datanascimento',
  'nascimento',
  'geboortedatum',
  'data urodzenia',
  'dataurodzenia',
  'fodelsedatum',
  'fodselsdato',
  'syntymaaika',
  'дата рождения',
  'родился',
  'родилась',
  'г р',
  '出生日期',
  '生年月日',
  '誕生日',
  '出生',
  '생년월일',
  '생일',
  'जन्म',
  'تاريخ الميلاد',
  'المیلاد',
  'dogum tarihi',
  'dogum',
];
/** "born on", directly before the date. A star, a company and an idea are born too, but with something between. */
const SAID =
  /(?:^| )(?:born(?: on)?(?: the)?(?: [a-z]{3,9})?|geboren(?: am)?|geb|ne e? ?le|nee le|ne le|nacid[oa](?: el)?(?: dia)?|nat[oa](?: a [a-z]{2,20})?(?: il)?|nascid[oa](?: em)?(?: a)?|geboren op|urodzon[ya](?: dnia)?|fodd(?: den)?|родил(?:ся|ась))$/;
