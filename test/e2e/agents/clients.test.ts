import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Question } from '../../../main/contract/approval.ts';
import { clients } from '../../support/agents-cache.ts';
import { ROOT, run } from '../../support/guard-process.ts';
import { DONE, please } from '../../support/model.ts';
import { type Stage, startStage, ways } from './proof.ts';

/** Libraries as a program on Node 26 has them, which finds its proxy in the environment. */
const LIBRARIES = [
  { library: 'vercel-anthropic', protocol: 'anthropic-messages', transport: 'HTTP/2' },
  { library: 'vercel-openai', protocol: 'openai-responses', transport: 'HTTP/2' },
  { library: 'vercel-openai-by-reference', protocol: 'openai-responses', transport: 'HTTP/2' },
  { library: 'vercel-google', protocol: 'google-generate-content', transport: 'HTTP/2' },
  { library: 'google', protocol: 'google-generate-content', transport: 'HTTP/1.1' },
  { library: 'ollama', protocol: 'ollama-chat', transport: 'HTTP/2' },
  { library: 'bedrock-converse', protocol: 'bedrock-converse', transport: 'HTTP/1.1' },
  { library: 'bedrock-invoke', protocol: 'bedrock-invoke', transport: 'HTTP/1.1' },
];
const KEYS = {
  ANTHROPIC_API_KEY: 'sk-ant-dummy',
  OPENAI_API_KEY: 'sk-dummy',
  GOOGLE_GENERATIVE_AI_API_KEY: 'dummy',
};

let stage: Stage;
/** Commands with this in them are allowed. */
const ALLOWED = 'yes.txt';
const questions: Question[] = [];

beforeAll(async () => {
  stage = await startStage();
  const control = await stage.guard.control(true);
  control.on('questions', async (open) => {
    for (const question of open.filter(({ id }) => !questions.some((known) => known.id === id))) {
      questions.push(question);
      const { id, nonce, shown } = question;
      const said = question.action.text.includes(ALLOWED)
        ? { choice: 'allow' as const, for: 'once' as const }
        : { choice: 'deny' as const };
      await control.call('answer', { id, nonce, shown, answer: said });
    }
  });
});
afterAll(() => stage.guard.stop());

async function ask(library: string, ...commands: string[]) {
  stage.model.asked.splice(0);
  questions.splice(0);
  const { agentEnv, project } = stage.guard;
  const program = join(ROOT, 'test/support/client.ts');
  return run(process.execPath, [program, library, please(...commands), await clients()], {
    cwd: project,
    env: { ...agentEnv, ...KEYS },
    timeout: 60_000,
  });
}

describe.each(LIBRARIES)('$library’s client library', { timeout: 120_000 }, ({ library, protocol, transport }) => {
  it('runs its tool when that is allowed, and tells the model what came of it', async () => {
    const file = `${library}-yes.txt`;
    expect(await ask(library, `echo made > ${file}`)).toMatchObject({ code: 0, stdout: expect.stringContaining(DONE) });
    expect(existsSync(join(stage.guard.project, file))).toBe(true);
    expect(questions.map(({ action }) => action.text)).toEqual([expect.stringContaining(file)]);
    expect(ways(stage.model.asked)).toEqual([
      { protocol, transport },
      { protocol, transport },
    ]);
  });

  it('gets an explanation and no call when it is denied', async () => {
    const file = `${library}-no.txt`;
    const { code, stdout } = await ask(library, `echo made > ${file}`);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/I will run it\.[\s\S]*Holdpoint refused/) });
    expect(existsSync(join(stage.guard.project, file))).toBe(false);
    expect(ways(stage.model.asked)).toEqual([{ protocol, transport }]);
  });

  it('gets the one of two calls that is allowed, and its model takes what came of both', async () => {
    const [no, yes] = [`${library}-2-no.txt`, `${library}-2-yes.txt`];
    expect(await ask(library, `echo made > ${no}`, `echo made > ${yes}`)).toMatchObject({ code: 0, stdout: expect.stringContaining(DONE) });
    expect([no, yes].map((file) => existsSync(join(stage.guard.project, file)))).toEqual([false, true]);
    expect(stage.model.asked[1]?.conversation).toContain('Holdpoint refused');
  });
});
