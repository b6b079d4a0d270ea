/** A process that appends until it is killed or has done COUNT records, and prints the seq of each one that was acknowledged. */

import { createPrivateKey } from 'node:crypto';
import { openAudit } from '../../../main/engine/audit/log.ts';
import { createRedactor } from '../../../main/engine/detection/redact.ts';

const [dir = '', key = '', count = '0', size = '0'] = process.argv.slice(2);
const log = await openAudit({
  dir,
  capture: 'redacted',
  retainDays: 90,
  maxBytes: 2_000_000_000,
  signingKey: createPrivateKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'pkcs8' }),
  redactor: createRedactor({ key: Buffer.alloc(32, 7) }),
});

let n = 0;
async function caller(): Promise<void> {
  while (n < Number(count)) {
    n++;
    const entry = {
      kind: 'verdict',
      summary: `record ${n}`,
      data: { filling: 'x'.repeat(Number(size)) },
      blocks: [{ role: 'user', text: `block ${n}` }],
    } as const;
    const said = await log.append(entry).then(
      ({ seq, id }) => `kept ${seq} ${id}`,
      (error: { code: string }) => `lost ${error.code}`,
    );
    process.stdout.write(`${said}\n`);
  }
}
await Promise.all([caller(), caller(), caller(), caller()]);
const last = await log.append({ kind: 'engine', verdict: 'stopped', summary: 'The end.', data: {} }).catch(() => undefined);
process.stdout.write(`end ${last?.seq ?? 'unwritable'}\n`);
await log.close();
