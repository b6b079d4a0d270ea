/** Identities of European countries. */

import { codiceFiscale, dniLetter, isDay, isPattern, luhn, mod11and10, nirKey, weighted } from '../checks.ts';
import type { IdRule } from '../rule.ts';

export const EUROPE: readonly IdRule[] = [
  {
    label: 'pii.uk-nino',
    severity: 'high',
    shape: /[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][ -]?\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[A-D](?![A-Z0-9])/iy,
    valid: (id) => !/^(?:BG|GB|NK|KN|TN|NT|ZZ)/.test(id) && !isPattern(id.slice(2, 8)),
    alone: 'grouped',
    words: ['nino', 'national insurance', 'ni number', 'ni no', 'nat ins', 'payroll'],
  },
  {
    label: 'pii.medical-record',
    severity: 'high',
    shape: /\d{3}([ -]?)\d{3}\1\d{4}(?![\w-])/y,
    valid: (id) => (11 - (weighted(id, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === Number(id[9]) && !isPattern(id),
    alone: 'never',
    words: ['nhs', 'nhsnumber'],
  },
  {
    label: 'pii.de-steuer-id',
    severity: 'high',
    shape: /[1-9]\d(?:[ -]?\d{3}){3}(?!\d)/y,
    valid: (id) => mod11and10(id) && repeatsOneDigit(id),
    alone: 'never',
    words: ['steuer', 'idnr', 'id nr', 'tin', 'tax id', 'taxid', 'identifikationsnummer'],
  },
  {
    label: 'pii.fr-nir',
    severity: 'high',
    shape: /[1-478][ .]?\d{2}[ .]?\d{2}[ .]?(?:\d{2}|2[AB])[ .]?\d{3}[ .]?\d{3}[ .]?\d{2}(?!\d)/iy,
    valid: (id) => /^\d{3}(?:0[1-9]|1[0-2]|[2-9]\d)/.test(id) && nirKey(id),
    alone: 'never',
    words: ['nir', 'n i r', 'insee', 'securite sociale', 'secu', 'ss', 'assure social', 'numero de secu', 'immatriculation'],
  },
  {
    label: 'pii.es-dni',
    severity: 'high',
    shape: /(?:[XYZ][ -]?\d{7}|\d{8}|\d{2}\.\d{3}\.\d{3})[ -]?[A-HJ-NP-TV-Z](?![A-Z0-9])/iy,
    valid: (id) => dniLetter(id) && !isPattern(id.slice(1, 8)),
    alone: 'never',
    words: [
      'dni',
      'd n i',
      'n i e',
      'n i f',
      'nie',
      'nif',
      'documento nacional',
      'documento de identidad',
      'identidad',
      'numero de identidad',
    ],
  },
  {
    label: 'pii.it-codice-fiscale',
    severity: 'high',
    shape: /[A-Z]{6}[\dLMNPQRSTUV]{2}[ABCDEHLMPRST][\dLMNPQRSTUV]{2}[A-Z][\dLMNPQRSTUV]{3}[A-Z](?![A-Z0-9])/iy,
    valid: (id) => codiceFiscale(id),
    alone: 'always',
    words: ['codice fiscale', 'cf', 'c f', 'cod fisc', 'fiscal'],
  },
  {
    label: 'pii.nl-bsn',
    severity: 'high',
    shape: /\d{4}[ .]?\d{2}[ .]?\d{3}(?!\d)|\d{3}[ .]\d{3}[ .]\d{3}(?!\d)/y,
    valid: (id) => id !== '000000000' && weighted(id, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0 && !isPattern(id),
    alone: 'never',
    words: ['bsn', 'burgerservice', 'sofinummer', 'sofi', 'burger service'],
  },
  {
    label: 'pii.pl-pesel',
    severity: 'high',
    shape: /\d{11}(?!\d)/y,
    valid: (id) => {
      const month = String(Number(id.slice(2, 4)) % 20).padStart(2, '0');
      return isDay(month, id.slice(4, 6)) && (10 - (weighted(id, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10 === Number(id[10]);
    },
    alone: 'never',
    words: ['pesel'],
  },
  {
    label: 'pii.se-personnummer',
    severity: 'high',
    shape: /(?:19|20)?\d{6}[-+ ]?\d{4}(?!\d)/y,
    valid: (id) => {
      const short = id.slice(-10);
      const day = Number(short.slice(4, 6));
      return isDay(short.slice(2, 4), String(day > 60 ? day - 60 : day)) && luhn(short);
    },
    alone: 'never',
    words: [
      'personnummer',
      'person nr',
      'personnr',
      'pnr',
      'fodd',
      'samordningsnummer',
      'personal identity number',
      'swedish id',
      'folkbokford',
    ],
  },
];

/** Of the first ten digits one appears two or three times, the others at most once (Bundeszentralamt für Steuern). */
function repeatsOneDigit(id: string): boolean {
  const counts = [...'0123456789'].map((digit) => id.slice(0, 10).split(digit).length - 1).filter((count) => count > 1);
  return counts.length === 1 && counts[0]! <= 3;
}
