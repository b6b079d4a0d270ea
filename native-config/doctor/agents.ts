/** Whether each agent that is found here is led to the guard: by its own settings, or by what shells have. */

import type { CheckFix } from '../../main/contract/doctor.ts';
import { messageOf } from '../../main/contract/errors.ts';
import { isFound, SETUP_AGENTS, type SetupAgent } from '../agents/agents.ts';
import { uninspectedEndpoints } from '../agents/endpoints.ts';
import { VARIABLES } from '../agents/environment.ts';
import type { AgentSetup, Attached } from '../agents/setup.ts';
import { type Check, type Finding, worstOf } from './check.ts';
import { type DoctorContext, repaired, typed } from './context.ts';
import { variablesSaid } from './variables.ts';

export interface AgentOptions {
  readonly context: DoctorContext;
  readonly setup: Pick<AgentSetup, 'verify' | 'plan'>;
  /** What `holdpoint run` gives an agent. */
  readonly env: NodeJS.ProcessEnv;
  readonly inspects: (host: string) => boolean;
  /** Hosts of providers, by name. */
  readonly hosts: readonly string[];
}

export function agentChecks(options: AgentOptions): readonly Check[] {
  const { context, setup } = options;
  const machine = { home: context.system.home, env: context.system.env, platform: context.system.platform };
  const here = SETUP_AGENTS.filter((agent) => isFound(agent, machine) || attachment(agent, setup).attached !== 'no');
  return [
    { id: 'agents.shell', group: 'agents', title: 'Variables of your shells', run: () => shell(options) },
    ...here.map(
      (agent): Check => ({
        id: `agents.${agent.id}`,
        group: 'agents',
        title: agent.name,
        run: () => agentIs(agent, options),
      }),
    ),
  ];
}

/** Names of agents that their own settings lead to the guard. */
export function ledBySettings(setup: Pick<AgentSetup, 'verify'>): ReadonlySet<string> {
  return new Set(
    SETUP_AGENTS.filter((agent) => agent.attach === 'settings' && attachment(agent, setup).attached === 'yes').map(({ name }) => name),
  );
}

type Attachment = { readonly attached: Attached } | { readonly attached: 'unknown'; readonly problem: string };

/** What was changed, or a file of the agent's, may be unreadable: that is told of each that it concerns. */
function attachment({ id }: SetupAgent, setup: Pick<AgentSetup, 'verify'>): Attachment {
  try {
    return { attached: setup.verify(id) };
  } catch (thrown) {
    return { attached: 'unknown', problem: messageOf(thrown) };
  }
}

async function shell({ context, hosts, inspects }: AgentOptions): Promise<Finding> {
  const env = await context.shellEnv;
  if (!env) return { state: 'unknown', says: 'There is no shell here that says what it would have.' };
  const { guard, mode } = context;
  if (!guard) return { state: 'unknown', says: 'No engine runs, so nobody knows where a proxy should lead.' };
  const { proxy, faults } = variablesSaid(env, guard, hosts);
  const endpoints = uninspectedEndpoints(env, inspects);
  const fix =
    mode === 'service'
      ? typed(
          'Set this machine up anew. What stands in your own profile you have to take out yourself.',
          'sudo holdpoint install --yes',
          true,
        )
      : { says: 'Take it out of your shell’s profile, or start agents by holdpoint run, which replaces it.', repairs: false, root: false };
  // Agents that are set up, or started by holdpoint run, go by none of these but the addresses.
  const isMeant = mode === 'service' || proxy === 'here' || endpoints.length > 0;
  if (faults.length + endpoints.length > 0)
    return { state: isMeant ? 'problem' : 'warning', says: [...faults, ...endpoints].join(' '), fix };
  if (proxy === 'here') return { state: 'ok', says: 'What is started in them goes through the guard.' };
  if (mode === 'service') return { state: 'problem', says: 'They set no proxy: what is started in them goes past the guard.', fix };
  return {
    state: 'ok',
    says: 'They set no proxy, and nothing that leads past the guard: agents go by their own settings, or by holdpoint run.',
  };
}

async function agentIs(agent: SetupAgent, options: AgentOptions): Promise<Finding> {
  const { context, hosts, setup } = options;
  const now = attachment(agent, setup);
  if (now.attached === 'unknown') return { state: 'problem', says: now.problem, fix: BY_HAND };
  const { attached } = now;
  const { guard } = context;
  const shellEnv = await context.shellEnv;
  const byShell = guard && shellEnv && variablesSaid(shellEnv, guard, hosts).proxy === 'here';
  const how = agent.attach === 'settings' ? 'its own settings' : 'a function in your shell';
  const own = ownSettings(agent, options);
  const findings: Finding[] = own.endpoints.map((says) => ({ state: 'problem', says, fix: BY_HAND }));
  if (attached === 'partly') {
    const says = `${agent.name} was set up, and its settings have changed since, or the guard is elsewhere now.`;
    findings.push({ state: 'problem', says, fix: setUp(agent, options) });
  } else if (attached === 'no') {
    findings.push(...own.overrides.map((says): Finding => ({ state: 'problem', says, fix: setUp(agent, options) })));
    const says = `${agent.name} is not set up: unless it is started by holdpoint run it goes past the guard.`;
    if (!byShell) findings.push({ state: 'problem', says, fix: setUp(agent, options) });
  }
  return worstOf(findings, {
    state: 'ok',
    says:
      attached === 'yes'
        ? `${agent.name} goes through the guard by ${how}.`
        : `${agent.name} goes through the guard by what your shells have.`,
  });
}

/** What setting it up would do; or why that has to be done by hand. */
function setUp(agent: SetupAgent, { context, setup }: AgentOptions): CheckFix {
  const { guard, system, command } = context;
  if (!guard) return { says: 'Start the guard, then set it up.', repairs: false, root: false };
  try {
    setup.plan([agent.id]);
  } catch (thrown) {
    return { says: messageOf(thrown), repairs: false, root: false };
  }
  const file = agent.file?.({ home: system.home, env: system.env, platform: system.platform });
  const where = file === undefined ? `Put a function ${agent.program} into your shell’s profile` : `Write where the guard is into ${file}`;
  const says = `${where}: ${agent.because}. What is there stays, and holdpoint agents undo ${agent.id} takes it back.`;
  return repaired(says, command(`agents setup ${agent.id}`));
}

const BY_HAND: CheckFix = { says: 'Put it right there, if it is not meant to be so.', repairs: false, root: false };

interface OwnSettings {
  /** What they put in the place of what it is started with. */
  readonly overrides: readonly string[];
  /** Where they send it, to somewhere that is not guarded. */
  readonly endpoints: readonly string[];
}

function ownSettings(agent: SetupAgent, { context: { system }, env, inspects }: AgentOptions): OwnSettings {
  const own = agent.ownEnvironment?.({ home: system.home, env: system.env, platform: system.platform }, system.home) ?? [];
  return {
    overrides: own.flatMap(({ file, variables }) => {
      const others = VARIABLES.filter(({ name }) => variables[name] !== undefined && variables[name] !== env[name]).map(({ name }) => name);
      return others.length === 0
        ? []
        : [`${file} sets ${others.join(', ')} for ${agent.name}, which leads it past the guard, or keeps it from trusting it.`];
    }),
    endpoints: own.flatMap(({ file, variables }) => uninspectedEndpoints(variables, inspects).map((sentence) => `${file}: ${sentence}`)),
  };
}

/** Names of agents that read proxies from their environment. */
export const SETUP_NAMES: ReadonlySet<string> = new Set(SETUP_AGENTS.map(({ name }) => name));
