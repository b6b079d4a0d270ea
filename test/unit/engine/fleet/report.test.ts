import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Status } from '../../../../main/contract/control.ts';
import type { AuditEntry, AuditRecord } from '../../../../main/contract/record.ts';
import type { SeenAgent } from '../../../../main/contract/seen-agents.ts';
import { undoneAgents } from '../../../../main/engine/fleet/agent-files.ts';
import { createStatusReport, type StatusReportOptions } from '../../../../main/engine/fleet/report.ts';

const STATUS: Status = {
  engine: {
    pid: 1,
    version: '1.2.3',
    startedAt: '2026-05-01T08:00:00.000Z',
    dataDir: '/d',
    proxyUrl: 'http://127.0.0.1:1',
    caFile: '/d/ca.pem',
  },
  state: 'protecting',
  notes: [],
  policy: { name: 'stable', source: 'fleet', dir: '', count: 3, hash: 'abc' },
  approvals: { open: 0, missed: 0, grants: 0, attended: true },
  counts: { connections: 1, tunnels: 0, exchanges: 1, uninspected: 0, held: 0, released: 0, refused: 0, abandoned: 0 },
  uninspected: [],
  audit: { records: 5, head: 'ff', capture: 'redacted', writable: true },
  keys: 'keystore',
  fleet: {
    url: 'https://fleet.example',
    ring: 'stable',
    device: 'aa',
    revision: 7,
    state: 'current',
    confirmedAt: '2026-05-01T08:59:00.000Z',
    problem: null,
  },
};
const SEEN: SeenAgent = {
  ...{
    agent: 'Codex',
    known: true,
    version: '1',
    startedBy: null,
    program: '/usr/bin/codex',
    user: 'ada',
    to: 'model',
    provider: 'OpenAI',
  },
  ...{ host: 'api.openai.com', how: 'intercepted', connections: 1, exchanges: 1 },
  ...{ first: '2026-05-01T08:00:00.000Z', last: '2026-05-01T09:30:00.000Z' },
};

/** A device whose clocks and timers are the test's. */
function device(changes: Partial<StatusReportOptions> = {}) {
  const world = { status: STATUS, seen: [SEEN], wall: Date.parse('2026-05-01T09:00:00.000Z'), ticks: 0 };
  const reports: AuditEntry[] = [];
  const timers = new Map<() => void, number>();
  const report = createStatusReport({
    status: () => world.status,
    seen: () => world.seen,
    inFleet: true,
    everyMs: 3_600_000,
    undone: () => [],
    troubles: () => ({ scan: 2 }),
    record: async (entry) => reports.push(entry),
    setTimer: (work, ms) => {
      timers.set(work, world.ticks + ms);
      return () => timers.delete(work);
    },
    now: () => new Date(world.wall),
    monotonic: () => world.ticks,
    ...changes,
  });
  const pass = (ms: number) => {
    world.wall += ms;
    world.ticks += ms;
    for (const [work, at] of [...timers]) {
      if (at > world.ticks) continue;
      timers.delete(work);
      work();
    }
  };
  return {
    report,
    reports,
    world,
    pass,
    timers,
    whys: () => reports.map(({ data }) => data.why),
    last: () => reports.at(-1)!.data as { [key: string]: never },
  };
}

const judged = (kind: AuditRecord['kind'], verdict: string) => ({ kind, verdict }) as AuditRecord;

