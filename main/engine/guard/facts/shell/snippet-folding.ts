/** Folding: what code of other languages puts together from constants is put together, and other names for the same are undone. */

/** Longer code is read as it stands. */
const LONGEST = 64 * 1024;
const MOST_ROUNDS = 8;
const TEXT = String.raw`(["'])((?:\\.|(?!\1)[^\\\n]){0,4000})\1`;

const JOINED = /(["'])((?:\\.|(?!\1)[^\\\n]){0,2000})\1\s*(?:\+|\.(?=\s*["']))\s*(["'])((?:\\.|(?!\3)[^\\\n]){0,2000})\3/g;
const BASE64 = new RegExp(
  String.raw`(?:(?:base64|b64)\.(?:urlsafe_|standard_)?b64decode|b64decode|atob|base64_decode|Base64\.(?:strict_|urlsafe_)?decode64|decode_base64|Buffer\.from)\s*\(\s*b?${TEXT}\s*(?:,\s*["'](base64|hex)["']\s*)?\)(?:\.(?:decode|toString)\(\s*(?:["'][\w-]*["'])?\s*\))?`,
  'g',
);
const HEX = new RegExp(
  String.raw`(?:bytes\.fromhex|binascii\.unhexlify|hex2bin)\s*\(\s*b?${TEXT}\s*\)(?:\.decode\(\s*(?:["'][\w-]*["'])?\s*\))?`,
  'g',
);
const ROT13 = new RegExp(
  String.raw`(?:codecs\.(?:decode|encode)\s*\(\s*${TEXT}\s*,\s*["']rot[_-]?13["']\s*\)|str_rot13\s*\(\s*(["'])((?:\\.|(?!\3)[^\\\n]){0,4000})\3\s*\))`,
  'g',
);
const REVERSED = new RegExp(
  String.raw`${TEXT}(?:\[::-1\]|\.split\(["']{2}\)\.reverse\(\)\.join\(["']{2}\)|\.reverse\b(?:\(\))?)|\bstrrev\(\s*(["'])((?:\\.|(?!\3)[^\\\n]){0,4000})\3\s*\)`,
  'g',
);
const CODES = /\b(?:String\.fromCharCode|bytes|bytearray)\s*\(\s*\[?\s*(\d{1,3}(?:\s*,\s*\d{1,3}){0,2000})\s*\]?\s*\)(?:\.decode\(\s*\))?/g;
const CHARACTER = /\bchr\s*\(\s*(\d{1,3})\s*\)/g;
const NAMED = /\bgetattr\s*\(\s*([\w.]{1,60})\s*,\s*["'](\w{1,60})["']\s*\)/g;
const MEMBER = /(?<=[\w)\]])\s*\[\s*["'](\w{1,60})["']\s*\](?=\s*\()/g;
const IMPORTED = /\b(?:__import__|importlib\.import_module)\s*\(\s*["']([\w.]{1,60})["']\s*\)/g;

/** Undefined where there is nothing to fold, so that places in the text stay exact. `hidden`: something in it was not to be read. */
export function folded(text: string, language: string): { readonly text: string; readonly hidden: boolean } | undefined {
  if (text.length > LONGEST) return undefined;
  let now = unaliased(text, language);
  let hidden = false;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const shown = now
      .replace(BASE64, (_, _q, value: string, kind: string | undefined) =>
        quoted(Buffer.from(unescaped(value), kind === 'hex' ? 'hex' : 'base64').toString('utf8')),
      )
      .replace(HEX, (_, _q, value: string) => quoted(Buffer.from(value, 'hex').toString('utf8')))
      .replace(ROT13, (_, _q, one: string | undefined, _r, other: string | undefined) => quoted(rot13(one ?? other ?? '')))
      .replace(REVERSED, (_, _q, one: string | undefined, _r, other: string | undefined) =>
        quoted([...unescaped(one ?? other ?? '')].reverse().join('')),
      )
      .replace(CODES, (_, codes: string) => quoted(String.fromCodePoint(...codes.split(',').map(Number))))
      .replace(CHARACTER, (_, code: string) => quoted(String.fromCodePoint(Number(code))))
      .replace(NAMED, '$1.$2')
      .replace(IMPORTED, '$1');
    hidden ||= shown !== now;
    const next = shown
      .replace(JOINED, (_, _q, one: string, _r, other: string) => quoted(unescaped(one) + unescaped(other)))
      .replace(MEMBER, '.$1');
    if (next === now || next.length > LONGEST) break;
    now = next;
  }
  return now === text ? undefined : { text: now, hidden };
}

/** `from os import system as s`, `const { execSync: e } = require('child_process')`: back to the names that everybody knows. */
function unaliased(text: string, language: string): string {
  const names = new Map<string, string>();
  if (/^(python|pypy)/.test(language)) {
    for (const [, module, list] of text.matchAll(
      /\bfrom\s+(os|subprocess|shutil|importlib|socket|urllib\.request|requests|pty)\s+import\s+([\w\s,]{1,300})/g,
    )) {
      for (const part of list!.split(',')) {
        const [, name, alias] = /^\s*(\w+)(?:\s+as\s+(\w+))?/.exec(part) ?? [];
        if (name && module) names.set(alias ?? name, `${module}.${name}`);
      }
    }
    for (const [, module, alias] of text.matchAll(
      /\b(os|subprocess|shutil|socket|urllib\.request|requests|pty|base64|importlib|pathlib|glob|httpx)\s+as\s+(\w{1,40})\b/g,
    ))
      names.set(alias!, module!);
  } else {
    for (const [, list] of text.matchAll(
      /\{([\w\s:,]{1,300})\}\s*(?:=\s*(?:await\s+)?(?:require|import)\s*\(?|from\s*)\s*["'](?:node:)?(?:child_process|fs|fs\/promises|net|https?|os)["']/g,
    )) {
      for (const part of list!.split(',')) {
        const [, name, alias] = /^\s*(\w+)\s*(?::|\bas\b)\s*(\w+)/.exec(part) ?? [];
        if (name && alias) names.set(alias, name);
      }
    }
    for (const [, alias, name] of text.matchAll(
      /\b(?:const|let|var)\s+(\w{1,40})\s*=\s*[\w.()'":]{1,60}\.(exec|execSync|execFile|execFileSync|spawn|spawnSync|rmSync|rm|rmdirSync|unlinkSync|unlink|writeFileSync|fetch)\s*(?=[;,\n])/g,
    ))
      names.set(alias!, name!);
  }
  let now = text;
  for (const [alias, name] of [...names].slice(0, 20)) {
    if (alias === name) continue;
    // Only where it is used: called, or asked for a member.
    now = now.replace(new RegExp(`(?<![\\w.$'"])${alias}(?=\\s*[.(,)])`, 'g'), () => name);
  }
  return now.length > LONGEST ? text : now;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

function unescaped(text: string): string {
  return text.replace(/\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[0-7]{3}|.)/g, (_, code: string) => {
    if (/^[xu]/.test(code)) return String.fromCodePoint(Number.parseInt(code.slice(1), 16));
    if (/^[0-7]{3}$/.test(code)) return String.fromCodePoint(Number.parseInt(code, 8) & 0xff);
    return { n: '\n', t: '\t', r: '\r', '0': '\0' }[code] ?? code;
  });
}

function rot13(text: string): string {
  return text.replaceAll(/[a-z]/gi, (letter) => {
    const start = letter <= 'Z' ? 65 : 97;
    return String.fromCodePoint(((letter.codePointAt(0)! - start + 13) % 26) + start);
  });
}
