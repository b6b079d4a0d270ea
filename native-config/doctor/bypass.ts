/** Agents of this person's that run past the guard now: seen from the table of processes and that of connections. */

import { SETUP_NAMES } from './agents.ts';
import { type Check, type Finding, worstOf } from './check.ts';
import { establishedConnections } from './connections.ts';
import { type DoctorContext, portOf } from './context.ts';
import { type RunningAgent, runningAgents } from './processes.ts';
import { variablesSaid } from './variables.ts';

export interface BypassOptions {
  readonly context: DoctorContext;
  /** Names of agents that their own settings lead to the guard. */
  readonly bySettings: ReadonlySet<string>;
  /** Hosts of providers, by name. */
  readonly hosts: readonly string[];
  /** Where the kernel shows processes: /proc. */
  readonly proc: string;
  /** Whether a connection there may be one to a provider. */
  isProviders(address: string, port: number): boolean;
}

/** Of a network, 443 is where all providers are; what is on this machine itself is none of them. */
export function mayBeProviders(address: string, port: number): boolean {
  return port === 443 && !/^127\.|^::1?$/.test(address);
}

export function bypassChecks(options: BypassOptions): readonly Check[] {
  const { context, proc } = options;
  if (context.system.platform !== 'linux')
    return [
      {
        id: 'bypass.running',
        group: 'bypass',
        title: 'Running agents go through the guard',
        run: () => ({
          state: 'unknown',
          says: 'Which agents run past the guard is not looked at on this system in this version. The Agents page shows those that were seen.',
        }),
      },
    ];
  let looked: Promise<readonly RunningAgent[]> | undefined;
  const agents = () => (looked ??= runningAgents(proc, context.system.uid));
  return [
    {
      id: 'bypass.running',
      group: 'bypass',
      title: 'Running agents were started behind the guard',
      run: async () => running(await agents(), options),
    },
    {
      id: 'bypass.connections',
      group: 'bypass',
      title: 'Running agents have no connection past the guard',
      run: async () => connections(await agents(), options),
    },
  ];
}

const AGAIN = (says: string) => ({ says, repairs: false, root: false });

function running(agents: readonly RunningAgent[], { context: { guard }, bySettings, hosts, proc }: BypassOptions): Finding {
  if (!guard) return { state: 'unknown', says: 'No engine runs, so nothing can be behind it.' };
  const redirected = redirectedTo(guard, proc);
  const findings = agents
    .filter(({ name }) => SETUP_NAMES.has(name))
    .flatMap((agent): Finding[] => {
      const { name, env, process } = agent;
      const who = `${name} (process ${process.pid})`;
      if (!env) return [{ state: 'unknown', says: `What ${who} was started with may not be seen.` }];
      const { proxy, faults } = variablesSaid(env, guard, hosts);
      // A proxy that its settings name beats what it was started with; the connections of a redirected user need none.
      if (bySettings.has(name) || isRedirected(agent, redirected, proc)) return [];
      const says =
        proxy === 'none'
          ? [`${who} was started without the guard: HTTPS_PROXY is not set for it.`]
          : faults.map((fault) => `${who}: ${fault}`);
      return says.map((sentence) => ({
        state: 'problem',
        says: sentence,
        fix: AGAIN('End it, and start it by holdpoint run, or set it up first.'),
      }));
    });
  const well =
    agents.length === 0
      ? 'No agent runs now.'
      : `${agents.length === 1 ? 'One agent runs' : `${agents.length} agents run`} now, none of them past the guard.`;
  return worstOf(findings, { state: 'ok', says: well });
}

function connections(agents: readonly RunningAgent[], { context: { guard }, isProviders, proc }: BypassOptions): Finding {
  const redirected = guard ? redirectedTo(guard, proc) : new Set<string>();
  const rows = establishedConnections(proc);
  const past = agents.flatMap(({ name, process, sockets }) => {
    const own = rows.filter(
      ({ inode, remote, local }) => sockets.has(inode) && isProviders(remote.address, remote.port) && !redirected.has(placed(local)),
    );
    const places = [...new Set(own.map(({ remote }) => placed(remote)))];
    return places.length === 0
      ? []
      : [`${name} (process ${process.pid}) is connected to ${places.slice(0, 3).join(', ')} itself, past the guard.`];
  });
  if (past.length === 0) return { state: 'ok', says: 'No agent that runs now has one.' };
  return {
    state: 'problem',
    says: past.slice(0, 10).join(' '),
    fix: AGAIN('End it, and start it behind the guard: by holdpoint run, or set up.'),
  };
}

/**
 * Where connections come from that are at the engine's own port. One that the system has led there (transparent mode) still says of itself
 * that it goes to the provider.
 */
function redirectedTo(guard: { readonly proxyUrl: string }, proc: string): ReadonlySet<string> {
  const port = portOf(guard);
  return new Set(
    establishedConnections(proc)
      .filter(({ local }) => local.port === port)
      .map(({ remote }) => placed(remote)),
  );
}

function isRedirected({ sockets }: RunningAgent, redirected: ReadonlySet<string>, proc: string): boolean {
  return establishedConnections(proc).some(
    ({ inode, local, remote }) => sockets.has(inode) && remote.port === 443 && redirected.has(placed(local)),
  );
}

function placed({ address, port }: { readonly address: string; readonly port: number }): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
