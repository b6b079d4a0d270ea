/** `holdpoint hint`: how to put an agent behind the running engine. */

import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { defaultDataDir } from '../engine/settings.ts';
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

/**
 * A holdpoint command as it can be typed in any folder: in a folder other than the clone, `npx holdpoint` would run
 * whatever package a registry has under that name.
 */
export function commandFor(verb: string, dataDir: string, platform: NodeJS.Platform = process.platform): string {
  const program = quoted(fileURLToPath(new URL('../../node_modules/.bin/holdpoint', import.meta.url)), platform);
  const place = dataDir === defaultDataDir() ? '' : ` --data-dir ${quoted(dataDir, platform)}`;
  return `${platform === 'win32' ? '& ' : ''}${program} ${verb}${place}`;
}

function quoted(value: string, platform: NodeJS.Platform): string {
  if (platform === 'win32') return `'${value.replaceAll("'", "''")}'`;
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
