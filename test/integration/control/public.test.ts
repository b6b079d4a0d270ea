/** The control socket that all users of a machine may reach: who is let in as whom, and what one user cannot do to another. */

import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Caller } from '../../../main/engine/control/caller.ts';
import { connectControl } from '../../../main/engine/control/client.ts';
import type { ControlHandlers, ControlOptions } from '../../../main/engine/control/server.ts';
import { createUsers } from '../../../main/engine/interception/attribution/users.ts';
import { clientOf, DAEMON, IS_ROOT, NOBODY } from '../../support/users.ts';
import { type ControlFixture, controlFixture, question, statusOf } from './fixture.ts';
import { type RawClient, rawClient } from './raw.ts';

interface Fixture extends ControlFixture {
  readonly runDir: string;
  readonly claims: string;
  /** Who has asked for the status, in order. */
  readonly callers: Caller[];
}

async function publicFixture(
  { limits, ...options }: Partial<Omit<ControlOptions, 'public'>> & { limits?: NonNullable<ControlOptions['public']>['limits'] } = {},
  handlers: Partial<ControlHandlers> = {},
): Promise<Fixture> {
  const runDir = mkdtempSync(join(tmpdir(), 'holdpoint-public-'));
  chmodSync(runDir, 0o755);
  const callers: Caller[] = [];
  const status = (_none: unknown, caller: Caller) => {
    callers.push(caller);
    return statusOf(runDir);
  };
  const shared = { runDir, nameOf: createUsers('/etc/passwd').nameOf, ...(limits && { limits }) };
  const fixture = await controlFixture({ status, ...handlers }, { ...options, dataDir: runDir, public: shared });
  return { ...fixture, runDir, claims: join(runDir, 'claims'), callers, [Symbol.asyncDispose]: () => fixture[Symbol.asyncDispose]() };
}

/** What `make` leaves for the nonce, and what the engine says to it. */
async function claimed(client: RawClient, make: (nonce: string) => void) {
  const nonce = String((await client.ask('challenge', {})).result?.nonce);
  make(nonce);
  return client.ask('hello', { claim: nonce, client: 'raw', attends: false });
}

const REFUSED = { error: { data: { code: 'control-refused' } } };

