import { expect, it } from 'vitest';
import { isLauncher } from '../../../../../main/engine/interception/attribution/launcher.ts';

it.each([
  ['/usr/bin/dash', 'sh', '-c', 'holdpoint mcp -- server'],
  ['/usr/bin/bash', 'bash', '-lc', 'holdpoint mcp -- server'],
  // npm writes its own command line over.
  ['/usr/bin/node', 'npm exec holdpoint mcp -- server'],
  ['/usr/bin/node', 'node', '/usr/lib/node_modules/npm/bin/npx-cli.js', 'holdpoint'],
  ['/usr/bin/node', 'node', '/usr/bin/npx', 'holdpoint'],
])('only starts another program: %s %s %s', (executable, ...commandLine) => {
  expect(isLauncher({ executable, commandLine })).toBe(true);
});

it.each([
  ['/usr/bin/bash', '-bash'],
  ['/usr/bin/bash', 'bash', 'serve.sh'],
  ['/usr/bin/node', 'node', '/home/dev/agent.js'],
  ['/home/dev/.local/bin/claude', 'claude', '-c'],
])('does things itself: %s %s %s', (executable, ...commandLine) => {
  expect(isLauncher({ executable, commandLine })).toBe(false);
});
