/** An engine that serves all users, as a process: its places are the first argument, as JSON, because the real ones are the machine's. */

import { runEngine } from '../../main/engine/process.ts';

process.exitCode = await runEngine({ service: JSON.parse(process.argv[2] ?? '') });
