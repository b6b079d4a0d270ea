/** What an admin publishes with `holdpoint fleet`, followed by a client of the TUF project's own. */

import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Updater } from 'tuf-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { repositoryServer } from '../../../main/cli/fleet-serve.ts';
import { type FleetBundle, unpackBundle } from '../../../main/engine/fleet/bundle.ts';
import { aRepository, PASSPHRASE, type TestRepository } from '../../support/fleet-repository.ts';
import { runCli } from '../cli/process.ts';

const PERMIT = '@id("acme.all") permit(principal, action, resource);\n';
const NO_CURL = `${PERMIT}@id("acme.no-curl") @reason("No curl here.") forbid(principal, action == Action::"call_tool", resource) when { context.programs.contains("curl") };\n`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdpoint-publish-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function bundleOf(name: string, files: Readonly<Record<string, string>>): string {
  const dir = join(folder, name);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(dir, file, '..'), { recursive: true });
    writeFileSync(join(dir, file), text);
  }
  return dir;
}

const fleet = (...args: string[]) => runCli(['fleet', ...args], { HOLDPOINT_PASSPHRASE: PASSPHRASE });

/** A client that remembers what it saw, as a device does. */
function client(root: string, url: string) {
  const dir = mkdtempSync(join(folder, 'client-'));
  writeFileSync(join(dir, 'root.json'), root);
  return {
    async bundle(path: string): Promise<FleetBundle | undefined> {
      const updater = new Updater({
        metadataDir: dir,
        metadataBaseUrl: url,
        targetDir: dir,
        targetBaseUrl: `${url}/targets`,
        config: { fetchRetries: 0 },
      });
      await updater.refresh();
      const target = await updater.getTargetInfo(path);
      return target && (await unpackBundle(readFileSync(await updater.downloadTarget(target))));
    },
  };
}

async function served<R>(dir: string, use: (url: string) => Promise<R>): Promise<R> {
  const server = repositoryServer(dir);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as { port: number }).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Every file with its content. */
function snapshotOf(dir: string): ReadonlyMap<string, string> {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(files.map((entry) => [join(entry.parentPath, entry.name), readFileSync(join(entry.parentPath, entry.name), 'latin1')]));
}

