import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli, startCli } from './process.ts';

const ASK_EVERYTHING = `
@id("test.ask") @reason("The test asks about every call.") @effect("ask")
forbid (principal, action == Action::"call_tool", resource);
@id("test.prompts") @effect("allow")
permit (principal, action, resource);
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdpoint-policy-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (name: string, content: string) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const call = (command: string) => ({ kind: 'tool_call', tool: 'Bash', arguments: { command }, cwd: '/home/dev/proj', home: '/home/dev' });

describe('holdpoint policy check', () => {
  it('says that a sound folder can be put in force', async () => {
    file('ask.cedar', ASK_EVERYTHING);
    expect(await runCli(['policy', 'check', folder])).toMatchObject({
      code: 0,
      out: `${folder}: 2 policies in 1 file. It can be put in force.\n`,
    });
    const { code, out } = await runCli(['policy', 'check', folder, '--json']);
    expect(JSON.parse(out)).toMatchObject({ ok: true, count: 2, problems: [] });
    expect(code).toBe(0);
  });

  it('names file and place of each mistake, and answers no', async () => {
    file('broken.cedar', '\n  permit (principal, action');
    const { code, out } = await runCli(['policy', 'check', folder]);
    expect(out).toMatch(/^broken\.cedar:2:\d+: error: /);
    expect(code).toBe(1);
    const json = await runCli(['policy', 'check', folder, '--json']);
    expect(JSON.parse(json.out)).toMatchObject({ ok: false });
    expect(json.code).toBe(1);
  });

  it('checks the starter policy where no folder is named', async () => {
    expect((await runCli(['policy', 'check'])).code).toBe(0);
  });
});

describe('holdpoint policy explain', () => {
  it('tells the verdict, the policy and where it stands', async () => {
    const action = file('action.json', JSON.stringify(call('ls'), null, 2));
    file('ask.cedar', ASK_EVERYTHING);
    const { code, out } = await runCli(['policy', 'explain', action, '--policy', folder]);
    expect(out).toMatch(/^Asked, because policy test\.ask \(ask\.cedar:2\)/);
    expect(out).toContain('The test asks about every call.');
    expect(code).toBe(0);
    expect(out).toContain('\n  ls\n');
    const json = await runCli(['policy', 'explain', action, '--policy', folder, '--json']);
    expect(JSON.parse(json.out)).toMatchObject({ verdict: 'ask', policies: [{ id: 'test.ask', file: 'ask.cedar' }] });
  });

  it.each<[string, string | undefined, number]>([
    ['is no action', '{"kind":"other"}', 2],
    ['is not JSON', 'nonsense', 2],
    ['is missing', undefined, 1],
  ])('says so where the file %s', async (_what, content, expected) => {
    const action = content === undefined ? join(folder, 'missing.json') : file('action.json', content);
    const { code, err } = await runCli(['policy', 'explain', action]);
    expect(err).toContain(action);
    expect(code).toBe(expected);
  });
});

describe('holdpoint policy explain, in words', () => {
  it('underlines what the verdict comes from, and tells of what is only observed', async () => {
    const action = file('action.json', JSON.stringify(call('cd src && rm -rf ~/thesis')));
    file(
      'a.cedar',
      `${ASK_EVERYTHING}
