/** Reads what `reg export` writes: "Windows Registry Editor Version 5.00" (https://support.microsoft.com/help/310516). */

export type RegistryValue =
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'texts'; readonly value: readonly string[] }
  /** A type that no setting has, or bytes that are not what their type says. */
  | { readonly type: 'other' };

/** Full name of a key to its values by name; the default value's name is empty. */
export type RegistryKeys = ReadonlyMap<string, ReadonlyMap<string, RegistryValue>>;

const MAX_LENGTH = 1024 * 1024;

/** A name and a text, which may go over several lines with \ before each backslash and quote in it, or data, with \ where a line goes on. */
const VALUE =
  /(?:@|"([^"\\]*(?:\\[\s\S][^"\\]*)*)")=(?:"([^"\\]*(?:\\[\s\S][^"\\]*)*)"|([^"\\\r\n][^\\\r\n]*(?:\\\r?\n[^\\\r\n]*)*))\r?(?:\n|$)/y;

/** Undefined where it is not such a file from beginning to end. Never throws. */
export function parseRegFile(text: string): RegistryKeys | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const header = /^\uFEFF?Windows Registry Editor Version 5\.00\r?\n/.exec(text);
  if (header === null) return undefined;
  const keys = new Map<string, Map<string, RegistryValue>>();
  let values: Map<string, RegistryValue> | undefined;
  let at = header[0].length;
  while (at < text.length) {
    const blank = matchAt(/[\r\n]+/y, text, at);
    if (blank !== undefined) {
      at += blank[0].length;
      continue;
    }
    const key = matchAt(/\[([^\r\n]*)\]\r?(?:\n|$)/y, text, at);
    if (key !== undefined) {
      values = new Map();
      keys.set(key[1] ?? '', values);
      at += key[0].length;
      continue;
    }
    const value = matchAt(VALUE, text, at);
    if (value === undefined || values === undefined) return undefined;
    const [whole, name = '', quoted, data = ''] = value;
    values.set(plain(name), quoted === undefined ? dataOf(data) : { type: 'text', value: plain(quoted) });
    at += whole.length;
  }
  return keys;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

function plain(escaped: string): string {
  return escaped.replace(/\\([\s\S])/g, '$1').replace(/\r\n/g, '\n');
}

function dataOf(data: string): RegistryValue {
  const dword = /^dword:([0-9a-f]{1,8})$/i.exec(data);
  if (dword?.[1] !== undefined) return { type: 'number', value: Number.parseInt(dword[1], 16) };
  const hex = /^hex(?:\(([0-9a-f]+)\))?:([0-9a-f,\\\s]*)$/i.exec(data);
  if (hex === null) return { type: 'other' };
  const bytes = Buffer.from((hex[2] ?? '').replace(/[^0-9a-f]/gi, ''), 'hex');
  switch (hex[1]) {
    // REG_SZ with characters that the file cannot show as text, and REG_EXPAND_SZ.
    case '1':
    case '2':
      return { type: 'text', value: bytes.toString('utf16le').replace(/\0+$/, '') };
    case '7':
      return { type: 'texts', value: bytes.toString('utf16le').replace(/\0+$/, '').split('\0') };
    case 'b': {
      if (bytes.length !== 8) return { type: 'other' };
      const value = bytes.readBigUInt64LE();
      return value > Number.MAX_SAFE_INTEGER ? { type: 'other' } : { type: 'number', value: Number(value) };
    }
    default:
      return { type: 'other' };
  }
}
