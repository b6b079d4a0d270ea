/**
 * What a session has said already. Agents send the answer that they have just had back to the model, and a conversation from its beginning
 * when another was sent in between or the engine was restarted: a record then has texts that it is not the first to say.
 */

import type { AuditRecord } from '../../../contract/record.ts';

type Blocks = AuditRecord['blocks'];

export interface SaidBefore {
  /** The blocks that the record adds to those of the records before it, which must have been taken in. Takes them in. */
  fresh(blocks: Blocks): Blocks;
}

export function createSaidBefore(): SaidBefore {
  const said = new Set<string>();
  const isOld = ({ role, hash }: Blocks[number]) => said.has(`${role} ${hash}`);

  return {
    fresh(blocks) {
      const last = blocks.at(-1);
      // The last is the answer, or a person's word: both can be the same as an earlier one, and are said anew all the same.
      const before = blocks.slice(0, -1);
      const [first] = before;
      const isAnew = first !== undefined && isOld(first) && (first.role === 'system' || first.role === 'user');
      const start = before.findIndex((block) => !isOld(block) || !(isAnew || isAnswer(block)));
      const fresh = last === undefined ? [] : [...(start < 0 ? [] : before.slice(start)), last];
      for (const { role, hash } of blocks) said.add(`${role} ${hash}`);
      // A person's word that ends what was sent again.
      const asked = before.at(-1);
      return isAnew && start < 0 && asked?.role === 'user' ? [asked, ...fresh] : fresh;
    },
  };
}

function isAnswer({ role }: Blocks[number]): boolean {
  return role === 'assistant' || role === 'tool_call';
}
