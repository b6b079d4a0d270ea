/** What was worked out of texts lately: agents send the same ones again at each turn. */

/** UTF-16 units of texts that one generation holds: some turns of the longest conversations. */
const GENERATION = 4 * 1024 * 1024;
/** What an entry takes besides its text. */
const ENTRY = 64;

/** Gives what `work` gave for the same text before. Two generations: what is not asked for while the younger grows full is forgotten. */
export function createRecentTexts<Value>(generation = GENERATION): (text: string, work: (text: string) => Value) => Value {
  let young = new Map<string, Value>();
  let old = new Map<string, Value>();
  let size = 0;

  return (text, work) => {
    const known = young.get(text);
    if (known !== undefined) return known;
    const value = old.get(text) ?? work(text);
    young.set(text, value);
    size += text.length + ENTRY;
    if (size > generation) {
      old = young;
      young = new Map();
      size = 0;
    }
    return value;
  };
}
