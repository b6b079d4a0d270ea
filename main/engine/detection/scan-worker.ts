/** A thread that detects. A detector that throws fails its text alone; one that hangs is the pool's business. */

import { parentPort, workerData } from 'node:worker_threads';
import { type ClassifyingPattern, compilePatterns } from './customer/patterns.ts';
import { createDetectors, type Piece } from './detectors.ts';
import type { FromScanWorker, ToScanWorker } from './scan-thread.ts';

const { patterns } = workerData as { readonly patterns: readonly ClassifyingPattern[] };
const detect = createDetectors(compilePatterns(patterns));

parentPort?.on('message', ({ pieces }: ToScanWorker) => tell({ kind: 'scanned', results: pieces.map(scanned) }));
tell({ kind: 'ready' });

function scanned(piece: Piece) {
  try {
    return detect(piece);
  } catch {
    return 'failed' as const;
  }
}

function tell(message: FromScanWorker): void {
  parentPort?.postMessage(message);
}
