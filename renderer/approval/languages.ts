/** What the languages are made of, as far as the eye needs it: comments, strings, keywords, keys. No pattern can be made to run back and forth. */

export interface Grammar {
  /** Sticky. Its groups are named as inks; `word` is a keyword where it is one of the language's. Each part goes forward only. */
  readonly pattern: RegExp;
  readonly keywords: ReadonlySet<string>;
  readonly ignoreCase?: boolean;
}

const DOUBLE = '"(?:\\\\[\\s\\S]|[^"\\\\\\n])*"?';
const SINGLE = "'(?:\\\\[\\s\\S]|[^'\\\\\\n])*'?";
const TEMPLATE = '`(?:\\\\[\\s\\S]|[^`\\\\])*`?';
/** Of the text: `$` is that of a line. */
const END = '(?![\\s\\S])';
const TRIPLE = `"""[\\s\\S]*?(?:"""|${END})|'''[\\s\\S]*?(?:'''|${END})`;
const SLASHES = '\\/\\/[^\\n]*';
const STARS = `\\/\\*[\\s\\S]*?(?:\\*\\/|${END})`;
const HASH = '#[^\\n]*';
const WORD = '[A-Za-z_$@\\u0080-\\uffff][\\w$\\u0080-\\uffff]*';
const NUMBER = '\\d[\\w.]*';
const SIGN = '[{}()[\\];:,.=<>+\\-*/%&|!?^~@]+';

function grammar(parts: {
  readonly comment?: string;
  readonly string?: string;
  readonly key?: string;
  readonly keyword?: string;
  readonly word?: string;
  readonly keywords?: string;
  readonly ignoreCase?: boolean;
  readonly sign?: string;
}): Grammar {
  const { comment, string, key, keyword, word = WORD, keywords = '', ignoreCase = false, sign = SIGN } = parts;
  const groups = [
    comment && `(?<comment>${comment})`,
    key && `(?<key>${key})`,
    string && `(?<string>${string})`,
    keyword && `(?<keyword>${keyword})`,
    `(?<word>${word})`,
    `(?<value>${NUMBER})`,
    `(?<sign>${sign})`,
  ];
  return { pattern: new RegExp(groups.filter(Boolean).join('|'), 'ym'), keywords: new Set(keywords.split(' ')), ignoreCase };
}

const C_LIKE =
  'if else for while do switch case default break continue return const static void struct enum true false null class new this';

const JAVASCRIPT = grammar({
  comment: `${SLASHES}|${STARS}`,
  string: `${DOUBLE}|${SINGLE}|${TEMPLATE}`,
  keywords: `${C_LIKE} let var function async await yield import export from as extends super typeof instanceof in of try catch finally throw delete undefined interface type implements readonly public private protected declare namespace abstract satisfies`,
});

