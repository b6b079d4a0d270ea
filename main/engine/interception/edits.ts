/** Headers of a request as they leave: without what the client must not say, and with what is ours. */

import type { Sending } from './message.ts';
import type { HeaderEdits, OutgoingHeaders, Way } from './outgoing.ts';
import type { Target } from './target.ts';

/** What changes on a way: the header of the provider that was asked is taken out on all of them, and set on that provider's hosts alone. */
export function editsOn(
  headers: OutgoingHeaders | undefined,
  asked: { readonly host: string; readonly path: string },
  way: Way | undefined,
): HeaderEdits | undefined {
  const before = headers?.editsFor(asked);
  if (way?.elsewhere === undefined) return before;
  const { target, path, edits } = way.elsewhere;
  const there = headers?.editsFor({ host: target.host, path });
  const { removes, adds } = edits;
  return {
    // The name of who was asked is none for another.
    removes: (name) => name === 'host' || removes(name) || Boolean(before?.removes(name)) || Boolean(there?.removes(name)),
    adds: there ? [...adds, ...there.adds] : adds,
  };
}

/** The headers that stay. */
export function kept(rawHeaders: readonly string[], edits: HeaderEdits | undefined): readonly string[] {
  if (!edits) return rawHeaders;
  const out: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2)
    if (!edits.removes(rawHeaders[i]!.toLowerCase().replaceAll('_', '-'))) out.push(rawHeaders[i]!, rawHeaders[i + 1]!);
  return out;
}

/** With ours behind them: after all else, so that no `Connection` of the client's takes them off again. */
export function withOurs(headers: string[], edits: HeaderEdits | undefined): string[] {
  return edits ? [...headers, ...edits.adds] : headers;
}

/** Some servers take trailers for headers. */
export function withEditedTrailers(sending: Sending, edits: HeaderEdits | undefined): Sending {
  return edits ? { ...sending, end: (trailers, last) => sending.end(kept(trailers, edits), last) } : sending;
}

/** Where a way leads. */
export function placeOn(way: Way | undefined, target: Target, path: string): { readonly target: Target; readonly path: string } {
  return way?.elsewhere ?? { target, path };
}
