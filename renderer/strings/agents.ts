/** What the page of agents says. */

export const AGENTS = {
  title: 'Agents',
  /** Of those that are known. Each part is left out where its count is 0. */
  summary: ({ guarded, sometimes, not }: { readonly guarded: number; readonly sometimes: number; readonly not: number }): string => {
    if (guarded + sometimes + not === 0) return 'No agent that Holdpoint knows was found on this computer, or seen talking to a model.';
    if (guarded + sometimes === 0) return `${agents(not)} not guarded.`;
    const when = sometimes === 1 ? 'only when it is started through Holdpoint' : 'only when they are started through Holdpoint';
    const parts = [
      ...(guarded > 0 ? [`${agents(guarded)} guarded`] : []),
      ...(sometimes > 0 ? [guarded > 0 ? `${sometimes} ${are(sometimes)} ${when}` : `${agents(sometimes)} guarded ${when}`] : []),
      ...(not > 0 ? [`${not} ${are(not)} not`] : []),
    ];
    return `${parts.join(', ')}.`;
  },
  hereTitle: 'On this computer',
  cannotLook: 'What is attached on this computer could not be looked up.',
  cannotSee: 'What the guard has seen cannot be shown.',
  how: {
    settings: 'Attached by its own settings: guarded however it is started.',
    shell: 'Attached by a function in your shell: guarded when you start it there.',
    machine: 'Guarded: this computer’s own settings lead it to Holdpoint.',
    partly: 'Was attached, but its settings have changed since, or the guard has moved.',
    environment: 'Not attached. Guarded only where its environment says so, as with holdpoint run.',
    elsewhere: 'Guarded by its environment or the system’s proxy. Holdpoint has no settings of it to change.',
    none: 'Not attached, and never seen here: what it does is not judged.',
    /** That it came through the guard, its connection shows. */
    bare: 'Not attached.',
    notHere: 'Holdpoint has no settings of it to change.',
    unknown: 'Whether it is attached cannot be told.',
  },
  trust: {
    distrusts: 'It does not trust Holdpoint’s certificate: its last connection failed, or went another way.',
    distrustsAttached: 'It does not trust Holdpoint’s certificate yet. Start it anew: it reads its settings when it starts.',
    distrustsNotHere:
      'It does not trust Holdpoint’s certificate: its last connection failed, or went another way. Start it with holdpoint run.',
    unread: (host: string) =>
      `What it says passes unread: Holdpoint does not decrypt ${host}. To have it read, name that host in intercept.hosts.`,
  },
  last: (when: string) => `last active ${when}`,
  never: 'not seen yet',
  attach: 'Attach…',
  repair: 'Repair…',
  detach: 'Detach…',
  named: {
    attach: (name: string) => `Attach ${name}`,
    repair: (name: string) => `Repair ${name}`,
    detach: (name: string) => `Detach ${name}`,
  },
  noAnswer: 'The app did not answer. Close this window and open it again.',
  plan: {
    lines: 'Changed lines',
    attach: 'This is what will change:',
    repair: 'This is what will change:',
    detach: 'This is taken back:',
    because: {
      settings: (why: string) => `By its own settings: ${why}.`,
      shell: (why: string) => `By a function in your shell: ${why}.`,
    },
    new: 'new file',
    changed: 'changed',
    removed: 'removed',
    more: (count: string) => `${count} more lines`,
    nothing: 'There is nothing to change: it is all as it should be.',
    apply: { attach: 'Attach', repair: 'Repair', detach: 'Detach' },
    cancel: 'Cancel',
    added: 'Added',
    gone: 'Removed',
    undo: 'You can take it back here at any time.',
  },
  done: {
    attach: (name: string) => `Attached. Start ${name} anew.`,
    repair: (name: string) => `Repaired. Start ${name} anew.`,
    detach: (name: string) => `Detached. Start ${name} anew: it goes to its model directly then.`,
  },
  doneShell: 'Open a new terminal first.',
  serversTitle: 'MCP servers',
  serversText: 'Tools that agents were given, as far as they were used through Holdpoint.',
  serversNone: 'No MCP server has been used through Holdpoint yet.',
  tools: (count: number) => (count === 1 ? '1 tool' : `${count} tools`),
  toolsUnknown: 'tools not listed yet',
  transport: { http: 'over HTTP', stdio: 'a program on this computer' },
  usedBy: (agents: readonly string[]) => `used by ${agents.join(', ')}`,
  changedTools: (tools: readonly string[]) =>
    tools.length === 1
      ? `${tools[0]} is not what it was when it was first seen. Policy decides at its next call.`
      : `${tools.slice(0, 3).join(', ')}${tools.length > 3 ? ` and ${tools.length - 3} more` : ''} are not what they were when they were first seen. Policy decides at their next call.`,
  othersTitle: 'Others that talk to AI',
  othersText: 'Programs that Holdpoint does not know, and web sites where people talk to a model.',
  othersNone: 'Nothing else was seen talking to a model.',
  to: (name: string, provider: string) => `${name} → ${provider}`,
  startedBy: (name: string) => `started by ${name}`,
  noProgram: 'program not found',
  means: {
    intercepted: 'Not an agent that Holdpoint knows. What it does is read and judged all the same.',
    passed: 'It reaches the provider, but has asked no model.',
    tunnelled: 'It passes unread: only the host and the number of bytes are known.',
    'tls-refused': 'It does not trust Holdpoint’s certificate: what it wanted failed, or went another way.',
    refused: 'It was not let through.',
  },
  meansWeb: 'A web site where people talk to a model. What is written there is read and judged.',
  advice: {
    intercepted: 'If you know it, there is nothing to do.',
    passed: 'There is nothing to do.',
    tunnelled: (host: string) => `To have it read, name ${host} in intercept.hosts.`,
    'tls-refused': 'If it should be guarded, start it with holdpoint run.',
    refused: 'Policy or your company’s settings say so. The log has why.',
  },
  chip: { intercepted: 'judged', passed: 'no model call', tunnelled: 'not read', 'tls-refused': 'not guarded', refused: 'refused' },
  again: 'Show the first steps again',
} as const;

function agents(count: number): string {
  return count === 1 ? '1 agent is' : `${count} agents are`;
}

function are(count: number): string {
  return count === 1 ? 'is' : 'are';
}
