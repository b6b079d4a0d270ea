/** What a machine finds beyond itself: model providers at their own names, by certificates that it trusts, as on the Internet. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { NODE } from '../../../build/places.ts';
import type { Machine } from './machine.ts';

export interface Outside {
  /** What agents have sent so far: of each request its conversation, as JSON. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

/** Of the range for examples (RFC 5737). */
const ADDRESS = '203.0.113.10';
const HOSTS = ['api.anthropic.com', 'outside.example'];

/** Changes the machine as little as a real one is: an address, names, one more authority that everybody trusts. */
export async function startOutside(machine: Machine): Promise<Outside> {
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-outside-'));
  await machine.must(`ip address add ${ADDRESS}/32 dev lo && echo '${ADDRESS} ${HOSTS.join(' ')}' >> /etc/hosts`);
  const script = join(import.meta.dirname, 'provider-process.ts');
  const child = spawn('nsenter', [`--net=${machine.network}`, NODE, script, folder, ADDRESS, ...HOSTS], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const asked: string[] = [];
  const lines = createInterface({ input: child.stdout });
  await Promise.race([once(lines, 'line'), ended.then(([code]) => Promise.reject(new Error(`The provider ended with ${code}.`)))]);
  lines.on('line', (line) => asked.push((JSON.parse(line) as { conversation: string }).conversation));
  await machine.put('/usr/local/share/ca-certificates/everybody.crt', await readFile(join(folder, 'ca.pem')));
  await machine.must('update-ca-certificates');
  return {
    asked,
    async stop() {
      child.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}
