/** `holdpoint hint`: how to put an agent behind the running engine. */

import { parseArgs } from 'node:util';
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
  const set =
    platform === 'win32'
      ? (name: string, value: string) => `$env:${name} = '${value.replaceAll("'", "''")}'`
      : (name: string, value: string) => `export ${name}=${quoted(value)}`;
  return [
    'To put Claude Code behind Holdpoint, in its own terminal:',
    '',
    `  ${set('HTTPS_PROXY', proxyUrl)}`,
    `  ${set('NODE_EXTRA_CA_CERTS', caFile)}`,
    '  claude',
    '',
    'Or let Holdpoint set up any agent:',
    '',
    `  npx holdpoint run --data-dir ${platform === 'win32' ? `'${dataDir.replaceAll("'", "''")}'` : quoted(dataDir)} -- claude`,
  ];
}

function quoted(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
