/** Every word that the pages say of themselves, a file for each part. What the engine says is shown as it came. */

import { ACTIVITY } from './strings/activity.ts';
import { AGENTS } from './strings/agents.ts';
import { BYPASS } from './strings/bypass.ts';
import { CONSOLE } from './strings/console.ts';
import { CORNER } from './strings/corner.ts';
import { DOCTOR } from './strings/doctor.ts';
import { EXPORT } from './strings/export.ts';
import { FIRST_RUN } from './strings/first-run.ts';
import { POLICY } from './strings/policy.ts';
import { POPUP } from './strings/popup.ts';
import { STATUS } from './strings/status.ts';

export const STRINGS = {
  popup: POPUP,
  console: CONSOLE,
  status: STATUS,
  policy: POLICY,
  agents: AGENTS,
  firstRun: FIRST_RUN,
  bypass: BYPASS,
  corner: CORNER,
  export: EXPORT,
  activity: ACTIVITY,
  doctor: DOCTOR,
} as const;
