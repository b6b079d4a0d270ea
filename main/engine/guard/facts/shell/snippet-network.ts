/** Requests and connections that code of other languages makes, and what it sends along. */

import type { Holding } from '../holes.ts';
import { hostOf, isHere, isMetadata } from '../hosts.ts';
import { judgeSending } from '../sending.ts';
import { CONNECTS, FETCHES, LOOKS_UP, SENDING_VERB, SENDS } from './snippet-patterns.ts';
import { valueAt } from './snippet-values.ts';
import { matchesOf, type Snippet } from './snippets.ts';

/** `holds` is the gravest of what the code reads. */
export function judgeNetwork(snippet: Snippet, holds: Holding | undefined): void {
  const { text, region, machine, constants } = snippet;
  const { gathering } = machine;
  const carries = holds !== undefined && !/^(variable|workspace)$/.test(holds);
  for (const match of matchesOf(CONNECTS, snippet)) {
    const end = match.index + match[0].length;
    const value = /["']$/.test(match[0]) ? valueAt(text, end - 1, constants) : valueAt(text, end, constants);
    const host = value && (hostOf(value.text) ?? (/^[\w.-]+$/.test(value.text) ? value.text : undefined));
    const range = region(match.index, value?.end ?? end);
    if (host) gathering.host(host);
    if (host && isHere(host)) continue;
    if (carries) judgeSending({ holds, host, range }, gathering);
    gathering.effect('network', 'watch', 'opens a connection to another machine', range);
  }
  for (const match of matchesOf(LOOKS_UP, snippet)) {
    const range = region(match.index, match.index + match[0].length);
    if (carries) judgeSending({ holds, host: undefined, range }, gathering);
    gathering.effect('network', 'watch', 'looks up a name that can’t be told before it runs', range);
  }
  for (const match of matchesOf(FETCHES, snippet)) {
    const end = match.index + match[0].length;
    // Of a member that many things have, only what names an address is meant.
    const vague = /^(?:\.|->)?(?:get|post|put|patch|request)\b|^(?:readfile|file_get_contents|mirror|URI)\b|^\./.test(match[0]);
    const url = valueAt(text, end, constants) ?? addressNear(text, end, vague);
    const host = url && hostOf(url.text.replaceAll('\0', ''));
    if (vague && !(url && /^https?:/i.test(url.text))) continue;
    if (url && !host && !url.text.includes('\0')) continue;
    if (host) gathering.host(host);
    const rest = url ? text.slice(url.end, url.end + 260) : '';
    const asks = url !== undefined && host !== undefined && !SENDING_VERB.test(match[0]) && !SENDS.test(rest) && !url.text.includes('\0');
    const range = region(match.index, url?.end ?? end);
    if (host && isMetadata(host)) gathering.effect('credential-access', 'risk', 'asks this machine’s cloud for its keys', range);
    if (!asks && carries) judgeSending({ holds, host, range }, gathering);
    const here = host !== undefined && isHere(host);
    gathering.effect(
      'network',
      asks || here ? 'plain' : 'watch',
      host ? `${asks ? 'talks' : 'sends something'} to ${host}` : 'opens a connection to another machine',
      range,
    );
  }
}

/** `urlopen(Request("https://…", data=…))`: the address stands a little further in. */
function addressNear(text: string, from: number, vague: boolean): { text: string; end: number } | undefined {
  const match = /^[^\n;]{0,160}?["'`](https?:\/\/[^"'`\s]{1,400})["'`]/.exec(text.slice(from, from + 700));
  return match && !vague ? { text: match[1]!, end: from + match[0].length } : undefined;
}
