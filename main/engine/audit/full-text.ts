/** What a person looks for, as SQLite's full-text search takes it. */

/** Every blank-separated part as a phrase: FTS5's own syntax is not for people. Undefined where there is nothing to look for. */
export function matchQuery(text: string): string | undefined {
  const parts = partsOf(text);
  return parts.length === 0 ? undefined : parts.map((part) => `"${part.replaceAll('"', '""')}"`).join(' AND ');
}

/** The words of it, as the index has them apart. */
export function wordsOf(text: string): string[] {
  return partsOf(text).flatMap((part) => part.match(/[\p{L}\p{N}\p{Co}]+/gu) ?? []);
}

const MOST_PARTS = 32;

function partsOf(text: string): string[] {
  return text
    .split(/\s+/)
    .filter((part) => /[\p{L}\p{N}]/u.test(part))
    .slice(0, MOST_PARTS);
}
