/** What each attribute of the schema means, as a part of a sentence whose subject is the action: "reads files", "comes after …". */

import type { Effect } from '../../../contract/action.ts';

/** One condition, in words. `no` is what is said where it must not hold. */
export type Phrase = { readonly yes: string; readonly no: string } | Doing;

/** "reads, changes or deletes" + " anything in " + "~/.ssh or /etc": of several that differ in one part, one can be made. */
export interface Doing {
  readonly verbs: readonly Verb[];
  readonly rest: string;
  readonly values: readonly string[];
}

/** "reads", and as it stands after "does not". */
export type Verb = readonly [says: string, plain: string];

type Pair = readonly [yes: string, no: string];

const EFFECTS: Record<Effect, Pair> = {
  read: ['reads files', 'reads no files'],
  'write-workspace': ['changes files in the project', 'changes no files in the project'],
  'write-outside': [
    'changes files outside the project, or some that start programs',
    'changes no files outside the project, and none that start programs',
  ],
  delete: ['deletes files', 'deletes no files'],
  destructive: ['deletes or changes something that may not come back', 'does nothing that can’t be undone'],
  network: ['reaches another computer', 'reaches no other computer'],
  exfiltrate: ['sends local data to another computer', 'sends no local data to another computer'],
  'download-execute': ['downloads a program and runs it', 'runs nothing that it downloads'],
  'install-package': ['installs software that the project does not name yet', 'installs no software'],
  privilege: ['runs with more rights than the agent’s own', 'runs with no more rights than the agent’s own'],
  persistence: ['makes something run by itself later', 'makes nothing run by itself later'],
  'credential-access': ['asks for passwords or keys', 'asks for no passwords or keys'],
  'disable-guard': ['would get past Holdpoint', 'would not get past Holdpoint'],
  publish: ['publishes something', 'publishes nothing'],
  'runs-code': ['runs code', 'runs no code'],
  unresolved: ['can’t be told in full before it runs', 'can be told in full before it runs'],
};

/** Where the warning makes it another thing. */
const RISKY: Partial<Record<Effect, Pair>> = {
  read: ['reads where passwords and keys are kept', 'reads nothing where passwords and keys are kept'],
  network: [
    'sends something to another computer or changes something there',
    'sends nothing to another computer and changes nothing there',
  ],
  'runs-code': ['runs code from outside the project', 'runs no code from outside the project'],
  delete: ['deletes files that matter', 'deletes no files that matter'],
  'write-workspace': ['changes files of the project that matter', 'changes no files of the project that matter'],
};

const LABELS: Readonly<Record<string, Pair>> = {
  secret: ['holds a password or key', 'holds no password or key'],
  pii: ['holds personal data', 'holds no personal data'],
  'pii.credit-card': ['holds a card number', 'holds no card number'],
  'pii.iban': ['holds an account number', 'holds no account number'],
  'pii.email': ['holds an e-mail address', 'holds no e-mail address'],
  injection: ['holds a text that gives the agent orders', 'holds no text that gives the agent orders'],
  taint: ['uses words that somebody else wrote', 'uses no words that somebody else wrote'],
  'taint.injected': ['uses an address or a name from a text that gives orders', 'uses no address or name from a text that gives orders'],
  'taint.injected.host': ['uses an address from a text that gives orders', 'uses no address from a text that gives orders'],
  'taint.untrusted': [
    'uses an address or a name that only somebody else has named',
    'uses no address or name that only somebody else has named',
  ],
  'taint.untrusted.host': ['uses an address that only somebody else has named', 'uses no address that only somebody else has named'],
};

/** Of a policy that takes out what was found: what. */
const NOUNS: Readonly<Record<string, string>> = {
  secret: 'passwords and keys',
  pii: 'personal data',
  'pii.credit-card': 'card numbers',
  'pii.iban': 'account numbers',
  'pii.email': 'e-mail addresses',
};

const TOOL_KINDS: Readonly<Record<string, Pair>> = {
  shell: ['runs a command', 'runs no command'],
  edit: ['edits files', 'edits no files'],
  read: ['uses a tool that reads', 'uses no tool that reads'],
  search: ['uses a tool that searches', 'uses no tool that searches'],
  fetch: ['uses a tool that fetches', 'uses no tool that fetches'],
  mcp: ['uses an MCP server’s tool', 'uses no MCP server’s tool'],
  other: ['uses a tool of a kind that Holdpoint does not know', 'uses a tool of a kind that Holdpoint knows'],
};

const USES: Readonly<Record<string, Pair>> = {
  read: ['reads outside the project', 'reads nothing outside the project'],
  write: ['writes outside the project', 'writes nothing outside the project'],
  delete: ['deletes outside the project', 'deletes nothing outside the project'],
};

