/** What the console says of suspending enforcement for a while. */

export const BYPASS = {
  title: 'Pause protection',
  text: 'For a while, what policy would ask you about or refuse passes without a question. It is recorded as ever, and protection comes back by itself.',
  holds:
    'Still in force: what is taken out of requests, budgets, allowed models, the off switch, and whatever keeps agents from the guard itself.',
  howLong: 'For how long',
  minutes: (count: number) => (count % 60 === 0 ? `${count / 60} h` : `${count} min`),
  why: 'Why',
  whyHint: 'For example: the new policy stops our release build',
  recorded: 'Your reason is recorded.',
  cancel: 'Cancel',
  begin: (count: number) => {
    if (count % 60 !== 0) return `Pause for ${count} minutes`;
    return count === 60 ? 'Pause for 1 hour' : `Pause for ${count / 60} hours`;
  },
  pausing: 'Pausing…',
  bar: 'Paused protection',
  paused: (until: string) => `Protection is paused until ${until}.`,
  resume: 'Resume now',
} as const;
