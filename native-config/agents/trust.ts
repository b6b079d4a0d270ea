/** Files of certificates for programs that take one: ours, and what the user trusted already. */

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '../../main/engine/atomic-file.ts';
import { certificatesIn, sameCertificate } from '../../main/engine/certificates/bundle.ts';

/**
 * `ours`, or a file in `dir` that holds the certificates of `theirs` too, where those are more: what the user
 * trusted already, a company's authority say, is trusted still. A file that cannot be read had been of no use either.
 */
export function trusting(ours: string, theirs: string | undefined, dir: string): string {
  const own = certificatesOf(ours);
  const more = certificatesOf(theirs).filter((one) => !own.some((other) => sameCertificate(one, other)));
  if (more.length === 0) return ours;
  const pem = `${[...own, ...more].join('\n')}\n`;
  // Named by its content: agents with other variables run on the same data folder at the same time.
  const file = join(dir, `trust-${createHash('sha256').update(pem).digest('hex').slice(0, 12)}.pem`);
  if (!existsSync(file)) {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    writeFileAtomically(file, pem);
  }
  return file;
}

function certificatesOf(file: string | undefined): string[] {
  try {
    return file ? certificatesIn(readFileSync(file, 'utf8')) : [];
  } catch {
    return [];
  }
}
