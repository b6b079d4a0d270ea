/** A thread in place of the scanner's: its texts say how it is to break. */

import { parentPort } from 'node:worker_threads';
import type { FromScanWorker, PieceResult, ToScanWorker } from '../../../../main/engine/detection/scan-thread.ts';

const tell = (message: FromScanWorker) => parentPort?.postMessage(message);

parentPort?.on('message', ({ pieces }: ToScanWorker) => {
  tell({ kind: 'scanned', results: pieces.map(({ text }) => scanned(text)) });
});
tell({ kind: 'ready' });

function scanned(text: string): PieceResult {
  if (text.startsWith('hang')) for (;;) Math.random();
  if (text.startsWith('backtrack')) /^(?:a+)+$/.test(`${'a'.repeat(60)}!`);
  if (text.startsWith('end')) process.exit(1);
  if (text.startsWith('throw')) throw new Error('a detector is broken');
  if (text.startsWith('fail')) return 'failed';
  return [{ detector: 'test', label: 'test.length', severity: 'low', start: 0, end: text.length }];
}
