/** One engine for several users, as a process of its own: each sees and answers what is theirs, by the real command. */

import { once } from 'node:events';
import { chmodSync, chownSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startScriptedProvider } from '../../../main/cli/demo/provider.ts';
import { anthropicTurn } from '../../../main/cli/demo/turns.ts';
import type { ServicePlaces } from '../../../main/contract/service-places.ts';
import { connectControl } from '../../../main/engine/control/client.ts';
import { ASK_ALL, CLI, providerAuthority, type Ready, run } from '../../support/guard-process.ts';
import { type ServiceProcess, servicePlacesIn, startService } from '../../support/service-process.ts';
import { as, clientOf, DAEMON, GAMES, IS_ROOT, NOBODY, SERVICE_RIGHTS, type User } from '../../support/users.ts';

const HOST = 'api.anthropic.com';
const ALL: User = { name: 'root', uid: 0 };

describe.skipIf(!IS_ROOT || process.platform !== 'linux')('an engine that serves all users', () => {
  let folder: string;
  let places: ServicePlaces;
  let engine: ServiceProcess | undefined;
  let ready: Ready;
  let provider: Awaited<ReturnType<typeof startScriptedProvider>>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'holdpoint-service-'));
    chmodSync(folder, 0o755);
    places = servicePlacesIn(folder);
    const policy = join(folder, 'policy');
    for (const dir of [places.configDir, policy]) mkdirSync(dir, { mode: 0o755 });
    for (const dir of [places.dataDir, places.runDir]) {
      mkdirSync(dir, { mode: 0o700 });
      chownSync(dir, GAMES.uid, GAMES.uid);
    }
    const authority = await providerAuthority(join(folder, 'provider'));
    provider = await startScriptedProvider({
      contextFor: authority.contextFor,
      reply: () => anthropicTurn({ text: 'I will.', calls: [{ id: 'call_1', tool: 'Bash', input: { command: 'rm -rf ~/thesis' } }] }),
    });
    writeFileSync(join(policy, 'test.cedar'), ASK_ALL);
    const upstream = { resolve: { [HOST]: `127.0.0.1:${provider.port}` }, extraCaFile: authority.caFile };
    writeFileSync(places.configFile, JSON.stringify({ upstream, policy: { dir: policy } }));
    engine = await startService(places, (command) => as(GAMES, command, SERVICE_RIGHTS));
    ({ ready } = engine);
  }, 60_000);

  afterAll(async () => {
    await engine?.stop();
    await provider?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('publishes what programs must trust, and nothing else', () => {
    expect(ready.caFile).toBe(join(places.runDir, 'ca.pem'));
    for (const name of ['ca.pem', 'bundle.pem']) expect(lstatSync(join(places.runDir, name)).mode & 0o777).toBe(0o644);
    expect(lstatSync(places.runDir).mode & 0o777).toBe(0o755);
    expect(lstatSync(places.dataDir).mode & 0o777).toBe(0o700);
    expect(readFileSync(join(places.runDir, 'bundle.pem'), 'utf8')).toContain(readFileSync(ready.caFile, 'utf8').trim());
    expect(readFileSync(ready.caFile, 'utf8')).not.toContain('PRIVATE');
  });

  it('asks each user about their own agent, takes the answer from nobody else, and tells who gave it', async () => {
    await using nobody = clientOf(NOBODY, { dir: places.runDir, attends: true, calls: [['status', {}]] });
    await expect.poll(() => nobody.told).toContainEqual({ result: expect.objectContaining({ state: 'protecting' }) });
    const call = askModel(NOBODY);
    // It hears of its question unasked.
    await expect
      .poll(() => nobody.told.some(({ event, data }) => event === 'questions' && Array.isArray(data) && data.length === 1))
      .toBe(true);
    const [{ id }] = JSON.parse((await cli(NOBODY, 'approvals', 'list', '--json')).stdout).approvals;

    expect(JSON.parse((await cli(DAEMON, 'approvals', 'list', '--json')).stdout)).toEqual({ approvals: [] });
    const foreign = await cli(DAEMON, 'approvals', 'allow', id);
    expect([foreign.code, foreign.stderr]).toEqual([1, expect.stringContaining('There is no')]);
    expect(JSON.parse((await cli(ALL, 'approvals', 'list', '--json')).stdout).approvals).toHaveLength(1);

    expect(await cli(NOBODY, 'approvals', 'allow', id)).toMatchObject({ code: 0 });
    expect((await call).stdout).toContain('tool_use');

    const root = await connectControl(places.runDir, { client: 'test', attends: false });
    const records = await root.call('records', { limit: 100 });
    root.close();
    expect(records.find(({ kind, verdict }) => kind === 'approval' && verdict === 'answered')?.data).toMatchObject({
      by: 'terminal of nobody',
    });
    const project = projectOf(NOBODY);
    // The process, its folder and its home are another user's than the engine's.
    expect(records.find(({ kind }) => kind === 'action')?.data).toMatchObject({
      process: { user: 'nobody', cwd: project, executable: expect.stringMatching(/curl$/) },
      workspace: project,
      home: '/nonexistent',
    });
  }, 90_000);

  it('refuses at once what nobody is there to be asked about, though another user is', async () => {
    await using daemon = clientOf(DAEMON, { dir: places.runDir, attends: true, calls: [['status', {}]] });
    await expect
      .poll(() => daemon.told)
      .toContainEqual({ result: expect.objectContaining({ approvals: expect.objectContaining({ attended: true }) }) });
    const { stdout } = await askModel(NOBODY);
    expect(stdout).toMatch(/refused|denied|nobody/i);
    expect(stdout).not.toContain('tool_use');

    await using nobody = clientOf(NOBODY, {
      dir: places.runDir,
      calls: [
        ['missed', {}],
        ['endBypass', {}],
      ],
    });
    await expect.poll(() => nobody.told.length).toBeGreaterThanOrEqual(2);
    expect(nobody.told[0]?.result).toHaveLength(1);
    expect(nobody.told).toContainEqual({ code: 'not-permitted', message: expect.stringContaining('sudo') });
    // The other was told of none of it.
    expect(daemon.told.filter(({ event }) => event === 'missed' || event === 'questions').flatMap(({ data }) => data)).toEqual([]);
    expect(daemon.told.filter(({ event }) => event === 'record')).toEqual([]);
  }, 90_000);

  it('puts a user’s agent behind it, with what it has published', async () => {
    const { code, stdout, stderr } = await cli(DAEMON, 'run', '--data-dir', places.runDir, '--', 'env');
    expect([code, stderr]).toEqual([0, '']);
    const env = Object.fromEntries(stdout.split('\n').map((line) => line.split('=', 2)));
    expect(env).toMatchObject({
      HTTPS_PROXY: ready.proxyUrl,
      NODE_EXTRA_CA_CERTS: join(places.runDir, 'ca.pem'),
      SSL_CERT_FILE: join(places.runDir, 'bundle.pem'),
    });
  }, 60_000);

  function cli(user: User, ...args: string[]) {
    const [program = '', ...rest] = as(user, [
      process.execPath,
      CLI,
      ...args,
      ...(args.includes('--data-dir') ? [] : ['--data-dir', places.runDir]),
    ]);
    return run(program, rest, { env: { PATH: process.env.PATH ?? '', HOME: folder }, timeout: 60_000 });
  }

  function projectOf({ name, uid }: User): string {
    const project = join(folder, name);
    mkdirSync(project, { recursive: true });
    writeFileSync(join(project, 'package.json'), '{}');
    chownSync(project, uid, uid);
    return project;
  }

  /** As an agent does, in its project's folder. */
  function askModel(user: User) {
    const question = { model: 'm', stream: true, max_tokens: 9, messages: [{ role: 'user', content: `I am ${user.name}` }] };
    const [program = '', ...args] = as(
      user,
      [
        ...['curl', '--silent', '--show-error', '--max-time', '80', '--proxy', ready.proxyUrl, '--cacert', ready.caFile],
        ...['--header', 'content-type: application/json', '--data', JSON.stringify(question), `https://${HOST}/v1/messages`],
      ],
      [],
    );
    return run(program, args, { cwd: projectOf(user), env: { PATH: process.env.PATH ?? '' }, timeout: 85_000 });
  }
});

