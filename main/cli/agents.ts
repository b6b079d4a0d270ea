/** `holdpoint agents`: which agents are on this machine, and putting them behind the guard for good. */

import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Guard } from '../../native-config/agents/agents.ts';
import { type AgentSetup, type AgentState, type Attached, type Change, createAgentSetup } from '../../native-config/agents/setup.ts';
import { HoldpointError } from '../contract/errors.ts';
import { visibleLines } from '../engine/approvals/visible.ts';
import { connectControl } from '../engine/control/client.ts';
import { type EnginePlace, enginePlace } from '../engine/engine-place.ts';
import { showSeen } from './agents-seen.ts';
import { agreed } from './agreed.ts';
import { commandFor } from './hint.ts';
import { type Command, DONE, type Io, NO, PLACE_OPTIONS, placeOf, print, printJson, UsageError } from './io.ts';

export const agents: Command = async (args, io) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { ...PLACE_OPTIONS, json: { type: 'boolean' }, yes: { type: 'boolean' } },
    allowPositionals: true,
  });
  const [verb = 'list', ...names] = positionals;
  if (!['list', 'seen', 'setup', 'undo'].includes(verb)) throw new UsageError(`There is no agents ${JSON.stringify(verb)}.`);
  const lists = verb === 'list' || verb === 'seen';
  if (lists && names.length > 0) throw new UsageError(`agents ${verb} takes no names.`);
  if (!lists && names.length === 0) throw new UsageError(`Which agents? As in: holdpoint agents ${verb} claude.`);

  const place = enginePlace(placeOf(values));
  const machine = { home: io.env.HOME || homedir(), env: io.env, platform: process.platform };
  const setup = createAgentSetup(machine, await guardOf(place, verb === 'setup' || verb === 'seen'));
  if (verb === 'seen') return seen(place.dir, setup, io, values.json ?? false);
  if (verb === 'list') return list(setup, io, values.json ?? false);
  const changes = verb === 'setup' ? setup.plan(names) : setup.planUndo(names);
  if (changes.length === 0) {
    print(io, verb === 'setup' ? 'Nothing to do: it is all set up.' : 'Nothing to do: it was not set up here.');
    return DONE;
  }
  for (const change of changes) print(io, ...linesOf(change), '');
  if (!values.yes && !(await agreed(io))) return NO;
  setup.apply(changes);
  print(io, verb === 'setup' ? SET_UP : 'Taken back. Start the agents anew.');
  return DONE;
};

const SET_UP = 'Done. Start the agents anew, and shells for those that are functions there. While no engine runs they reach no model.';
const STATES: Record<Attached, string> = { yes: 'set up', no: 'not set up', partly: 'set up, but changed since: set it up anew' };

/** Where the running engine is. To take something back, none is needed; where none may be missing, throws `control-unreachable`. */
async function guardOf({ dir: dataDir, ownDir }: EnginePlace, isNeeded: boolean): Promise<Guard> {
  const runCommand = `${commandFor('run', dataDir)} --`;
  try {
    const client = await connectControl(dataDir, { client: 'terminal', attends: false });
    const { engine } = await client.call('status', {}).finally(() => client.close());
    return { ...engine, dataDir, ownDir, runCommand };
  } catch (thrown) {
    if (isNeeded || !(thrown instanceof HoldpointError && thrown.code === 'control-unreachable')) throw thrown;
    return { proxyUrl: '', caFile: join(dataDir, 'ca.pem'), dataDir, ownDir, runCommand };
  }
}

async function seen(dataDir: string, setup: AgentSetup, io: Io, json: boolean): Promise<number> {
  const client = await connectControl(dataDir, { client: 'terminal', attends: false });
  const rows = await client.call('seenAgents', {}).finally(() => client.close());
  return showSeen(
    rows,
    new Map(setup.list().map(({ agent, attached }) => [agent.name, attached === 'no' ? 'environment' : 'setup'])),
    io,
    json,
  );
}

function list(setup: AgentSetup, io: Io, json: boolean): number {
  const states = setup.list();
  if (json) {
    printJson(io, {
      agents: states.map(({ agent, found, attached }) => ({ id: agent.id, name: agent.name, found, attach: agent.attach, attached })),
    });
    return DONE;
  }
  const shown = states.filter(({ found, attached }) => found || attached !== 'no');
  if (shown.length === 0) print(io, 'No agent that can be set up was found on this machine.');
  for (const state of shown) print(io, ...rowsOf(state));
  return DONE;
}

function rowsOf({ agent, attached }: AgentState): readonly string[] {
  const how = agent.attach === 'settings' ? 'by its own settings' : 'by a function in your shell';
  return [`${agent.id.padEnd(13)}${agent.name}: ${STATES[attached]}`, `${' '.repeat(13)}${how}: ${agent.because}`];
}

/** What changes, by lines: settings hold more than ours, and that is nobody's business here. */
export function linesOf({ agent, file, before, after }: Change): readonly string[] {
  const [were, are] = [before?.split('\n') ?? [], after?.split('\n') ?? []];
  const what = after === undefined ? 'removed' : before === undefined ? 'new' : 'changed';
  return [
    visibleLines(`${agent.name}: ${file} (${what})`),
    ...were.filter((line) => !are.includes(line)).map((line) => `  - ${visibleLines(line)}`),
    ...are.filter((line) => !were.includes(line)).map((line) => `  + ${visibleLines(line)}`),
  ];
}
