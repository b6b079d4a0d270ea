/** The engine: settings in, parts wired, started, stopped. The one place that knows all of them. */

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { userOf } from '../contract/action.ts';
import { messageOf } from '../contract/errors.ts';
import type { ServicePlaces } from '../contract/service-places.ts';
import { createApprovals } from './approvals/approvals.ts';
import { LOG_FILE } from './audit/schema.ts';
import { exchangesSince, lastBypass } from './audit/taken-over.ts';
import { upstreamRoots } from './certificates/bundle.ts';
import { createWindowsOwners } from './control/claims-windows.ts';
import { startControl } from './control/server.ts';
import { controlHandlers } from './control-handlers.ts';
import { createUnreadTally } from './exchange/unread.ts';
import { leavePlan, recordGaps } from './failsafe.ts';
import { openMembership } from './fleet/membership.ts';
import { whenStale } from './fleet/stale.ts';
import { openFoundation } from './foundation.ts';
import { createGuard } from './guard/guard.ts';
import { createUnderstanding } from './guard/understand.ts';
import { openInForce } from './in-force.ts';
import { runCommand } from './interception/attribution/command.ts';
import { describeRoutes, routeSettings } from './interception/routes/route-settings.ts';
import { listenAgain } from './last-port.ts';
import { createLimits } from './limits/limits.ts';
import { createLiveness } from './liveness.ts';
import { openPeople } from './people.ts';
import { openReaders } from './readers.ts';
import { createReporting } from './reporting.ts';
import { type SettingsStack, settledStack } from './settings/stack.ts';
import { recordSettings } from './settings/told.ts';
import type { LoadedSettings } from './settings.ts';
import { watchTampering } from './tamper/tamper.ts';
import { createTraffic } from './traffic.ts';
import { createCurrentUpload } from './upload/current.ts';
import { proxyFor } from './upload/proxy.ts';
import { version } from './version.ts';

export interface Engine {
  readonly proxyUrl: string;
  readonly caFile: string;
  readonly dataDir: string;
  /** Clients that need the engine while they are connected: agents run behind it. */
  keepers(): number;
  /** Resolves when no such client is connected: at once where none is. */
  unneeded(): Promise<void>;
  /** Resolves with a sentence where it must not go on: what it records would be lost. Whoever started it ends it. */
  readonly failed: Promise<string>;
  /** Resolves when log, detection and policy have all answered: whoever supervises the engine asks now and then. */
  alive(): Promise<void>;
  /** Refuses what is held, lets the log become durable, and gives the data folder free. */
  stop(): Promise<void>;
}

/** What an engine is told besides its settings. */
export interface EngineSurroundings {
  /** The file that its configuration was read from. */
  readonly configFile?: string | undefined;
  /** Serves all of a machine's users, who see what is in its public folder. */
  readonly service?: Pick<ServicePlaces, 'runDir'> | undefined;
}

/**
 * Starts everything or nothing. `stack` gave the settings, and says when they change.
 * Throws HoldpointError naming what could not be started, where, and what to do.
 */
