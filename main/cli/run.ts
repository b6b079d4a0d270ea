/** `holdpoint run`: an agent behind the guard. */

import { spawn } from 'node:child_process';
import { constants, homedir } from 'node:os';
import { parseArgs } from 'node:util';
import { uninspectedEndpoints } from '../../native-config/agents/endpoints.ts';
import { agentEnvironment } from '../../native-config/agents/environment.ts';
import { overridingSettings } from '../../native-config/agents/overrides.ts';
import { createManagedReader } from '../../native-config/managed/managed.ts';
import { messageOf } from '../contract/errors.ts';
import type { Settings } from '../contract/settings.ts';
import { visibleLines } from '../engine/approvals/visible.ts';
import { createCatalogue } from '../engine/exchange/catalogue.ts';
import { openSettings } from '../engine/settings/open.ts';
import { commandFor } from './hint.ts';
import { type Command, type Io, PLACE_OPTIONS, placeOf, UsageError } from './io.ts';
import { joinOrStart } from './join.ts';

/** As shells have it. */
const NOT_FOUND = 127;
const KILLED_BY = 128;

export const run: Command = async (args, io) => {
  const split = args.indexOf('--');
  const [command, ...commandArgs] = split < 0 ? [] : args.slice(split + 1);
  if (command === undefined) throw new UsageError('The agent’s command is missing: put it behind --, as in: holdpoint run -- claude.');
  const { values } = parseArgs({ args: args.slice(0, split), options: PLACE_OPTIONS });
  const place = placeOf(values);
  const guard = await joinOrStart(place);
  try {
    const settings = await openSettings({ ...place, readManaged: createManagedReader() });
    const { intercepts } = catalogueOf(settings.current());
    const env = agentEnvironment(io.env, guard);
    const machine = { home: io.env.HOME || homedir(), env: io.env, platform: process.platform };
    const start = { machine, command: [command, ...commandArgs], cwd: process.cwd(), env, inspects: intercepts };
    for (const warning of [...uninspectedEndpoints(io.env, intercepts), ...overridingSettings(start)])
      io.errors.write(`holdpoint: ${visibleLines(warning)}\n`);
    if (io.errors.isTTY) {
      io.errors.write(
        `Holdpoint guards ${command} with ${guard.started ? 'an engine of its own' : 'the running engine'}. Questions: ${commandFor('approvals', guard.dataDir)}\n`,
      );
    }
    return await runAgent(command, commandArgs, env, io);
  } finally {
    const others = await guard.leave();
    if (others > 0 && io.errors.isTTY) io.errors.write('The engine goes on: other agents run behind it. It ends after the last of them.\n');
  }
};

/** As the engine has it. */
function catalogueOf({ providers, intercept }: Settings) {
  return createCatalogue({ own: providers, hosts: intercept.hosts });
}

function runAgent(command: string, args: readonly string[], env: NodeJS.ProcessEnv, io: Io): Promise<number> {
  return new Promise((resolve) => {
    const agent = spawn(command, args, { stdio: 'inherit', env });
    // The terminal sends Ctrl+C to the agent as well, which decides what it means.
    const stay = () => {};
    const pass = (signal: NodeJS.Signals) => agent.kill(signal);
    process.on('SIGINT', stay).on('SIGQUIT', stay).on('SIGTERM', pass).on('SIGHUP', pass);
    const settle = (code: number) => {
      process.off('SIGINT', stay).off('SIGQUIT', stay).off('SIGTERM', pass).off('SIGHUP', pass);
      resolve(code);
    };
    agent.once('error', (error) => {
      io.errors.write(`holdpoint: ${command} cannot be run: ${messageOf(error)}\n`);
      settle(NOT_FOUND);
    });
    agent.once('exit', (code, signal) => settle(code ?? KILLED_BY + (signal ? constants.signals[signal] : 0)));
  });
}
