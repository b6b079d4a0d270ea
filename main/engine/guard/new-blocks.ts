/** Which blocks of a conversation are new since its last request: agents resend the whole of it at each turn. */

import type { ContentBlock } from '../../contract/record.ts';

/** Conversations remembered at once; a forgotten one is recorded whole again. */
const CONVERSATIONS = 64;

export function createNewBlocks(): (session: string, blocks: readonly ContentBlock[]) => readonly ContentBlock[] {
  const last = new Map<string, readonly ContentBlock[]>();

  return (session, blocks) => {
    const before = last.get(session) ?? [];
    let same = 0;
    while (same < before.length && same < blocks.length && equal(before[same], blocks[same])) same += 1;
    last.delete(session);
    last.set(session, blocks);
    for (const [oldest] of last) {
      if (last.size <= CONVERSATIONS) break;
      last.delete(oldest);
    }
    return blocks.slice(same);
  };
}

function equal(a: ContentBlock | undefined, b: ContentBlock | undefined): boolean {
  return a !== undefined && b !== undefined && a.role === b.role && a.text === b.text;
}
