/** Letters that look like Latin ones (after Unicode UTS 39), in words that mix scripts to be read and not be found. */

/** The word with its look-alikes as Latin letters, of the same length; undefined where it is honest or is not all Latin then. */
export function unmixed(word: string): string | undefined {
  let out = '';
  for (const char of word) {
    const latin = /[a-z0-9]/i.test(char) ? char : LATIN.get(char);
    if (latin === undefined) return undefined;
    out += latin;
  }
  return out;
}

const LATIN: ReadonlyMap<string, string> = new Map(
  [
    // Cyrillic
    'аa', 'АA', 'вb', 'ВB', 'сc', 'СC', 'ԁd', 'еe', 'ЕE', 'ёe', 'һh', 'НH', 'нh', 'іi', 'ІI', 'їi', 'ӏl', 'јj', 'ЈJ', 'кk', 'КK', 'мm', 'МM', 'пn', 'оo', 'ОO',
    'рp', 'РP', 'ԛq', 'гr', 'ѕs', 'ЅS', 'тt', 'ТT', 'ѵv', 'ԝw', 'хx', 'ХX', 'уy', 'УY', 'ү y'.replace(' ', ''), 'зz', 'ɡg', 'ցg', 'иu',
    // Greek
    'αa', 'ΑA', 'βb', 'ΒB', 'ϲc', 'εe', 'ΕE', 'ζz', 'ΖZ', 'ηn', 'ΗH', 'ιi', 'ΙI', 'κk', 'ΚK', 'μu', 'ΜM', 'νv', 'ΝN', 'οo', 'ΟO', 'ρp', 'ΡP', 'σo', 'τt',
    'ΤT', 'υu', 'ΥY', 'χx', 'ΧX', 'ωw', 'γy',
    // Armenian
    'օo', 'սu', 'հh', 'ոn', 'յj', 'ѕs', 'զq', 'ԱU',
    // Latin letters of other alphabets that look like plain ones
    'ɑa', 'ɩi', 'ıi', 'ʟl', 'ɴn', 'ʀr', 'ɪi', 'ꜱs', 'ᴀa', 'ʙb', 'ᴄc', 'ᴅd', 'ᴇe', 'ɢg', 'ʜh', 'ᴊj', 'ᴋk', 'ᴍm', 'ᴏo', 'ᴘp', 'ᴛt', 'ᴜu', 'ᴠv', 'ᴡw', 'ʏy', 'ᴢz',
  ].map((pair) => [pair.slice(0, -1), pair.slice(-1)]),
);