@id("test.gone") @reason("Gone for good.") @contact("Ask in #help.") forbid (principal, action, resource == Tool::"Bash") when { context.effects.contains("destructive") };
@id("test.new") @mode("observe") @reason("New.") forbid (principal, action, resource == Tool::"Bash");`,
    );
    const { out, code } = await runCli(['policy', 'explain', action, '--policy', folder]);
    expect(code).toBe(0);
    const lines = out.split('\n');
    const at = lines.findIndex((line) => line.trim() === 'cd src && rm -rf ~/thesis');
    expect(lines[at + 1]?.slice(lines[at]!.indexOf('~/thesis'))).toBe('^'.repeat('~/thesis'.length));
    expect(out).toMatch(
      /test\.gone: deny, a\.cedar:\d+\n {4}Gone for good\.\n {4}Ask in #help\.\n {4}context\.toolName: Bash\n {4}context\.effects: destructive \(/,
    );
    expect(out).toMatch(/Observed only, without a part in this:\n\n {2}test\.new: deny/);
  });
});

describe('holdpoint policy test', () => {
  const given = call('ls');

  it('says yes where all tests pass, and no with the reason where one fails', async () => {
    file('ask.cedar', ASK_EVERYTHING);
    file('a.test.json', JSON.stringify([{ given, expect: { verdict: 'ask', policies: ['test.ask'] } }]));
    expect(await runCli(['policy', 'test', folder])).toMatchObject({ code: 0, out: `${folder}: 1 test, 1 passed, 0 failed.\n` });
    file('b.test.json', JSON.stringify([{ name: 'ls passes', given, expect: { verdict: 'allow' } }]));
    const failed = await runCli(['policy', 'test', folder]);
    expect(failed).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^b\.test\.json:1:2: error: The test "ls passes" fails: Expected allow, got ask/),
    });
    const json = await runCli(['policy', 'test', folder, '--json']);
    expect([json.code, JSON.parse(json.out)]).toMatchObject([1, { ok: false, passed: 1, failed: 1, failures: [{ name: 'ls passes' }] }]);
    expect((await runCli(['policy', 'check', folder])).code).toBe(1);
  });

  it('tests what ships by its name', async () => {
    expect((await runCli(['policy', 'test', 'strict'])).code).toBe(0);
  });

  it('keeps an engine from starting with a folder whose tests fail', async () => {
    file('ask.cedar', ASK_EVERYTHING);
    file('a.test.json', JSON.stringify({ name: 'ls passes', given, expect: { verdict: 'allow' } }));
    const data = mkdtempSync(join(tmpdir(), 'holdpoint-data-'));
    const config = file('config.json', JSON.stringify({ policy: { dir: folder } }));
    const { code, out, err } = await runCli(['engine', '--config', config, '--data-dir', data]);
    rmSync(data, { recursive: true });
    expect(err).toContain('The test "ls passes" fails');
    expect([code, out]).toEqual([1, '']);
  });
});

describe('holdpoint policy', () => {
  it.each([
    [['replay'], /folder of the draft is missing/],
    [['replay', '.', '--since', 'yesterday'], /is no time/],
    [['test', '.', '--since', '30d'], /--since goes with replay/],
    [['test', '.', '--policy', 'x'], /--policy goes with explain/],
    [['wish'], /check, test, explain or replay/],
    [[], /Say what to do/],
  ])('%j is wrong usage', async (args, message) => {
    const { code, err } = await runCli(['policy', ...args]);
    expect(err).toMatch(message);
    expect(code).toBe(2);
  });
});

describe('the policy that settings choose', () => {
  it('is in force by its name, and is what status and inspect speak of', async () => {
    const config = file('config.json', JSON.stringify({ policy: { use: 'watch-only' } }));
    const engine = startCli(['engine', '--config', config, '--data-dir', join(folder, 'data')]);
    await expect.poll(() => engine.out(), { timeout: 20_000 }).toContain('"ready"');
    const { out } = await runCli(['status', '--json', '--data-dir', join(folder, 'data')]);
    engine.signal('SIGTERM');
    await engine.ended;
    expect(JSON.parse(out)).toMatchObject({ policy: { name: 'Watch-only policy', source: 'shipped' } });
    const inspected = await runCli(['inspect', '--policy', 'watch-only'], {}, `${JSON.stringify(call('rm -rf ~/thesis'))}\n`);
    expect(JSON.parse(inspected.out)).toMatchObject({
      verdict: 'allow',
      policies: ['starter.calls'],
      observed: [{ id: 'starter.destructive', effect: 'ask', reason: expect.stringMatching(/a person decides/) }],
    });
  });
});

describe('holdpoint inspect', () => {
  it('answers each line with one, in order, by the policy it is given', async () => {
    file('ask.cedar', ASK_EVERYTHING);
    const lines = ['ls', 'rm -rf ~/thesis', 'true'].map((command) => JSON.stringify(call(command)));
    const { code, out } = await runCli(
      ['inspect', '--policy', folder],
      {},
      `${lines[0]}\r\n\n${lines[1]}\n{"kind":"prompt","text":"hello"}\n${lines[2]}`,
    );
    const answers = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { verdict: string; policies: string[]; effects: string[] });
    expect(answers.map(({ verdict }) => verdict)).toEqual(['ask', 'ask', 'allow', 'ask']);
    expect(answers[1]!.effects.length).toBeGreaterThan(0);
    expect(answers[2]!.policies).toEqual(['test.prompts']);
    expect(code).toBe(0);
  });

  it('judges by the starter policy where none is given', async () => {
    const { out } = await runCli(['inspect'], {}, `${JSON.stringify(call('ls'))}\n${JSON.stringify(call('rm -rf ~/thesis'))}\n`);
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { verdict: string }).verdict),
    ).toEqual(['allow', 'ask']);
  });

  it('says what is wrong with a line, answers the rest, and answers no', async () => {
    const { code, out } = await runCli(['inspect'], {}, `nonsense\n${JSON.stringify(call('ls'))}\n`);
    const answers = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(answers).toMatchObject([{ error: expect.stringContaining('not JSON') }, { verdict: 'allow' }]);
    expect(code).toBe(1);
  });

  it('starts nothing with a broken policy', async () => {
    file('broken.cedar', 'permit (');
    const { code, out, err } = await runCli(['inspect', '--policy', folder], {}, `${JSON.stringify(call('ls'))}\n`);
    expect(err).toContain('broken.cedar');
    expect(out).toBe('');
    expect(code).toBe(1);
  });
});
