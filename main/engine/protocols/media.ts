/** What a content type says of how an answer's body is to be read. */

/** Undefined where it is none of the three, or is not in UTF-8 (RFC 9110, section 8.3). */
export function bodyKind(contentType: string): 'events' | 'json' | 'lines' | undefined {
  const [type = '', ...parameters] = contentType
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  // Written twice, or in a way that only some clients read, it names no charset that all agree on.
  const charsets = parameters.filter((parameter) => parameter.includes('charset'));
  if (charsets.length > 1 || charsets.some((charset) => !/^charset="?(utf-8|utf8|us-ascii)"?$/.test(charset))) return undefined;
  if (type === 'text/event-stream') return 'events';
  if (/^application\/(x-)?(ndjson|jsonl|json-lines)$/.test(type)) return 'lines';
  return type === 'application/json' || /^application\/[\w.-]+\+json$/.test(type) ? 'json' : undefined;
}

/** The path without its query, percent-encoding undone, and no slash at its end: as a server would match it. */
export function plainPath(path: string): string {
  const asked = path.split(/[?#]/, 1)[0] ?? '';
  let end = asked.length;
  while (asked[end - 1] === '/') end -= 1;
  const plain = asked.slice(0, end);
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}

export function jsonAnswer(status: number, body: unknown): { status: number; contentType: string; body: Uint8Array } {
  return { status, contentType: 'application/json', body: Buffer.from(JSON.stringify(body)) };
}
