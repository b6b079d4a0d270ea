/** The commands that change this machine, and those that it runs by itself: the engine as a service, and what stands in for it. */

import { type Entry, PLACE } from './command-entry.ts';

export const MACHINE_COMMANDS: readonly (readonly [string, Entry])[] = [
  [
    'transparent',
    {
      usage: [
        'transparent install --user NAME… [--yes] [--data-dir DIR]',
        'transparent remove [--yes]',
        'transparent status [--data-dir DIR]',
      ],
      says: 'lead users’ connections to the engine, whatever their programs’ settings say',
      more: [
        '--user NAME       whose connections; give it again for more. Not the user that the engine runs as',
        '--yes             do it without a question',
        ...PLACE,
        '',
        'For root, on Linux with nftables. Says every change before it makes it.',
      ],
      load: async () => (await import('./transparent.ts')).transparent,
    },
  ],
  [
    'trust',
    {
      usage: ['trust [status] [--json]', 'trust install [--yes]', 'trust remove [--yes]'],
      says: 'have this machine trust the device’s authority, and take that back',
      more: [
        '--yes             do it without asking',
        '--json            for programs',
        ...PLACE,
        '',
        'As root, for all: the system’s store, Java, and browsers. As yourself, on Linux, for your own browsers. status asks the',
        'stores themselves; exit code 1 where one of them does not trust it.',
      ],
      load: async () => (await import('./trust.ts')).trust,
    },
  ],
  [
    'install',
    {
      usage: ['install [--yes] [--only PART…] [--json]'],
      says: 'put this whole machine behind the guard',
      more: [
        '--only PART       service, trust, proxy or agents; all of them where absent',
        '--yes             do it without asking',
        '--json            for programs',
        '',
        'For root. One engine then runs as a service for all users. Says every change before it makes it; where one fails, all that',
        'was done is taken back.',
      ],
      load: async () => (await import('./install.ts')).install,
    },
  ],
  [
    'uninstall',
    {
      usage: ['uninstall [--yes] [--only PART…] [--json]'],
      says: 'take that back, exactly',
      more: [
        '--only PART       service, trust, proxy or agents; all of them where absent',
        '--yes             do it without asking',
        '--json            for programs',
        '',
        'Tells what others have changed since, which stays. The log stays as well.',
      ],
      load: async () => (await import('./install.ts')).uninstall,
    },
  ],
  [
    'service',
    {
      usage: ['service [status] [--json]', 'service install [--yes] [--json]', 'service remove [--yes] [--json]'],
      says: 'the engine as a service of this machine',
      more: ['--yes             do it without asking', '--json            for programs', '', 'To change it is for root.'],
      load: async () => (await import('./part-command.ts')).partCommand('service'),
    },
  ],
  [
    'proxy',
    {
      usage: ['proxy [status] [--json]', 'proxy install [--yes] [--json]', 'proxy remove [--yes] [--json]'],
      says: 'lead all programs of this machine to its service',
      more: ['--yes             do it without asking', '--json            for programs', '', 'To change it is for root.'],
      load: async () => (await import('./part-command.ts')).partCommand('proxy'),
    },
  ],
  [
    'failsafe',
    {
      usage: ['failsafe --service', 'failsafe --data-dir DIR'],
      says: 'stand in for an engine that cannot run, for supervisors',
      more: [
        '--service         for this machine’s service',
        '--data-dir DIR    for the engine of this folder',
        '--with-parent     end when standard input ends',
        '',
        'Takes the engine’s port. Passes on what is not for an AI provider; what is, as supervision.crashLoop says.',
      ],
      load: async () => (await import('./failsafe.ts')).failsafe,
    },
  ],
  [
    'engine',
    {
      usage: ['engine [--config FILE] [--data-dir DIR]', 'engine --service'],
      says: 'the engine alone, for supervisors and services',
      more: [
        ...PLACE,
        '--with-parent     end when standard input ends',
        '--service         for all users of this machine, as the system starts it; data and configuration at their fixed places',
        '',
        'Writes one line of JSON when it serves, and its log as JSON lines on standard error.',
      ],
      load: async () => (await import('./engine.ts')).engine,
    },
  ],
];
