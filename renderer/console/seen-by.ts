/** Who sees what is recorded, in a sentence. */

import type { Status } from '../../main/contract/control.ts';
import { STRINGS } from '../strings.ts';
import { hostOf } from './host.ts';

const { seen, seenBy: sentTo } = STRINGS.console;

export function seenBy({ engine, upload }: Pick<Status, 'engine' | 'upload'>): string {
  const whose = engine.service ? 'shared' : 'own';
  return upload ? sentTo[whose](hostOf(upload.url)) : seen[whose];
}