const FLAGS: Readonly<Record<string, Pair>> = {
  untrustedSeen: ['comes after somebody else’s words were read', 'comes before anybody else’s words were read'],
  injectionSeen: ['comes after a text was read that gives the agent orders', 'comes before any text was read that gives the agent orders'],
  sensitiveSeen: ['comes after secrets or personal data were read', 'comes before secrets or personal data were read'],
  approved: ['was allowed by a person', 'was not allowed by a person'],
  changed: [
    'is of a tool that its server describes in another way than at first',
    'is of a tool that its server describes in the same way as at first',
  ],
};

const WORDS: Readonly<Record<string, Readonly<Record<string, Pair>>>> = {
  toolKind: TOOL_KINDS,
  workspace: {
    known: ['belongs to a known project', 'belongs to no known project'],
    unresolved: ['belongs to no known project', 'belongs to a known project'],
  },
  uninspected: {
    '': ['could be read and searched in full', 'could not be read or searched in full'],
    unscanned: ['could be read, but not searched in full', 'is not one that could be read, but not searched in full'],
  },
  outside: USES,
  effects: EFFECTS,
  risky: { ...EFFECTS, ...RISKY },
  labels: LABELS,
};

const CHANGES: Verb = ['changes', 'change'];
const READS: Verb = ['reads', 'read'];
const DELETES: Verb = ['deletes', 'delete'];
const USE: Verb = ['uses', 'use'];
const CALLS: Verb = ['calls', 'call'];
const GOES: Verb = ['goes', 'go'];
const COMES: Verb = ['comes', 'come'];

/** What is said before an attribute's values; quoted where they are not names that stand for themselves. */
const VALUED: Readonly<Record<string, { readonly verb: Verb; readonly rest: string; readonly bare?: true }>> = {
  programs: { verb: ['runs', 'run'], rest: ' ', bare: true },
  hosts: { verb: ['reaches', 'reach'], rest: ' ', bare: true },
  reads: { verb: READS, rest: ' ', bare: true },
  writes: { verb: CHANGES, rest: ' ', bare: true },
  deletes: { verb: DELETES, rest: ' ', bare: true },
  readsIn: { verb: READS, rest: ' anything in ', bare: true },
  writesIn: { verb: CHANGES, rest: ' anything in ', bare: true },
  deletesIn: { verb: DELETES, rest: ' anything in ', bare: true },
  labels: { verb: ['holds', 'hold'], rest: ' what detectors call ' },
  toolName: { verb: USE, rest: ' the tool ' },
  text: { verb: ['has', 'have'], rest: ' a text like ' },
  server: { verb: CALLS, rest: ' the MCP server ' },
  serverAddress: { verb: CALLS, rest: ' the MCP server at ' },
  serverVersion: { verb: CALLS, rest: ' an MCP server of version ' },
  transport: { verb: GOES, rest: ' over ' },
  host: { verb: GOES, rest: ' to ', bare: true },
  port: { verb: GOES, rest: ' to port ', bare: true },
  model: { verb: USE, rest: ' the model ' },
  provider: { verb: USE, rest: ' the provider ' },
  providerHost: { verb: USE, rest: ' the provider at ', bare: true },
  protocol: { verb: USE, rest: ' the protocol ' },
  uninspected: { verb: COMES, rest: ' unread, being ' },
  startedBy: { verb: COMES, rest: ' from a program started by ' },
  agent: { verb: COMES, rest: ' from ', bare: true },
  user: { verb: COMES, rest: ' from the user ', bare: true },
};

const MOST_VALUE = 80;

/** "context.attribute is, or holds, this value". Undefined where the vocabulary has no words for the attribute. */
export function valuePhrase(attribute: string, value: string): Phrase | undefined {
  const middle = attribute === 'text' ? /^\*([^*]+)\*$/.exec(value)?.[1] : undefined;
  if (middle !== undefined) return { verbs: [['mentions', 'mention']], rest: ' ', values: [shown(middle, false)] };
  const known = WORDS[attribute];
  const pair = known && Object.hasOwn(known, value) ? known[value] : undefined;
  if (pair) return { yes: pair[0], no: pair[1] };
  const valued = Object.hasOwn(VALUED, attribute) ? VALUED[attribute] : undefined;
  return valued && { verbs: [valued.verb], rest: valued.rest, values: [shown(value, valued.bare ?? false)] };
}

/** "context.attribute", where it is true or false. */
export function flagPhrase(attribute: string): Phrase | undefined {
  const pair = Object.hasOwn(FLAGS, attribute) ? FLAGS[attribute] : undefined;
  return pair && { yes: pair[0], no: pair[1] };
}

/** What is taken out, by the label that it was found under. */
export function labelNoun(label: string): string {
  return Object.hasOwn(NOUNS, label) ? NOUNS[label]! : `what detectors call ${shown(label, false)}`;
}

function shown(value: string, bare: boolean): string {
  const short = value.length <= MOST_VALUE ? value : `${value.slice(0, MOST_VALUE - 1).toWellFormed()}…`;
  return bare && short !== '' ? short : `“${short}”`;
}
