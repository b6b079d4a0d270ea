/** How fast the log keeps records, durably, and how long a release waits for its own. */

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditEntry } from '../../main/contract/record.ts';
import { openAudit } from '../../main/engine/audit/log.ts';
import { createRedactor } from '../../main/engine/detection/redact.ts';
import { median } from './load.ts';

export interface AuditFigures {
  readonly recordsPerSecond: number;
  /** From the append of a call's two records, which share a commit, until both are durable. */
  readonly releaseMs: number;
}

/** What one turn of the event loop may bring when many agents work at a time. */
const AT_A_TIME = 64;

export async function auditFigures(rounds: number): Promise<AuditFigures> {
  const dir = mkdtempSync(join(tmpdir(), 'holdpoint-bench-audit-'));
  const audit = await openAudit({
    dir,
    capture: 'redacted',
    retainDays: 90,
    maxBytes: 2_000_000_000,
    signingKey: generateKeyPairSync('ed25519').privateKey,
    redactor: createRedactor({ key: randomBytes(32) }),
  });
  try {
    const waits: number[] = [];
    for (let i = 0; i < rounds; i += 1) {
      const start = performance.now();
      await Promise.all(pair(i).map((entry) => audit.append(entry)));
      waits.push(performance.now() - start);
    }
    const start = performance.now();
    for (let i = 0; i < rounds; i += 1)
      await Promise.all(Array.from({ length: AT_A_TIME }, (_, at) => pair(i * AT_A_TIME + at)).flatMap((two) => two.map(audit.append)));
    const recordsPerSecond = (rounds * AT_A_TIME * 2 * 1000) / (performance.now() - start);
    return { recordsPerSecond, releaseMs: median(waits) };
  } finally {
    await audit.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** A call and its verdict, as the guard records them. */
function pair(number: number): AuditEntry[] {
  const about = {
    session: 'bench',
    exchange: `exchange ${number}`,
    action: `action ${number}`,
    agent: 'Claude Code',
    host: 'api.anthropic.com',
  };
  const command = `ls -la src/part${number}`;
  return [
    {
      ...about,
      kind: 'action',
      summary: `Claude Code: Bash: ${command}`,
      data: { tool: 'Bash', effects: [{ effect: 'read', says: 'reads files of this project' }], paths: [`src/part${number}`], hosts: [] },
      blocks: [{ role: 'tool_call', text: command }],
    },
    {
      ...about,
      kind: 'verdict',
      verdict: 'allow',
      summary: 'Allowed: it only reads',
      data: { verdict: 'allow', policies: ['read-project'] },
    },
  ];
}
