/** The proof that each agent gives: what it is not allowed does not happen, what it is allowed does, and it works on in either case. */

import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { Agent, Place } from '../../support/agents.ts';
import { ASK_ALL, CLI, type GuardProcess, run, startGuardProcess } from '../../support/guard-process.ts';
import { type Asked, createObedientModel, DONE, type ObedientModel, please } from '../../support/model.ts';

/** Whom agents talk to, besides their models: news of themselves, plugins, telemetry. The scripted provider knows nothing of it. */
const HOSTS = [
  'api.anthropic.com',
  'api.openai.com',
  'chatgpt.com',
  'generativelanguage.googleapis.com',
  'bedrock-runtime.us-east-1.amazonaws.com',
  'ollama.com',
  'ab.chatgpt.com',
  'api.github.com',
  'github.com',
  'models.opencode.ai',
  'play.googleapis.com',
  'registry.npmjs.org',
];

/** A run of an agent through the guard is quick; on a machine with much else to do it is not. */
const RUN_MS = 90_000;

export interface Stage {
  readonly guard: GuardProcess;
  readonly model: ObedientModel;
}

/** A guard that asks about every call, and waits for an answer as long as it may. */
export async function startStage(options: { sockets?: boolean } = {}): Promise<Stage> {
  const model = createObedientModel(options);
  const guard = await startGuardProcess({
    reply: (request) => model.reply(request),
    upgrade: (...request) => model.upgrade(...request),
    policy: ASK_ALL,
    config: { approvals: { unattended: 'wait', timeoutSeconds: 170 } },
    hosts: HOSTS,
  });
  return { guard, model };
}

/** A home and a project that no other agent has. */
export async function placeFor(agent: Agent, { guard }: Stage, name = 'one'): Promise<Place> {
  const home = join(guard.home, name);
  const project = join(home, 'project');
  await mkdir(project, { recursive: true });
  await writeFile(join(project, 'package.json'), '{}');
  await agent.prepare?.({ home, project });
  return { home, project };
}

export async function runAgent(agent: Agent, { guard }: Stage, place: Place, args: readonly string[], timeout = RUN_MS) {
  const [program, ...first] = await agent.program();
  const env = { ...guard.agentEnv, ...agent.env, HOME: place.home };
  return run(program, [...first, ...args], { cwd: place.project, env, timeout });
}

/** The same, started as people start it: `holdpoint run` sets what leads it to the guard. */
async function runByHoldpoint(agent: Agent, { guard }: Stage, place: Place, args: readonly string[]) {
  const { PATH = '', LANG = '', TERM = '', NO_COLOR = '', CI = '', NODE_EXTRA_CA_CERTS = '' } = guard.agentEnv;
  const env = { PATH, LANG, TERM, NO_COLOR, CI, NODE_EXTRA_CA_CERTS, ...agent.env, HOME: place.home };
  const command = [CLI, 'run', '--data-dir', guard.ready.dataDir, '--', ...(await agent.program()), ...args];
  return run(process.execPath, command, { cwd: place.project, env, timeout: RUN_MS });
}

export interface ListedQuestion {
  readonly id: string;
  readonly agent: string;
  readonly action: string;
  readonly summary: string;
}

export async function openQuestions({ guard }: Stage): Promise<ListedQuestion[]> {
  const { stdout } = await guard.cli('approvals', 'list', '--json');
  return (JSON.parse(stdout) as { approvals: ListedQuestion[] }).approvals;
}

/** The reason that a person gives in these tests. */
const REASON = 'Use the editor instead.';
const ALLOW = ['allow'];
const DENY = ['deny', '--reason', REASON];

/** Answers the next questions by the command line, as a person on a server would: each that speaks of a key, as its value says. */
async function answered<Ended>(stage: Stage, running: Promise<Ended>, answers: Readonly<Record<string, readonly string[]>>) {
  const questions = await nextQuestions(stage, running, Object.keys(answers).length);
  for (const [about, [verb = '', ...rest]] of Object.entries(answers)) {
    const { id } = questions.find(({ summary }) => summary.includes(about))!;
    expect(await stage.guard.cli('approvals', verb, id, ...rest)).toMatchObject({ code: 0 });
  }
  return { questions, ended: await running };
}

