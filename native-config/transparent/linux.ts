/** Transparent mode on Linux: a table of our own in the kernel's packet filter (nftables). */

import { spawn } from 'node:child_process';
import { z } from 'zod';
import { HoldpointError, messageOf } from '../../main/contract/errors.ts';
import type { Redirection, Transparent, TransparentState } from './transparent.ts';

const TABLE = 'inet holdpoint';
/** Where `nft` is, whatever `sudo` made of the path. */
const PATH = ['/usr/sbin', '/sbin', '/usr/local/sbin'];
const MAX_OUTPUT_BYTES = 1024 * 1024;

export function createLinuxTransparent(): Transparent {
  return {
    describe: ({ users, port }) => [
      `A table of its own, ${TABLE}, is made in the kernel's packet filter (nftables); nothing else there is touched.`,
      `TCP connections to port 443 of ${listed(users)} are led to 127.0.0.1 or ::1, port ${port}, where the engine inspects those to providers.`,
      'UDP to port 443 (HTTP/3) of the same is rejected, so that programs fall back to TCP.',
      'Connections within this machine (127.0.0.0/8 and ::1) stay as they are.',
      'While no engine serves on that port, these connections fail. It lasts until it is removed, or this machine restarts.',
    ],
    async apply(wanted) {
      await nft(['-f', '-'], rulesFor(wanted));
      const now = await verify();
      if (now.kind === 'installed' && now.port === wanted.port && sameUsers(now.users, wanted.users)) return;
      throw new HoldpointError(
        'internal',
        `The packet filter took the table ${TABLE} but does not show it as it was written. See: nft list table ${TABLE}`,
      );
    },
    verify,
    async remove() {
      if ((await verify()).kind === 'absent') return false;
      await nft(['delete', 'table', 'inet', 'holdpoint']);
      return true;
    },
  };

  async function verify(): Promise<TransparentState> {
    const { tables } = parseListing(await nft(['-j', 'list', 'tables']));
    if (!tables.includes(TABLE)) return { kind: 'absent' };
    const redirection = redirectionIn(parseListing(await nft(['-j', '-n', 'list', 'table', 'inet', 'holdpoint'])).lines);
    return redirection ? { kind: 'installed', ...redirection } : { kind: 'changed' };
  }
}

/** One transaction: the table is made where it is not, emptied of what it had, and written anew. */
export function rulesFor({ users, port }: Redirection): string {
  const set = `{ ${[...users].sort((a, b) => a - b).join(', ')} }`;
  return `table ${TABLE}
delete table ${TABLE}
table ${TABLE} {
  chain to_engine {
    type nat hook output priority -100; policy accept;
    ip daddr 127.0.0.0/8 accept
    ip6 daddr ::1 accept
    meta skuid ${set} tcp dport 443 redirect to :${port}
  }
  chain no_http3 {
    type filter hook output priority 0; policy accept;
    ip daddr 127.0.0.0/8 accept
    ip6 daddr ::1 accept
    meta skuid ${set} udp dport 443 reject
  }
}
`;
}

const listingSchema = z.object({
  nftables: z.array(
    z.object({
      table: z.object({ family: z.string(), name: z.string() }).optional(),
      chain: z.object({ name: z.string(), type: z.unknown(), hook: z.unknown(), prio: z.unknown(), policy: z.unknown() }).optional(),
      rule: z.object({ chain: z.string(), expr: z.array(z.unknown()) }).optional(),
    }),
  ),
});

interface Listing {
  readonly tables: readonly string[];
  /** Chains, then rules: one line each, without what nft numbers them by. */
  readonly lines: readonly string[];
}

