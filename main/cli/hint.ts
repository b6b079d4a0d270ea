/** `holdpoint hint`: how to put an agent behind the running engine. */

import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { holdpointCommand, quoted } from '../../native-config/agents/run-command.ts';
import { isUsualPlace } from '../engine/engine-place.ts';
import { type Command, DONE, PLACE_OPTIONS, placeOf, print } from './io.ts';
import { withEngine } from './with-engine.ts';

export const hint: Command = (args, io) => {
  const { values } = parseArgs({ args: [...args], options: PLACE_OPTIONS });
  return withEngine(placeOf(values), async (client) => {
    const { engine } = await client.call('status', {});
    print(io, ...hintLines(engine));
    return DONE;
  });
};

/** Lines to type, for the shell that this platform's people use. */
export function hintLines(
  { proxyUrl, caFile, dataDir }: { proxyUrl: string; caFile: string; dataDir: string },
  platform: NodeJS.Platform = process.platform,
): string[] {
  const set = (name: string, value: string) => `${platform === 'win32' ? `$env:${name} = ` : `export ${name}=`}${quoted(value, platform)}`;
  return [
    'To put Claude Code behind Holdpoint, in its own terminal:',
    '',
    `  ${set('HTTPS_PROXY', proxyUrl)}`,
    `  ${set('NODE_EXTRA_CA_CERTS', caFile)}`,
    '  claude',
    '',
    'Or let Holdpoint set up any agent, in its project’s folder:',
    '',
    `  ${commandFor('run', dataDir, platform)} -- claude`,
  ];
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A holdpoint command as it can be typed in any folder. */
export function commandFor(verb: string, dataDir: string, platform: NodeJS.Platform = process.platform): string {
  return holdpointCommand(verb, { root: ROOT, dataDir: isUsualPlace(dataDir) ? undefined : dataDir, platform });
}
