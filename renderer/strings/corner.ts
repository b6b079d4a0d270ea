/** What the corner says of the guard's state, beside what it says in every state. */

export const CORNER = {
  outdated: 'Out of date',
  notReachable: 'Guard not reachable',
  versions: (guard: string, app: string) => `The guard is version ${guard}, this window is ${app}: quit Holdpoint and start it again.`,
  otherVersion: 'The guard is of another version than this window: quit Holdpoint and start it again.',
  policyStale: 'The policy is older than your company permits.',
  policyRefused: 'The newest policy does not hold, so the one before stays in force.',
  stillGuards: 'It goes on guarding meanwhile; questions are refused, since nobody can see them.',
  paused: (until: string) => `Paused until ${until}`,
  uninspected: 'Not everything was read',
  unread: (count: string) => (count === '1' ? '1 thing could not be read.' : `${count} things could not be read.`),
  tryAgain: 'Try again',
  pause: 'Pause…',
} as const;
