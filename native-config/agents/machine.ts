/**
 * Agents that take settings for all users of a machine. That is Claude Code: by its managed settings the guard holds it from wherever it is
 * started, an editor or cron that knows no shell.
 *
 * The others have such files as well, and none of them can name a proxy and a certificate: Gemini CLI's /etc/gemini-cli/settings.json and
 * opencode's /etc/opencode hold none of the two, Codex's /etc/codex/config.toml neither (it goes by its environment), Copilot CLI has no
 * such file. VS Code and Cursor go by the desktop's proxy settings. They are held by the machine's environment.
 */

import type { Part, PartState } from '../part.ts';
import type { Step } from '../steps/step.ts';
import type { System } from '../system.ts';
import { claudeManagedSteps, claudeState } from './claude-managed.ts';

export function createMachineAgents(system: System): Part {
  return {
    name: 'agents',
    plan: async (guard): Promise<readonly Step[]> => claudeManagedSteps(system, guard),
    status: async (guard): Promise<readonly PartState[]> => [await claudeState(system, guard)],
  };
}
