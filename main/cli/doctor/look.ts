/** Finds the engine and the machine, and puts together the checks that there are to make. */

import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { agentEnvironment } from '../../../native-config/agents/environment.ts';
import { type AgentSetup, createAgentSetup } from '../../../native-config/agents/setup.ts';
import { agentChecks, ledBySettings } from '../../../native-config/doctor/agents.ts';
import { askProbe } from '../../../native-config/doctor/ask-probe.ts';
import { bypassChecks, mayBeProviders } from '../../../native-config/doctor/bypass.ts';
import type { Check } from '../../../native-config/doctor/check.ts';
import { clockCheck } from '../../../native-config/doctor/clock.ts';
import type { DoctorContext, GuardHere } from '../../../native-config/doctor/context.ts';
import { engineChecks } from '../../../native-config/doctor/engine.ts';
import { machineChecks } from '../../../native-config/doctor/machine.ts';
import { seenChecks } from '../../../native-config/doctor/seen.ts';
import { shellEnvironment } from '../../../native-config/doctor/shell-env.ts';
import { trustChecks } from '../../../native-config/doctor/trust/trust.ts';
import type { Part } from '../../../native-config/part.ts';
import { createParts } from '../../../native-config/parts.ts';
import { type System, thisSystem } from '../../../native-config/system.ts';
import type { Status } from '../../contract/control.ts';
import { HoldpointError, messageOf } from '../../contract/errors.ts';
import { PUBLISHED_CA } from '../../contract/service-places.ts';
import { type ControlClient, connectControl } from '../../engine/control/client.ts';
import { enginePlace } from '../../engine/engine-place.ts';
import { createCatalogue } from '../../engine/exchange/catalogue.ts';
import { PROVIDERS } from '../../engine/exchange/providers.ts';
import { version } from '../../engine/version.ts';
import { commandFor } from '../hint.ts';
import type { Io } from '../io.ts';

export interface Looked {
  readonly checks: readonly Check[];
  readonly context: DoctorContext;
  /** Undefined where no engine runs. */
  readonly client: ControlClient | undefined;
  readonly setup: AgentSetup;
  readonly parts: readonly Part[];
}

type Place = { readonly configFile?: string; readonly dataDir?: string };

const WEEK_MS = 7 * 86_400_000;

/** `only`: the checks that are wanted; all where there are none. */
export async function lookAround(place: Place, io: Io, only: readonly string[] = []): Promise<Looked> {
  const system: System = { ...thisSystem(), env: io.env, home: io.env.HOME || homedir() };
  const { dir, service, ownDir } = enginePlace({ ...place, env: io.env });
  const mode = service ? 'service' : 'own';
  const { client, status, why } = await connected(dir);
  const guard = status && guardOf(status, dir, mode);
  const context: DoctorContext = {
    system,
    mode,
    ...(status && { status }),
    ...(guard && { guard }),
    shellEnv: shellEnvironment(system),
    command: (verb) => commandFor(verb, dir),
  };
  const machine = { home: system.home, env: system.env, platform: system.platform };
  const runCommand = `${context.command('run')} --`;
  const setup = createAgentSetup(machine, {
    proxyUrl: guard?.proxyUrl ?? '',
    caFile: guard?.caFile ?? join(dir, 'ca.pem'),
    dataDir: ownDir,
    runCommand,
  });
  const parts = createParts(system);
  const checks = await checksOf({ context, client, setup, parts, only, ...(why !== undefined && { why }) });
  return { client, context, setup, parts, checks: only.length === 0 ? checks : checks.filter(({ id }) => only.includes(id)) };
}

