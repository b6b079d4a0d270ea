/** Patterns of hosts and paths: a `*` stands for any characters within one label of a host, or one segment of a path. */

/** `*.` at the beginning means every sub-domain, however deep, and not the domain itself. In any letters. */
export function hostMatches(pattern: string, host: string): boolean {
  const wanted = pattern.toLowerCase().split('.');
  const labels = host.toLowerCase().split('.');
  if (labels.some((label) => label === '')) return false;
  if (wanted[0] !== '*') return labels.length === wanted.length && partsMatch(wanted, labels);
  const rest = wanted.slice(1);
  return labels.length > rest.length && partsMatch(rest, labels.slice(labels.length - rest.length));
}

/** The whole path, without its query. */
export function pathMatches(pattern: string, path: string): boolean {
  const [wanted, segments] = [pattern.split('/'), path.split('/')];
  return wanted.length === segments.length && partsMatch(wanted, segments);
}

/** The path, or one above it. */
export function pathIsWithin(pattern: string, path: string): boolean {
  const [wanted, segments] = [pattern.split('/'), path.split('/')];
  return wanted.length <= segments.length && partsMatch(wanted, segments.slice(0, wanted.length));
}

function partsMatch(wanted: readonly string[], given: readonly string[]): boolean {
  return wanted.every((pattern, index) => partMatches(pattern, given[index] ?? ''));
}

/** Linear: what stands between stars is taken where it first comes. */
function partMatches(pattern: string, part: string): boolean {
  const [first = '', ...others] = pattern.split('*');
  const last = others.pop();
  if (last === undefined) return part === pattern;
  if (!part.startsWith(first) || part.length < first.length + last.length || !part.endsWith(last)) return false;
  const end = part.length - last.length;
  let at = first.length;
  for (const between of others) {
    const found = part.indexOf(between, at);
    if (found < 0 || found + between.length > end) return false;
    at = found + between.length;
  }
  return pattern !== '*' || part !== '';
}
