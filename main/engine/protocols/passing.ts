/** The decoder of answers that carry no call: all passes as it comes. */

import { NOTHING } from './line.ts';
import type { ResponseDecoder } from './pieces.ts';

export const PASSING: ResponseDecoder = {
  push: (bytes) => (bytes.length > 0 ? [{ kind: 'pass', bytes }] : []),
  end: () => [],
  keepalive: () => NOTHING,
  summary: () => ({ text: '' }),
};
