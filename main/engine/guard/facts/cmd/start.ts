/** `cmd` with its own switches (`cmd /?`). */

import type { Word } from '../gathering.ts';
import { readable } from '../holes.ts';
import { copyOf, type Flow, NOTHING, UNKNOWN } from '../shell/machine.ts';
import { regionOf } from '../shell/regions.ts';
import type { Circumstance } from '../windows/actions.ts';

interface Start extends Circumstance {
  readonly stdin: Flow;
  readonly raw: string;
}

export function startCmd(words: readonly Word[], { machine, state, stdin, range, raw }: Start): Flow {
  const shell = copyOf(state);
  let delayed = false;
  for (const [at, word] of words.entries()) {
    const name = word.text.toLowerCase();
    if (/^[/-]v(:on)?$/.test(name)) delayed = true;
    // Switches may stand together, and the command right behind them: /d/c, /cdel.
    const takes = /^(?:[/-][a-z](?::\w+)?)*?[/-][ckr](.*)$/is.exec(word.text);
    if (!takes) {
      if (!/^[/-]/.test(name)) break;
      continue;
    }
    const glued = takes[1] ?? '';
    const rest = [...(glued === '' ? [] : [{ ...word, text: glued }]), ...words.slice(at + 1)];
    if (rest.length === 0) return UNKNOWN;
    const [only] = rest;
    const text = rest.length === 1 && only ? only.text : rest.map(written).join(' ');
    const region = rest.length === 1 && only ? regionOf(only) : () => range;
    return machine.others.cmd({ text, state: shell, stdin, region, machine, shown: rest.map((one) => one.raw).join(' '), delayed });
  }
  switch (stdin.kind) {
    case 'text':
      return machine.others.cmd({ text: stdin.text, state: shell, stdin: NOTHING, region: () => range, machine, shown: raw });
    case 'download':
      machine.gathering.effect('download-execute', 'risk', `downloads ${stdin.from} and runs it`, range);
      return UNKNOWN;
    case 'nothing':
      return UNKNOWN;
    default:
      machine.gathering.effect('unresolved', 'watch', `runs what it is given, which can’t be told before it runs: ${readable(raw)}`, range);
      return UNKNOWN;
  }
}

/** A word with spaces was in quotes. */
function written({ text, raw }: Word): string {
  return /\s/.test(text) && !/^["'].*[&|<>]/s.test(raw) ? `"${text}"` : text;
}
