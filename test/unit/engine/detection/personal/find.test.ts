/** What a person would expect to be called personal data, and what not. Numbers are made here: none is anybody's. */

import { describe, expect, it } from 'vitest';
import { luhn, mod97, verhoeff } from '../../../../../main/engine/detection/personal/checks.ts';
import { findPersonalData } from '../../../../../main/engine/detection/personal/find.ts';

const labels = (text: string) => findPersonalData(text).map(({ label }) => label);

/** The digit that makes `digits` pass `check`. */
function closed(digits: string, check: (number: string) => boolean): string {
  return [...'0123456789'].map((last) => digits + last).find(check)!;
}

const CARD = closed('453279018264715', luhn);
const AADHAAR = closed('29487612053', verhoeff);
const IBAN = Array.from({ length: 97 }, (_, i) => `DE${String(i + 2).padStart(2, '0')}500105175407324931`).find(mod97)!;

describe('personal data', () => {
  it.each([
    ['a card in a support ticket', `The card ${CARD} was charged twice.`, 'pii.credit-card'],
    ['a card in groups', `Karte ${CARD.replace(/(\d{4})(?=\d)/g, '$1 ')}`, 'pii.credit-card'],
    ['a bank account', `Bitte an ${IBAN} zahlen`, 'pii.iban'],
    ['a bank account in groups', IBAN.replace(/(.{4})(?=.)/g, '$1 '), 'pii.iban'],
    ['an Indian identity', `Aadhaar: ${AADHAAR}`, 'pii.in-aadhaar'],
    ['a social security number beside its name', 'SSN: 536-22-8145', 'pii.us-ssn'],
    ['one in a column of that name', 'name,ssn\nAda,536-22-8145', 'pii.us-ssn'],
    ['one in a field of that name', '{"socialSecurityNumber":"536228145"}', 'pii.us-ssn'],
    ['an international telephone number', 'ring +44 7911 284 553', 'pii.phone'],
    ['a national one beside its name', 'Tel.: 030 / 4401 8872', 'pii.phone'],
    ['an address', 'write to petra.lindqvist@nordlicht-verlag.de', 'pii.email'],
    ['a day of birth in words', 'née le 5 juin 1990 à Lyon', 'pii.date-of-birth'],
    ['a day of birth in a field', '{"birthDate":"1979-11-30"}', 'pii.date-of-birth'],
  ])('has %s', (_what, text, label) => {
    expect(labels(text)).toEqual([label]);
  });

  it.each([
    ['a test card', 'fill("#card", "4000056655665556")'],
    ['a card whose check fails', `card ${CARD.slice(0, -1)}${(Number(CARD.at(-1)) + 1) % 10}`],
    ['an order number that passes for a card', `order ${CARD}`],
    ['an identifier with a card inside', `img_${CARD}_large.jpg`],
    ['nine digits without a word', 'processed 536228145 rows'],
    ['a fictitious telephone number', 'Call 212-555-0142'],
    ['a version, an address of a machine, a time', 'v10.15.7 10.128.33.201 2026-11-27T23:59:59.999Z 1764288000123'],
    ['an address under a reserved name', 'alice@example.com'],
    ['a repository, a package, a picture', 'git@github.com:acme/site.git react@19.3.1 logo@2x.png'],
    ['an author who published the address', '"author": "Petra Lindqvist <petra.lindqvist@nordlicht-verlag.de>"'],
    ['a date of a release', '1.3.1 / 2016-01-17'],
    ['a star that was born', 'A star is born – premiere on 5 October 2018'],
  ])('is not %s', (_what, text) => {
    expect(labels(text)).toEqual([]);
  });

  it('is marked where it stands', () => {
    const text = `a ${IBAN}, b`;
    const [found] = findPersonalData(text);
    expect(text.slice(found!.start, found!.end)).toBe(IBAN);
  });

  it('is a list of people from twenty addresses on', () => {
    const list = (count: number) => Array.from({ length: count }, (_, i) => `anna.berg${i}@kontor-nord.se`).join('\n');
    expect(labels(list(19))).not.toContain('pii.bulk');
    expect(labels(list(20))).toContain('pii.bulk');
  });
});
