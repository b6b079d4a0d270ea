/** `holdpoint mcp`: an MCP server that speaks on its standard streams, behind the guard. */

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { messageOf } from '../contract/errors.ts';
import {
  failedCall,
  failedRequest,
  idsIn,
  type McpId,
  type McpMessage,
  type McpRequest,
  readMcp,
} from '../engine/protocols/mcp/messages.ts';
import { type Command, type Io, PLACE_OPTIONS, placeOf, UsageError } from './io.ts';
import { joinOrStart } from './join.ts';
import { createMcpGuard, type McpGuard } from './mcp-guard.ts';
import { tellOfLife } from './mcp-life.ts';
import { isNoMessage, linesOf } from './mcp-lines.ts';

/** As shells have it. */
const NOT_FOUND = 127;
const KILLED_BY = 128;

type Server = ChildProcessByStdio<Writable, Readable, null>;

export const mcp: Command = async (args, io) => {
  const split = args.indexOf('--');
  const [command, ...commandArgs] = split < 0 ? [] : args.slice(split + 1);
  if (command === undefined)
    throw new UsageError('The server’s command is missing: put it behind --, as in: holdpoint mcp -- npx -y some-mcp-server.');
  const { values } = parseArgs({ args: args.slice(0, split), options: { ...PLACE_OPTIONS, name: { type: 'string' } } });
  const engine = await joinOrStart(placeOf(values));
  const guard = createMcpGuard(engine.dataDir, {
    command: [command, ...commandArgs],
    pid: process.ppid,
    ...(values.name !== undefined && { name: values.name }),
  });
  try {
    return await relay(spawn(command, commandArgs, { stdio: ['pipe', 'pipe', 'inherit'], env: io.env }), command, guard, io);
  } finally {
    guard.close();
    await engine.leave();
  }
};

/** Resolves with the server's exit code when it has ended and all that it said has been passed on. */
async function relay(server: Server, command: string, guard: McpGuard, io: Io): Promise<number> {
  const ended = new Promise<number>((resolve) => {
    server.once('error', (error) => {
      io.errors.write(`holdpoint: ${command} cannot be run: ${messageOf(error)}\n`);
      resolve(NOT_FOUND);
    });
    server.once('exit', (code, signal) => resolve(code ?? KILLED_BY + (signal ? constants.signals[signal] : 0)));
  });
  // Clients end a server with a signal to us alone.
  const pass = (signal: NodeJS.Signals) => server.kill(signal);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, pass);
  server.stdin.on('error', () => {}); // It has ended; 'exit' tells.
  io.output.on('error', () => server.stdin.end()); // The client has gone, and so there is nobody to serve.
  const calls = new Set<McpId>();
  const toServer = fromClient(server, guard, io, calls).catch(() => {});
  const toClient = fromServer(server, guard, io, calls);
  const code = await ended;
  await (code === NOT_FOUND ? undefined : toClient);
  for (const signal of signals) process.off(signal, pass);
  if ('destroy' in io.input && typeof io.input.destroy === 'function') io.input.destroy();
  // What is held is for nobody now.
  guard.close();
  await toServer;
  return code;
}

async function fromClient(server: Server, guard: McpGuard, io: Io, calls: Set<McpId>): Promise<void> {
  const held = new Set<Promise<void>>();
  for await (const { line, message } of linesOf(io.input)) {
    const reading = 'text' in message ? readMcp(message.text) : message;
    const requests = 'messages' in reading ? reading.messages.filter(isRequest) : [];
    const isCall = requests.some(({ method }) => method === 'tools/call');
    const quiet = isCall ? tellOfLife(requests, (sign) => void write(io.output, sign)) : () => {};
    const judged = judge(line, message, requests, quiet);
    // What comes behind a call that is held, a ping or its cancellation say, does not wait for it.
    if (isCall || !('messages' in reading)) {
      held.add(judged);
      void judged.finally(() => held.delete(judged));
    } else await judged;
  }
  await Promise.all(held);
  server.stdin.end();

  async function judge(line: Uint8Array, message: LineMessage, requests: readonly McpRequest[], quiet: () => void) {
    const outcome = await guard.fromClient(message).catch((thrown: unknown) => ({ kind: 'failed' as const, why: messageOf(thrown) }));
    quiet();
    switch (outcome.kind) {
      case 'send':
        for (const { id, method } of requests) if (method === 'tools/call') calls.add(id);
        return write(server.stdin, line);
      case 'answer':
        return write(io.output, `${outcome.text}\n`);
      case 'drop':
        return;
      case 'failed':
        for (const { id, method } of requests)
          await write(io.output, `${JSON.stringify(lost(id, method === 'tools/call', outcome.why))}\n`);
        // What could not be read may have been a call, too.
        if (requests.length === 0 && 'text' in message)
          for (const id of idsIn(message.text)) await write(io.output, `${JSON.stringify(lost(id, true, outcome.why))}\n`);
    }
  }
}

async function fromServer(server: Server, guard: McpGuard, io: Io, calls: Set<McpId>): Promise<void> {
  for await (const { line, message } of linesOf(server.stdout)) {
    // Some servers log here.
    if ('text' in message && isNoMessage(message.text)) {
      await write(io.output, line);
      continue;
    }
    const reading = 'text' in message ? readMcp(message.text) : message;
    const answered =
      'messages' in reading ? reading.messages.flatMap((one) => (one.kind === 'answer' && one.id !== null ? [one.id] : [])) : [];
    const outcome = await guard.fromServer(message).catch((thrown: unknown) => ({ kind: 'failed' as const, why: messageOf(thrown) }));
    if (outcome.kind === 'pass') await write(io.output, line);
    if (outcome.kind === 'replace') await write(io.output, `${outcome.text}\n`);
    if (outcome.kind === 'failed')
      for (const id of answered) await write(io.output, `${JSON.stringify(lost(id, calls.has(id), outcome.why))}\n`);
    for (const id of answered) calls.delete(id);
  }
}

function isRequest(message: McpMessage): message is McpRequest {
  return message.kind === 'request';
}

type LineMessage = Parameters<McpGuard['fromClient']>[0];

/** With no engine nothing can be judged, so nothing passes. */
function lost(id: McpId, isCall: boolean, why: string) {
  const text = `Holdpoint could not judge this, so it was kept back. ${why}`;
  return isCall ? failedCall(id, text) : failedRequest(id, text);
}

/** Resolves when more can be taken, or when the other side has gone. */
async function write(to: NodeJS.WritableStream, what: string | Uint8Array): Promise<void> {
  if (!to.writable || to.write(what)) return;
  const gone = new AbortController();
  await Promise.race([once(to, 'drain', gone), once(to, 'close', gone)]).catch(() => {});
  gone.abort();
}
