/** Whether what was given to a credential's name is one: not code, a reference, a word, an example, or something encrypted. */

import type { NameKind } from './names.ts';
import { entropy, isAzureKey, isProtected, isStandIn, isUuid, mixesDigitsAndLetters } from './shapes.ts';
import { isWordy, wordiness } from './words.ts';

/** How a value stands there: `quoted` ends where its quote does, `bare` at a blank, `told` somewhere in a sentence. */
export type Standing = 'quoted' | 'bare' | 'told';

export function isCredential(value: string, kind: NameKind, standing: Standing): boolean {
  if (value.length < 6 || isStandIn(value) || isProtected(value) || isPlace(value)) return false;
  if (standing !== 'quoted' && isExpression(value)) return false;
  switch (kind) {
    case 'cookie':
      return value.length >= 16 && /^[\w.-]{1,64}=/.test(value) && mixesDigitsAndLetters(value) && holdsDrawn(value);
    case 'password':
      return isPassword(value, standing);
    case 'key':
      return (value.length >= 16 || isPassword(value, 'told')) && isDrawnKey(value);
    case 'weak':
      return value.length >= 20 && !isUuid(value) && isDrawnKey(value) && entropy(value) >= 3.5;
  }
}

/** Without the leading `secret.`. `name` in lower case without separators. */
export function labelOfValue(kind: NameKind, name: string, value: string): string {
  if (kind === 'password') return 'password';
  if (kind === 'cookie') return 'cookie';
  if (/^[A-Za-z0-9/+]{40}$/.test(value) && /^secretaccesskey$|aws[a-z]{0,20}secret[a-z]{0,20}$/.test(name)) return 'aws-secret-key';
  return isAzureKey(value) ? 'azure-key' : 'assigned-credential';
}

/** Of a sentence, of a word in a list: it has to look like nothing else. */
export function isStrong(value: string): boolean {
  if (
    value.length < 8 ||
    /\s/.test(value) ||
    PGP_ID.test(value) ||
    isStandIn(value) ||
    isProtected(value) ||
    isPlace(value) ||
    isExpression(value)
  )
    return false;
  return (mixes(value) && (!isWordy(value) || (value.length >= 12 && isDisordered(value))) && entropy(value) >= 2.8) || isMadeByHand(value);
}

/** Without quotes, and with nothing that ends it but a blank: names with a number are no credentials. */
export function isStrongAlone(value: string): boolean {
  if (value.length < 8 || !isStrong(value)) return false;
  return isMadeByHand(value) || (value.length >= 12 && entropy(value) >= 3 && (/\d\D{0,255}\d/.test(value) || isDisordered(value)));
}

/**
 * Changes between small letters, capitals, digits and signs as often as chance makes them: in a name they are where words begin.
 * What chance drew is taken for words in one of five values of ten characters, so that this is asked too.
 */
function isDisordered(value: string): boolean {
  const looked = value.slice(0, 128);
  if (!/[a-z]/.test(looked) || !/[A-Z]/.test(looked) || /[\s./\\()[\]{}<>,;:=]|[A-Za-z]{4}[_-][A-Za-z]{4}/.test(looked)) return false;
  if (looked.length < 12 && !/\d/.test(looked)) return false;
  let turns = 0;
  for (let i = 1; i < looked.length; i++) {
    const [before, here] = [sortOf(looked.charCodeAt(i - 1)), sortOf(looked.charCodeAt(i))];
    // A capital and its small letters are one word.
    if (before !== here && !(before === CAPITAL && here === SMALL)) turns++;
  }
  return turns >= 0.3 * (looked.length - 1) && wordiness(looked) < 0.6 && !/(?:[A-Z]?[a-z]{4,20}){2}/.test(looked);
}

