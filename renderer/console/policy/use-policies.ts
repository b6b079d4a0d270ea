/** What is in force, asked for anew when it has changed. */

import { useEffect, useState } from 'react';
import type { Policies } from '../../../main/contract/policy-desk.ts';
import { ask } from '../../ask.ts';

export interface KnownPolicies {
  readonly policies?: Policies;
  /** Why they are not known, in a sentence. */
  readonly problem?: string;
}

/** `hash` is that of what is in force; undefined while no engine is there to tell. */
export function usePolicies(hash: string | undefined): KnownPolicies {
  const [known, setKnown] = useState<KnownPolicies>({});
  useEffect(() => {
    let isOld = false;
    if (hash === undefined) setKnown({});
    else
      void ask('policies', {}).then((reply) => {
        if (!isOld) setKnown(reply.ok ? { policies: reply.result } : { problem: reply.says });
      });
    return () => {
      isOld = true;
    };
  }, [hash]);
  return known;
}
