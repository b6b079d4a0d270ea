/** Holes: characters that stand in a word for what is not known of it, and say where it comes from as far as that is known. */

/** What cannot be told before it runs. No shell word and no path can contain it. */
export const HOLE = '\0';
/** What another machine will send. */
export const DOWNLOADED = '\u0001';
/** Something short without a separator in it: a number, a date, a file's name. */
export const FILLER = '…';
/** The same, of this machine or its user: `$USER`, `$(hostname)`. Nothing to ask about until it is sent away. */
export const IDENTITY = '‥';

/**
 * Local data, by how much it matters when it leaves the machine: the gravest last. `variable` is a variable of the environment of
 * which only the name is known, `data` a database, a dump or a whole folder of the project, `key` one whose name says that it is secret, `environment` all of them.
 */
export const HOLDINGS = ['variable', 'workspace', 'identity', 'data', 'private', 'key', 'environment', 'secret'] as const;
export type Holding = (typeof HOLDINGS)[number];

/** Unicode's noncharacters: no text that is exchanged has a meaning for them. */
const HOLE_OF: Readonly<Record<Holding, string>> = {
  variable: '\ufdd0',
  workspace: '\ufdd1',
  identity: IDENTITY,
  data: '\ufdd6',
  private: '\ufdd2',
  key: '\ufdd3',
  environment: '\ufdd4',
  secret: '\ufdd5',
};
// biome-ignore lint/suspicious/noControlCharactersInRegex: holes are characters that nobody types
const OPEN = /[\0\u0001\ufdd0-\ufdd6]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const OPENS = /[\0\u0001\ufdd0-\ufdd6]/g;

export function holeOf(holding: Holding | undefined): string {
  return holding === undefined ? HOLE : HOLE_OF[holding];
}

/** The gravest of what stands in the text's holes. */
export function holdingIn(text: string): Holding | undefined {
  return HOLDINGS.findLast((holding) => text.includes(HOLE_OF[holding]));
}

export function gravest(...holdings: readonly (Holding | undefined)[]): Holding | undefined {
  return HOLDINGS.findLast((holding) => holdings.includes(holding));
}

/** Something of the text is not known. */
export function isOpen(text: string): boolean {
  return OPEN.test(text);
}

/** Something of the text comes from another machine. */
export function isDownloaded(text: string): boolean {
  return text.includes(DOWNLOADED);
}

/** Every hole as `to`. */
export function fillHoles(text: string, to: string): string {
  return text.replace(OPENS, () => to);
}

/** For a person: holes as `…`, control and bidirectional characters made harmless, long text cut in the middle. */
export function readable(text: string, length = 80): string {
  const clean = fillHoles(text, FILLER)
    .replaceAll(IDENTITY, FILLER)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
  return clean.length <= length ? clean : `${clean.slice(0, length - 21)}…${clean.slice(-20)}`;
}
