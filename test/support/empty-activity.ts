/** A log in which nothing has happened, as an engine of the tests' own making tells of it. */

import { HoldpointError } from '../../main/contract/errors.ts';
import type { BrowseHandlers } from '../../main/engine/audit/browse/browse.ts';

type Answers = { readonly [M in keyof BrowseHandlers]: () => Awaited<ReturnType<BrowseHandlers[M]>> };

export const EMPTY_ACTIVITY: Answers = {
  sessions: () => ({ sessions: [], next: null }),
  session: () => ({ summary: null, records: [], next: null }),
  search: () => ({ matches: [], next: null }),
  filterChoices: () => ({ agents: [], hosts: [], labels: [] }),
  recordProof: () => {
    throw new Error('There is no such record.');
  },
  figures: () => ({ steps: [], models: [], waits: { asked: 0, median: null, longest: null, missed: 0 } }),
};

export function nothingToExport(): never {
  throw new HoldpointError('not-found', 'The log has no record of this session.');
}
