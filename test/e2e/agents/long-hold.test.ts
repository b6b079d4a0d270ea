import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import * as agents from '../../support/agents.ts';
import { DONE, please } from '../../support/model.ts';
import { openQuestions, placeFor, runAgent, type Stage, startStage, twoRequests, ways } from './proof.ts';

/** Longer than any agent would wait for nothing but a head, and long enough for several of the guard's signs of life. */
const HOLD_MS = 100_000;
const ALL = Object.values(agents);

let stage: Stage | undefined;
afterEach(async () => {
  await stage?.guard.stop();
  stage = undefined;
});

describe('Every agent at once, held for long', { timeout: 300_000 }, () => {
  it('waits, asks its model no second time, and then does what was allowed', async () => {
    stage = await startStage();
    const started = stage;
    const running = ALL.map(async (agent, index) => {
      const place = await placeFor(agent, started, `agent-${index}`);
      const prompt = please(`echo made > made-${index}.txt`);
      const ended = await runAgent(agent, started, place, agent.args(prompt, place), 280_000);
      return { agent, ended, made: existsSync(join(place.project, `made-${index}.txt`)) };
    });
    await expect.poll(() => openQuestions(started), { timeout: 120_000, interval: 500 }).toHaveLength(ALL.length);
    await pass(HOLD_MS);
    const questions = await openQuestions(started);
    expect(questions.map(({ agent }) => agent).sort()).toEqual(ALL.map(({ shownAs }) => shownAs).sort());
    for (const { id } of questions) expect(await started.guard.cli('approvals', 'allow', id)).toMatchObject({ code: 0 });

    for (const [index, { agent, ended, made }] of (await Promise.all(running)).entries()) {
      const asked = started.model.asked.filter(({ conversation }) => conversation.includes(`made-${index}.txt`));
      expect({ agent: agent.name, code: ended.code, stdout: ended.stdout, made, asked: ways(asked) }).toEqual({
        agent: agent.name,
        code: 0,
        stdout: expect.stringContaining(DONE),
        made: true,
        asked: twoRequests(agent),
      });
    }
  });
});
