/** Finds personal data in text: a candidate's shape, then its check digits, then the words around it. */

import type { Finding } from '../../../contract/action.ts';
import { birthAround } from './births.ts';
import { cardEnd } from './cards.ts';
import { createHeadings, type Surroundings } from './context.ts';
import { emailAround } from './emails.ts';
import { ibanEnd } from './iban.ts';
import { EUROPE } from './packs/europe.ts';
import { WORLD } from './packs/world.ts';
import { phoneEnd } from './phones.ts';
import { hl7PatientAt, passportZoneAt } from './records.ts';
import type { IdRule } from './rule.ts';

/** Personal data in `text`, sorted and not overlapping; 20 addresses of people or more are `pii.bulk` besides. Linear in the text's length. */
export function findPersonalData(text: string): Finding[] {
  const findings: Finding[] = [];
  const headings = createHeadings(text);
  const addresses = new Set<string>();
  let done = 0;
  let published = Number.NEGATIVE_INFINITY;

  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === NEWLINE) headings.line(i + 1);
    else if (unit === AT || (unit === PERCENT && text.startsWith('%40', i))) address(i, unit === AT ? 1 : 3);
    else if (unit >= ZERO && unit <= NINE) {
      number(i);
      while (isDigit(text.charCodeAt(i + 1))) i++;
    } else if (unit === LETTER_P && text[i + 1] === '<') add('pii.passport', 'high', passportZoneAt(text, i));
    else if (unit === LETTER_P && text.startsWith('PID|', i)) add('pii.medical-record', 'high', hl7PatientAt(text, i));
  }
  const listed = findings.filter(({ label }) => label === 'pii.email');
  if (addresses.size >= BULK) {
    findings.push({ detector: 'personal', label: 'pii.bulk', severity: 'high', start: listed[0]!.start, end: listed.at(-1)!.end });
  }
  return findings.sort((a, b) => a.start - b.start || a.end - b.end);

  function add(label: string, severity: Finding['severity'], span: { start: number; end: number } | undefined): boolean {
    if (!span || span.start < done) return false;
    findings.push({ detector: 'personal', label, severity, start: span.start, end: span.end });
    done = span.end;
    return true;
  }

  function address(at: number, width: number): void {
    const span = at < done ? undefined : emailAround(text, at, width);
    // A list of authors goes on: only its first is beside the word that says so.
    if (span && (span.published || span.start - published < 120)) published = span.end;
    else if (span && add('pii.email', 'low', span)) addresses.add(text.slice(span.start, span.end).toLowerCase());
  }

  /** The digits that start at `at`, with the letters before them that may belong to them. */
  function number(at: number): void {
    if (at < done || !hasEnough(text, at)) return;
    const start = wordStart(text, at);
    if (start === undefined) return;
    let beside: Surroundings | undefined;
    const lazily = () => {
      beside ??= headings.around(start, endOfRun(text, at));
      return beside;
    };
    if (start === at) {
      const first = opening(text, at);
      if (add('pii.credit-card', 'high', spanTo(at, cardEnd(text, at, lazily)))) return;
      if (identity(at, lazily)) return;
      if (add('pii.date-of-birth', 'high', birthAround(text, at, lazily))) return;
      const phone = phoneEnd(text, first, lazily);
      if (phone !== undefined) add('pii.phone', 'medium', { start: first, end: phone });
      return;
    }
    if (add('pii.iban', 'high', spanTo(start, ibanEnd(text, start)))) return;
    identity(start, lazily);
  }

  function identity(at: number, around: () => Surroundings): boolean {
    for (const rule of RULES) {
      rule.shape.lastIndex = at;
      const written = rule.shape.exec(text)?.[0];
      if (written === undefined || !rule.valid(compact(written)) || !isTold(rule, written, around)) continue;
      if (/^[-.]?\d/.test(text.slice(at + written.length, at + written.length + 2))) continue;
      if (add(rule.label, rule.severity, { start: at, end: at + written.length })) return true;
    }
    return false;
  }
}

const RULES: readonly IdRule[] = [...EUROPE, ...WORLD];
/** Addresses in one text from which it is a list of people. */
const BULK = 20;
const [NEWLINE, SPACE, COMMA, AT, PERCENT, ZERO, NINE, LETTER_P] = [10, 32, 44, 64, 37, 48, 57, 80] as const;

function isTold(rule: IdRule, written: string, around: () => Surroundings): boolean {
  if (rule.alone === 'always' && written === written.toUpperCase()) return true;
  return (rule.alone === 'grouped' && /[ .]/.test(written)) || around().has(rule.words);
}

function compact(written: string): string {
  return written.toUpperCase().replace(/[^A-Z0-9]/g, '');
}

function spanTo(start: number, end: number | undefined): { start: number; end: number } | undefined {
  return end === undefined ? undefined : { start, end };
}

/** Nothing that we look for has fewer than four digits, and most of the numbers in a program do. */
function hasEnough(text: string, at: number): boolean {
  const least = isLetter(text.charCodeAt(at - 1)) ? 4 : 5;
  let digits = 0;
  for (let i = at; i < at + 22 && digits < least; i++) {
    const unit = text.charCodeAt(i);
    if (isDigit(unit)) digits++;
    else if (unit === NEWLINE || (unit === COMMA && text.charCodeAt(i + 1) !== SPACE) || Number.isNaN(unit)) break;
  }
  return digits >= least;
}

/** Where the letters start that the digits at `at` end; undefined where these are inside a longer word or number. */
function wordStart(text: string, at: number): number | undefined {
  let start = at;
  while (start > 0 && at - start < 7 && isLetter(text.charCodeAt(start - 1))) start--;
  if (start === at && (text[at - 1] === ' ' || text[at - 1] === '-') && isLetter(text.charCodeAt(at - 2))) {
    const short = text[at - 3] === undefined || !isWord(text.charCodeAt(at - 4)) ? at - 3 : undefined;
    if (short !== undefined && short >= 0 && /^[A-Za-z]{2}[ -]\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[A-Da-d]/.test(text.slice(short, short + 14)))
      return short;
    if (/^[XYZ][ -]\d{7}/.test(text.slice(at - 2, at + 7)) && !isWord(text.charCodeAt(at - 3))) return at - 2;
  }
  const before = text.charCodeAt(start - 1);
  if (start > 0 && (isWord(before) || (before === 46 && isDigit(text.charCodeAt(start - 2))))) return undefined;
  if (start > 1 && before === 45 && isWord(text.charCodeAt(start - 2)) && start === at) return undefined;
  return start;
}

/** A telephone number starts at its `+` or parenthesis. */
function opening(text: string, at: number): number {
  if (text[at - 1] === '(') return text[at - 2] === '+' ? at - 2 : at - 1;
  return text[at - 1] === '+' && !/[\w)\]]/.test(text[at - 2] ?? '') ? at - 1 : at;
}

function endOfRun(text: string, at: number): number {
  let end = at;
  while (end < at + 40 && /[\w .-]/.test(text[end] ?? '') && !/^[ .-][^\d]/.test(text.slice(end, end + 2))) end++;
  return end;
}

function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57;
}

function isLetter(unit: number): boolean {
  return (unit >= 65 && unit <= 90) || (unit >= 97 && unit <= 122);
}

function isWord(unit: number): boolean {
  return isDigit(unit) || isLetter(unit) || unit === 95;
}
