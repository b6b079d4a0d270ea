/** What of a text can be found again in another: hosts, mail addresses, and words that nobody writes by chance. */

export interface Tokens {
  readonly hosts: ReadonlySet<string>;
  readonly emails: ReadonlySet<string>;
  /** Names, paths, options: what holds more than letters, or is long. In lower case. */
  readonly words: ReadonlySet<string>;
}

/** UTF-16 units of a text that are looked through, from its beginning; a longer one is looked through at its end too. */
const MOST_TEXT = 64 * 1024;
/** Of each kind. */
const MOST_TOKENS = 4_000;

const EMAIL = /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}/g;
/** A name whose last part is a domain's, or an address of four numbers. */
const HOST =
  /(?<![\w.@/-])(?:https?:\/\/)?((?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,24}|\d{1,3}(?:\.\d{1,3}){3})(?![\w.-]*@)(?=[\s/:?#"'`)\]}>,;.!]|$)/gi;
const WORD = /[\p{L}\p{N}_@$%+=~^.:/\\-]{5,200}/gu;
/** Endings of files that look like domains. */
const FILE_ENDING =
  /\.(?:js|ts|py|rs|go|md|sh|rb|so|cc|java|json|yml|yaml|toml|txt|html|css|lock|cfg|ini|log|jsx|tsx|mjs|cjs|c|h|cpp|hpp|php|sql|xml|csv|png|svg|zip|tar|gz)$/i;

export function tokensIn(text: string): Tokens {
  const part = text.length <= MOST_TEXT ? text : `${text.slice(0, MOST_TEXT / 2)}\n${text.slice(-MOST_TEXT / 2)}`;
  const hosts = new Set<string>();
  const emails = new Set<string>();
  const words = new Set<string>();
  for (const [email] of part.matchAll(EMAIL)) add(emails, email.toLowerCase());
  for (const [whole, host = ''] of part.matchAll(HOST))
    if (/^https?:/i.test(whole) || !FILE_ENDING.test(host)) add(hosts, host.toLowerCase());
  for (const [raw] of part.matchAll(WORD)) {
    const word = raw.replace(/^[.:'"]+|[.:,'"]+$/g, '').toLowerCase();
    if (isTelling(word)) add(words, word);
  }
  return { hosts, emails, words };
}

function add(tokens: Set<string>, token: string): void {
  if (tokens.size < MOST_TOKENS) tokens.add(token);
}

/** Ordinary words are in every text. */
function isTelling(word: string): boolean {
  return word.length >= 6 && /[^\p{L}]/u.test(word) && /\p{L}/u.test(word);
}
