/** The engine that a command needs while it runs: joined where one is running, else started. */

import { setTimeout as pause } from 'node:timers/promises';
import { HoldpointError } from '../contract/errors.ts';
import { connectControl } from '../engine/control/client.ts';
import { type EnginePlace, enginePlace } from '../engine/engine-place.ts';
import { startEngineProcess } from './engine-process.ts';

/** How long another engine may take to serve or to end, and how often that is looked at. */
const JOIN_MS = 30_000;
const JOIN_PAUSE_MS = 200;

export interface Guarding {
  readonly proxyUrl: string;
  readonly caFile: string;
  /** Has the control socket. */
  readonly dataDir: string;
  /** The person's own. */
  readonly ownDir: string;
  readonly started: boolean;
  /**
   * The engine is not needed here any more. One that was started here ends, unless others have joined it: then it goes on until the last of
   * them has left, and this resolves with how many they are.
   */
  leave(): Promise<number>;
}

/**
 * The engine that serves the data folder, started where none does: by one of those who want it at the same time. Where the machine has the
 * guard as a service, that one or none: an own engine beside it would guard by another policy. Throws HoldpointError `control-unreachable`.
 */
export async function joinOrStart(place: { configFile?: string; dataDir?: string }): Promise<Guarding> {
  const { dir, service, ownDir } = enginePlace(place);
  const patience = AbortSignal.timeout(JOIN_MS);
  for (;;) {
    const running = await joined({ dir, service, ownDir });
    if (running) return running;
    try {
      const { ready, stop } = await startEngineProcess({ ...place, dataDir: dir });
      return { ...ready, ownDir, started: true, leave: stop };
    } catch (thrown) {
      const othersWas = thrown instanceof HoldpointError && thrown.code === 'data-dir-busy';
      if (!othersWas || patience.aborted) throw thrown;
    }
    await pause(JOIN_PAUSE_MS);
  }
}

/** The connection stays open: as long as it is, whoever started the engine may end and the engine does not. */
async function joined({ dir, service, ownDir }: EnginePlace): Promise<Guarding | undefined> {
  try {
    const client = await connectControl(dir, { client: 'run', attends: false, keeps: true });
    const { engine } = await client.call('status', {}).catch((thrown: unknown) => {
      client.close();
      throw thrown;
    });
    const leave = async () => {
      client.close();
      return 0;
    };
    return { ...engine, dataDir: dir, ownDir, started: false, leave };
  } catch (thrown) {
    if (!service && thrown instanceof HoldpointError && thrown.code === 'control-unreachable') return undefined;
    throw thrown;
  }
}
