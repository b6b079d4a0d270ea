/** Check digits of public numbering schemes. Each takes the number without its separators. */

/** ISO/IEC 7812-1: cards, Canadian SIN, Swedish personnummer, IMEI. */
export function luhn(digits: string): boolean {
  let sum = 0;
  for (let i = digits.length - 1, double = false; i >= 0; i--, double = !double) {
    const value = digit(digits, i) * (double ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}

/** ISO/IEC 7064 MOD 97-10 over an IBAN, whose first four characters count last. */
export function mod97(iban: string): boolean {
  let rest = 0;
  for (const char of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(char, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** ISO/IEC 7064 MOD 11,10: the German Steuer-ID. */
export function mod11and10(digits: string): boolean {
  let product = 10;
  for (let i = 0; i < digits.length - 1; i++) {
    const sum = (digit(digits, i) + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return (11 - product) % 10 === digit(digits, digits.length - 1);
}

const VERHOEFF_D = [
  '0123456789',
  '1234067895',
  '2340178956',
  '3401289567',
  '4012395678',
  '5987604321',
  '6598710432',
  '7659821043',
  '8765932104',
  '9876543210',
];
const VERHOEFF_P = ['0123456789', '1576283094', '5803796142', '8916043527', '9453126870', '4286573901', '2793806415', '7046913258'];

/** Verhoeff's dihedral check: Aadhaar. */
export function verhoeff(digits: string): boolean {
  let check = 0;
  for (let i = 0; i < digits.length; i++) {
    const permuted = digit(VERHOEFF_P[i % 8]!, digit(digits, digits.length - 1 - i));
    check = digit(VERHOEFF_D[check]!, permuted);
  }
  return check === 0;
}

/** Sum of digits times weights; as many as there are weights. */
export function weighted(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, i) => sum + weight * digit(digits, i), 0);
}

/** The letter of a Spanish DNI or NIE: the number modulo 23. */
export function dniLetter(id: string): boolean {
  const number = id.slice(0, -1).replace(/^[XYZ]/, (letter) => String('XYZ'.indexOf(letter)));
  return 'TRWAGMYFPDXBNJZSQVHLCKE'[Number(number) % 23] === id.at(-1);
}

const ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/** The last letter of an Italian codice fiscale (decree of 12 March 1974). */
export function codiceFiscale(code: string): boolean {
  let sum = 0;
  for (let i = 0; i < 15; i++) {
    const char = code.charCodeAt(i);
    const value = char < 58 ? char - 48 : char - 65;
    sum += i % 2 === 0 ? ODD[value]! : value;
  }
  return 65 + (sum % 26) === code.charCodeAt(15);
}

/** Both check digits of a Brazilian CPF. */
export function cpf(digits: string): boolean {
  const check = (length: number) => {
    let sum = 0;
    for (let i = 0; i < length; i++) sum += digit(digits, i) * (length + 1 - i);
    return ((sum * 10) % 11) % 10 === digit(digits, length);
  };
  return check(9) && check(10);
}

/** The two last digits of a French NIR; Corsican departments 2A and 2B count as 19 and 18. */
export function nirKey(nir: string): boolean {
  const number = nir.slice(0, 13).replace('2A', '19').replace('2B', '18');
  return 97 - Number(BigInt(number) % 97n) === Number(nir.slice(13));
}

/** ICAO 9303's check digit of a field of a machine-readable zone. */
export function mrzDigit(field: string, check: string): boolean {
  let sum = 0;
  for (let i = 0; i < field.length; i++) {
    const char = field[i]!;
    sum += [7, 3, 1][i % 3]! * (char === '<' ? 0 : Number.parseInt(char, 36));
  }
  return String(sum % 10) === check;
}

/** Whether `YYMMDD` can be a day; the century does not matter. */
export function isDay(month: string, day: string): boolean {
  const [m, d] = [Number(month), Number(day)];
  return m >= 1 && m <= 12 && d >= 1 && d <= (m === 2 ? 29 : m === 4 || m === 6 || m === 9 || m === 11 ? 30 : 31);
}

/** Nobody was given it: one digit over and over, or counted up or down. */
export function isPattern(digits: string): boolean {
  let same = 0;
  let up = 0;
  let down = 0;
  for (let i = 1; i < digits.length; i++) {
    const step = digits.charCodeAt(i) - digits.charCodeAt(i - 1);
    if (step === 0) same++;
    else if (step === 1 || step === -9) up++;
    else if (step === -1 || step === 9) down++;
  }
  const most = digits.length - 3;
  return same >= most || up >= most || down >= most;
}

function digit(text: string, at: number): number {
  return text.charCodeAt(at) - 48;
}
