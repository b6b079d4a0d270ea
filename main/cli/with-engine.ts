/** For commands that ask a running engine. */

import { type ControlClient, connectControl } from '../engine/control/client.ts';
import { enginePlace } from '../engine/engine-place.ts';

/** Connects, asks, and goes. Throws HoldpointError `control-unreachable` where no engine runs. */
export async function withEngine<T>(
  place: { configFile?: string; dataDir?: string },
  ask: (client: ControlClient) => Promise<T>,
  attends = false,
): Promise<T> {
  const client = await connectControl(enginePlace(place).dir, { client: 'terminal', attends });
  try {
    return await ask(client);
  } finally {
    client.close();
  }
}
