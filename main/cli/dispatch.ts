/** The `holdpoint` command: finds the command that is meant, and tells how it ended. */

import { HoldpointError, messageOf } from '../contract/errors.ts';
import { visibleLines } from '../engine/approvals/visible.ts';
import { version } from '../engine/version.ts';
import { COMMANDS, helpOf, overview } from './commands.ts';
import { DONE, type Io, NO, NO_ENGINE, print, USAGE, UsageError } from './io.ts';

/** Runs one command and gives its exit code. Never rejects. */
export async function dispatch(argv: readonly string[], io: Io): Promise<number> {
  const [name, ...args] = argv;
  try {
    if (name === undefined) {
      io.errors.write(overview());
      return USAGE;
    }
    if (name === '--help' || name === '-h' || name === 'help') {
      io.output.write(args[0] === undefined ? overview() : helpOf(args[0]));
      return DONE;
    }
    if (name === '--version' || name === '-v') {
      print(io, await version());
      return DONE;
    }
    const command = COMMANDS.get(name);
    if (!command) throw new UsageError(`There is no command ${JSON.stringify(name)}.`);
    if (asksForHelp(args)) {
      io.output.write(helpOf(name));
      return DONE;
    }
    const run = await command.load();
    return await run(args, io);
  } catch (thrown) {
    return failed(thrown, name, io);
  }
}

/** What follows `--` belongs to another program. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).some((arg) => arg === '--help' || arg === '-h');
}

function failed(thrown: unknown, name: string | undefined, io: Io): number {
  if (thrown instanceof UsageError || isParseError(thrown)) {
    const help = name !== undefined && COMMANDS.has(name) ? `holdpoint ${name} --help` : 'holdpoint --help';
    io.errors.write(`holdpoint: ${visibleLines(messageOf(thrown).replace(/(?<![.?!])$/, '.'))} See ${help}\n`);
    return USAGE;
  }
  io.errors.write(`holdpoint: ${visibleLines(messageOf(thrown))}\n`);
  if (!(thrown instanceof HoldpointError)) return NO;
  if (thrown.code === 'control-unreachable' || thrown.code === 'control-denied') return NO_ENGINE;
  return thrown.code === 'config-invalid' ? USAGE : NO;
}

function isParseError(thrown: unknown): thrown is Error {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' && thrown.code.startsWith('ERR_PARSE_ARGS_');
}
