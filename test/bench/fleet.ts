/** What a fleet costs: requests and bytes of a device's day, measured on the wire of a real engine, and from them those of many devices. */

import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { anthropicTurn } from '../../main/cli/demo/turns.ts';
import { aRepository } from '../support/fleet-repository.ts';
import { startGuardProcess } from '../support/guard-process.ts';
import { startOtlpReceiver } from '../support/otlp-receiver.ts';
import { fetchThrough } from '../support/proxied-fetch.ts';

/** A working day of somebody who works with an agent most of the time. */
const DAY = { hoursAwake: 10, lookEverySeconds: 300, turns: 400, newRevisions: 1 / 5, timestampsSigned: 1, reports: 10 } as const;
const DEVICES = [1, 100, 10_000, 1_000_000];
const LEVELS = ['metadata', 'redacted'] as const;

interface Cost {
  readonly requests: number;
  /** Both ways, with heads, without TLS and TCP. */
  readonly bytes: number;
}

/** `turns`: of how many the trail's cost is the mean. */
export async function fleetFigures(turns: number): Promise<readonly string[]> {
  const policy = await policyCosts();
  const trail = await Promise.all(LEVELS.map((level) => trailCost(level, turns)));
  const looks = (DAY.hoursAwake * 3600) / DAY.lookEverySeconds;
  const policyDay = sum([
    times(policy.unchanged, looks - DAY.timestampsSigned - DAY.newRevisions),
    times(policy.signedAnew, DAY.timestampsSigned),
    times(policy.newRevision, DAY.newRevisions),
  ]);
  const lines = [
    'what a fleet costs: one look for policy, on the wire',
    ...Object.entries({
      'the first': policy.first,
      'nothing new': policy.unchanged,
      'timestamp signed anew': policy.signedAnew,
      'a new revision': policy.newRevision,
    }).map(([what, cost]) => `- ${what}: ${shown(cost)}`),
    '',
    'the trail, of an agent’s turn with one tool call',
    ...LEVELS.map((level, index) => `- at ${level}: ${shown(trail[index]!)}`),
    '',
    `a day: awake ${DAY.hoursAwake} h, a look every ${DAY.lookEverySeconds} s, ${DAY.turns} turns, a new revision a week`,
    '',
    '| devices | policy, requests/s | policy, GB a day | trail, requests/s | trail, GB a day, metadata | redacted |',
    '| ---: | ---: | ---: | ---: | ---: | ---: |',
  ];
  const trailDays = trail.map((cost) => times(cost, DAY.turns + DAY.reports));
  for (const devices of DEVICES) {
    const perSecond = ({ requests }: Cost) => small((requests * devices) / (DAY.hoursAwake * 3600));
    const gigabytes = ({ bytes }: Cost) => small((bytes * devices) / 1e9);
    const [metadata, redacted] = trailDays;
    lines.push(
      `| ${devices.toLocaleString('en-US')} | ${perSecond(policyDay)} | ${gigabytes(policyDay)} | ${perSecond(metadata!)} | ${gigabytes(metadata!)} | ${gigabytes(redacted!)} |`,
    );
  }
  return lines;
}

async function policyCosts() {
  await using repository = await aRepository();
  await repository.publish({ policies: { 'acme.cedar': POLICY }, settings: { contact: 'it@example.com' } });
  const server = await repository.serve();
  await using wire = await counted(server.port);
  const guard = await startGuardProcess({
    reply: () => anthropicTurn({ text: 'Done.' }),
    config: { fleet: { url: `http://127.0.0.1:${wire.port}`, root: repository.root, intervalSeconds: 86_400 } },
  });
  try {
    const control = await guard.control();
    const look = async (): Promise<Cost> => {
      const before = { requests: server.requests.length, bytes: wire.bytes() };
      await control.call('sync', {});
      return { requests: server.requests.length - before.requests, bytes: wire.bytes() - before.bytes };
    };
    await control.call('sync', {});
    const first = { requests: server.requests.length, bytes: wire.bytes() };
    const unchanged = await look();
    await repository.refresh();
    const signedAnew = await look();
    await repository.publish({ policies: { 'acme.cedar': `${POLICY}\n// Changed.\n` }, settings: { contact: 'it@example.com' } });
    return { first, unchanged, signedAnew, newRevision: await look() };
  } finally {
    await guard.stop();
  }
}

async function trailCost(level: (typeof LEVELS)[number], turns: number): Promise<Cost> {
  const collector = await startOtlpReceiver();
  await using wire = await counted(Number(new URL(collector.url).port));
  const guard = await startGuardProcess({
    reply: () =>
      anthropicTurn({ text: 'Looking.', calls: [{ id: 'toolu_1', tool: 'Bash', input: { command: 'ls -la src && git status' } }] }),
    config: {
      audit: { upload: { url: `http://127.0.0.1:${wire.port}/v1/logs`, batchSeconds: 0.05, content: level, statusMinutes: 10_000 } },
    },
  });
  try {
    const control = await guard.control();
    const settled = async () => {
      const { audit, upload } = await control.call('status', {});
      return collector.kept.length > 0 && upload?.pending === 0 && upload.uploaded >= audit.records;
    };
    const agent = await fetchThrough(guard.ready);
    const turn = async (text: string) => {
      const answer = await agent('https://api.anthropic.com/v1/messages', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'claude-sonnet-4-5', stream: true, max_tokens: 10, messages: [{ role: 'user', content: text }] }),
      });
      await answer.text();
      await until(settled);
    };
    await turn('The first one has its connection’s record, too.');
    const before = { requests: collector.requests.length, bytes: wire.bytes() };
    for (let index = 0; index < turns; index += 1) await turn(`Please look at part ${index} of the project and say what is in it.`);
    return { requests: (collector.requests.length - before.requests) / turns, bytes: (wire.bytes() - before.bytes) / turns };
  } finally {
    await guard.stop();
    await collector.close();
  }
}

/** Passes on what comes, both ways, and counts it. */
async function counted(target: number): Promise<{ readonly port: number; bytes(): number } & AsyncDisposable> {
  let bytes = 0;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk) => {
        bytes += chunk.length;
        to.write(chunk);
      });
      from.on('end', () => to.end());
      from.on('error', () => to.destroy());
      from.on('close', () => void sockets.delete(from));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    port,
    bytes: () => bytes,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

function times({ requests, bytes }: Cost, count: number): Cost {
  return { requests: requests * count, bytes: bytes * count };
}

function sum(costs: readonly Cost[]): Cost {
  return costs.reduce((one, other) => ({ requests: one.requests + other.requests, bytes: one.bytes + other.bytes }));
}

function shown({ requests, bytes }: Cost): string {
  return `${requests.toFixed(1)} requests, ${bytes.toFixed(0)} bytes`;
}

function small(value: number): string {
  return value >= 10 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(2);
}

const POLICY = `@id("acme.requests") permit(principal, action == Action::"send_prompt", resource);
@id("acme.calls") permit(principal, action == Action::"call_tool", resource);
${Array.from({ length: 40 }, (_, index) => `@id("acme.rule-${index}") @effect("ask") @reason("A rule of the company, number ${index}.") forbid(principal, action == Action::"call_tool", resource) when { context.programs.contains("program-${index}") };`).join('\n')}
`;
