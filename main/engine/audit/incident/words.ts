/** Every word that a report says of itself. */

export const WORDS = {
  title: 'Holdpoint incident report',
  text: {
    notKept: (hash: string) => `Its text was not kept, only its hash: ${hash}…`,
    purged: (hash: string) => `Retention has purged its text; its hash stays: ${hash}…`,
    missing: (hash: string) => `Its text is missing from the log, and nothing explains why: ${hash}…`,
    tooMany: (hash: string) => `Not repeated here, where there is much already: content/${hash}`,
    more: (units: number, hash: string) => `${count(units)} more characters stand in content/${hash}`,
    size: (units: number) => `${count(units)} characters`,
  },
  role: {
    system: 'The agent’s instructions',
    user: 'Said to the model',
    assistant: 'The model said',
    tool_result: 'A tool gave back',
  } as Readonly<Record<string, string>>,
  otherRole: (role: string) => `Said as ${role}`,
  end: {
    allowed: 'allowed',
    released: 'allowed by a person',
    remembered: 'allowed earlier by a person',
    refused: 'refused by policy',
    denied: 'refused by a person',
    missed: 'refused, nobody answered',
    unattended: 'refused, nobody was there',
    overruled: 'refused by policy, after all',
    open: 'held, not answered yet',
    withdrawn: 'agent gave up',
    redacted: 'taken out before it left',
    uninspected: 'not inspected',
    found: 'found',
    purged: 'purged',
    noted: 'noted',
  },
  command: 'Run a command',
  request: 'A request to the model',
  result: 'A result on its way to the agent',
  connection: 'A connection',
  purgedStep: 'Retention has purged what this record said. That it was there, and its place in the chain, is still proved.',
  purgedTurn: 'Retention has purged what was said here. That it was there, and its place in the chain, is still proved.',
  policies: (ids: string) => `policy ${ids}`,
  observed: (ids: string) => `watched policies would have said: ${ids}`,
  findings: (labels: string) => `found in it: ${labels}`,
  askedAt: (time: string) => `a person was asked at ${time}`,
  answeredAt: (time: string, by: string) => `answered at ${time} ${wayOf(by)}`,
  endedAt: (time: string) => `ended at ${time}`,
  forHowLong: { once: 'this once', session: 'for this session', workspace: 'for this project', '8h': 'for 8 hours' } as Readonly<
    Record<string, string>
  >,
  youSaid: (said: string) => `They said: “${said}”`,
  records: (numbers: readonly number[]) => (numbers.length === 1 ? `record ${numbers[0]}` : `records ${numbers.join(', ')}`),
  tokens: (input: number, output: number) => `${count(input)} tokens in, ${count(output)} out`,
  more: (steps: number) => `${count(steps)} more are in records.ndjson.`,
  butLater: 'What was held or refused later follows.',
  endsHere: (turns: number) =>
    `The story ends here, so that a browser can open it. ${things(turns, 'more exchange or event', 'more exchanges and events')} of this session ${turns === 1 ? 'is' : 'are'} in records.ndjson.`,
} as const;

/** What clients of the engine call themselves. */
const BY: ReadonlyMap<string, string> = new Map([
  ['app', 'in the app'],
  ['terminal', 'in a terminal'],
]);

/** "app of dev", of an engine that serves several users: "in the app, by dev". */
function wayOf(by: string): string {
  const [client = '', ...names] = by.split(' of ');
  const way = BY.get(client) ?? `by way of ${client}`;
  return names.length === 0 ? way : `${way}, by ${names.join(' of ')}`;
}

export function count(value: number): string {
  return value.toLocaleString('en-US');
}

export function things(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** US dollars, of millionths; small sums keep their digits. */
export function money(micro: number): string {
  const usd = micro / 1e6;
  return `$${usd.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: usd < 0.1 ? 4 : 2 })}`;
}

/** "14:31:02", in UTC; what is no time is shown as it is. */
export function clock(iso: string): string {
  return isTime(iso) ? iso.slice(11, 19) : iso;
}

/** "24 November 2026", in UTC. */
export function day(iso: string): string {
  if (!isTime(iso)) return iso;
  return new Date(iso).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
}

/** "a, b and c". */
export function list(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

function isTime(iso: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(iso) && !Number.isNaN(Date.parse(iso));
}
