/** Addresses of people: not of programs, roles, examples or repositories. */

import { folded } from '../fold.ts';

export interface Address {
  readonly start: number;
  readonly end: number;
  /** A manifest or a licence names it to everybody. */
  readonly published: boolean;
}

/** The address around the `@` at `at`, which takes `escaped` characters. */
export function emailAround(text: string, at: number, escaped: number): Address | undefined {
  let start = at;
  while (start > 0 && at - start < 64 && isLocal(text.charCodeAt(start - 1))) start--;
  while (start < at && /[.'\-+%]/.test(text[start]!)) start++;
  const from = at + escaped;
  let end = from;
  while (end < text.length && end - from < 190 && isDomain(text.charCodeAt(end))) end++;
  while (end > from && /[.-]/.test(text[end - 1]!)) end--;
  const local = text.slice(start, at);
  const domain = text.slice(from, end).toLowerCase();
  if (local === '' || !hasKnownEnd(domain) || local.includes('..') || domain.includes('..')) return undefined;
  if (/\p{L}/u.test(local) === false || isNobody(folded(local).trim(), local.toLowerCase()) || isExample(domain)) return undefined;
  if (isPartOfUrl(text, start) || /^:[\w~/.]/.test(text.slice(end, end + 2)) || /^[/(@]/.test(text.slice(end, end + 1))) return undefined;
  return { start, end, published: isPublished(text, start) };
}

function isPublished(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - 90), start);
  return (
    /(?:copyright|\(c\)|©|@author|@maintainer|authors?["']?\s{0,2}[:=]|contributors?["']?\s{0,2}:|maintainers?["']?\s{0,2}:|licen[cs]e)[^\n]{0,80}$/i.test(
      before,
    ) || /["'](?:author|contributors|maintainers|bugs|_npmUser)["']\s{0,2}:\s{0,4}[[{][^}\]]{0,80}$/i.test(before)
  );
}

function isPartOfUrl(text: string, start: number): boolean {
  return text[start - 1] === '/' || (text[start - 1] === ':' && text[start - 2] === '/');
}

function isNobody(words: string, local: string): boolean {
  return (
    NOBODY.has(local) ||
    NOBODY.has(local.split('+')[0]!) ||
    words.split(' ').some((word) => NEVER.has(word)) ||
    /^(?:no-?_?reply|do-?not-?reply|x{3,}|\d+\+)/.test(local)
  );
}

function isExample(domain: string): boolean {
  return (
    EXAMPLES.has(domain) ||
    /(?:^|\.)(?:example|invalid|localhost|local|internal|test)(?:\.|$)|noreply|^(?:your|my|some)-?_?(?:domain|company|org|site|host|server|email)|(?:^|\.)example\.|^(?:foo|bar|baz|a|b|x|y)\./.test(
      domain,
    )
  );
}

function hasKnownEnd(domain: string): boolean {
  const dot = domain.lastIndexOf('.');
  const end = domain.slice(dot + 1);
  return dot > 0 && (ENDS.has(end) || (/^[a-z]{2}$/.test(end) && !FILE_ENDS.has(end)) || /^xn--[a-z0-9-]{2,59}$/.test(end));
}

function isLocal(unit: number): boolean {
  return LOCAL[unit] === 1 || unit > 0xbf;
}

function isDomain(unit: number): boolean {
  return DOMAIN[unit] === 1 || unit > 0xbf;
}

const LOCAL = marked("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-'%");
const DOMAIN = marked('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-');

function marked(chars: string): Uint8Array {
  const table = new Uint8Array(128);
  for (const char of chars) table[char.charCodeAt(0)] = 1;
  return table;
}

const ENDS: ReadonlySet<string> = new Set(
  `com org net edu gov mil int info biz name pro io dev app ai cloud email online site tech store shop blog me tv fm company agency studio
  digital systems solutions services software network group team works world life live news media berlin hamburg koeln wien paris london
  amsterdam nyc tokyo swiss eus cat bayern ruhr quebec health care clinic dental legal law consulting engineering academy school university
  bank finance money art design photo photography music video games fun xyz club space website link page zone global international`.split(
    /\s+/,
  ),
);
/** Country codes that are far more often the end of a file's name. */
const FILE_ENDS: ReadonlySet<string> = new Set(
  ['py', 'rs', 'md', 'sh', 'ts', 'js', 'cc', 'so', 'pl', 'ps'].filter((end) => !['pl', 'rs', 'cc'].includes(end)),
);

/** Names of programs and roles. */
const NOBODY: ReadonlySet<string> = new Set(
  `git hg svn root admin administrator postmaster hostmaster webmaster mailer-daemon support info contact hello help sales security abuse
  office team press media jobs careers billing legal privacy feedback bugs bug dev devs developers npm test tests testing user username
  users you your yourname me my myname name email mail e-mail someone somebody anyone john.doe jane.doe johndoe janedoe john jane doe alice bob
  foo bar baz foobar foo.bar example sample demo dummy first.last firstname.lastname first.lastname joe.bloggs max.mustermann erika.mustermann mustermann
  noreply no-reply donotreply do-not-reply bot robot notifications notification notify alerts alert daemon deploy deployer ci build builds cron nobody
  www ftp ubuntu ec2-user debian centos vagrant docker node postgres mysql redis guest anonymous service account accounts license licensing opensource
  oss open-source community conduct coc code-of-conduct maintainers maintainer authors kontakt anfrage datenschutz contacto contato newsletter list lists
  subscribe unsubscribe`.split(/\s+/),
);
/** Words that make any local part one of nobody. */
const NEVER: ReadonlySet<string> = new Set([
  'noreply',
  'donotreply',
  'example',
  'placeholder',
  'dummy',
  'fake',
  'bot',
  'test',
  'mustermann',
  'mailer',
  'daemon',
]);

const EXAMPLES: ReadonlySet<string> = new Set(
  `domain.com domain.tld email.com mail.com company.com acme.com acme.io acme.org corp.com test.com host.com foo.com bar.com foo.bar abc.com xyz.com site.com
  server.com website.com yourcompany.com mydomain.com contoso.com fabrikam.com northwind.com users.noreply.github.com lists.sourceforge.net
  beispiel.de exemple.fr ejemplo.com ejemplo.es esempio.it exemplo.com.br voorbeeld.nl domain.org domain.net`.split(/\s+/),
);
