/** Whether a value is made of words, as names and sentences are, or of characters drawn by chance. */

/** For each letter those that often follow it in English prose and in names of programs: 93 of 100 pairs. */
const FOLLOWERS =
  'abcdgilmnprstuvy baeilorsu caehiklortu dadeilorsu eabcdefglmnopqrstvwxy faefioru gaehilnoru haeiort iabcdefglmnoprstvz jes keis ladeilostuy mabeimops' +
  ' nacdefginostuv oabcdfgklmnoprstuvw paeiloprstu qu racdegiklmnorstuvy sacehiopstuy tacehiloprstuy uabceilmnprst vaei waehio xpt yp ze';

const COMMON = new Uint8Array(26 * 26);
for (const [first = '', ...followers] of FOLLOWERS.split(' ')) for (const next of followers) COMMON[pairOf(first, next)] = 1;

/** Of 100 values that were drawn by chance 99 are below this, and nearly all names and sentences above. */
const WORDY = 0.4;
/** A word of three letters or more, by itself or in a name such as `accessToken` or `ACCESS_TOKEN`. */
const WORD = /[A-Z]?[a-z]{2,64}|[A-Z]{3,64}(?![a-z])/g;
/** Its letters are few, and often make something like a word. */
const HEX = /^[a-f0-9-]{16,255}$/i;
const BASE32 = /^(?=\D{0,30}\d\D{0,30}\d\D{0,30}\d)[A-Z2-7]{16,255}$/;
const LOOKED_AT = 256;

/** Names, paths, sentences: what reads like words in most of its length. */
export function isWordy(value: string): boolean {
  return !HEX.test(value) && !BASE32.test(value) && wordiness(value) >= WORDY;
}

/** The share of a value's characters that belong to words, from 0 to 1. */
export function wordiness(value: string): number {
  const looked = value.slice(0, LOOKED_AT);
  let inWords = 0;
  for (const [word] of looked.matchAll(WORD)) if (readsLikeOne(word.toLowerCase())) inWords += word.length;
  return looked === '' ? 0 : inWords / looked.length;
}

function readsLikeOne(word: string): boolean {
  let common = 0;
  for (let i = 1; i < word.length; i++) common += COMMON[pairOf(word[i - 1]!, word[i]!)]!;
  return common >= 0.75 * (word.length - 1);
}

function pairOf(first: string, next: string): number {
  return (first.charCodeAt(0) - 97) * 26 + next.charCodeAt(0) - 97;
}