/** An agent runs for a limited time: one that never comes to a question ends, and is told of. */
async function nextQuestions<Ended>(stage: Stage, running: Promise<Ended>, count: number): Promise<ListedQuestion[]> {
  let ended: Ended | undefined;
  void running.then((how) => (ended = how));
  for (;;) {
    const questions = await openQuestions(stage);
    expect(questions.length).toBeLessThanOrEqual(count);
    if (questions.length === count) return questions;
    if (ended !== undefined) throw new Error(`It ended before there was a question: ${JSON.stringify(ended)}\n${stage.guard.stderr()}`);
    await pause(100);
  }
}

/** What the model was asked for a turn with one tool call: to begin, and to go on with its result. */
export function twoRequests(agent: Agent) {
  const each = { protocol: agent.protocol, transport: agent.transport };
  return [each, each];
}

/** How each request came, without its content. */
export function ways(asked: readonly Asked[]) {
  return asked.map(({ protocol, transport }) => ({ protocol, transport }));
}

export function proveHolds(agents: readonly Agent[], options: { sockets?: boolean; encoding?: string } = {}): void {
  let stage: Stage | undefined;
  afterEach(async () => {
    await stage?.guard.stop();
    stage = undefined;
  });

  describe.each(agents)('$name', { timeout: 240_000 }, (agent) => {
    it('runs a command that a person allowed, from the provider’s own call, asked about once', async () => {
      stage = await startStage(options);
      const place = await placeFor(agent, stage);
      const running = runByHoldpoint(agent, stage, place, agent.args(please('echo made > one.txt'), place));
      const { questions, ended } = await answered(stage, running, { 'echo made > one.txt': ALLOW });
      expect(questions).toMatchObject([{ agent: agent.shownAs, action: 'call_tool' }]);
      expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining(DONE) });
      expect(existsSync(join(place.project, 'one.txt'))).toBe(true);
      expect(ways(stage.model.asked)).toEqual(twoRequests(agent));
      expect(new Set(stage.model.asked.map(({ encoding }) => encoding))).toEqual(new Set([options.encoding]));
    });

    it('does not run a command that a person denied, says why, ends normally, and goes on with the same conversation', async () => {
      stage = await startStage(options);
      const { model } = stage;
      const place = await placeFor(agent, stage);
      const refused = runAgent(agent, stage, place, agent.args(please('echo made > one.txt'), place));
      const first = await answered(stage, refused, { 'echo made > one.txt': DENY });
      expect(first.ended).toMatchObject({ code: 0, stdout: expect.stringContaining(REASON) });
      expect(existsSync(join(place.project, 'one.txt'))).toBe(false);
      expect(ways(model.asked)).toEqual(twoRequests(agent).slice(1));

      const released = runAgent(agent, stage, place, agent.again(please('echo made > two.txt'), place));
      const second = await answered(stage, released, { 'echo made > two.txt': ALLOW });
      expect(second.ended).toMatchObject({ code: 0, stdout: expect.stringContaining(DONE) });
      expect([existsSync(join(place.project, 'one.txt')), existsSync(join(place.project, 'two.txt'))]).toEqual([false, true]);
      // The model sees what its user saw: its words, and the refusal in place of its call.
      expect(model.asked[1]?.conversation).toContain(REASON);
      expect(ways(model.asked)).toEqual([...twoRequests(agent), ...twoRequests(agent)].slice(1));
    });

    it('runs of two commands the one that a person allowed, and its model takes what came of both', async () => {
      stage = await startStage(options);
      const place = await placeFor(agent, stage);
      const running = runAgent(agent, stage, place, agent.args(please('echo made > one.txt', 'echo made > two.txt'), place));
      const { ended } = await answered(stage, running, { 'echo made > one.txt': DENY, 'echo made > two.txt': ALLOW });
      expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining(DONE) });
      expect([existsSync(join(place.project, 'one.txt')), existsSync(join(place.project, 'two.txt'))]).toEqual([false, true]);
      expect(ways(stage.model.asked)).toEqual(twoRequests(agent));
      expect(stage.model.asked[1]?.conversation).toContain(REASON);
    });
  });
}
