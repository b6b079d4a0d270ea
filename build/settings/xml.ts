/** XML (1.0) as the templates need it. */

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** Two hyphens would end a comment. */
export function comment(text: string): string {
  return `<!-- ${text.replace(/--+/g, '–')} -->`;
}

export function indented(lines: readonly string[], by: number): string[] {
  return lines.map((line) => (line === '' ? line : ' '.repeat(by) + line));
}
