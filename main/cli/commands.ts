/** The commands: how each is written, what it does, and where it lies. */

import { type Entry, PLACE } from './command-entry.ts';
import { UsageError } from './io.ts';
import { MACHINE_COMMANDS } from './machine-commands.ts';

export const COMMANDS: ReadonlyMap<string, Entry> = new Map<string, Entry>([
  [
    'start',
    {
      usage: ['start [--config FILE] [--data-dir DIR]'],
      says: 'guard in this terminal: the engine, and its questions',
      more: [...PLACE, '', 'Joins the engine of the data folder where one is running. Ctrl+C ends what it started.'],
      load: async () => (await import('./start.ts')).start,
    },
  ],
  [
    'run',
    {
      usage: ['run [--config FILE] [--data-dir DIR] -- COMMAND…'],
      says: 'run an agent behind the guard',
      more: [
        ...PLACE,
        '',
        'Sets the agent’s proxy and certificate variables, and passes its exit code through. Starts an engine where none is',
        'running; it ends with the last agent that runs behind it.',
        'Questions are answered in the app, or in another terminal with: holdpoint approvals',
      ],
      load: async () => (await import('./run.ts')).run,
    },
  ],
  [
    'mcp',
    {
      usage: ['mcp [--name NAME] [--config FILE] [--data-dir DIR] -- COMMAND…'],
      says: 'run an MCP server behind the guard',
      more: [
        '--name NAME       what policies and questions call the server; its own name for itself where absent',
        ...PLACE,
        '',
        'Put it in front of the server’s command in your agent’s MCP settings. Calls of the server’s tools are then held for',
        'policy or a person. Joins the running engine or starts one, which ends with the last that needs it.',
      ],
      load: async () => (await import('./mcp.ts')).mcp,
    },
  ],
  [
    'agents',
    {
      usage: ['agents [list] [--json]', 'agents seen [--json]', 'agents setup NAME… [--yes]', 'agents undo NAME… [--yes]'],
      says: 'put agents behind the guard for good, and take that back',
      more: [
        '--yes             do it without asking',
        '--json            for programs',
        ...PLACE,
        '',
        'seen lists the programs that talked to models and MCP servers, also those that are not guarded or not known.',
        'Shows each change before it is made. What others change in the same files stays when it is taken back.',
      ],
      load: async () => (await import('./agents.ts')).agents,
    },
  ],
  [
    'hint',
    {
      usage: ['hint [--data-dir DIR]'],
      says: 'how to put an agent behind the running engine',
      more: PLACE,
      load: async () => (await import('./hint.ts')).hint,
    },
  ],
  [
    'approvals',
    {
      usage: [
        'approvals [watch]',
        'approvals list [--json]',
        'approvals allow ID [--for session|workspace|8h]',
        'approvals deny ID [--reason TEXT]',
      ],
      says: 'see and answer questions',
      more: [
        '--for session     allow it for the rest of this conversation',
        '--for workspace   allow it in this project for 8 hours; 8h is the same',
        '--reason TEXT     told to the agent, so that it can try something else',
        '--json            for programs',
        ...PLACE,
        '',
        'A missed question’s ID can be allowed too: its action is then released once, when the agent tries again within 8 hours.',
      ],
      load: async () => (await import('./approvals.ts')).approvals,
    },
  ],
  [
    'audit',
    {
      usage: [
        'audit [tail] [--limit N] [--json]',
        'audit search TEXT [--since TIME] [--limit N] [--json]',
        'audit show ID [--json]',
        'audit verify [PATH [--key FILE]] [--json]',
        'audit export [--to DIR [--with-content]] [--since TIME] [--session ID [--report]] [--format ndjson|otlp|ocsf]',
      ],
      says: 'read, search, verify and export the log',
      more: [
        '--since TIME      2026-05-01, 2026-05-01T09:30:00Z, or an age: 30d, 12h, 45m',
        '--limit N         at most so many records (50)',
        '--session ID      of one conversation; with --to, of others only what the chain needs',
        '--format          one record of ours a line (ndjson), OpenTelemetry requests (otlp), or events of OCSF 1.9 (ocsf)',
        '--to DIR          into a new folder that is signed, and that verify PATH checks on any machine',
        '--with-content    message content along with it, as far as it was kept',
        '--report          of one session: its content, and report.html to read it in a browser',
        '--key FILE        the public key that must have signed PATH: audit.pub of the device',
        '--json            for programs',
        ...PLACE,
      ],
      load: async () => (await import('./audit.ts')).audit,
    },
  ],
  [
    'policy',
    {
      usage: [
        'policy check [DIR] [--json]',
        'policy test [DIR] [--json]',
        'policy explain FILE.json [--policy DIR] [--json]',
        'policy replay DIR [--since TIME] [--json]',
      ],
      says: 'check and test policies, explain a verdict, try a draft on the past',
      more: [
        'DIR               folder of *.cedar files, or starter, strict or watch-only; the starter where absent',
        '--policy DIR      the same',
        '--since TIME      how far back: 2026-05-01, 2026-05-01T09:30:00Z, or an age such as 30d (30d)',
        '--json            for programs',
        ...PLACE,
        '',
        'replay only reads the log: what a draft would have said of each recorded action, and where that is something else.',
      ],
      load: async () => (await import('./policy.ts')).policy,
    },
  ],
  [
    'inspect',
    {
      usage: ['inspect [--policy DIR]'],
      says: 'judge actions given as JSON lines',
      more: [
        '--policy DIR      folder of *.cedar files, or starter, strict or watch-only; the starter where absent',
        '',
        'One line in, one line out, in order. See the policy guide for their form.',
      ],
      load: async () => (await import('./inspect.ts')).inspect,
    },
  ],
  [
    'status',
    {
      usage: ['status [--json]'],
      says: 'is it guarding, with which policy',
      more: ['--json            for programs', ...PLACE],
      load: async () => (await import('./status.ts')).status,
    },
  ],
  [
    'doctor',
    {
      usage: ['doctor [--all] [--json]', 'doctor --fix [--yes] [--json]'],
      says: 'what is wrong on this machine, and repairs of it',
      more: [
        '--fix             say what can be repaired from here, ask, do it, and look again',
        '--yes             do it without asking',
        '--all             in full also what is well',
        '--only CHECK      one check alone; give it again for more',
        '--json            for programs: a line for each check as it ends',
        ...PLACE,
        '',
        'Asks each runtime of this machine whether it goes through the guard and trusts it. Exit code 1 where something is wrong.',
      ],
      load: async () => (await import('./doctor.ts')).doctor,
    },
  ],
  [
    'settings',
    {
      usage: ['settings [list] [--json]', 'settings explain KEY [--json]'],
      says: 'what is set, by whom, and whom to ask',
      more: [
        'KEY               such as approvals.unattended',
        '--json            for programs',
        ...PLACE,
        '',
        'This machine’s management beats the fleet’s policy, which beats the configuration file. Asks the running engine, and works',
        'without one. Secrets are not shown.',
      ],
      load: async () => (await import('./settings.ts')).settings,
    },
  ],
  [
    'fleet',
    {
      usage: [
        'fleet init DIR [--ring NAME…] [--keystore] [--timestamp-days N]',
        'fleet publish DIR --bundle FOLDER [--ring NAME] [--rollout 25%] [--yes]',
        'fleet publish DIR --refresh',
        'fleet rotate DIR ROLE [--yes]',
        'fleet serve DIR [--port N] [--token-file FILE]',
        'fleet show DIR',
      ],
      says: 'publish one signed policy for all of a company’s devices',
      more: [
        '--ring NAME       whom it is for (stable); init makes stable and canary unless told otherwise',
        '--keystore        keep what opens the keys in this system’s keystore, instead of a passphrase',
        '--rollout 25%     first for so many of the ring’s devices; publish the same again for more',
        '--refresh         sign anew what expires soon: for a timer, every six hours',
        '--yes             do it without asking',
        '',
        'FOLDER holds *.cedar, their tests, and settings.json. ROLE is root, targets, snapshot, timestamp or a ring.',
        'HOLDPOINT_PASSPHRASE opens the keys where nobody can be asked.',
      ],
      load: async () => (await import('./fleet.ts')).fleet,
    },
  ],
  [
    'bypass',
    {
      usage: ['bypass --minutes N --reason TEXT', 'bypass end'],
      says: 'suspend enforcement for a while, where the settings permit it',
      more: [
        '--minutes N       for how long; it ends by itself, and with the engine',
        '--reason TEXT     why; it is recorded and shown',
        ...PLACE,
        '',
        'What policy would ask about or refuse passes meanwhile, and is recorded. Redactions, budgets, allow-lists and the off',
        'switch stay in force.',
      ],
      load: async () => (await import('./bypass.ts')).bypass,
    },
  ],
  [
    'sync',
    {
      usage: ['sync [--json]'],
      says: 'look for the fleet’s newest policy now',
      more: ['--json            for programs', ...PLACE, '', 'Exit code 1 where none could be got; the one before stays in force.'],
      load: async () => (await import('./sync.ts')).sync,
    },
  ],
  [
    'routes',
    {
      usage: ['routes [list] [--json]', 'routes set-credential NAME', 'routes remove-credential NAME'],
      says: 'where model calls go instead of to their provider, and the credentials for that',
      more: [
        '--json            for programs',
        ...PLACE,
        '',
        'set-credential reads the secret from standard input, or asks for it without showing it, and keeps it in the keystore.',
      ],
      load: async () => (await import('./routes.ts')).routes,
    },
  ],
  ...MACHINE_COMMANDS,
  [
    'demo',
    {
      usage: ['demo', 'demo --json'],
      says: 'see it hold a dangerous command, with a pretended agent',
      more: ['--json            asks nobody here, and tells each step as a line of JSON; ends when standard input ends'],
      load: async () => (await import('./demo.ts')).runDemo,
    },
  ],
]);

export function overview(): string {
  const widest = Math.max(...[...COMMANDS.keys()].map((name) => name.length));
  return [
    'Holdpoint holds each risky action of an AI agent until policy or a person releases it.',
    '',
    'usage: holdpoint COMMAND …',
    '',
    ...[...COMMANDS].map(([name, { says }]) => `  ${name.padEnd(widest)}  ${says}`),
    '',
    'holdpoint COMMAND --help says more; holdpoint --version says which.',
    'Exit codes: 0 done, 1 the answer is no, 2 wrong usage, 3 no engine.',
    '',
  ].join('\n');
}

/** Throws UsageError where there is no such command. */
export function helpOf(name: string): string {
  const entry = COMMANDS.get(name);
  if (!entry) throw new UsageError(`There is no command ${JSON.stringify(name)}.`);
  const usage = entry.usage.map((line, at) => `${at === 0 ? 'usage:' : '      '} holdpoint ${line}`);
  return [...usage, '', `  ${entry.says}`, ...(entry.more ? ['', ...entry.more.map((line) => (line ? `  ${line}` : ''))] : []), ''].join(
    '\n',
  );
}
