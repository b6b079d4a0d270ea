/** What the app's parts are shown in unit tests. */

import type { ConsoleView } from '../../../main/app/channels.ts';
import type { Status } from '../../../main/contract/control.ts';
import { aStatus, inFleet } from '../../e2e/app/content.ts';

export function aView(given: Partial<ConsoleView> = {}): ConsoleView {
  return {
    guard: { state: 'running', owned: true, restarted: null },
    status: statusWith({}),
    questions: [],
    missed: [],
    grants: [],
    ...given,
  };
}

export function statusWith(given: Partial<Status>): Status {
  return { ...aStatus({ dataDir: '/d' }), ...given };
}

export function fleetIn(state: NonNullable<Status['fleet']>['state']): Status {
  return statusWith({ fleet: { ...inFleet().fleet!, state }, state: 'attention', notes: ['The policy server does not answer.'] });
}