export async function startEngine(
  loaded: LoadedSettings,
  writeLog: (line: string) => void,
  stack: SettingsStack = settledStack(loaded),
  { configFile, service }: EngineSurroundings = {},
): Promise<Engine> {
  let settings = loaded;
  let serving = false;
  await using started = new AsyncDisposableStack();
  const startedAt = new Date();
  const ours = await version();

  let port = 0;
  const foundation = await openFoundation({ settings: () => settings, writeLog, service, port: () => port, started });
  const { folder, dataDir, signingKey, redactor, log, audit, record, identity, authority, caFile, extraCaPem, keystore } = foundation;
  const people = await openPeople({ several: service !== undefined });
  const { lookUp } = people;

  const upload = createCurrentUpload({
    settings: () => settings.audit.upload,
    audit,
    dir: dataDir,
    device: identity.device,
    version: ours,
    roots: () => upstreamRoots(extraCaPem ?? '', authority.certificatePem),
    proxyFor: (url) => proxyFor(url, routeSettings(settings.upstream, process.env), port),
    learnCredential: redactor.learn,
    onChange: () => tellStatus(),
    log: (message) => log.warn('upload', { message }),
  });
  started.defer(() => upload.close());
  // Before `openInForce` listens: whoever it tells looks at the settings, and finds the new ones.
  started.defer(
    stack.onChange((change) => {
      settings = change.settings;
      if (!serving) return;
      upload.follow();
      reporting.followReport();
      planFailsafe();
      tellStatus();
    }),
  );
  const inForce = await openInForce({ stack, deviceKey: signingKey, record, log: (event, message) => log.warn(event, { message }) });
  started.defer(() => inForce.close());
  const { scan } = inForce;
  const fleet =
    settings.fleet &&
    openMembership({
      settings: { ...settings, fleet: settings.fleet },
      ...{ folder, identity, engineVersion: ours, extraCaPem, env: process.env, activate: inForce.activate, record },
      log: (message) => log.warn('fleet', { message }),
    });
  started.defer(() => fleet?.close());
  await fleet?.start();
  // What was kept of a fleet's settings, and is no signed bundle's, counts for nothing.
  if (fleet?.status().revision === null || !fleet) stack.setBundle(undefined);
  fleet?.onChange(() => {
    if (serving) void guard.reconsider();
    tellStatus();
  });

  const counts = { connections: 0, tunnels: 0, exchanges: 0, held: 0, released: 0, refused: 0, abandoned: 0 };
  const unread = createUnreadTally({ redact: redactor.redact, onSettled: () => tellStatus() });
  const approvals = createApprovals({
    get timeoutMs() {
      return settings.approvals.timeoutSeconds * 1000;
    },
    get unattended() {
      return settings.approvals.unattended;
    },
    attended: (user) => control.attends(user),
    store: join(dataDir, 'grants.json'),
    redact: redactor.redact,
    record,
  });
  const limits = createLimits({
    settings: () => settings,
    record,
    judgesConnections: () => inForce.speaksOf('connect'),
    onChange: () => tellStatus(),
  });
  // Two days, so that a clock that is set back finds what was used.
  limits.recall(exchangesSince(join(dataDir, LOG_FILE), new Date(startedAt.getTime() - TWO_DAYS_MS)));
  limits.bypass.recall(lastBypass(join(dataDir, LOG_FILE)));
  started.defer(() => limits.bypass.close());
  const settle = () => audit.records({ limit: 1 });
  const readers = openReaders({
    ...{ dataDir, signingKey, version: ours, settle, record: audit.append, inForce, fleet, people },
    onProgress: (progress) => control.tell('exporting', ({ level }) => (level === 'admin' ? progress : undefined)),
    started,
  });
  const guard = createGuard({
    world: {
      understand: createUnderstanding({ scan, ...(lookUp && { lookUp: ({ agent }) => lookUp(userOf(agent)) }) }),
      decide: limits.deciding(async (action, understanding, approved) =>
        whenStale(await inForce.decide(action, understanding, approved), action.kind, fleet?.staleMode(), approved),
      ),
      ask: approvals.ask,
      record: async (entry) => void (await audit.append(entry)),
    },
    onHold: (change) => {
      counts[change] += 1;
      tellStatus();
    },
  });
  inForce.onChange(() => {
    limits.changed();
    void guard.reconsider();
    tellStatus();
  });
  const routes = routeSettings(settings.upstream, process.env);
  if (routes.ignored !== undefined) log.warn('proxy-ignored', { message: routes.ignored });
  const traffic = createTraffic({
    ...{ ...foundation, settings: () => settings, people, guard, scan, limits, unread, routes },
    count: (what) => {
      counts[what] += 1;
    },
  });
  started.defer(() => traffic.close());

  const control = await startControl({
    dataDir,
    version: ours,
    log,
    ...(service && {
      public: {
        runDir: service.runDir,
        nameOf: people.users.nameOf,
        ...(process.platform === 'win32' && { ownerOf: createWindowsOwners(runCommand) }),
      },
    }),
    onAttended: () => tellStatus(),
    handlers: controlHandlers({
      ...{ stack, fleet, approvals, limits, traffic, audit, readers, redact: redactor.redact },
      status: (user) => reporting.status(user),
    }),
  });
  started.defer(() => control.close());
  started.defer(async () => {
    if (!serving) return;
    await reporting.stop();
    const stopped = { kind: 'engine', verdict: 'stopped', summary: 'Holdpoint stopped', data: { pid: process.pid } } as const;
    await audit.append(stopped).catch((thrown: unknown) => log.error('record-lost', { message: messageOf(thrown) }));
  });

  const interception = await listenAgain({
    // What the whole machine was told must stay so: better no service, which says so, than one that nobody finds.
    wanted: settings.proxy.port || ((service && folder.state().port) ?? 0),
    last: folder.state().port,
    listen: traffic.listen,
    onTaken: (message) => log.warn('port-taken', { message }),
  });
  started.defer(() => interception.close());
  // First of all when it stops: what is held is refused, so that its agents get a proper end while there is still somebody to give it.
  started.defer(() => approvals.close());
  ({ port } = interception);
  folder.saveState({ port });

  const failed = Promise.withResolvers<string>();
  const tampering = watchTampering({
    dataDir,
    logFile: join(dataDir, LOG_FILE),
    configFile,
    program: fileURLToPath(new URL('../..', import.meta.url)),
    record,
    onLogLost: failed.resolve,
    onChange: () => tellStatus(),
  });
  started.defer(() => tampering.close());

  const reporting = createReporting({
    ...{ ...foundation, control, approvals, seenAgents: traffic.seenAgents },
    parts: {
      engine: () => ({
        ...{ pid: process.pid, version: ours, startedAt: startedAt.toISOString(), dataDir },
        ...(service && { service: true as const }),
        ...{ proxyUrl: interception.proxyUrl, caFile },
        caExpires: authority.notAfter.toISOString(),
        caFingerprint: authority.fingerprint,
      }),
      ...{ counts, stack, inForce, approvals, unread, audit, keystore, limits, fleet, upload, tampering },
      attended: (user) => (user === undefined ? control.attended() : control.attends(user)),
    },
    settings: () => settings,
    serving: () => serving,
  });

  await audit.append({
    kind: 'engine',
    verdict: 'started',
    summary: `Holdpoint ${ours} started`,
    data: { version: ours, pid: process.pid, port, keys: keystore.state() },
  });
  serving = true;
  for (const entry of foundation.wereOpen) record(entry);
  await recordGaps(dataDir, audit.append).catch((thrown: unknown) => log.error('record-lost', { message: messageOf(thrown) }));
  planFailsafe();
  upload.follow();
  await audit.append(inForce.entry());
  started.defer(recordSettings(stack, record));
  reporting.followReport();
  log.info('started', { proxyUrl: interception.proxyUrl, dataDir, policy: inForce.summary().name, upstream: describeRoutes(routes) });

  const running = started.move();
  return {
    proxyUrl: interception.proxyUrl,
    caFile,
    dataDir,
    keepers: control.keepers,
    unneeded: control.unneeded,
    failed: failed.promise,
    alive: createLiveness({ settle, decide: inForce.decide, scan }),
    stop: () => running.disposeAsync(),
  };

  /** For a time in which no engine can run. It runs all the same where that cannot be written. */
  function planFailsafe(): void {
    try {
      leavePlan({ dataDir, port, settings, hosts: traffic.hosts() });
    } catch (thrown) {
      log.warn('failsafe', { message: messageOf(thrown) });
    }
  }

  /** Much happens, and is to be told, before all that a status tells of is there. */
  function tellStatus(): void {
    if (serving) reporting.tellStatus();
  }
}

const TWO_DAYS_MS = 2 * 86_400_000;
