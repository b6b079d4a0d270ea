/** Waits for somebody who shows questions. */

import type { ControlClient } from '../../engine/control/client.ts';

export async function attended(client: ControlClient): Promise<void> {
  const heard = new Promise<void>((resolve) => {
    client.on('status', ({ approvals }) => {
      if (approvals.attended) resolve();
    });
  });
  if ((await client.call('status', {})).approvals.attended) return;
  await heard;
}
