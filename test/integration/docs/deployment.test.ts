/** The deployment guide's commands, run as they are written there. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FleetProblem, type ProblemKind, problemOf } from '../../../main/engine/fleet/problem.ts';
import { ROOT } from '../../support/guard-process.ts';

const GUIDE = readFileSync(join(ROOT, 'docs/deployment.md'), 'utf8');
const BLOCKS = [...GUIDE.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text = '']) => text);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdpoint-guide-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));

/** In one shell, which ends what it left in the background when it is done. */
async function ran(script: string): Promise<{ code: number | null; out: string }> {
  const shell = spawn('bash', ['-e', '-c', `trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT\n${script}`], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: `${join(ROOT, 'node_modules/.bin')}:${process.env.PATH}`,
      HOME: folder,
      HOLDPOINT: ROOT,
      HOLDPOINT_PASSPHRASE: 'words for the guide',
      HOLDPOINT_KEYSTORE: 'file',
    },
  });
  let out = '';
  for (const stream of [shell.stdout, shell.stderr]) stream.on('data', (chunk: Buffer) => (out += chunk.toString()));
  const [code] = (await once(shell, 'close')) as [number | null];
  return { code, out };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

describe('the deployment guide', () => {
  it('leads from nothing to a machine that follows what is published', { timeout: 120_000 }, async () => {
    const marked = BLOCKS.filter((block) => /^# (publisher|try it)$/m.test(block.split('\n', 1)[0] ?? ''));
    expect(marked).toHaveLength(5);
    const port = await freePort();
    const { code, out } = await ran(marked.join('\n').replaceAll('8123', String(port)));
    expect(out).toContain('+ policy acme.no-terraform-destroy');
    expect(out).toContain('Published revision 1 for ring canary, 100 % of its devices.');
    expect(out).toContain('Published revision 2 for ring stable, 25 % of its devices.');
    expect(out).toContain('Ring stable: revision 2 from 25 % to 100 % of its devices.');
    expect(out).toMatch(/Signed timestamp anew, until /);
    expect(out).toMatch(/policy +Policy of your company, revision 2/);
    expect(out).toMatch(/fleet +revision 2 for stable, current/);
    expect(out).toMatch(/value +#ask-it-security\n +set by +the fleet’s policy, revision 2/);
    expect(out).toContain('A new key for root.');
    expect(code).toBe(0);
  });

  it('quotes what is really said', () => {
    const said = (kind: ProblemKind) => problemOf(kind, 'HOST').message;
    const rows = [...GUIDE.matchAll(/^\| [^|]+ \| `([^`]+)`/gm)].map(([, text = '']) => text);
    const kinds: readonly ProblemKind[] = [
      ...(['wrong-token', 'wrong-key', 'unknown-root', 'expired-root', 'freeze', 'unreachable', 'untrusted-certificate'] as const),
      ...(['rollback', 'mix-and-match', 'wrong-hash', 'bundle', 'not-kept', 'identity-copied'] as const),
    ];
    const quoted = rows.filter((text) => /policy server|root of trust|fleet’s policy is|data folder was/.test(text));
    expect(quoted.map((text) => text.replace('…', 'HOST'))).toEqual(
      kinds.map((kind, index) => said(kind).slice(0, quoted[index]?.replace('…', 'HOST').length)),
    );
    expect(problemOf('bundle', 'HOST')).toBeInstanceOf(FleetProblem);
  });
});
