import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Process } from '../../../../main/contract/action.ts';
import { createCatalogue } from '../../../../main/engine/exchange/catalogue.ts';
import { createOrigins, type OriginOptions } from '../../../../main/engine/exchange/origin.ts';
import { anthropicMessages } from '../../../../main/engine/protocols/anthropic-messages/protocol.ts';
import type { AgentRequest } from '../../../../main/engine/protocols/pieces.ts';

const head = { method: 'POST', host: 'api.anthropic.com', port: 443, path: '/v1/messages', rawHeaders: ['User-Agent', 'claude-cli/2.0.1'] };
const program = (more: Partial<Process> = {}): Process => ({
  pid: 7,
  executable: '/opt/agents/robot',
  commandLine: ['robot'],
  user: 'dev',
  cwd: '/',
  parents: [],
  ...more,
});
const request = (more: Partial<AgentRequest> = {}): AgentRequest => ({
  model: 'claude-sonnet-4-5',
  streamed: true,
  place: 'place',
  opening: 'opening',
  tools: [],
  blocks: [],
  ...more,
});
const originOf = createOrigins(createCatalogue({}));
const origin = (options: Partial<OriginOptions> = {}) =>
  originOf({ exchange: 'ex-1', head, process: program(), protocol: anthropicMessages, request: request(), ...options });
const sessionOf = async (options: Partial<OriginOptions>) => (await origin(options)).session;

async function project(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'holdpoint-origin-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  await mkdir(join(dir, 'src'));
  await writeFile(join(dir, 'package.json'), '{}');
  return dir;
}

it('tells agent, provider, protocol and model', async () => {
  expect(await origin({ process: undefined })).toMatchObject({
    exchange: 'ex-1',
    agent: { name: 'Claude Code', version: '2.0.1' },
    protocol: 'anthropic-messages',
    provider: 'Anthropic',
    host: 'api.anthropic.com',
    model: 'claude-sonnet-4-5',
    home: homedir(),
  });
  const unread = await originOf({ exchange: 'ex-1', head, process: undefined });
  expect(unread).toMatchObject({ protocol: 'unknown', workspace: { state: 'unresolved' } });
  expect(unread).not.toHaveProperty('model');
});

describe('a session', () => {
  it('is the conversation’s own, whatever the process and the beginning, where the agent names it', async () => {
    const named = request({ session: 's-1' });
    const session = await sessionOf({ request: named });
    expect(await sessionOf({ request: { ...named, opening: 'other' }, process: program({ pid: 8 }) })).toBe(session);
    expect(await sessionOf({ request: request({ session: 's-2' }) })).not.toBe(session);
  });

  it.each<[string, Partial<OriginOptions>]>([
    ['host', { head: { ...head, host: 'api.openai.com' } }],
    ['agent', { process: undefined }],
    ['user', { process: program({ user: 'somebody' }) }],
  ])('is not that of another %s that gives it the same name', async (_what, other) => {
    const named = { request: request({ session: 'always-the-same' }) };
    expect(await sessionOf({ ...named, ...other })).not.toBe(await sessionOf(named));
  });

  it('is that of the process and the conversation’s beginning, where the agent names none', async () => {
    const session = await sessionOf({});
    expect(await sessionOf({ request: request({ place: 'later' }) })).toBe(session);
    expect(await sessionOf({ request: request({ opening: 'other' }) })).not.toBe(session);
    expect(await sessionOf({ process: program({ pid: 8 }) })).not.toBe(session);
    expect(await sessionOf({ head: { ...head, host: 'api.openai.com' } })).not.toBe(session);
  });

  it('that is named is never one that is not', async () => {
    const unnamed = await sessionOf({ request: request({ opening: 'x' }) });
    expect(await sessionOf({ request: request({ session: 'x' }) })).not.toBe(unnamed);
  });
});

describe('the workspace', () => {
  it('is the project that the process is in, whatever the protocol tells', async () => {
    const root = await project();
    const cwd = join(root, 'src');
    expect((await origin({ process: program({ cwd }), request: request({ cwd: '/elsewhere' }) })).workspace).toEqual({
      state: 'known',
      root,
      cwd,
      source: 'process',
    });
  });

  it('is what the protocol tells where no process is known', async () => {
    const root = await project();
    expect((await origin({ process: undefined, request: request({ cwd: root }) })).workspace).toMatchObject({ root, source: 'protocol' });
  });

  it.each(['/', homedir(), dirname(homedir())])('is none in %s: not everything there is the agent’s own', async (cwd) => {
    expect((await origin({ process: program({ cwd }) })).workspace).toEqual({ state: 'unresolved' });
  });
});

describe('of several users', () => {
  const homes = new Map<string, string>();
  const ofAll = createOrigins(createCatalogue({}), async (user) => homes.get(user ?? ''));
  const ask = (options: Partial<OriginOptions>) => ofAll({ exchange: 'ex-1', head, process: program(), request: request(), ...options });

  it('each one’s home is their own, and is no project', async () => {
    const dir = await project();
    homes.set('dev', dir).set('eve', '/home/eve');
    expect(await ask({ process: program({ cwd: join(dir, 'src') }) })).toMatchObject({
      home: dir,
      workspace: { state: 'known', root: join(dir, 'src') },
    });
    expect(await ask({ process: program({ cwd: dir }) })).toMatchObject({ home: dir, workspace: { state: 'unresolved' } });
    expect(await ask({ process: program({ user: 'eve', cwd: dir }) })).toMatchObject({
      home: '/home/eve',
      workspace: { state: 'known', root: dir },
    });
  });

  it('a user whose home is not known has no project: what lies in that home would count as one', async () => {
    const told = await ask({ process: program({ user: '54321', cwd: await project() }) });
    expect(told).toMatchObject({ workspace: { state: 'unresolved' } });
    expect(told).not.toHaveProperty('home');
  });

  it('a connection whose program is not known is its user’s, and no session of another’s', async () => {
    const named = { process: undefined, request: request({ session: 's-1' }) };
    const dev = await ask({ ...named, user: 'dev' });
    expect(dev).toMatchObject({ agent: { name: 'Claude Code', user: 'dev' } });
    expect((await ask({ ...named, user: 'eve' })).session).not.toBe(dev.session);
  });
});
