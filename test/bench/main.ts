/** The benchmark: an agent's turn direct, through Holdpoint with everything on, and through mockttp, in one run, as ratios. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { packages } from '../../build/packages.ts';
import { providerAuthority } from '../support/guard-process.ts';
import { attributionMedians } from './attribution.ts';
import { auditFigures } from './audit.ts';
import { browseFigures } from './browse.ts';
import { deskFigures } from './desk.ts';
import { fleetFigures } from './fleet.ts';
import { agentOn, connectTime, conversation, median, type Route, turn } from './load.ts';
import { memoryOf } from './memory.ts';
import { http2Talker, type Talker, webSocketTalker } from './other-transports.ts';
import { policyMedians } from './policy.ts';

const HOSTS = ['api.anthropic.com', 'api.openai.com', ...Array.from({ length: 40 }, (_, i) => `new-${i}.bench.test`)];
const HOST = 'api.anthropic.com';
/** `--quick` shows that everything runs; its figures mean nothing. */
const QUICK = process.argv.includes('--quick');
const ROUNDS = QUICK ? 3 : 60;
/** Engines run for days: their code is measured as it runs when it is warm. */
const WARM_UP = QUICK ? 1 : 30;
const IDLE_MS = 10_000;

const folder = mkdtempSync(join(tmpdir(), 'holdpoint-bench-'));
const children: ChildProcess[] = [];
try {
  if (process.argv.includes('fleet')) for (const line of await fleetFigures(QUICK ? 1 : 20)) console.log(line);
  else if (process.argv.includes('desk')) for (const line of await deskFigures(QUICK ? 1 : 20)) console.log(line);
  else if (process.argv.includes('browse')) for (const line of await browseFigures(QUICK ? 6_000 : 1_000_000)) console.log(line);
  else await main();
} finally {
  for (const child of children) child.kill('SIGTERM');
  await Promise.all(children.map((child) => (child.exitCode === null ? once(child, 'exit') : undefined)));
  rmSync(folder, { recursive: true, force: true });
}

async function main(): Promise<void> {
  const provider = await startProvider();
  const guarded = await holdpoint(provider);
  // Before anything goes through it, and with nobody else at work yet.
  await pause(QUICK ? 0 : IDLE_MS);
  const idle = memoryOf(guarded.pid);
  const routes = [await direct(provider), guarded.route, await mockttp(provider)];
  const talk = conversation(100_000);
  const long = conversation(1_000_000);

  const rows: Row[] = [
    ['an agent’s turn, 100 KB, one at a time', 'ms', await inTurns(routes, async (_route, agent) => (await turn(agent, HOST, talk)).total)],
    ['the same over HTTP/2', 'ms', await talking(routes, (route) => http2Talker(route, HOST, talk))],
    ['the same over a WebSocket', 'ms', await talking(routes, (route) => webSocketTalker(route, 'api.openai.com', talk))],
    ['a 1 MB conversation, resent', 'ms', await inTurns(routes, async (_route, agent) => (await turn(agent, HOST, long)).total)],
    [
      'delay of a token sent 5 ms after the last',
      'ms',
      await inTurns(routes, async (_route, agent) => median((await turn(agent, HOST, talk, true)).tokenDelays), QUICK ? 1 : 5, 1),
    ],
    ['connection to a known host', 'ms', await inTurns(routes, (route) => connectTime(route, HOST, 443))],
    ['first connection to a new host', 'ms', await newHosts(routes)],
    ['turns per second, 16 at a time', '/s', await together(routes, talk)],
    ['turns per second, 16 streams of one HTTP/2 connection', '/s', await streams(routes, talk)],
  ];
  print(routes, rows);
  const { recordsPerSecond, releaseMs } = await auditFigures(QUICK ? 3 : 200);
  console.log(
    `\nthe log: ${recordsPerSecond.toFixed(0)} records a second, durable; a release waits ${releaseMs.toFixed(2)} ms for its records, median`,
  );
  const busy = memoryOf(guarded.pid);
  if (idle && busy)
    console.log(
      `memory of the engine: ${mb(idle.residentMb)} resident when it has just started, ${mb(idle.ownMb)} of it its own; ${mb(busy.residentMb)} after all this`,
    );
  const { processes, known, fresh } = await attributionMedians(QUICK ? 3 : ROUNDS);
  console.log(`\nattribution: from accept to known process, median, with ${processes} processes on this machine`);
  console.log(`- an agent’s next connection: ${known.toFixed(2)} ms`);
  console.log(`- the first connection of a new process: ${fresh.toFixed(2)} ms`);
  console.log('\npolicy: from the question to the worker’s answer, median, nothing remembered');
  for (const { policies, allowedMs, stoppedMs } of await policyMedians(QUICK ? 3 : 200))
    console.log(
      `- ${policies} policies: ${allowedMs.toFixed(2)} ms for what passes, ${stoppedMs.toFixed(2)} ms for what is asked about or refused`,
    );
}

type Row = readonly [what: string, unit: 'ms' | '/s', values: readonly number[]];

/** Medians, the routes taken in turns so that a busy moment of the machine touches all alike. */
async function inTurns(
  routes: readonly Route[],
  measure: (route: Route, agent: ReturnType<typeof agentOn>) => Promise<number>,
  rounds = ROUNDS,
  warmUp = WARM_UP,
): Promise<number[]> {
  const agents = routes.map((route) => agentOn(route, HOST));
  const taken = routes.map((): number[] => []);
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const [i, route] of routes.entries()) {
      const value = await measure(route, agents[i]!);
      if (round >= 0) taken[i]!.push(value);
    }
  }
  for (const agent of agents) agent.destroy();
  return taken.map(median);
}