function parseListing(text: string): Listing {
  try {
    const { nftables } = listingSchema.parse(JSON.parse(text));
    const chains = nftables.flatMap(({ chain }) =>
      chain ? [`${chain.name} ${JSON.stringify([chain.type, chain.hook, chain.prio, chain.policy])}`] : [],
    );
    const rules = nftables.flatMap(({ rule }) => (rule ? [`${rule.chain} ${JSON.stringify(rule.expr)}`] : []));
    return { tables: nftables.flatMap(({ table }) => (table ? [`${table.family} ${table.name}`] : [])), lines: [...chains, ...rules] };
  } catch (error) {
    throw new HoldpointError('internal', 'What nft tells of the packet filter cannot be read. See: nft -j list ruleset', error);
  }
}

/** What the table does, where it is exactly ours. */
function redirectionIn(lines: readonly string[]): Redirection | undefined {
  // Versions of nft differ in whether they give this a number.
  const shape = lines.join('\n').replace('"expr":"port-unreachable"', '"expr":1');
  const port = Number(/"redirect":\{"port":(\d{1,5})\}/.exec(shape)?.[1]);
  const users = usersIn(shape);
  if (users === undefined || !(port >= 1 && port <= 65535)) return undefined;
  return shape === shapeOf({ users, port }) ? { users, port } : undefined;
}

/** Of one user, nft makes a value of the set. */
function usersIn(shape: string): number[] | undefined {
  const found = /"key":"skuid"\}\},"right":(?:\{"set":\[([\d,]+)\]\}|(\d+))/.exec(shape);
  const ids = (found?.[1] ?? found?.[2])?.split(',').map(Number);
  return ids?.every(Number.isSafeInteger) ? ids : undefined;
}

/** What nft lists of `rulesFor`. */
function shapeOf({ users, port }: Redirection): string {
  const equals = (left: unknown, right: unknown) => ({ match: { op: '==', left, right } });
  const payload = (protocol: string, field: string) => ({ payload: { protocol, field } });
  const who = equals({ meta: { key: 'skuid' } }, users.length === 1 ? users[0] : { set: users });
  const local = [
    [equals(payload('ip', 'daddr'), { prefix: { addr: '127.0.0.0', len: 8 } }), { accept: null }],
    [equals(payload('ip6', 'daddr'), '::1'), { accept: null }],
  ];
  const chains: [string, unknown[][]][] = [
    ['to_engine', [...local, [who, equals(payload('tcp', 'dport'), 443), { redirect: { port } }]]],
    ['no_http3', [...local, [who, equals(payload('udp', 'dport'), 443), { reject: { type: 'icmpx', expr: 1 } }]]],
  ];
  return [
    'to_engine ["nat","output",-100,"accept"]',
    'no_http3 ["filter","output",0,"accept"]',
    ...chains.flatMap(([chain, rules]) => rules.map((expr) => `${chain} ${JSON.stringify(expr)}`)),
  ].join('\n');
}

function sameUsers(a: readonly number[], b: readonly number[]): boolean {
  return new Set(a).size === new Set(b).size && a.every((id) => b.includes(id));
}

function listed(users: readonly number[]): string {
  return `${users.length === 1 ? 'the user' : 'the users'} ${users.join(', ')}`;
}

/** What it writes. `HoldpointError` says what it complains of. */
function nft(args: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, PATH: [process.env.PATH, ...PATH].join(':'), LC_ALL: 'C' };
    const child = spawn('nft', [...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
    let [output, errors] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.length > MAX_OUTPUT_BYTES) child.kill();
    });
    child.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(0, 2000)));
    child.stdin.on('error', () => undefined);
    child.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'ENOENT' ? 'nft is missing. Install nftables, with: apt-get install nftables' : messageOf(error);
      reject(new HoldpointError('not-found', `The packet filter cannot be set: ${why}`, error));
    });
    child.once('close', (code) => {
      if (code === 0) return resolve(output);
      const permitted = !/not permitted|denied/i.test(errors);
      const what = permitted ? `nft says: ${errors.trim() || `it ended with ${code}`}` : 'that needs root.';
      reject(new HoldpointError('internal', `The packet filter cannot be read or set: ${what}`));
    });
    child.stdin.end(input);
  });
}
