/** Every question that the log is asked, answered from its file. */

import type { ControlResult } from '../../../contract/control.ts';
import { missingCase } from '../../../contract/errors.ts';
import { filterChoices } from './choices.ts';
import { figures } from './figures.ts';
import type { BrowseMethod, BrowseQuestion } from './messages.ts';
import type { SeenLog } from './own-part.ts';
import { recordProof } from './proof.ts';
import { search } from './search.ts';
import { session } from './session.ts';
import { sessions } from './sessions.ts';

/** @throws HoldpointError where there is nothing to answer; whatever SQLite throws where the file cannot be read. */
export function answer(log: SeenLog, question: BrowseQuestion): ControlResult<BrowseMethod> {
  // One view of all tables: what is appended or purged meanwhile is not seen.
  return log.db.transaction(() => answered(log, question))();
}

function answered({ db, part }: SeenLog, question: BrowseQuestion): ControlResult<BrowseMethod> {
  switch (question.method) {
    case 'sessions':
      return sessions(db, question.params, part);
    case 'session':
      return session(db, question.params, part);
    case 'search':
      return search(db, question.params, part);
    case 'filterChoices':
      return filterChoices(db, part);
    case 'recordProof':
      return recordProof(db, question.params);
    case 'figures':
      return figures(db, question.params);
    default:
      return missingCase(question);
  }
}