/** As `inTurns`, one connection a route. */
async function talking(routes: readonly Route[], open: (route: Route) => Promise<Talker>): Promise<number[]> {
  const talkers = await Promise.all(routes.map(open));
  const taken = routes.map((): number[] => []);
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    for (const [i, talker] of talkers.entries()) {
      const value = await talker.turn();
      if (round >= 0) taken[i]!.push(value);
    }
  }
  for (const talker of talkers) talker.close();
  return taken.map(median);
}

async function streams(routes: readonly Route[], body: Buffer): Promise<number[]> {
  const each = QUICK ? 2 : 12;
  const rates: number[][] = routes.map(() => []);
  for (let round = 0; round < (QUICK ? 1 : 3); round += 1) {
    for (const [r, route] of routes.entries()) {
      const talker = await http2Talker(route, HOST, body);
      await talker.turn();
      const start = performance.now();
      await Promise.all(
        Array.from({ length: 16 }, async () => {
          for (let i = 0; i < each; i += 1) await talker.turn();
        }),
      );
      rates[r]!.push((16 * each * 1000) / (performance.now() - start));
      talker.close();
    }
  }
  return rates.map(median);
}

async function newHosts(routes: readonly Route[]): Promise<number[]> {
  const taken = routes.map((): number[] => []);
  for (let i = 0; i < (QUICK ? 3 : 40); i += 1) {
    for (const [r, route] of routes.entries()) taken[r]!.push(await connectTime(route, `new-${i}.bench.test`, 443));
  }
  return taken.map(median);
}

async function together(routes: readonly Route[], body: Buffer): Promise<number[]> {
  const each = QUICK ? 2 : 12;
  const rates: number[][] = routes.map(() => []);
  for (let round = 0; round < (QUICK ? 1 : 3); round += 1) {
    for (const [r, route] of routes.entries()) {
      const agents = Array.from({ length: 16 }, () => agentOn(route, HOST));
      await Promise.all(agents.map((agent) => turn(agent, HOST, body)));
      const start = performance.now();
      await Promise.all(
        agents.map(async (agent) => {
          for (let i = 0; i < each; i += 1) await turn(agent, HOST, body);
        }),
      );
      rates[r]!.push((16 * each * 1000) / (performance.now() - start));
      for (const agent of agents) agent.destroy();
    }
  }
  return rates.map(median);
}

function print(routes: readonly Route[], rows: readonly Row[]): void {
  const [, ...others] = routes;
  console.log(
    `| medians${QUICK ? ' (quick: these mean nothing)' : ''} | direct | ${others.map(({ name }) => `${name} | × direct`).join(' | ')} |`,
  );
  console.log(`| --- | ---: | ${others.map(() => '---: | ---:').join(' | ')} |`);
  for (const [what, unit, [base = Number.NaN, ...values]] of rows) {
    const digits = unit === 'ms' ? 2 : 0;
    console.log(
      `| ${what} | ${base.toFixed(digits)} ${unit} | ${values.map((value) => `${value.toFixed(digits)} ${unit} | ${(value / base).toFixed(2)}`).join(' | ')} |`,
    );
  }
}

function mb(value: number): string {
  return `${value.toFixed(0)} MB`;
}

interface Provider {
  readonly port: number;
  readonly certFile: string;
}

async function startProvider(): Promise<Provider> {
  const dir = join(folder, 'provider');
  const { caFile } = await providerAuthority(dir);
  return { port: Number(await started(['test/bench/provider.ts', dir])), certFile: caFile };
}

async function direct({ port, certFile }: Provider): Promise<Route> {
  return { name: 'direct', ca: readFileSync(certFile, 'utf8'), direct: { host: '127.0.0.1', port } };
}

async function holdpoint({ port, certFile }: Provider): Promise<{ route: Route; pid: number }> {
  const config = join(folder, 'config.json');
  const resolve = Object.fromEntries(HOSTS.map((host) => [host, `127.0.0.1:${port}`]));
  writeFileSync(
    config,
    JSON.stringify({ dataDir: join(folder, 'data'), intercept: { hosts: ['*.bench.test'] }, upstream: { resolve, extraCaFile: certFile } }),
  );
  const ready = JSON.parse(await started(['main/cli/holdpoint.ts', 'engine', '--config', config])) as {
    proxyUrl: string;
    caFile: string;
    pid: number;
  };
  return { route: routeBy('Holdpoint', ready.proxyUrl, readFileSync(ready.caFile, 'utf8'), port), pid: ready.pid };
}

async function mockttp({ port, certFile }: Provider): Promise<Route> {
  const modules = join(await packages('bench'), 'node_modules');
  const ready = JSON.parse(await started(['test/bench/mockttp.ts', modules, String(port), certFile])) as { proxyUrl: string; ca: string };
  return routeBy('mockttp', ready.proxyUrl, ready.ca, port);
}

function routeBy(name: string, proxyUrl: string, ca: string, port: number): Route {
  const { hostname: host, port: proxyPort } = new URL(proxyUrl);
  return { name, proxy: { host, port: Number(proxyPort) }, ca, direct: { host: '127.0.0.1', port } };
}

/** Starts a program that prints one line when it serves. */
async function started(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`${args[0]} ended before it served`)));
  const line = once(createInterface({ input: child.stdout }), 'line').then(([text]) => text as string);
  return await Promise.race([line, ended]);
}
