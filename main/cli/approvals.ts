/** `holdpoint approvals`: see and answer questions. */

import { parseArgs } from 'node:util';
import type { Answer, Missed, Question } from '../contract/approval.ts';
import { HoldpointError } from '../contract/errors.ts';
import type { ControlClient } from '../engine/control/client.ts';
import { attendApprovals, saidOf } from './attend.ts';
import { type Command, DONE, type Io, NO_ENGINE, PLACE_OPTIONS, placeOf, print, printJson, UsageError } from './io.ts';
import { clock, summaryOf } from './paint.ts';
import { withEngine } from './with-engine.ts';

const FOR: ReadonlyMap<string, 'once' | 'session' | 'workspace'> = new Map([
  ['once', 'once'],
  ['session', 'session'],
  ['workspace', 'workspace'],
  ['8h', 'workspace'],
]);

export const approvals: Command = (args, io) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { ...PLACE_OPTIONS, json: { type: 'boolean' }, for: { type: 'string' }, reason: { type: 'string' } },
    allowPositionals: true,
  });
  const [verb = defaultVerb(io, values.json), id, ...rest] = positionals;
  if (rest.length > 0) throw new UsageError(`${JSON.stringify(rest[0])} is one word too many.`);
  const place = placeOf(values);
  if (values.for !== undefined && verb !== 'allow') throw new UsageError('--for goes with allow.');
  if (values.reason !== undefined && verb !== 'deny') throw new UsageError('--reason goes with deny.');
  switch (verb) {
    case 'list':
      return withEngine(place, (client) => list(client, io, values.json ?? false));
    case 'watch':
      return withEngine(place, (client) => watch(client, io), true);
    case 'allow': {
      const scope = FOR.get(values.for ?? 'once');
      if (!scope) throw new UsageError(`--for ${values.for} is not known: session, workspace or 8h is.`);
      const asked = idIn(id);
      return withEngine(place, (client) => allow(client, io, asked, scope));
    }
    case 'deny': {
      if (values.reason !== undefined && values.reason.length > 2000) throw new UsageError('--reason takes at most 2,000 characters.');
      const asked = idIn(id);
      return withEngine(place, (client) => deny(client, io, asked, values.reason));
    }
    default:
      throw new UsageError(`There is no approvals command ${JSON.stringify(verb)}: list, allow, deny or watch.`);
  }
};

/** Questions are for persons, lists for pipes. */
function defaultVerb(io: Io, json: boolean | undefined): string {
  return io.input.isTTY && io.output.isTTY && !json ? 'watch' : 'list';
}

function idIn(id: string | undefined): string {
  if (id === undefined) throw new UsageError('The question’s ID is missing; holdpoint approvals list shows it.');
  return id;
}

async function list(client: ControlClient, io: Io, json: boolean): Promise<number> {
  const open = await client.call('questions', {});
  if (json) {
    printJson(io, { approvals: open.map(jsonOf) });
    return DONE;
  }
  const missed = await client.call('missed', {});
  if (open.length === 0) print(io, 'Nothing is being asked.');
  for (const question of open) print(io, `${question.id}  until ${clock(question.expiresAt)}  ${summaryOf(question)}`);
  if (missed.length > 0) print(io, '', 'Missed, and refused:');
  for (const { question, missedAt, allowNext } of missed)
    print(io, `${question.id}  at ${clock(missedAt)}     ${summaryOf(question)}${allowNext ? '  (allowed next time)' : ''}`);
  return DONE;
}

function jsonOf(question: Question) {
  const { id, agent, action, reason, expiresAt } = question;
  return { id, agent: agent.name, action: action.kind, tool: action.tool, summary: summaryOf(question), reason, expiresAt };
}

async function watch(client: ControlClient, io: Io): Promise<number> {
  const how = await attendApprovals({ client, io });
  if (how === 'input-ended') return DONE;
  io.errors.write('holdpoint: The engine has ended.\n');
  return NO_ENGINE;
}

async function allow(client: ControlClient, io: Io, id: string, scope: 'once' | 'session' | 'workspace'): Promise<number> {
  const question = await find(client, id);
  if ('missedAt' in question) {
    if (scope !== 'once') throw new UsageError(`${id} was missed: it can be allowed when it comes again, once; leave --for away.`);
    await client.call('allowNext', { id: question.question.id });
    print(io, `Allowed when the agent tries again, once, within 8 hours: ${summaryOf(question.question)}`);
    return DONE;
  }
  return give(client, io, question, { choice: 'allow', for: scope });
}

async function deny(client: ControlClient, io: Io, id: string, reason: string | undefined): Promise<number> {
  const question = await find(client, id);
  if ('missedAt' in question) throw new HoldpointError('control-refused', `The question ${id} has ended: it was missed, and refused.`);
  return give(client, io, question, { choice: 'deny', ...(reason !== undefined && { reason }) });
}

async function give(client: ControlClient, io: Io, question: Question, answer: Answer): Promise<number> {
  const { id, nonce, shown } = question;
  await client.call('answer', { id, nonce, shown, answer });
  print(io, `${saidOf(answer)}: ${summaryOf(question)}`);
  return DONE;
}

/** The open question with this ID, else the missed one. */
async function find(client: ControlClient, id: string): Promise<Question | Missed> {
  const open = (await client.call('questions', {})).find((question) => question.id === id);
  const found = open ?? (await client.call('missed', {})).find(({ question }) => question.id === id);
  if (!found)
    throw new HoldpointError('not-found', `There is no question ${id}; it may have ended. holdpoint approvals list shows what there is.`);
  return found;
}
