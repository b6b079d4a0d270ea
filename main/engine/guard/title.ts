/** The title of a question: what the agent wants, in words, by the worst that the call would do. */

import type { Effect, EffectFact, Facts } from '../../contract/action.ts';

/** Among effects of the same risk the first one gives the title. */
const WORST_FIRST: readonly Effect[] = [
  'disable-guard',
  'exfiltrate',
  'download-execute',
  'delete',
  'destructive',
  'credential-access',
  'persistence',
  'privilege',
  'write-outside',
  'publish',
  'install-package',
  'unresolved',
  'network',
  'runs-code',
  'write-workspace',
  'read',
];

/** "Claude Code wants to delete files outside this project". */
export function titleOf(agentName: string, facts: Facts): string {
  const worst = worstOf(facts.effects);
  return `${agentName} wants to ${worst ? wish(worst, facts) : plainly(facts)}`;
}

/** "Claude Code wants to use github › create_issue". What an MCP server does with it, its arguments only hint at. */
export function mcpTitleOf(agentName: string, server: string, tool: string): string {
  return `${agentName} wants to use ${server} › ${tool}`;
}

function worstOf(effects: readonly EffectFact[]): EffectFact | undefined {
  const loudness = { plain: 0, watch: 1, risk: 2 };
  return effects.toSorted(
    (a, b) => loudness[b.risk] - loudness[a.risk] || WORST_FIRST.indexOf(a.effect) - WORST_FIRST.indexOf(b.effect),
  )[0];
}

function wish({ effect, risk }: EffectFact, facts: Facts): string {
  switch (effect) {
    case 'disable-guard':
      return 'get past Holdpoint';
    case 'exfiltrate':
      return 'send local data to another computer';
    case 'credential-access':
      return 'read passwords or keys';
    case 'persistence':
      return 'make something run by itself from now on';
    case 'publish':
      return 'publish something';
    case 'download-execute':
      return 'download a script and run it';
    case 'delete':
      if (facts.paths.some(({ use, where }) => use === 'delete' && where === 'outside') && risk === 'risk')
        return 'delete files outside this project';
      return risk === 'risk' || (isLost(facts) && isOurs(facts)) ? 'delete this project’s files' : 'delete files';
    case 'destructive':
      return 'do something that can’t be undone';
    case 'privilege':
      return 'run a command as administrator';
    case 'write-outside':
      return onlyOurs(facts) ? 'change files that make programs run' : 'change files outside this project';
    case 'install-package':
      return 'install a package';
    case 'unresolved':
      return facts.toolKind === 'shell' ? 'do something that can’t be told in advance' : plainly(facts);
    case 'network':
      return risk === 'plain' ? 'fetch something from the network' : 'send something over the network';
    case 'runs-code':
      return 'run a program';
    case 'write-workspace':
      return 'change files in this project';
    case 'read':
      return risk === 'risk' ? 'read passwords or keys' : 'read files';
  }
}

function isLost({ effects }: Facts): boolean {
  return effects.some(({ effect }) => effect === 'destructive');
}

function isOurs({ paths }: Facts): boolean {
  return paths.some(({ use, where }) => use === 'delete' && where === 'workspace');
}

/** Files of the project that are as good as outside: hooks, an agent's settings. */
function onlyOurs({ paths }: Facts): boolean {
  const written = paths.filter(({ use }) => use === 'write');
  return written.length > 0 && written.every(({ where }) => where === 'workspace');
}

function plainly({ toolKind, tool }: Facts): string {
  // As agents name the tools of their MCP servers.
  const [, server, name] = /^mcp__(.+?)__(.+)$/s.exec(tool) ?? [];
  return toolKind === 'shell' ? 'run a command' : server === undefined ? `use ${tool}` : `use ${name} of the MCP server ${server}`;
}
