/** The failsafe as a process: it runs where the engine cannot stay up, until it is told to make way. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HoldpointError, messageOf } from '../contract/errors.ts';
import type { FailsafePlan } from '../contract/failsafe.ts';
import { upstreamRoots } from '../engine/certificates/bundle.ts';
import { createDial } from '../engine/interception/dial.ts';
import { routeSettings } from '../engine/interception/routes/route-settings.ts';
import { createRoutes } from '../engine/interception/routes/routes.ts';
import { readPlan } from './plan.ts';
import { startFailsafe } from './server.ts';
import { createTally } from './tally.ts';

export interface FailsafePlaces {
  readonly dataDir: string;
  /** Where clients look for the engine; the data folder itself where it is one person's. */
  readonly publicDir: string;
  readonly forAll: boolean;
}

/** How often what was counted is written down. */
const SAVE_MS = 2_000;

/** Resolves with the exit code when it has ended: 0 after SIGTERM, SIGINT or whoever started it, 1 where it cannot stand in. */
export async function runFailsafe(places: FailsafePlaces, starterEnded?: Promise<void>): Promise<number> {
  const ended = Promise.withResolvers<void>();
  process.once('SIGTERM', () => ended.resolve()).once('SIGINT', () => ended.resolve());
  void starterEnded?.then(ended.resolve);
  try {
    const plan = readPlan(places.dataDir);
    const tally = createTally({ ...places, mode: plan.mode });
    const failsafe = await startFailsafe({ plan, dial: dialAs(plan, places.dataDir), note: tally.note });
    save();
    const saving = setInterval(save, SAVE_MS);
    console.log(JSON.stringify({ event: 'failsafe', mode: plan.mode, port: failsafe.port, pid: process.pid }));
    await ended.promise;
    clearInterval(saving);
    failsafe.close();
    tally.end();
    return 0;

    /** Traffic matters more than its count. */
    function save(): void {
      try {
        tally.save();
      } catch (thrown) {
        process.stderr.write(`What passes meanwhile cannot be written down: ${messageOf(thrown)}\n`);
      }
    }
  } catch (thrown) {
    process.stderr.write(`${thrown instanceof HoldpointError ? thrown.message : `The failsafe cannot run: ${messageOf(thrown)}`}\n`);
    return 1;
  }
}

function dialAs({ upstream, port }: FailsafePlan, dataDir: string) {
  const roots = () => upstreamRoots(readIfThere(upstream.extraCaFile), readIfThere(join(dataDir, 'ca.pem')));
  const ownPort = () => port;
  const routes = createRoutes({ ...routeSettings(upstream, process.env), ownPort, roots, log: () => {} });
  return createDial({ resolve: upstream.resolve, routes, roots, ownPort });
}

function readIfThere(file: string | undefined): string {
  try {
    return file === undefined ? '' : readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