describe('the status report', () => {
  it('comes at the start, at each interval and at the end, and then no more', async () => {
    const { report, whys, pass, timers } = device();
    expect(whys()).toEqual(['start']);
    pass(3_600_000);
    pass(3_600_000);
    await report.stop();
    await report.stop();
    expect(whys()).toEqual(['start', 'interval', 'interval', 'stop']);
    expect(timers.size).toBe(0);
  });

  it('says which revision is in force, how the device is, and on what it runs', () => {
    const { reports, last } = device();
    expect(reports[0]).toMatchObject({ kind: 'fleet', verdict: 'status', summary: 'Status: revision 7 in force; no drift; well' });
    expect(last()).toMatchObject({
      policy: { hash: 'abc', revision: 7 },
      drift: [],
      health: { state: 'protecting', writable: true, upSeconds: 3600, memoryBytes: expect.any(Number), troubles: { scan: 2 } },
      versions: { holdpoint: '1.2.3', node: process.versions.node },
      upload: null,
      agents: { total: 1, concerns: 0, seen: [{ agent: 'Codex', program: '/usr/bin/codex', provider: 'OpenAI', concern: null }] },
    });
    expect(() => JSON.stringify(reports[0])).not.toThrow();
  });

  it('counts verdicts since the one before, boundedly', () => {
    const { report, pass, last } = device();
    report.note(judged('verdict', 'allow'));
    report.note(judged('verdict', 'allow'));
    report.note(judged('outcome', 'refused'));
    report.note(judged('connection', 'tunnelled'));
    pass(3_600_000);
    expect(last().counts).toEqual({ 'verdict.allow': 2, 'outcome.refused': 1 });
    for (let n = 0; n < 1000; n++) report.note(judged('finding', `label.${n}`));
    pass(3_600_000);
    expect(Object.keys(last().counts ?? {}).length).toBe(101);
    pass(3_600_000);
    expect(last().counts).toEqual({});
  });

  it('comes before its time when the revision or the health changes, once for changes that follow each other', () => {
    const { report, world, pass, whys } = device();
    report.look(world.status);
    pass(60_000);
    expect(whys()).toEqual(['start']);
    world.status = { ...STATUS, policy: { ...STATUS.policy, hash: 'def' } };
    report.look(world.status);
    world.status = { ...world.status, state: 'attention', notes: ['The log cannot be written.'] };
    report.look(world.status);
    pass(10_000);
    expect(whys()).toEqual(['start', 'changed']);
    world.status = { ...world.status, approvals: { ...STATUS.approvals, open: 3 } };
    report.look(world.status);
    pass(60_000);
    expect(whys()).toEqual(['start', 'changed']);
  });

  type World = ReturnType<typeof device>['world'];
  const withStatus = (changes: Partial<Status>) => (world: World) => {
    world.status = { ...STATUS, ...changes };
  };
  const FLEET = STATUS.fleet!;

  it.each<[string, string, (world: World) => void]>([
    ['a policy that is not the fleet’s', 'policy', withStatus({ policy: { ...STATUS.policy, source: 'folder' } })],
    ['what the fleet publishes being refused', 'policy', withStatus({ fleet: { ...FLEET, state: 'refused', problem: 'Not signed.' } })],
    ['a clock that is behind the fleet’s', 'clock', withStatus({ fleet: { ...FLEET, confirmedAt: '2026-06-01T00:00:00.000Z' } })],
    ['a bypass', 'bypass', withStatus({ bypass: { until: '2026-05-01T12:00:00.000Z', reason: 'Outage.' } })],
    [
      'a program that does not trust us',
      'trust',
      (world) => {
        world.seen = [{ ...SEEN, how: 'tls-refused' }];
      },
    ],
    [
      'a clock that was set back',
      'clock',
      (world) => {
        world.wall -= 7_200_000;
      },
    ],
  ])('tells of %s', (_what, kind, change) => {
    const { world, pass, last, reports } = device();
    change(world);
    pass(3_600_000);
    expect(last().drift).toMatchObject([{ what: kind }]);
    expect(reports.at(-1)!.summary).toContain(`drift: ${kind}`);
  });

  it('tells of set-ups that were undone and settings that are others’', () => {
    const { last } = device({
      undone: () => ['claude'],
      settings: () => ['approvals.timeoutSeconds is 5 on this device, the fleet says 120.'],
    });
    expect(last().drift).toMatchObject([{ what: 'settings' }, { what: 'agents', says: expect.stringContaining('claude') }]);
  });

  it('does not mind a log that cannot be written', async () => {
    const { report } = device({ record: () => Promise.reject(new Error('full')) });
    await expect(report.stop()).resolves.toBeUndefined();
  });
});

describe('agents whose set-up is gone', () => {
  function folder(): string {
    const dir = mkdtempSync(join(tmpdir(), 'holdpoint-undone-'));
    onTestFinished(() => rmSync(dir, { recursive: true }));
    const entry = (agent: string, file: string, edit: object) => ({
      agent,
      file: join(dir, file),
      edit,
      made: {},
      before: null,
      after: '',
    });
    const entries = [
      entry('claude', 'settings.json', { kind: 'members', at: 'env', members: { HTTPS_PROXY: 'http://127.0.0.1:4' } }),
      entry('codex', 'profile', { kind: 'block', mark: 'x', lines: ['codex() {', '}'] }),
    ];
    writeFileSync(join(dir, 'agents.json'), JSON.stringify({ version: 1, entries }));
    writeFileSync(join(dir, 'settings.json'), '{ "env": { "HTTPS_PROXY": "http://127.0.0.1:4" } }');
    writeFileSync(join(dir, 'profile'), '# x\ncodex() {\n}\n');
    return dir;
  }

  it('are none where all is as it was set up, or nothing was', () => {
    expect(undoneAgents(folder())).toEqual([]);
    expect(undoneAgents('/nowhere')).toEqual([]);
  });

  it('are named', () => {
    const dir = folder();
    writeFileSync(join(dir, 'settings.json'), '{ "env": { "HTTPS_PROXY": "http://127.0.0.1:9" } }');
    rmSync(join(dir, 'profile'));
    expect(undoneAgents(dir)).toEqual(['claude', 'codex']);
  });
});
