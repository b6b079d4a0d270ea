import { describe, expect, it } from 'vitest';
import { createDoctor } from '../../../main/app/doctor/doctor.ts';
import type { CheckResult, DoctorEvent, DoctorView } from '../../../main/contract/doctor.ts';

const wrong: CheckResult = {
  id: 'agents.claude',
  group: 'agents',
  title: 'Claude Code',
  state: 'problem',
  says: 'Not set up.',
  fix: { says: 'Set it up.', repairs: true, root: false },
};
const well: CheckResult = { id: 'agents.claude', group: 'agents', title: 'Claude Code', state: 'ok', says: 'Set up.' };

function aDoctor() {
  const runs: { args: readonly string[]; tell(event: DoctorEvent): void; end(words: string): Promise<void>; stopped: boolean }[] = [];
  const views: DoctorView[] = [];
  const doctor = createDoctor({
    start(args, onEvent) {
      const { promise, resolve } = Promise.withResolvers<string>();
      const run = {
        args,
        tell: onEvent,
        stopped: false,
        end: async (words: string) => {
          resolve(words);
          await promise;
        },
      };
      runs.push(run);
      return { ended: promise, stop: () => void Object.assign(run, { stopped: true }) };
    },
    onView: (view) => void views.push(view),
    now: () => new Date('2026-05-20T12:00:00Z'),
  });
  return { doctor, runs, views };
}

async function looked() {
  const made = aDoctor();
  made.doctor.start();
  const [run] = made.runs;
  run!.tell({ event: 'begun', checks: 1 });
  run!.tell({ event: 'checked', result: wrong });
  run!.tell({ event: 'ended', engine: true, problems: 1 });
  await run!.end('The checks ended with code 1.');
  return made;
}

describe('the checks as the console has them', () => {
  it('come as they end, and are over when all have', async () => {
    const { views } = await looked();
    expect(views.map(({ state, of, results }) => [state, of, results.length])).toEqual([
      ['running', 0, 0],
      ['running', 1, 0],
      ['running', 1, 1],
      ['ended', 1, 1],
    ]);
    expect(views.at(-1)).toMatchObject({ at: '2026-05-20T12:00:00.000Z', told: null });
  });

  it('are run once at a time', () => {
    const { doctor, runs } = aDoctor();
    doctor.start();
    doctor.start();
    expect(runs).toHaveLength(1);
  });

  it('that broke off are no result: it is said why', async () => {
    const { doctor, runs } = aDoctor();
    doctor.start();
    await runs[0]!.end('holdpoint: The configuration is wrong.');
    expect(doctor.view).toMatchObject({ state: 'failed', told: { ok: false, says: 'holdpoint: The configuration is wrong.' } });
  });

  it('of what is repaired, the one check is looked at again', async () => {
    const { doctor, runs } = await looked();
    doctor.repair('agents.claude');
    expect(doctor.view.repairing).toBe('agents.claude');
    const run = runs[1]!;
    expect(run.args).toEqual(['--fix', '--yes', '--only', 'agents.claude']);
    run.tell({ event: 'checked', result: wrong });
    run.tell({ event: 'repaired', id: 'agents.claude', ok: true, says: 'Done.' });
    run.tell({ event: 'checked', result: well });
    run.tell({ event: 'ended', engine: true, problems: 0 });
    await run.end('');
    expect(doctor.view).toMatchObject({ state: 'ended', results: [well], repairing: null, told: { ok: true } });
  });

  it('are not repaired where none says that it can be', async () => {
    const { doctor, runs } = await looked();
    doctor.repair('agents.codex');
    doctor.repair('--data-dir');
    expect(runs).toHaveLength(1);
  });

  it('that are stopped tell nothing more', async () => {
    const { doctor, runs, views } = aDoctor();
    doctor.start();
    doctor.stop();
    expect(runs[0]!.stopped).toBe(true);
    const told = views.length;
    runs[0]!.tell({ event: 'checked', result: wrong });
    await runs[0]!.end('');
    expect(views).toHaveLength(told);
    expect(doctor.view.state).toBe('idle');
  });
});