describe('holdpoint fleet', () => {
  it('makes a repository, publishes, says what changes, and goes back only forwards', { timeout: 90_000 }, async () => {
    const repository = join(folder, 'repository');
    const made = await fleet('init', repository);
    expect(made).toMatchObject({ code: 0, err: '' });
    expect(made.out).toContain('Move keys/root.json');
    for (const role of ['root', 'targets', 'snapshot', 'timestamp', 'stable', 'canary']) {
      expect(statSync(join(repository, 'keys', `${role}.json`)).mode & 0o777).toBe(0o600);
      expect(readFileSync(join(repository, 'keys', `${role}.json`), 'utf8')).not.toContain('PRIVATE');
    }
    const root = readFileSync(join(repository, 'public', 'root.json'), 'utf8');
    // It is moved away, as one is told to.
    rmSync(join(repository, 'keys', 'root.json'));

    const first = bundleOf('first', { 'acme.cedar': PERMIT, 'settings.json': '{"contact":"it@example.com"}' });
    const second = bundleOf('second', { 'acme.cedar': NO_CURL, 'settings.json': '{"approvals":{"timeoutSeconds":30}}' });
    expect((await fleet('publish', repository, '--bundle', first, '--yes')).out).toContain('Published revision 1 for ring stable');
    const changed = await fleet('publish', repository, '--bundle', second, '--yes');
    expect(changed.out.split('\n').filter((line) => /^ {2}[+~-]/.test(line))).toEqual([
      '  + policy acme.no-curl',
      '  + setting approvals.timeoutSeconds: not set → 30',
      '  - setting contact: "it@example.com" → not set',
    ]);
    expect((await fleet('publish', repository, '--bundle', second, '--yes')).out).toContain('Nothing to do');
    expect((await fleet('publish', repository, '--bundle', first, '--yes')).out).toContain('Published revision 3');

    await served(join(repository, 'public'), async (url) => {
      const device = client(root, url);
      expect(await device.bundle('rings/stable/3.json.gz')).toMatchObject({ revision: 3, policies: { 'acme.cedar': PERMIT } });
      expect(await device.bundle('rings/stable/2.json.gz')).toBeUndefined();
    });
    expect((await fleet('show', repository)).out).toMatch(/ring stable: revision 3 for 100 %\nring canary: nothing published/);
  });

  it.each<[string, Readonly<Record<string, string>>, RegExp]>([
    ['a policy that is none', { 'acme.cedar': 'permit(' }, /acme\.cedar:1:/],
    [
      'a test that fails',
      {
        'acme.cedar': NO_CURL,
        'tests/curl.json': JSON.stringify({
          name: 'curl passes',
          given: { kind: 'tool_call', tool: 'Bash', arguments: { command: 'curl https://example.com' }, shell: 'bash' },
          expect: { verdict: 'allow' },
        }),
      },
      /tests\/curl\.json:1:1: .*The test "curl passes" fails/,
    ],
    ['a setting that there is not', { 'acme.cedar': PERMIT, 'settings.json': '{"telepathy":1}' }, /telepathy: unknown key/],
    ['a setting of one device', { 'acme.cedar': PERMIT, 'settings.json': '{"dataDir":"x"}' }, /dataDir: cannot be set by the fleet/],
    ['settings that are cut off', { 'acme.cedar': PERMIT, 'settings.json': '{"contact":' }, /settings\.json is not valid JSON/],
    ['nothing', { 'readme.txt': '' }, /holds no \*\.cedar file/],
  ])('publishes nothing with %s, and says where', async (_what, files, why) => {
    await using repository = await aRepository();
    const before = snapshotOf(repository.dir);
    const refused = await fleet('publish', repository.dir, '--bundle', bundleOf('bad', files), '--yes');
    expect(refused).toMatchObject({ out: '', err: expect.stringMatching(why) });
    expect(refused.code).not.toBe(0);
    expect(snapshotOf(repository.dir)).toEqual(before);
  });

  it('publishes nothing with the wrong passphrase, without one, while another publishes, or where nobody can be asked', async () => {
    await using repository = await aRepository();
    const bundle = bundleOf('bundle', { 'acme.cedar': PERMIT });
    const before = snapshotOf(repository.dir);
    const publish = (env: NodeJS.ProcessEnv, ...more: string[]) =>
      runCli(['fleet', 'publish', repository.dir, '--bundle', bundle, ...more], env);
    const wrong = await publish({ HOLDPOINT_PASSPHRASE: 'another one' }, '--yes');
    expect(wrong).toMatchObject({ code: 1, err: expect.stringMatching(/The passphrase does not open .*stable\.json/) });
    expect(wrong.err.trim().split('\n')).toHaveLength(1);
    expect(await publish({}, '--yes')).toMatchObject({ code: 2, err: expect.stringContaining('HOLDPOINT_PASSPHRASE') });
    expect(await publish({ HOLDPOINT_PASSPHRASE: PASSPHRASE })).toMatchObject({ code: 2, err: expect.stringContaining('--yes') });
    expect(snapshotOf(repository.dir)).toEqual(before);
    const lock = join(repository.dir, 'publishing.lock');
    writeFileSync(lock, String(process.pid));
    const busy = await publish({ HOLDPOINT_PASSPHRASE: PASSPHRASE }, '--yes');
    expect(busy).toMatchObject({ code: 1, err: expect.stringContaining('Somebody else is publishing') });
    // One that was killed keeps nobody out.
    writeFileSync(lock, '999999999');
    expect(await publish({ HOLDPOINT_PASSPHRASE: PASSPHRASE }, '--yes')).toMatchObject({ code: 0 });
    expect(existsSync(lock)).toBe(false);
  });

  it('publishes for a share of the devices, which only grows, and keeps what the others have', async () => {
    await using repository = await aRepository();
    const one = bundleOf('one', { 'acme.cedar': PERMIT });
    const two = bundleOf('two', { 'acme.cedar': NO_CURL });
    const shown = async () => (await fleet('show', repository.dir)).out.split('\n')[0];
    await fleet('publish', repository.dir, '--bundle', one, '--yes');
    await fleet('publish', repository.dir, '--bundle', two, '--rollout', '25%', '--yes');
    expect(await shown()).toBe('ring stable: revision 2 for 25 %, revision 1 for 100 %');
    await fleet('publish', repository.dir, '--bundle', two, '--rollout', '60%', '--yes');
    expect(await shown()).toBe('ring stable: revision 2 for 60 %, revision 1 for 100 %');
    const less = await fleet('publish', repository.dir, '--bundle', two, '--rollout', '10%', '--yes');
    expect(less).toMatchObject({ code: 1, err: expect.stringContaining('a share can only grow') });
    await fleet('publish', repository.dir, '--bundle', two, '--yes');
    expect(await shown()).toBe('ring stable: revision 2 for 100 %');
  });
});