/** By the names that paths and tools give rise to. */
export const GRAMMARS = {
  javascript: JAVASCRIPT,
  json: grammar({
    comment: `${SLASHES}|${STARS}`,
    key: '"(?:\\\\.|[^"\\\\\\n])*"(?=[ \\t]{0,8}:)',
    string: DOUBLE,
    keywords: 'true false null',
  }),
  python: grammar({
    comment: HASH,
    string: `${TRIPLE}|${DOUBLE}|${SINGLE}`,
    keywords:
      'def class return if elif else for while in not and or is lambda import from as with try except finally raise pass break continue yield async await global nonlocal assert del match case True False None self',
  }),
  yaml: grammar({
    comment: HASH,
    key: '(?:[\\w.$/-]{1,100}|"[^"\\n]*"|\'[^\'\\n]*\')(?=[ \\t]{0,8}:(?:\\s|$))',
    string: `${DOUBLE}|'[^'\\n]*'?`,
    keywords: 'true false null yes no on off',
    word: '[\\w$./\\u0080-\\uffff-]+',
    sign: '[{}[\\],:|>&]',
  }),
  settings: grammar({
    comment: '[#;][^\\n]*',
    keyword: '^\\[[^\\]\\n]*\\]?',
    key: '[\\w.-]{1,100}(?=[ \\t]{0,8}=)',
    string: `${TRIPLE}|${DOUBLE}|${SINGLE}`,
    keywords: 'true false',
    word: '[\\w$./\\u0080-\\uffff-]+',
    sign: '[{}[\\],=]',
  }),
  css: grammar({
    comment: `${STARS}|${SLASHES}`,
    key: '[\\w-]{1,100}(?=[ \\t]{0,8}:)',
    string: `${DOUBLE}|${SINGLE}`,
    keyword: '@[\\w-]+',
    word: '[.#]?[A-Za-z_-][\\w-]*',
    keywords: 'important',
  }),
  sql: grammar({
    comment: `--[^\\n]*|${STARS}`,
    string: "'(?:''|[^'])*'?|\"[^\"]*\"?",
    keywords:
      'select from where and or not in is null insert into values update set delete create alter drop truncate table index view database schema grant revoke on join left right inner outer full group by order having limit offset union all distinct as case when then else end begin commit rollback primary key foreign references default unique constraint if exists cascade returning with',
    ignoreCase: true,
  }),
  go: grammar({
    comment: `${SLASHES}|${STARS}`,
    string: `${DOUBLE}|\`[^\`]*\`?|${SINGLE}`,
    keywords: `${C_LIKE} func package import var type map chan go defer range select interface fallthrough nil goto`,
  }),
  rust: grammar({
    comment: `${SLASHES}|${STARS}`,
    string: `r?#{0,8}${DOUBLE}|'(?:\\\\.|[^'\\\\\\n])'`,
    keywords: `${C_LIKE} fn let mut pub use mod impl trait match loop where async await move ref self Self crate super as in unsafe dyn type`,
  }),
  java: grammar({
    comment: `${SLASHES}|${STARS}`,
    string: `${TRIPLE}|${DOUBLE}|${SINGLE}`,
    keywords: `${C_LIKE} public private protected final abstract interface extends implements import package throws throw try catch finally int long double float boolean char byte short super instanceof var val fun override object when is in using namespace internal sealed record string bool func guard let protocol extension`,
  }),
  c: grammar({
    comment: `${SLASHES}|${STARS}`,
    string: `${DOUBLE}|${SINGLE}`,
    keyword: '^#[ \\t]{0,8}\\w+',
    keywords: `${C_LIKE} int long short char float double unsigned signed typedef union extern inline volatile sizeof goto auto register namespace template typename using public private protected virtual override nullptr delete try catch throw constexpr bool`,
  }),
  ruby: grammar({
    comment: HASH,
    string: `${DOUBLE}|${SINGLE}|${TEMPLATE}`,
    keywords:
      'def end class module if elsif else unless while until for in do begin rescue ensure raise return yield self nil true false and or not then case when require require_relative include attr_accessor private public lambda proc next break',
  }),
  php: grammar({
    comment: `${SLASHES}|${HASH}|${STARS}`,
    string: `${DOUBLE}|${SINGLE}`,
    keyword: '<\\?(?:php|=)?|\\?>',
    keywords: `${C_LIKE} function echo print public private protected abstract interface extends implements use namespace foreach as elseif try catch finally throw require require_once include include_once global fn match array`,
  }),
  docker: grammar({
    comment: HASH,
    keyword: '^(?:FROM|RUN|CMD|COPY|ADD|ENV|ARG|WORKDIR|EXPOSE|ENTRYPOINT|USER|VOLUME|LABEL|ONBUILD|HEALTHCHECK|SHELL|STOPSIGNAL)\\b',
    string: `${DOUBLE}|${SINGLE}`,
  }),
  make: grammar({
    comment: HASH,
    key: '^[\\w.%/-]{1,100}(?=[ \\t]{0,8}[:?+]?[=:])',
    string: `${DOUBLE}|${SINGLE}`,
    keywords: 'ifeq ifneq ifdef ifndef else endif include define endef',
  }),
} as const satisfies Record<string, Grammar>;

/** Outside and inside a tag. */
export const MARKUP = {
  text: /(?<comment><!--[\s\S]*?(?:-->|$))|(?<keyword><[/!?]?[A-Za-z][\w:.-]*)|(?<value>&#?\w{1,32};)/y,
  tag: /(?<key>[\w:@.-]+(?=[ \t]{0,8}=))|(?<string>"[^"]*"?|'[^']*'?)|(?<keyword>[/?]?>)/y,
} as const;
