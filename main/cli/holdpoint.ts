#!/usr/bin/env node
/** The `holdpoint` program. */

import { dispatch } from './dispatch.ts';
import { takeOwnHome } from './own-home.ts';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Whoever read the output, head for one, has had enough.
  if (error.code === 'EPIPE') process.exit();
  throw error;
});
takeOwnHome(process.env);
const { stdin: input, stdout: output, stderr: errors, env, argv } = process;
process.exitCode = await dispatch(argv.slice(2), { input, output, errors, env });
