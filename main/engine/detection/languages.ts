/** The word for a password in languages that are not written in ASCII, and what it is said to be. */

import type { Cell } from './tables.ts';
import { isCredential, isStrongAlone } from './values.ts';

/** Stems, so that cases and plurals are among them. */
const WORDS = [
  'парол[а-яё]{0,3}',
  'секретн[а-яё]{1,3} ключ[а-яё]{0,2}',
  'гасло',
  'лозинк[а-я]{1,2}',
  'hasł[aoem]{1,2}',
  'jelszó\\p{L}{0,4}',
  'jelszav\\p{L}{0,4}',
  'lösen(?:ord\\p{L}{0,3})?',
  'şifre\\p{L}{0,4}',
  'mật khẩu',
  'κωδικ(?:ό|ο|οί)[ςύ]?(?: πρόσβασης)?',
  'συνθηματικό',
  'contraseñas?',
  'palavra[- ]passe',
  "clé (?:secrète|api|d[’']api)",
  'clave secreta',
  'zugangsschlüssel',
  'schlüssel',
  'geheimnis',
  'slaptažod\\p{L}{1,3}',
  '密码',
  '密碼',
  '口令',
  '密钥',
  '金鑰',
  'パスワード',
  '暗証番号',
  'アクセスキー',
  '비밀번호',
  '비번',
  '암호',
  'كلمة (?:ال)?(?:مرور|سر)',
  'كلمة (?:المرور|السر)',
  'סיסמ[הא]',
  'گذرواژه',
  'رمز عبور',
  'पासवर्ड',
  'รหัสผ่าน',
];
const WORD = new RegExp(`(?:${WORDS.join('|')})`, 'giu');
/** A sign of assignment, or a word that says “is”. */
const DIRECT =
  /[ \t]{0,3}["'」』)）]?[ \t]{0,3}(?:[:=：＝]|[–—-] |is |→|->|是|为|為|は|が|는|은|هي|היא|то |это ?)[ \t\u3000]{0,4}["'`“„«「『‘]?([\x21-\x7e]{6,255})/uy;
/** With other words between. */
const TOLD =
  /[^\n]{0,48}?(?:[:：]| [–—-] |是|为|為|は|→|->| je | jest | är | είναι | là | to | is | ist | est )[ \t\u3000]{0,4}["'`“„«「『‘]?([\x21-\x7e]{8,255})/uy;
const NOT_ASCII = /[^\0-\x7f]/;

export function foreignPasswordsIn(text: string): Cell[] {
  if (!NOT_ASCII.test(text)) return [];
  const found: Cell[] = [];
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const end = index + word.length;
    const cell =
      asciiValue(text, end, DIRECT, (value) => isCredential(value, 'password', 'bare')) ?? asciiValue(text, end, TOLD, isStrongAlone);
    if (cell) found.push(cell);
  }
  return found;
}

function asciiValue(text: string, at: number, pattern: RegExp, takes: (value: string) => boolean): Cell | undefined {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  if (!match?.[1]) return undefined;
  const value = match[1].replace(/["'`]?[.,;:)\]"'`]{0,3}$/, '');
  const start = at + match[0].length - match[1].length;
  return takes(value) ? { start, end: start + value.length } : undefined;
}

/** For the test that asserts that every quantifier is bounded. */
export const LANGUAGE_PATTERNS: readonly RegExp[] = [WORD, DIRECT, TOLD];
