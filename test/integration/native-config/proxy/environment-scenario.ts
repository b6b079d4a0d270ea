/** Installed and taken back in an /etc of its own. Prints what programs found meanwhile, as JSON. */

import { execFileSync } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { createLinuxEnvironment } from '../../../../native-config/proxy/environment.ts';
import { createPerformer } from '../../../../native-config/steps/perform.ts';
import { thisSystem } from '../../../../native-config/system.ts';

const CA = '/usr/local/share/ca-certificates/holdpoint.crt';
const clean = ['-i', 'PATH=/usr/bin:/bin', 'TERM=dumb'];

function env(...command: string[]): Record<string, string> {
  const out = execFileSync('/usr/bin/env', [...clean, ...command], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return Object.fromEntries(out.split('\n').map((line) => [line.split('=', 1)[0] ?? '', line.slice(line.indexOf('=') + 1)]));
}

/** Files of /etc with rights, owners and bytes. */
const picture = () =>
  execFileSync(
    'sh',
    ['-c', 'cd /etc && find . -printf "%p %m %u %g %y %l\\n" | sort && find . -type f -print0 | sort -z | xargs -0 sha256sum'],
    {
      encoding: 'utf8',
    },
  );

const system = thisSystem();
const part = createLinuxEnvironment(system);
const performer = createPerformer(system, '/etc/holdpoint/installed.json');
const guard = { proxyUrl: 'http://127.0.0.1:8787', caPem: '' };

// What a company had set: a proxy of its own, exceptions, and a certificate.
appendFileSync('/etc/environment', 'LANG=C.UTF-8\nno_proxy=api.anthropic.com\nALL_PROXY=http://old.example:1\n');
writeFileSync('/etc/profile.d/proxy.sh', 'export ALL_PROXY=http://old.example:1 NO_PROXY=.anthropic.com\n');

const before = picture();
const states = async () => (await part.status(guard)).map(({ what, state }) => [what, state]);
const unset = await states();
const steps = await part.plan(guard);
await performer.make('proxy', steps);
const noCertificate = env('sh', '-l', '-c', 'env');
writeFileSync(CA, 'certificate');
const set = await states();
const again = await part.plan(guard);
const found = {
  login: env('su', '-l', 'nobody', '-s', '/bin/sh', '-c', 'env'),
  strict: env('sh', '-c', 'set -eu; . /etc/profile; env'),
  noShell: env('su', 'nobody', '-s', '/bin/sh', '-c', 'env'),
  terminal: env('bash', '-i', '-c', 'env'),
  systemd: env('HOME=/nonexistent', '/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator'),
  company: env('NODE_EXTRA_CA_CERTS=/etc/company.pem', 'sh', '-l', '-c', 'env'),
};
const left = await performer.takeBack(['proxy']);
console.log(
  JSON.stringify({ unset, says: steps.map(({ says }) => says), set, again, noCertificate, found, left, same: picture() === before }),
);
