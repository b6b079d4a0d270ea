/** The agents of whoever runs the app: which there are, and putting them behind the guard and back, each step shown before it is done. */

import { createHash } from 'node:crypto';
import { type Guard, isFound, type Machine, SETUP_AGENTS } from '../../../native-config/agents/agents.ts';
import { holdpointCommand } from '../../../native-config/agents/run-command.ts';
import { type AgentSetup, type Change, createAgentSetup } from '../../../native-config/agents/setup.ts';
import type { AgentHere, AttachAgreed, AttachPlan, AttachWanted, PlannedChange, Said } from '../../contract/agents-here.ts';
import { HoldpointError, messageOf } from '../../contract/errors.ts';
import { changedLines } from './changed-lines.ts';

/** Never throws: what went wrong is said. */
export interface AgentsHere {
  list(): Said<readonly AgentHere[]>;
  /** Changes nothing. */
  plan(wanted: AttachWanted): Said<AttachPlan>;
  /** Does what was shown, or nothing. */
  apply(agreed: AttachAgreed): Said<null>;
}

export interface AgentsHereOptions {
  readonly machine: Machine;
  readonly dataDir: string;
  /** Where what is made for this person is kept. */
  readonly ownDir?: string;
  /** The folder that holds `main/` and `node_modules/`. */
  readonly root: string;
  readonly isDefaultDataDir: boolean;
  /** One engine serves all users of this computer, whose settings lead their programs there. */
  readonly isShared?: boolean;
  /** Where the running engine is; undefined while none is connected. */
  engine(): Omit<Guard, 'runCommand'> | undefined;
}

const MOST_LINES = 200;
const LONGEST_LINE = 2_000;

export function createAgentsHere({
  machine,
  dataDir,
  ownDir = dataDir,
  root,
  isDefaultDataDir,
  isShared = false,
  engine,
}: AgentsHereOptions): AgentsHere {
  const runCommand = `${holdpointCommand('run', { root, dataDir: isDefaultDataDir ? undefined : dataDir, platform: machine.platform })} --`;

  return {
    list: () =>
      said(() => {
        const now = setup();
        return SETUP_AGENTS.map((agent): AgentHere => {
          const { id, name, attach, because } = agent;
          return { id, name, attach, because, ...ledOr(stateOf(id, now)), found: isFound(agent, machine) };
        });
      }),
    plan: (wanted) =>
      said(() => {
        const changes = changesFor(wanted);
        return { plan: hashOf(changes), changes: changes.map(shown) };
      }),
    apply: ({ plan, ...wanted }) =>
      said(() => {
        const changes = changesFor(wanted);
        if (hashOf(changes) !== plan)
          throw new HoldpointError('settings-unusable', 'The files have changed since this was shown. Nothing was done. Look at it again.');
        setup().apply(changes);
        return null;
      }),
  };

  /** The person's session has this computer's variables, and this app was started in it: so are the agents. */
  function ledOr(state: Pick<AgentHere, 'attached' | 'problem'>): Pick<AgentHere, 'attached' | 'problem'> {
    const isLed = isShared && machine.env.HTTPS_PROXY !== undefined && machine.env.HTTPS_PROXY === engine()?.proxyUrl;
    return state.attached === 'no' && isLed ? { ...state, attached: 'machine' } : state;
  }

  /** To take something back, or to look, no engine is needed. */
  function setup(): AgentSetup {
    const { proxyUrl, caFile } = engine() ?? { proxyUrl: '', caFile: '' };
    return createAgentSetup(machine, { proxyUrl, caFile, dataDir, ownDir, runCommand });
  }

  function changesFor({ ids, way }: AttachWanted): readonly Change[] {
    if (way === 'detach') return setup().planUndo(ids);
    if (!engine())
      throw new HoldpointError('control-unreachable', 'The guard is not running, so nothing can be put behind it. Start it first.');
    return setup().plan(ids);
  }
}

function stateOf(id: string, setup: AgentSetup): Pick<AgentHere, 'attached' | 'problem'> {
  try {
    return { attached: setup.verify(id), problem: null };
  } catch (thrown) {
    return { attached: 'unknown', problem: messageOf(thrown) };
  }
}

function shown({ agent, file, before, after }: Change): PlannedChange {
  const lines = changedLines(before, after);
  return {
    id: agent.id,
    agent: agent.name,
    file,
    what: after === undefined ? 'removed' : before === undefined ? 'new' : 'changed',
    lines: lines.slice(0, MOST_LINES).map((line) => ({ ...line, text: line.text.slice(0, LONGEST_LINE) })),
    more: Math.max(0, lines.length - MOST_LINES),
  };
}

function hashOf(changes: readonly Change[]): string {
  const all = changes.map(({ agent, file, before, after, entry }) => [agent.id, file, before ?? null, after ?? null, entry ?? null]);
  return createHash('sha256').update(JSON.stringify(all)).digest('hex');
}

function said<T>(work: () => T): Said<T> {
  try {
    return { ok: true, result: work() };
  } catch (thrown) {
    return { ok: false, says: messageOf(thrown) };
  }
}
