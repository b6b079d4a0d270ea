/** Holes: characters that stand in a word for what is not known of it. */

/** What cannot be told before it runs. No shell word and no path can contain it. */
export const HOLE = '\0';
/** What another machine will send. */
export const DOWNLOADED = '\u0001';
/** Something short without a separator in it: a number, a date, a file's name. */
export const FILLER = '…';

/** Something of the text is not known. */
export function isOpen(text: string): boolean {
  return text.includes(HOLE) || text.includes(DOWNLOADED);
}

/** Something of the text comes from another machine. */
export function isDownloaded(text: string): boolean {
  return text.includes(DOWNLOADED);
}

/** Every hole as `to`. */
export function fillHoles(text: string, to: string): string {
  return text.replaceAll(HOLE, to).replaceAll(DOWNLOADED, to);
}

/** For a person: holes as `…`, control and bidirectional characters made harmless, long text cut in the middle. */
export function readable(text: string, length = 80): string {
  const clean = fillHoles(text, FILLER).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
  return clean.length <= length ? clean : `${clean.slice(0, length - 21)}…${clean.slice(-20)}`;
}