/** Small letters and capitals without a word among them. */
function isUnspeakable(value: string): boolean {
  return (
    value.length >= 14 &&
    (value.match(/[a-z][A-Z]/g)?.length ?? 0) >= 2 &&
    /^[\w!#$%&*?@^~+-]{14,255}$/.test(value) &&
    wordiness(value) < 0.2
  );
}

const SMALL = 1;
const CAPITAL = 2;

function sortOf(code: number): number {
  if (code >= 0x61 && code <= 0x7a) return SMALL;
  if (code >= 0x41 && code <= 0x5a) return CAPITAL;
  return code >= 0x30 && code <= 0x39 ? 3 : 4;
}

/** Of a PGP key, which everybody may know. */
const PGP_ID = /^(?:0x)?(?:[A-F0-9]{8}){1,2}$/;

/** Base-64 of an example is one too. */
function isDrawnKey(value: string): boolean {
  if (isUuid(value)) return true;
  if (PGP_ID.test(value)) return false;
  if (!mixes(value) || entropy(value) < 3 || (isWordy(value) && !isDisordered(value))) return false;
  return !hidesStandIn(value);
}

/** Small letters, capitals and a sign, in quotes: only a password is so. */
const SIGNED = /^(?=[^A-Z]{0,60}[A-Z])(?=[^a-z]{0,60}[a-z])(?=[\w-]{0,60}[!#$%&*?@^~+])[\w!#$%&*?@^~+-]{12,64}$/;

/** Base 64 of an example, or of words. */
function hidesStandIn(value: string): boolean {
  if (!/^[A-Za-z0-9+/]{8,80}={0,2}$/.test(value) || value.length % 4 !== 0) return false;
  const decoded = Buffer.from(value, 'base64').toString('latin1');
  if (!/^[\x20-\x7e]{1,255}$/.test(decoded)) return false;
  const secret = decoded.slice(decoded.indexOf(':') + 1);
  return isStandIn(secret) || (isWordy(secret) && !/\d/.test(secret));
}

function isPassword(value: string, standing: Standing): boolean {
  if (/\s/.test(value) || value.length > 256 || hidesStandIn(value)) return false;
  if (standing === 'told') return isStrong(value);
  if (value.length < 8) return isMadeByHand(value);
  if (isMadeByHand(value) || (isDisordered(value) && entropy(value) >= 2.8)) return true;
  if (standing === 'quoted' && SIGNED.test(value) && !isWordy(value)) return true;
  if (!mixes(value) || entropy(value) < 2.5) return false;
  return !isWordy(value) || /\d{2}/.test(value);
}

/** `Falken-orbit-42!`: words, but with a digit and a sign that no name has; with a capital it may be any sign. */
export function isMadeByHand(value: string): boolean {
  if (!/\d/.test(value) || !/[a-z]/.test(value) || /[\s"'()[\]{}<>=;,\\]|%[0-9A-F]{2}/.test(value)) return false;
  return (/[A-Z]/.test(value) && /[!#$%&*?@^~+]/.test(value)) || (/[a-z]{4}/.test(value) && /[!$%^*]/.test(value));
}

/** Letters with digits, or small and capital letters in an order that no name has. */
function mixes(value: string): boolean {
  return (
    mixesDigitsAndLetters(value) ||
    (value.length >= 12 &&
      (((value.match(/[a-z][A-Z]/g)?.length ?? 0) >= 3 && !isWordy(value)) || isDisordered(value) || isUnspeakable(value)))
  );
}

function holdsDrawn(value: string): boolean {
  return value.split(/[=;\s]{1,3}/).some((part) => part.length >= 12 && mixesDigitsAndLetters(part) && !isWordy(part));
}

/** A URL, a path, a name of a resource, a regular expression, a file; a document's section. */
function isPlace(value: string): boolean {
  if (
    /^[\w./:-]{1,80}#[a-z]{4,30}(?:-[a-z\d.]{1,20}){0,6}$/.test(value) &&
    value.includes('#') &&
    isWordy(value.slice(value.indexOf('#') + 1))
  )
    return true;
  return (
    /^(?:[a-z][a-z0-9+]{1,10}:\/\/|\.{0,2}\/[\w.-]{1,64}(?:\/|$)|~\/|[A-Za-z]:\\|[\w.-]{1,64}(?:\/[\w.-]{1,64}){2,20}$)|^\/.{1,200}\/[gimsuy]{0,4}$|^[a-z0-9_.-]{1,20}\/[a-z0-9_-]{1,20}\.[a-z0-9]{1,5}$|\.(?:pem|key|crt|json|ya?ml|txt|env|ts|js|py|go|rb|java|html?|md|log)$/i.test(
      value,
    ) && !/^[A-Za-z0-9+/]{40,}={0,2}$/.test(value.slice(0, 255))
  );
}

/** `self._lib.NID_aes_256`, `config.k1`; `FE_CAN_QAM_16`, `0xce53UL`. */
const MEMBER =
  /^(?:self|this|cls|ctx|config|settings|process|os|env|req|request|res|module|app|user|data|props|state|params|options|opts|args|input|body|json|result|response)\??\./;
const CONSTANT = /^[%#@]?[A-Z][A-Z0-9]{0,20}(?:_[A-Z0-9]{1,16}){1,8}$|^0x[0-9a-fA-F]{1,16}[ULul]{0,3}$/;

/** Source code on the right-hand side: a name, a member, a path, a call. */
export function isExpression(value: string): boolean {
  // Base 64 may look like a comment or a path.
  if (/^[A-Za-z0-9+/]{40,255}={0,2}$/.test(value)) return false;
  if (/^[&*!]|[()[\]]|::|->|=>|\/\/|;$/.test(value)) return true;
  const member = /^(?:[A-Za-z_$][\w$]{0,200}[.?]){1,8}/.exec(value)?.[0];
  if (member !== undefined && (isWordy(value) || MEMBER.test(value))) return true;
  if (CONSTANT.test(value)) return true;
  return /^[A-Za-z]+(?:[A-Z][a-z]+|_[a-z]+|\d)*$/.test(value.slice(0, 64)) && isWordy(value) && !isDisordered(value);
}