describe('a device', () => {
  it.each(['root', 'targets', 'snapshot', 'timestamp', 'stable'])(
    'follows when %s gets a new key, twice, and the old key counts for nothing',
    async (role) => {
      await using repository = await aRepository();
      await repository.publish({ policies: { 'acme.cedar': PERMIT } });
      const server = await repository.serve();
      const known = client(repository.root, server.url);
      await known.bundle('rings/stable/1.json.gz');
      await repository.rotate(role);
      expect(await known.bundle('rings/stable/1.json.gz')).toMatchObject({ revision: 1 });
      await repository.rotate(role);
      await repository.publish({ policies: { 'acme.cedar': NO_CURL } });
      expect(await known.bundle('rings/stable/2.json.gz')).toMatchObject({ revision: 2 });
      expect(await client(repository.root, server.url).bundle('rings/stable/2.json.gz')).toMatchObject({ revision: 2 });
      await repository.refresh();
      expect(await known.bundle('rings/stable/2.json.gz')).toMatchObject({ revision: 2 });
    },
  );

  it.each<[string, (repository: TestRepository) => Promise<unknown>]>([
    ['a publication', (repository) => repository.publish({ policies: { 'acme.cedar': NO_CURL } })],
    ['an exchange of the key of timestamp', (repository) => repository.rotate('timestamp')],
    ['an exchange of the key of snapshot', (repository) => repository.rotate('snapshot')],
    ['an exchange of the key of targets', (repository) => repository.rotate('targets')],
    ['an exchange of the key of a ring', (repository) => repository.rotate('stable')],
    ['an exchange of the root', (repository) => repository.rotate('root')],
  ])('finds its policy wherever %s was cut off', async (_what, change) => {
    await using repository = await aRepository();
    await repository.publish({ policies: { 'acme.cedar': PERMIT } });
    const before = snapshotOf(join(repository.dir, 'public'));
    const halfway = join(folder, 'halfway');
    cpSync(join(repository.dir, 'public'), halfway, { recursive: true });
    await change(repository);
    const after = snapshotOf(join(repository.dir, 'public'));
    const writes = [...after].filter(([file, text]) => before.get(file) !== text).map(([file]) => file);
    const time = (file: string) => statSync(file, { bigint: true }).mtimeNs;
    writes.sort((one, other) => (time(one) < time(other) ? -1 : 1));
    expect(writes.length).toBeGreaterThan(1);
    await served(halfway, async (url) => {
      const known = client(repository.root, url);
      await known.bundle('rings/stable/1.json.gz');
      for (const file of writes) {
        cpSync(file, file.replace(join(repository.dir, 'public'), halfway), { recursive: true });
        // What stops a device throws.
        for (const device of [known, client(repository.root, url)]) expect(await newest(device), file).toBeGreaterThan(0);
      }
    });
  });
});

async function newest(device: ReturnType<typeof client>): Promise<number | undefined> {
  const found = (await device.bundle('rings/stable/2.json.gz')) ?? (await device.bundle('rings/stable/1.json.gz'));
  return found?.revision;
}

describe('holdpoint fleet serve', () => {
  it('serves what is public to whoever has the token, and nothing else', async () => {
    await using repository = await aRepository();
    const server = repositoryServer(join(repository.dir, 'public'), 'a token of ours');
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const ask = (path: string, init: RequestInit = {}) =>
      fetch(`http://127.0.0.1:${port}${path}`, { ...init, headers: { authorization: 'Bearer a token of ours', ...init.headers } });
    try {
      const found = await ask('/timestamp.json');
      expect([found.status, found.headers.get('cache-control')]).toEqual([200, 'no-cache']);
      const again = await ask('/timestamp.json', { headers: { 'if-none-match': found.headers.get('etag') ?? '' } });
      expect(again.status).toBe(304);
      expect((await ask('/1.root.json')).headers.get('cache-control')).toContain('immutable');
      const others = ['/', '/../keys/root.json', '/%2e%2e/keys/root.json', '/targets', '/nothing.json', '/..%2fkeys%2froot.json'];
      expect(await Promise.all(others.map(async (path) => (await ask(path)).status))).toEqual(others.map(() => 404));
      expect((await ask('/timestamp.json', { method: 'PUT', body: 'x' })).status).toBe(405);
      expect((await ask('/timestamp.json', { headers: { authorization: 'Bearer another' } })).status).toBe(401);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
