/** What is held is decided anew when policy or settings have changed: what they would refuse now is not left to a person. */

import type { Decision } from '../../contract/verdict.ts';

export interface Reconsidering {
  /** Decides all that is open anew. Resolves when that is done. Never rejects. */
  all(): Promise<void>;
  /** Asks a person, until that ends or policy has changed its mind: then with the decision that refuses. */
  whileOpen<E>(
    options: {
      /** What policy says now, as if a person had said yes. */
      readonly decide: () => Promise<Decision>;
      readonly signal: AbortSignal;
    },
    ask: (signal: AbortSignal) => Promise<E>,
  ): Promise<{ readonly ending: E; readonly overruled?: Decision }>;
}

export function createReconsidering(): Reconsidering {
  const open = new Set<() => Promise<void>>();

  return {
    async all() {
      await Promise.all([...open].map((reconsider) => reconsider()));
    },
    async whileOpen({ decide, signal }, ask) {
      const overruling = new AbortController();
      let overruled: Decision | undefined;
      const reconsider = async () => {
        const decision = await decide();
        if (decision.verdict === 'allow') return;
        overruled = decision;
        overruling.abort();
      };
      open.add(reconsider);
      try {
        const ending = await ask(AbortSignal.any([signal, overruling.signal]));
        return { ending, ...(overruled && { overruled }) };
      } finally {
        open.delete(reconsider);
      }
    },
  };
}
