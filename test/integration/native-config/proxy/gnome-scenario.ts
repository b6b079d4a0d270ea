/** GNOME's settings, set and taken back in an /etc of its own. Prints what gsettings says meanwhile, as JSON. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createGnome } from '../../../../native-config/proxy/gnome.ts';
import { createPerformer } from '../../../../native-config/steps/perform.ts';
import { thisSystem } from '../../../../native-config/system.ts';

const guard = { proxyUrl: 'http://127.0.0.1:8787', caPem: '' };
const system = thisSystem();
const performer = createPerformer(system, '/etc/holdpoint/installed.json');
const picture = () =>
  execFileSync(
    'sh',
    ['-c', 'cd /etc && find . -printf "%p %m %u %g %y %l\\n" | sort && find . -type f -print0 | sort -z | xargs -0 sha256sum'],
    {
      encoding: 'utf8',
    },
  );
/** As an ordinary user, with settings of their own where they have some. */
const gsettings = (key: string, home = '/nonexistent') =>
  execFileSync(
    'su',
    ['nobody', '-s', '/bin/sh', '-c', `HOME=${home} GSETTINGS_BACKEND=dconf gsettings get org.gnome.system.proxy ${key}`],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  ).trim();

async function story(locked: boolean) {
  const part = createGnome(system, { locked });
  const state = async () => (await part.status(guard)).map(({ state }) => state)[0];
  const before = picture();
  const seen = { before: gsettings('autoconfig-url'), stateBefore: await state() };
  await performer.make('proxy', await part.plan(guard));
  const after = {
    mode: gsettings('mode'),
    url: gsettings('autoconfig-url'),
    stateAfter: await state(),
    again: (await part.plan(guard)).length,
  };
  const writable = execFileSync('gsettings', ['writable', 'org.gnome.system.proxy', 'mode'], { encoding: 'utf8' }).trim();
  const left = await performer.takeBack(['proxy']);
  return { ...seen, ...after, writable, left, afterwards: gsettings('autoconfig-url'), same: picture() === before };
}

rmSync('/etc/dconf', { recursive: true, force: true });
const none = await story(false);
mkdirSync('/etc/dconf/db/local.d', { recursive: true });
mkdirSync('/etc/dconf/profile');
writeFileSync('/etc/dconf/db/local.d/00-company', "[system/proxy]\nmode='auto'\nautoconfig-url='http://wpad.corp/proxy.pac'\n");
writeFileSync('/etc/dconf/profile/user', 'user-db:user\nsystem-db:local\n');
execFileSync('dconf', ['update']);
const company = await story(true);
console.log(JSON.stringify({ none, company }));
