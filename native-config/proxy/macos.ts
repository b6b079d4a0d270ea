/**
 * macOS: the proxy script of each network service, by networksetup(8) (https://support.apple.com/guide/remote-desktop/apdd0c5a2d5/mac), which
 * browsers and everything on CFNetwork and Chromium go by.
 *
 * networksetup can switch a script's address off, and not remove it: where there was none before, ours stays behind, switched off.
 */

import type { PartState } from '../part.ts';
import type { RunStep } from '../steps/step.ts';
import type { System } from '../system.ts';
import type { ProxyWay } from './proxy.ts';
import { isPacOfGuard, pacUrl } from './proxy-urls.ts';
import { type WayOut, wayOutSteps } from './way-out.ts';

const TOOL = '/usr/sbin/networksetup';

export function createMacosNetwork(system: System): ProxyWay {
  const { run } = system;

  return {
    async plan(guard) {
      const url = pacUrl(guard);
      const services = await Promise.all((await networkServices()).map(async (name) => ({ name, ...(await scriptOf(name)) })));
      const other = services.filter((service) => !(service.isOn && service.url === url));
      const found = (await Promise.all(other.map((service) => wayOutOf(service)))).flat();
      return [...wayOutSteps(system, found), ...other.flatMap((service) => stepsFor(service, url))];
    },
    async status(guard) {
      const url = pacUrl(guard);
      return Promise.all(
        (await networkServices()).map(async (name): Promise<PartState> => {
          const { url: found, isOn } = await scriptOf(name);
          const what = `the proxy settings of ${name}`;
          return isOn && found === url
            ? { what, state: 'yes', says: 'The script of the guard is what its programs go by.' }
            : { what, state: 'no', says: 'Programs are not led to the guard. Run: holdpoint install --yes' };
        }),
      );
    },
  };

  /** Also those that are switched off: somebody may switch them on. */
  async function networkServices(): Promise<readonly string[]> {
    const { code, out } = await run(TOOL, ['-listallnetworkservices']);
    if (code !== 0) return [];
    // The first line says what an asterisk means.
    const names = out.split('\n').slice(1);
    return names.map((line) => line.replace(/^\*/, '').trim()).filter((name) => name !== '');
  }

  async function scriptOf(name: string): Promise<Script> {
    const { out } = await run(TOOL, ['-getautoproxyurl', name]);
    const url = shownAs(out, 'URL');
    return { url: url === '(null)' ? '' : url, isOn: shownAs(out, 'Enabled') === 'Yes' };
  }

  /** A script goes before a proxy. One with a password cannot be taken over: the system does not give the password away. */
  async function wayOutOf({ name, url, isOn }: Script & { readonly name: string }): Promise<readonly WayOut[]> {
    const where = `the network service ${name}`;
    if (isPacOfGuard(url)) return [];
    if (isOn && url !== '') return [{ kind: 'pac', url, where }];
    const { out } = await run(TOOL, ['-getsecurewebproxy', name]);
    if (shownAs(out, 'Enabled') !== 'Yes') return [];
    const secret = shownAs(out, 'Authenticated Proxy Enabled') === '1' ? 'PASSWORD@' : '';
    return [{ kind: 'parentProxy', url: `http://${secret}${shownAs(out, 'Server')}:${shownAs(out, 'Port')}`, where }];
  }
}

interface Script {
  readonly url: string;
  readonly isOn: boolean;
}

/** Taken back last to first: the earlier address, which that switches on, and then whether it was on. */
function stepsFor({ name, url: before, isOn }: Script & { readonly name: string }, url: string): readonly RunStep[] {
  const says = `The proxy settings of the network service ${name} lead AI providers to the guard, and nothing else`;
  const off: RunStep = { kind: 'run', says, undo: [TOOL, '-setautoproxystate', name, 'off'] };
  const set: RunStep = {
    kind: 'run',
    says,
    command: [TOOL, '-setautoproxyurl', name, url],
    ...(before !== '' && !isPacOfGuard(before) && { undo: [TOOL, '-setautoproxyurl', name, before] }),
  };
  return [...(isOn ? [] : [off]), set];
}

function shownAs(output: string, name: string): string {
  return (
    output
      .split('\n')
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2)
      .trim() ?? ''
  );
}
