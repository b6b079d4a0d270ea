/** MCP servers that run as a client's child processes: `holdpoint mcp` stands between the two, and every message is judged here. */

import { createHash, randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { type Origin, type Process, type Uninspected, userOf } from '../../contract/action.ts';
import type { ControlParams, ControlResult } from '../../contract/control.ts';
import { HoldpointError } from '../../contract/errors.ts';
import { createMcpLink, type McpLink, type McpLinkOptions } from '../exchange/mcp-link.ts';
import type { KeptMcpPins } from '../exchange/mcp-pins.ts';
import type { OriginOptions } from '../exchange/origin.ts';
import { CANCELLED } from '../guard/guard.ts';
import { isLauncher } from '../interception/attribution/launcher.ts';
import { describeProcess, identify } from '../interception/attribution/process.ts';
import { createUsers } from '../interception/attribution/users.ts';

export interface StdioServersOptions extends Pick<McpLinkOptions, 'guard' | 'records' | 'callBytes' | 'vault' | 'injectionsIn'> {
  readonly pins: Pick<KeptMcpPins, 'forUser'>;
  readonly originOf: (options: OriginOptions) => Promise<Origin>;
  /** The program that started `holdpoint mcp`. Undefined also where it is not of `user`. */
  readonly processOf?: (pid: number, user?: string) => Promise<Process | undefined>;
}

/**
 * The control methods. `gone` is aborted when the asking client has disconnected: its session ends, and what it waited for is withdrawn.
 * `user`: who asks, where the engine is several users'.
 */
export interface StdioServers {
  open(asked: ControlParams<'mcpOpen'>, gone: AbortSignal, user?: string): Promise<ControlResult<'mcpOpen'>>;
  fromClient(asked: ControlParams<'mcpFromClient'>): Promise<ControlResult<'mcpFromClient'>>;
  fromServer(asked: ControlParams<'mcpFromServer'>): Promise<ControlResult<'mcpFromServer'>>;
}

/** Of one connection at a time: `holdpoint mcp` opens one. Each is kept until the connection ends. */
const MOST_SESSIONS = 16;
const NOWHERE = { method: 'STDIO', host: '', port: 0, path: '', rawHeaders: [] };

export function createStdioServers(options: StdioServersOptions): StdioServers {
  const { guard, records, pins, callBytes, vault, originOf, processOf = processOnLinux } = options;
  const sessions = new Map<
    string,
    { readonly link: McpLink; readonly origin: Origin; readonly signal: AbortSignal; readonly gone: AbortSignal }
  >();

  return {
    async open({ command, name, pid }, gone, user) {
      if ([...sessions.values()].filter((one) => one.gone === gone).length >= MOST_SESSIONS)
        throw new HoldpointError('control-busy', `One connection stands for at most ${MOST_SESSIONS} MCP servers. Connect anew for more.`);
      const session = randomUUID();
      const address = command.join(' ');
      const otherwise = command[0]?.split(/[/\\]/).at(-1) ?? address;
      const base = await originOf({ exchange: session, head: NOWHERE, process: await processOf(pid, user), user });
      const link = createMcpLink({
        ...{ guard, records, callBytes, vault, address, otherwise, transport: 'stdio' },
        pins: pins.forUser(userOf(base.agent)),
        ...(name !== undefined && { name }),
        ...(options.injectionsIn && { injectionsIn: options.injectionsIn }),
      });
      const owner = [base.agent.name, userOf(base.agent), base.agent.process?.pid ?? pid, address, 'mcp'];
      const origin: Origin = {
        ...base,
        protocol: 'mcp',
        provider: link.server().name,
        session: createHash('sha256').update(JSON.stringify(owner)).digest('hex').slice(0, 32),
      };
      const ending = new AbortController();
      sessions.set(session, { link, origin, signal: ending.signal, gone });
      const end = () => {
        sessions.delete(session);
        // Unlike an agent that resends over another connection, this client has gone for good.
        ending.abort(CANCELLED);
      };
      if (gone.aborted) end();
      else gone.addEventListener('abort', end, { once: true });
      records.keep({
        session: origin.session,
        exchange: session,
        agent: origin.agent.name,
        user: userOf(origin.agent),
        kind: 'connection',
        verdict: 'intercepted',
        summary: `${origin.agent.name} started the MCP server ${link.server().name}`,
        data: { server: { ...link.server() }, pid, executable: origin.agent.process?.executable ?? null },
      });
      return { session };
    },
    async fromClient({ session, message }) {
      const { link, origin, signal } = found(session);
      const outcome = await link.fromClient(given(message), { origin: now(origin, link), signal });
      return outcome.kind === 'answer' ? { kind: 'answer', text: outcome.text } : outcome;
    },
    async fromServer({ session, message }) {
      const { link, origin } = found(session);
      return link.fromServer(given(message), now(origin, link));
    },
  };

  function found(session: string) {
    const known = sessions.get(session);
    if (!known) throw new HoldpointError('not-found', 'This MCP session is not known. Start its server again.');
    return known;
  }

  /** Its server may have named itself meanwhile. */
  function now(origin: Origin, link: McpLink): Origin {
    return { ...origin, provider: link.server().name };
  }
}

function given(message: { readonly text: string } | { readonly uninspected: Uninspected }): string | { readonly uninspected: Uninspected } {
  return 'text' in message ? message.text : message;
}

/**
 * Elsewhere the program is unknown. Of an engine of one user it is that user's: no other can open the control socket. Of one of several
 * users it is looked at, for the number is the client's word.
 */
async function processOnLinux(pid: number, caller?: string): Promise<Process | undefined> {
  if (process.platform !== 'linux') return undefined;
  const user = caller ?? userInfo().username;
  const starter = await processOf(pid, user);
  // Looked at last: the number may have passed to somebody else's program meanwhile.
  if (caller !== undefined && (await ownerOf(pid)) !== caller) return undefined;
  // `npx holdpoint mcp` in a client's settings puts npm and a shell between the two.
  for (const { pid: next } of starter && isLauncher(starter) ? starter.parents : []) {
    const found = await processOf(next, user);
    if (caller !== undefined && (await ownerOf(next)) !== caller) continue;
    if (found && !isLauncher(found)) return found;
  }
  return starter;
}

/** Undefined where there is no such process. */
async function ownerOf(pid: number): Promise<string | undefined> {
  const found = await stat(`/proc/${pid}`).catch(() => undefined);
  return found && createUsers().nameOf(found.uid);
}

async function processOf(pid: number, user: string): Promise<Process | undefined> {
  const identity = identify(pid, '/proc');
  return identity && describeProcess(identity, user, '/proc');
}