async function checksOf(found: {
  readonly context: DoctorContext;
  readonly client: ControlClient | undefined;
  readonly setup: AgentSetup;
  readonly parts: readonly Part[];
  readonly only: readonly string[];
  readonly why?: string;
}): Promise<readonly Check[]> {
  const { context, client, setup, parts, only, why } = found;
  const { guard, status, system, mode, shellEnv } = context;
  const now = () => new Date();
  const lives = async () => {
    const filter = { kind: 'engine', from: new Date(Date.now() - WEEK_MS).toISOString() } as const;
    return (await client?.call('search', { filter, limit: 200 }))?.matches ?? [];
  };
  const env = guard ? await agentsEnv(context, guard) : system.env;
  const inspects = inspectsBy();
  const hosts = PROVIDERS.filter(({ onlyIfAsked }) => !onlyIfAsked).flatMap(({ hosts }) => hosts.map((host) => host.replaceAll('*', 'x')));
  const happened = [status?.engine.startedAt, status?.fleet?.confirmedAt, status?.upload?.confirmedAt].flatMap((at) => at ?? []);
  return [
    ...engineChecks(context, { version: await version(), lives, now, ...(why !== undefined && { why }) }),
    ...(guard ? [clockCheck(context, { now, happened })] : []),
    ...agentChecks({ context, setup, env, inspects, hosts }),
    ...bypassChecks({ context, bySettings: ledBySettings(setup), hosts, proc: '/proc', isProviders: mayBeProviders }),
    ...(client ? seenChecks(context, { seen: () => client.call('seenAgents', {}), now }) : []),
    // The guard itself is asked first for what they have to bring: that need not be where none of them is wanted.
    ...(guard && (only.length === 0 || only.some((id) => id.startsWith('trust.'))) ? await runtimeChecks(context, guard, env) : []),
    ...machineChecks({ context, parts, proc: '/proc' }),
  ];

  /** What an agent's process has: by `holdpoint run`; of a machine that is set up as a whole, by its shells. */
  async function agentsEnv({ system }: DoctorContext, here: GuardHere): Promise<NodeJS.ProcessEnv> {
    if (mode === 'own') return agentEnvironment(system.env, here);
    return { ...withoutProxies(system.env), ...(await shellEnv), HOME: system.home };
  }
}

async function runtimeChecks(context: DoctorContext, guard: GuardHere, env: NodeJS.ProcessEnv): Promise<readonly Check[]> {
  const reached: Omit<Check, 'run'> = { id: 'trust.probe', group: 'trust', title: 'The guard answers at its port' };
  try {
    const nonce = await askProbe(guard);
    const check: Check = { ...reached, run: () => ({ state: 'ok', says: `It does, at ${guard.proxyUrl}.` }) };
    return [check, ...trustChecks({ context, nonce, env })];
  } catch (thrown) {
    return [{ ...reached, run: () => ({ state: 'problem', says: messageOf(thrown) }) }];
  }
}

function withoutProxies(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/proxy|_ca_|cert|_cainfo|cafile/i.test(name)));
}

/** The providers that ship, and what nobody's own settings can take away from them. */
function inspectsBy(): (host: string) => boolean {
  const catalogue = createCatalogue({});
  return (host) => catalogue.intercepts(host);
}

/** An engine that cannot be understood is of another version: for what is asked here, none. */
async function connected(dir: string): Promise<{ readonly client?: ControlClient; readonly status?: Status; readonly why?: string }> {
  let client: ControlClient | undefined;
  try {
    client = await connectControl(dir, { client: 'terminal', attends: false });
    return { client, status: await client.call('status', {}) };
  } catch (thrown) {
    client?.close();
    if (!(thrown instanceof HoldpointError)) throw thrown;
    return { why: thrown.message };
  }
}

/** The service's own folder is its own: what others may read of it is in the public one. */
function guardOf({ engine }: Status, dir: string, mode: DoctorContext['mode']): GuardHere | undefined {
  const places =
    mode === 'service' ? { caFile: join(dir, PUBLISHED_CA), dataDir: dir } : { caFile: engine.caFile, dataDir: engine.dataDir };
  try {
    return { ...places, proxyUrl: engine.proxyUrl, caPem: readFileSync(places.caFile, 'utf8') };
  } catch {
    return undefined;
  }
}
