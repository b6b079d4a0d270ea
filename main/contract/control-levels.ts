/** Who may ask what of an engine that serves several users of a machine. One person's own engine has only admins. */

import type { AskedMethod } from './control.ts';

/** `user`: everybody, and each sees and changes what is their own. `admin`: root alone. */
export type ControlLevel = 'user' | 'admin';

export const CONTROL_LEVELS: { readonly [M in AskedMethod]: ControlLevel } = {
  status: 'user',
  sync: 'user',
  questions: 'user',
  answer: 'user',
  missed: 'user',
  allowNext: 'user',
  grants: 'user',
  revoke: 'user',
  // It suspends enforcement for everybody on the machine.
  bypass: 'admin',
  endBypass: 'admin',
  seenAgents: 'user',
  mcpServers: 'user',
  records: 'user',
  sessions: 'user',
  session: 'user',
  search: 'user',
  filterChoices: 'user',
  recordProof: 'user',
  figures: 'user',
  policies: 'user',
  whatIf: 'user',
  // It reads a folder with the engine's rights, and judges everybody's log by it.
  replayDraft: 'admin',
  exportIncident: 'admin',
  settingsList: 'user',
  mcpOpen: 'user',
  mcpFromClient: 'user',
  mcpFromServer: 'user',
};