describe.skipIf(process.platform === 'win32')('the public control socket', () => {
  it('can be reached by everybody, and shows nobody who connects', async () => {
    await using fixture = await publicFixture();
    expect(statSync(fixture.control.socket).mode & 0o777).toBe(0o666);
    expect(statSync(fixture.claims).mode & 0o7777).toBe(0o1733);
    expect(readdirSync(fixture.runDir).sort()).toEqual(['claims', 'control.sock']);
  });

  it('is left as it was found, and cleans up what was left there', async () => {
    const runDir = mkdtempSync(join(tmpdir(), 'holdpoint-left-'));
    mkdirSync(join(runDir, 'claims', 'a'.repeat(32)), { recursive: true });
    writeFileSync(join(runDir, 'claims', 'b'.repeat(32)), '');
    symlinkSync('/etc', join(runDir, 'claims', 'c'.repeat(32)));
    const nameOf = async () => 'dev';
    const fixture = await controlFixture({}, { dataDir: runDir, public: { runDir, nameOf } });
    expect(readdirSync(join(runDir, 'claims'))).toEqual([]);
    expect(existsSync('/etc')).toBe(true);
    await fixture.control.close();
    expect(existsSync(join(runDir, 'control.sock'))).toBe(false);
    rmSync(runDir, { recursive: true });
  });

  it.skipIf(!IS_ROOT)('knows root as an administrator, and everybody else by their login name', async () => {
    await using fixture = await publicFixture();
    const root = await connectControl(fixture.runDir, { client: 'terminal', attends: false });
    await root.call('status', {});
    root.close();
    await using nobody = clientOf(NOBODY, { dir: fixture.runDir, calls: [['status', {}]] });
    await expect
      .poll(() => fixture.callers)
      .toEqual([
        { client: 'terminal', level: 'admin', user: undefined, name: 'root' },
        { client: 'test', level: 'user', user: 'nobody', name: 'nobody' },
      ]);
    await expect.poll(() => nobody.told.length).toBe(1);
    expect(readdirSync(fixture.claims)).toEqual([]);
  });

  it.skipIf(!IS_ROOT)('takes a user without a name by the number', async () => {
    await using fixture = await publicFixture();
    await using _client = clientOf({ name: '', uid: 54321 }, { dir: fixture.runDir, calls: [['status', {}]] });
    await expect.poll(() => fixture.callers).toMatchObject([{ level: 'user', user: '54321' }]);
  });

  it.skipIf(!IS_ROOT)('does for a user what is everybody’s to ask, and nothing that is an administrator’s', async () => {
    let ended = 0;
    await using fixture = await publicFixture({}, { endBypass: () => void ended++ });
    await using nobody = clientOf(NOBODY, {
      dir: fixture.runDir,
      calls: [
        ['questions', {}],
        ['endBypass', {}],
        ['replayDraft', { dir: '/etc', since: '2026-01-01T00:00:00Z' }],
      ],
    });
    await expect
      .poll(() => nobody.told)
      .toEqual([
        { result: [] },
        { code: 'not-permitted', message: expect.stringContaining('sudo') },
        { code: 'not-permitted', message: expect.stringContaining('sudo') },
      ]);
    expect(ended).toBe(0);
  });

  it.skipIf(!IS_ROOT)('tells each user only what is theirs', async () => {
    await using fixture = await publicFixture();
    await using nobody = clientOf(NOBODY, { dir: fixture.runDir, calls: [['questions', {}]] });
    await using daemon = clientOf(DAEMON, { dir: fixture.runDir, calls: [['questions', {}]] });
    await expect.poll(() => [nobody.told.length, daemon.told.length]).toEqual([1, 1]);
    fixture.control.tell('questions', ({ user }) => (user === 'nobody' ? [question()] : undefined));
    fixture.control.tell('missed', []);
    await expect.poll(() => [nobody.told.length, daemon.told.length]).toEqual([3, 2]);
    expect(nobody.told.slice(1).map(({ event }) => event)).toEqual(['questions', 'missed']);
    expect(daemon.told.slice(1)).toEqual([{ event: 'missed', data: [] }]);
  });

  it.skipIf(!IS_ROOT)('knows for each user whether somebody is there to be asked', async () => {
    await using fixture = await publicFixture();
    const attends = () => [NOBODY.name, DAEMON.name, undefined].map((user) => fixture.control.attends(user));
    {
      await using _nobody = clientOf(NOBODY, { dir: fixture.runDir, attends: true });
      await expect.poll(attends).toEqual([true, false, false]);
    }
    await expect.poll(attends).toEqual([false, false, false]);
    const root = await connectControl(fixture.runDir, { client: 'terminal', attends: true });
    // Whoever answers for all is there for all, also for what is nobody's.
    expect(attends()).toEqual([true, true, true]);
    root.close();
  });

  it.each<[string, (claims: string, nonce: string) => void]>([
    ['no folder', () => {}],
    ['a file', (claims, nonce) => writeFileSync(join(claims, nonce), '')],
    ['a link to a folder', (claims, nonce) => symlinkSync(claims, join(claims, nonce))],
    [
      'a folder in which others may write',
      (claims, nonce) => {
        mkdirSync(join(claims, nonce));
        chmodSync(join(claims, nonce), 0o777);
      },
    ],
    ['a folder that holds something', (claims, nonce) => mkdirSync(join(claims, nonce, 'x'), { recursive: true, mode: 0o700 })],
    ['another folder', (claims) => mkdirSync(join(claims, 'f'.repeat(32)), { mode: 0o700 })],
  ])('lets nobody in by %s, says so and closes', async (_what, make) => {
    await using fixture = await publicFixture();
    using client = await rawClient(fixture.control.socket);
    expect(await claimed(client, (nonce) => make(fixture.claims, nonce))).toMatchObject(REFUSED);
    await client.closed;
    expect(fixture.callers).toEqual([]);
  });

  it.skipIf(!IS_ROOT)('goes by whose the folder is, not by who is connected', async () => {
    await using fixture = await publicFixture();
    using client = await rawClient(fixture.control.socket);
    const greeted = await claimed(client, (nonce) => {
      mkdirSync(join(fixture.claims, nonce), { mode: 0o700 });
      chownSync(join(fixture.claims, nonce), DAEMON.uid, DAEMON.uid);
    });
    expect(greeted).toMatchObject({ result: { version: '1.2.3' } });
    await client.ask('status', {});
    expect(fixture.callers).toMatchObject([{ level: 'user', user: 'daemon' }]);
  });

  it('takes a nonce once, from the connection that it was given to', async () => {
    await using fixture = await publicFixture();
    using one = await rawClient(fixture.control.socket);
    using other = await rawClient(fixture.control.socket);
    const nonce = String((await one.ask('challenge', {})).result?.nonce);
    await other.ask('challenge', {});
    mkdirSync(join(fixture.claims, nonce), { mode: 0o700 });
    expect(await other.ask('hello', { claim: nonce, client: 'raw', attends: false })).toMatchObject(REFUSED);
    await other.closed;
    expect(await one.ask('hello', { claim: nonce, client: 'raw', attends: false })).toMatchObject({ result: { version: '1.2.3' } });
    expect(await one.ask('hello', { claim: nonce, client: 'raw', attends: false })).toMatchObject(REFUSED);
    await one.closed;
  });

  it.each<[string, readonly [string, unknown][]]>([
    [
      'a second challenge',
      [
        ['challenge', {}],
        ['challenge', {}],
      ],
    ],
    ['a hello without a challenge', [['hello', { claim: '0'.repeat(32), client: 'raw', attends: false }]]],
    [
      'a token',
      [
        ['challenge', {}],
        ['hello', { token: 'x', client: 'raw', attends: false }],
      ],
    ],
    [
      'a path for a nonce',
      [
        ['challenge', {}],
        ['hello', { claim: '../../../etc', client: 'raw', attends: false }],
      ],
    ],
    [
      'a question before hello',
      [
        ['challenge', {}],
        ['status', {}],
      ],
    ],
  ])('closes a connection with %s', async (_what, words) => {
    await using fixture = await publicFixture();
    using client = await rawClient(fixture.control.socket);
    let last: unknown;
    for (const [method, params] of words) last = await client.ask(method, params);
    expect(last).toMatchObject(REFUSED);
    await client.closed;
    expect(fixture.callers).toEqual([]);
  });

  it('forgets the claim of a client that goes without a word', async () => {
    await using fixture = await publicFixture();
    const client = await rawClient(fixture.control.socket);
    const nonce = String((await client.ask('challenge', {})).result?.nonce);
    mkdirSync(join(fixture.claims, nonce), { mode: 0o700 });
    client[Symbol.dispose]();
    await expect.poll(() => readdirSync(fixture.claims)).toEqual([]);
  });

  it('takes no long message from whom it does not know', async () => {
    await using fixture = await publicFixture();
    using client = await rawClient(fixture.control.socket);
    await expect(client.ask('challenge', { filler: 'x'.repeat(10_000) })).rejects.toThrow('closed');
  });

  it.skipIf(!IS_ROOT)('lets no user take all connections, nor the silence of some keep others out', async () => {
    const logged: unknown[] = [];
    const log = { info: () => {}, warn: (_event: string, fields?: object) => void logged.push(fields), error: () => {} };
    await using fixture = await publicFixture({ log, limits: { clientsEach: 2, mostStrangers: 3 } });
    const mine = [
      await connectControl(fixture.runDir, { client: 'a', attends: false }),
      await connectControl(fixture.runDir, { client: 'b', attends: false }),
    ];
    await expect(connectControl(fixture.runDir, { client: 'c', attends: false })).rejects.toMatchObject({ code: 'control-busy' });
    // So many that say nothing: the oldest of them goes.
    const silent = [
      await rawClient(fixture.control.socket),
      await rawClient(fixture.control.socket),
      await rawClient(fixture.control.socket),
    ];
    await using nobody = clientOf(NOBODY, { dir: fixture.runDir, calls: [['status', {}]] });
    await expect.poll(() => nobody.told).toEqual([{ result: expect.objectContaining({ state: 'protecting' }) }]);
    await silent[0]!.closed;
    for (const client of mine) client.close();
    for (const client of silent) client[Symbol.dispose]();
  });

  it('says that it was asked too much, once in the log, and goes on after a while', async () => {
    const logged: unknown[] = [];
    const log = { info: () => {}, warn: (event: string, fields?: object) => void logged.push({ event, ...fields }), error: () => {} };
    await using fixture = await publicFixture({ log, limits: { calls: { atOnce: 3, perSecond: 1 } } });
    const client = await connectControl(fixture.runDir, { client: 'busy', attends: false });
    const all = await Promise.allSettled(Array.from({ length: 30 }, () => client.call('questions', {})));
    const refused = all.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]).toMatchObject({ code: 'control-busy', message: expect.stringContaining('Try again') });
    expect(logged).toEqual([{ event: 'control.limited', of: 'requests of a user', user: String(process.getuid?.()) }]);
    await expect.poll(() => client.call('questions', {}).catch(() => 'busy')).toEqual([]);
    client.close();
  });
});
