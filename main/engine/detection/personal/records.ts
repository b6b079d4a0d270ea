/** Personal data that is known by the record it stands in: passports' machine-readable zones, patients in HL7. */

import { mrzDigit } from './checks.ts';

interface Span {
  readonly start: number;
  readonly end: number;
}

const ZONE = /P[A-Z<][A-Z<]{42}\r?\n([A-Z0-9<]{9})(\d)[A-Z<]{3}(\d{6})(\d)[MFX<](\d{6})(\d)/y;
const LINE = /P<[A-Z]{3}[A-Z<]{10,42}(?:\r?\n|\\n|\s{1,4})([A-Z0-9<]{9})(\d)[A-Z<]{1,3}(\d{6})(\d)[MFX<](\d{6})(\d)/y;

/** A passport's two lines (ICAO 9303, part 4) that start at `at`. Some programs lose filling characters of the first. */
export function passportZoneAt(text: string, at: number): Span | undefined {
  for (const shape of [ZONE, LINE]) {
    shape.lastIndex = at;
    const found = shape.exec(text);
    if (!found) continue;
    const [whole, number = '', check = '', born = '', bornCheck = ''] = found;
    if (mrzDigit(number, check) || mrzDigit(born, bornCheck)) return { start: at, end: at + whole.length };
  }
  return undefined;
}

/** The identifier in the third field of the patient's segment (HL7 version 2) that starts at `at`. */
export function hl7PatientAt(text: string, at: number): Span | undefined {
  const found = /^PID\|[^|\n]{0,8}\|[^|\n]{0,40}\|([A-Z0-9-]{4,20})/.exec(text.slice(at, at + 80));
  if (!found || !/\d{3}/.test(found[1]!)) return undefined;
  const end = at + found[0].length;
  return { start: end - found[1]!.length, end };
}
