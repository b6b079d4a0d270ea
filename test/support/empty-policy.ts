/** No policies, as an engine of the tests' own making tells of them. */

import type { PolicyDeskHandlers } from '../../main/engine/policy-desk/desk.ts';

type Answers = { readonly [M in keyof PolicyDeskHandlers]: () => Awaited<ReturnType<PolicyDeskHandlers[M]>> };

export const EMPTY_POLICY: Answers = {
  policies: () => ({ name: 'Starter policy', source: 'starter', dir: '', hash: '', revision: null, count: 0, policies: [] }),
  whatIf: () => ({ state: 'not-understood', says: 'There is nothing to judge yet.' }),
  replayDraft: () => ({ state: 'busy' }),
};