describe.skipIf(process.platform === 'win32')('a service that cannot be', () => {
  const stack = new AsyncDisposableStack();
  afterAll(() => stack.disposeAsync());
  const aPlace = () => {
    const folder = mkdtempSync(join(tmpdir(), 'holdpoint-service-'));
    stack.defer(() => rmSync(folder, { recursive: true, force: true }));
    const places = servicePlacesIn(folder);
    mkdirSync(places.configDir);
    return places;
  };

  it('says that its port is taken, and takes no other, which nobody would find', async () => {
    const places = aPlace();
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    writeFileSync(places.configFile, JSON.stringify({ proxy: { port } }));
    await expect(startService(places)).rejects.toThrow(new RegExp(`ended with 1:.*${port}`, 's'));
    taken.close();
  });

  it('says what is wrong with its configuration', async () => {
    const places = aPlace();
    writeFileSync(places.configFile, JSON.stringify({ proxy: { port: 'eighty' } }));
    await expect(startService(places)).rejects.toThrow(/ended with 2:.*proxy\.port/s);
  });

  it.skipIf(!IS_ROOT)('has no folder of somebody else’s', async () => {
    const places = aPlace();
    mkdirSync(places.dataDir);
    chownSync(places.dataDir, NOBODY.uid, NOBODY.uid);
    await expect(startService(places)).rejects.toThrow(/ended with 1:.*belongs to another user/s);
    chownSync(places.dataDir, 0, 0);
    mkdirSync(places.runDir);
    chownSync(places.runDir, NOBODY.uid, NOBODY.uid);
    await expect(startService(places)).rejects.toThrow(/ended with 1:.*belongs to another user/s);
  });
});
