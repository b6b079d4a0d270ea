import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Status } from '../../../../main/contract/control.ts';
import { runChecks } from '../../../../native-config/doctor/check.ts';
import type { DoctorContext } from '../../../../native-config/doctor/context.ts';
import { type EngineFacts, engineChecks } from '../../../../native-config/doctor/engine.ts';
import { thisSystem } from '../../../../native-config/system.ts';

const NOW = '2026-05-20T12:00:00.000Z';
const FLEET = {
  url: 'https://fleet.test',
  ring: 'stable',
  device: 'd',
  revision: 7,
  state: 'current',
  confirmedAt: '2026-05-20T11:00:00.000Z',
  problem: null,
} as const;
const UPLOAD = { url: 'https://log.test', content: 'metadata', uploaded: 5, pending: 0, confirmedAt: NOW, problem: null } as const;

function status(dataDir: string, change: Partial<Status> = {}): Status {
  return {
    engine: {
      pid: 4,
      version: '1.2.3',
      startedAt: NOW,
      dataDir,
      proxyUrl: 'http://127.0.0.1:4711',
      caFile: '/data/ca.pem',
      caExpires: '2030-01-01T00:00:00.000Z',
    },
    state: 'protecting',
    notes: [],
    policy: { name: 'Starter policy', source: 'starter', dir: '/x', count: 34, hash: 'h' },
    approvals: { open: 0, missed: 0, grants: 0, attended: true },
    counts: { connections: 0, tunnels: 0, exchanges: 0, uninspected: 0, held: 0, released: 0, refused: 0, abandoned: 0 },
    uninspected: [],
    audit: { records: 12, head: 'h', capture: 'redacted', writable: true },
    keys: 'keystore',
    fleet: FLEET,
    upload: UPLOAD,
    ...change,
  };
}

async function found(id: string, change: Partial<Status> = {}, more: { mode?: 'own' | 'service'; facts?: Partial<EngineFacts> } = {}) {
  const dir = mkdtempSync(`${tmpdir()}/holdpoint-test-`);
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const context: DoctorContext = {
    system: thisSystem(),
    mode: more.mode ?? 'own',
    status: status(dir, change),
    shellEnv: Promise.resolve(undefined),
    command: (verb) => `holdpoint ${verb}`,
  };
  const checks = engineChecks(context, { version: '1.2.3', lives: async () => [], now: () => new Date(NOW), ...more.facts });
  const [result] = await runChecks(
    checks.filter((check) => check.id === `engine.${id}`),
    () => {},
  );
  return result!;
}

const ended = (at: string) => ({ record: { verdict: 'recovered', at }, found: null }) as never;

describe('what the engine says of itself', () => {
  it.each<[string, string, Partial<Status>, string, RegExp]>([
    ['that it runs', 'running', {}, 'ok', /An engine of your own, 1\.2\.3, process 4/],
    ['its version', 'version', {}, 'ok', /Both are 1\.2\.3/],
    ['that it is paused', 'enforcing', { bypass: { until: NOW, reason: 'a demo' } }, 'problem', /paused until .*a demo/],
    [
      'policy without policies',
      'policy',
      { policy: { name: 'Mine', source: 'folder', dir: '/p', count: 0, hash: '' } },
      'problem',
      /\/p has no policy/,
    ],
    ['a fleet that is current', 'fleet', {}, 'ok', /Revision 7 for stable, confirmed 60 min ago/],
    ['a fleet out of reach', 'fleet', { fleet: { ...FLEET, state: 'offline', problem: 'No answer.' } }, 'warning', /No answer/],
    [
      'a fleet’s policy that is too old',
      'fleet',
      { fleet: { ...FLEET, state: 'stale', confirmedAt: '2026-05-01T12:00:00.000Z' } },
      'problem',
      /19 days ago/,
    ],
    [
      'an upload that fails',
      'upload',
      { upload: { ...UPLOAD, pending: 9, problem: 'It says 401.' } },
      'problem',
      /9 records wait\. It says 401/,
    ],
    [
      'an upload that is late',
      'upload',
      { upload: { ...UPLOAD, pending: 9, confirmedAt: '2026-05-20T09:00:00.000Z' } },
      'warning',
      /9 records wait, last confirmed 3 h ago/,
    ],
    [
      'a log that cannot be written',
      'log',
      { audit: { records: 1, head: '', capture: 'none', writable: false } },
      'problem',
      /cannot be written/,
    ],
    ['room on the disk', 'disk', {}, 'ok', /GB are free/],
    ['keys in files', 'keys', { keys: 'unprotected' }, 'warning', /only you can read/],
  ])('%s', async (_name, id, change, state, says) => {
    const result = await found(id, change);
    expect(result).toMatchObject({ state, says: expect.stringMatching(says) });
    if (state !== 'ok') expect(result.fix?.says).toMatch(/\w/);
  });

  it('a service’s keys in its own files are as they are meant to be', async () => {
    expect(await found('keys', { keys: 'unprotected' }, { mode: 'service' })).toMatchObject({ state: 'ok' });
  });

  it('another version than this program’s', async () => {
    expect(await found('version', {}, { facts: { version: '1.3.0' } })).toMatchObject({
      state: 'problem',
      says: /1\.2\.3, this command 1\.3\.0/,
    });
  });

  it('no company’s policy, and no copy of the log', async () => {
    const alone = { fleet: undefined, upload: undefined } as unknown as Partial<Status>;
    expect(await found('fleet', alone)).toMatchObject({ state: 'absent' });
    expect(await found('upload', alone)).toMatchObject({ state: 'absent' });
  });

  it.each([
    ['2030-01-01T00:00:00.000Z', 'ok'],
    ['2026-06-01T00:00:00.000Z', 'warning'],
    ['2026-05-01T00:00:00.000Z', 'problem'],
  ])('a certificate until %s is %s', async (caExpires, state) => {
    const { engine } = status('/data');
    expect(await found('authority', { engine: { ...engine, caExpires } })).toMatchObject({ state });
  });

  it('that it crashed: once is to look at, again and again is a problem', async () => {
    expect(await found('crashes')).toMatchObject({ state: 'ok' });
    expect(await found('crashes', {}, { facts: { lives: async () => [ended(NOW)] } })).toMatchObject({ state: 'warning', says: /once/ });
    const often = await found('crashes', {}, { facts: { lives: async () => [NOW, NOW, NOW].map(ended) } });
    expect(often).toMatchObject({ state: 'problem', says: /3 times/ });
  });

  it('a question that the engine does not answer is not known, and no reason to stop', async () => {
    const lives = () => Promise.reject(new Error('It went away.'));
    expect(await found('crashes', {}, { facts: { lives } })).toMatchObject({ state: 'unknown', says: /It went away/ });
  });
});
