/** The engine: settings in, parts wired, started, stopped. The one place that knows all of them. */

import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { userOf } from '../contract/action.ts';
import type { Status } from '../contract/control.ts';
import { HoldpointError, messageOf } from '../contract/errors.ts';
import { isOwn } from '../contract/own-record.ts';
import type { AuditEntry } from '../contract/record.ts';
import type { ServicePlaces } from '../contract/service-places.ts';
import { createApprovals } from './approvals/approvals.ts';
import { createBrowse } from './audit/browse/browse.ts';
import { createIncidents } from './audit/incident/incidents.ts';
import { openAudit } from './audit/log.ts';
import { LOG_FILE } from './audit/schema.ts';
import { exchangesSince, lastBypass } from './audit/taken-over.ts';
import { openCertificateAuthority } from './certificates/authority.ts';
import { upstreamRoots, writeTrustBundle } from './certificates/bundle.ts';
import { deviceKey } from './certificates/device-key.ts';
import { credentialKey, openKeystore, systemKeystore } from './certificates/keystore.ts';
import { nameOfCaller } from './control/caller.ts';
import { createWindowsOwners } from './control/claims-windows.ts';
import { startControl } from './control/server.ts';
import { claimDataDir } from './data-dir.ts';
import { createInjectionsIn } from './detection/injections-in.ts';
import { placeholderFor } from './detection/placeholder.ts';
import { createRedactor } from './detection/redact.ts';
import { createCatalogue } from './exchange/catalogue.ts';
import { createInspector } from './exchange/inspector.ts';
import { isMcpHost, MCP_HOST_PATTERNS } from './exchange/mcp-hosts.ts';
import { createMcpPins } from './exchange/mcp-pins.ts';
import { mcpServersSeen } from './exchange/mcp-servers.ts';
import { createOrigins } from './exchange/origin.ts';
import { createGateways } from './exchange/routing/gateways.ts';
import { createTenants } from './exchange/routing/tenants.ts';
import { createUnreadTally } from './exchange/unread.ts';
import { createVault } from './exchange/vault.ts';
import { leavePlan, recordGaps } from './failsafe.ts';
import { undoneAgents } from './fleet/agent-files.ts';
import { openFleetIdentity } from './fleet/identity.ts';
import { type MembershipOptions, openMembership } from './fleet/membership.ts';
import { createStatusReport, type StatusReport } from './fleet/report.ts';
import { createSeenAgents } from './fleet/seen-agents.ts';
import { settingsDrift } from './fleet/settings-drift.ts';
import { whenStale } from './fleet/stale.ts';
import type { FleetSync } from './fleet/sync-options.ts';
import { createTroubles } from './fleet/troubles.ts';
import { seenBy } from './guard/facts/seen-by.ts';
import { createGuard } from './guard/guard.ts';
import { createUnderstanding } from './guard/understand.ts';
import { openInForce } from './in-force.ts';
import { runCommand } from './interception/attribution/command.ts';
import type { Holder } from './interception/attribution/endpoints.ts';
import { createUsers } from './interception/attribution/users.ts';
import { createAttribution } from './interception/attribution.ts';
import { createInterception } from './interception/interception.ts';
import { describeRoutes, routeSettings } from './interception/routes/route-settings.ts';
import { keptFile } from './kept-file.ts';
import { listenAgain } from './last-port.ts';
import { createLimits } from './limits/limits.ts';
import { createLiveness } from './liveness.ts';
import { createLog } from './log.ts';
import { createStdioServers } from './mcp/stdio.ts';
import { createPolicyDesk } from './policy-desk/desk.ts';
import { openRunDir } from './service/run-dir.ts';
import { listedSettings } from './settings/listed.ts';
import { type SettingsStack, settledStack } from './settings/stack.ts';
import { recordSettings } from './settings/told.ts';
import type { LoadedSettings } from './settings.ts';
import { type StatusParts, statusOf } from './status.ts';
import { securedFolder } from './tamper/folder.ts';
import { watchTampering } from './tamper/tamper.ts';
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

  // A service's user has no other home.
  const folder = service ? claimDataDir(settings.dataDir, '') : claimDataDir(settings.dataDir);
  started.defer(() => folder.release());
  const dataDir = folder.dir;
  const wereOpen = securedFolder(dataDir);

  const keystore = openKeystore({ dir: dataDir, system: await systemKeystore(process.env) });
  const signingKey = await deviceKey(keystore);
  const placeholderKey = createHmac('sha256', signingKey.export({ type: 'pkcs8', format: 'der' }))
    .update('placeholders')
    .digest();
  const redactor = createRedactor({ key: placeholderKey });
  if (settings.fleet?.enrolmentToken !== undefined) redactor.learn(settings.fleet.enrolmentToken);
  const vault = createVault({
    placeholderFor: (session, { label, value }) =>
      placeholderFor(createHmac('sha256', placeholderKey).update(session).digest(), label, value),
  });
  const troubles = createTroubles(createLog(writeLog, redactor.redact));
  const { log } = troubles;

  let port = 0;
  const authority = await openCertificateAuthority({ dir: dataDir, keystore, crlUrl: () => `http://127.0.0.1:${port}/holdpoint.crl` });
  const { extraCaFile } = settings.upstream;
  const bundleFile = await writeTrustBundle({
    dir: dataDir,
    certificatePem: authority.certificatePem,
    ...(extraCaFile !== undefined && { extraFile: extraCaFile }),
  });
  const published =
    service && openRunDir(service.runDir).publish({ ca: authority.certificatePem, bundle: await readFile(bundleFile, 'utf8') });
  const { caFile } = published ?? authority;
  const users = createUsers('/etc/passwd');
  const ownName = await users.nameOf(process.getuid?.() ?? -1);
  const homeOf = async (user: string | undefined) => {
    // Of one person's engine nearly all is that person's, and all that nobody can be told to own.
    const ours = service ? undefined : homedir();
    return user === undefined || user === ownName ? ours : ((await users.homeOf(user)) ?? ours);
  };
  /** What is asked of other people's files is answered with the asker's rights, not with a service's. */
  const lookUp =
    service &&
    process.platform !== 'win32' &&
    (async (user: string | undefined) => seenBy(user === undefined ? undefined : await users.idOf(user)));
  const extraCaPem = extraCaFile === undefined ? undefined : await readFile(extraCaFile, 'utf8');

  const audit = await openAudit({
    dir: dataDir,
    get capture() {
      return settings.audit.capture;
    },
    get retainDays() {
      return settings.audit.retainDays;
    },
    get maxBytes() {
      return settings.audit.maxBytes;
    },
    signingKey,
    redactor,
  });
  started.defer(() => audit.close());
  const identity = await openFleetIdentity({ file: join(dataDir, 'identity.json'), deviceKey: signingKey });
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
  const record = (entry: AuditEntry) =>
    void audit.append(entry).catch((thrown: unknown) => log.error('record-lost', { message: messageOf(thrown) }));
  // Before `openInForce` listens: whoever it tells looks at the settings, and finds the new ones.
  started.defer(
    stack.onChange((change) => {
      settings = change.settings;
      if (!serving) return;
      upload.follow();
      followReport();
      planFailsafe();
      tellStatus();
    }),
  );
  const inForce = await openInForce({ stack, deviceKey: signingKey, record, log: (event, message) => log.warn(event, { message }) });
  started.defer(() => inForce.close());
  const { scan } = inForce;
  const fleet = settings.fleet && openFleet({ ...settings, fleet: settings.fleet });
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
  const browse = createBrowse({ file: join(dataDir, LOG_FILE) });
  started.defer(() => browse.close());
  const policyDesk = createPolicyDesk({
    inForce,
    fleet: () => fleet && { revision: fleet.status().revision, staleMode: fleet.staleMode() },
    logFile: join(dataDir, LOG_FILE),
    homeOf,
    ...(lookUp && { lookUp }),
  });
  started.defer(() => policyDesk.close());
  const settle = () => audit.records({ limit: 1 });
  const incidents = createIncidents({
    ...{ file: join(dataDir, LOG_FILE), key: signingKey, version: ours, settle, record: audit.append },
    onProgress: (progress) => control.tell('exporting', ({ level }) => (level === 'admin' ? progress : undefined)),
  });
  started.defer(() => incidents.close());
  const control = await startControl({
    dataDir,
    version: ours,
    log,
    ...(service && {
      public: {
        runDir: service.runDir,
        nameOf: users.nameOf,
        ...(process.platform === 'win32' && { ownerOf: createWindowsOwners(runCommand) }),
      },
    }),
    onAttended: () => tellStatus(),
    handlers: {
      status: (_none, { user }) => status(user),
      async sync(_none, { user }) {
        if (!fleet) throw new HoldpointError('not-found', 'This device belongs to no fleet: fleet.url is not set.');
        await fleet.syncNow();
        return status(user);
      },
      questions: (_none, { user }) => approvals.open(user),
      answer: (answered, caller) => approvals.answer(answered, nameOfCaller(caller), caller.user),
      missed: (_none, { user }) => approvals.missed(user),
      allowNext: ({ id }, { user }) => approvals.allowNext(id, user),
      bypass: (wanted, caller) => limits.bypass.begin(wanted, nameOfCaller(caller)),
      endBypass: (_none, caller) => limits.bypass.end(nameOfCaller(caller)),
      grants: (_none, { user }) => approvals.grants(user),
      revoke: ({ id }, { user }) => approvals.revoke(id, user),
      seenAgents: (_none, { user }) => seenAgents.list(user),
      mcpServers: (_none, { user }) => mcpServersSeen({ pinned: mcpPins.list(user), seen: seenAgents.list(user), redact: redactor.redact }),
      records: (range, { user }) => audit.records({ ...range, user }),
      ...browse.handlers,
      ...policyDesk.handlers,
      exportIncident: (wanted, caller, gone) => incidents.exportIncident(wanted, nameOfCaller(caller), gone),
      settingsList: () => listedSettings(stack),
      mcpOpen: (asked, { user }, gone) => stdioServers.open(asked, gone, user),
      mcpFromClient: (asked) => stdioServers.fromClient(asked),
      mcpFromServer: (asked) => stdioServers.fromServer(asked),
    },
  });
  started.defer(() => control.close());
  let statusReport: StatusReport | undefined;
  started.defer(async () => {
    await statusReport?.stop();
    const stopped = { kind: 'engine', verdict: 'stopped', summary: 'Holdpoint stopped', data: { pid: process.pid } } as const;
    if (serving) await audit.append(stopped).catch((thrown: unknown) => log.error('record-lost', { message: messageOf(thrown) }));
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
  const catalogue = createCatalogue({
    get own() {
      return settings.providers;
    },
    get hosts() {
      return settings.intercept.hosts;
    },
  });
  const seenAgents = createSeenAgents({
    catalogue,
    ...keptFile(join(dataDir, 'seen-agents.json')),
    log: (message) => log.warn('seen-agents', { message }),
    setTimer,
  });
  started.defer(() => seenAgents.close());
  audit.onRecord(seenAgents.note);
  const mcpPins = createMcpPins({
    ...keptFile(join(dataDir, 'mcp-tools.json')),
    log: (message) => log.warn('mcp-tools', { message }),
  });
  const injectionsIn = createInjectionsIn({ scan });
  const stdioServers = createStdioServers({
    injectionsIn,
    guard,
    pins: mcpPins,
    vault,
    callBytes: settings.limits.callBytes,
    originOf: createOrigins(catalogue, homeOf),
    records: {
      keep: record,
      unread: unread.note,
    },
  });
  const inspector = createInspector({
    injectionsIn,
    mcpPins,
    vault,
    restores: () => settings.redaction.restore,
    judgesConnections: limits.judgesConnections,
    ended: limits.ended,
    unsent: limits.unsent,
    catalogue,
    homeOf,
    guard,
    record: audit.note,
    learnCredential: redactor.learn,
    count: (what) => {
      counts[what] += 1;
    },
    unread: unread.note,
    log: (level, message) => log[level]('exchange', { message }),
    callBytes: settings.limits.callBytes,
  });
  const tenants = createTenants({
    tenants: () => settings.tenants,
    isRead: (host) => isMcpHost(host) || catalogue.intercepts(host),
  });
  /** Patterns of the hosts whose connections belong here. */
  const ledHere = () => [...catalogue.interceptedHosts(), ...MCP_HOST_PATTERNS, ...tenants.hosts()];
  const gateways = createGateways({
    routes: () => settings.routes,
    catalogue,
    credential: (name) => keystore.get(credentialKey(name)),
    learnCredential: redactor.learn,
  });
  const attribution = createAttribution({ users });
  const holders = new WeakMap<Socket, Promise<Holder>>();
  const holderOf = (socket: Socket) => {
    const { remotePort = 0, remoteAddress = '', localPort = 0, localAddress = '' } = socket;
    const at = { clientPort: remotePort, clientAddress: remoteAddress, proxyPort: localPort, proxyAddress: localAddress };
    const holder = holders.get(socket) ?? attribution.holderOf(at);
    holders.set(socket, holder);
    return holder;
  };
  const routes = routeSettings(settings.upstream, process.env);
  if (routes.ignored !== undefined) log.warn('proxy-ignored', { message: routes.ignored });
  const listenOn = (wanted: number) =>
    createInterception({
      host: settings.proxy.host,
      port: wanted,
      authority,
      intercepts: (host) => isMcpHost(host) || catalogue.intercepts(host) || tenants.headerOnly(host),
      broughtHere: ledHere,
      outgoing: { headers: tenants, ways: gateways },
      upstream: { resolve: settings.upstream.resolve, ...(extraCaPem !== undefined && { extraCaPem }), routes },
      inspector,
      processOf: async (socket) => (await holderOf(socket)).process,
      userOf: async (socket) => (await holderOf(socket)).user,
      limits: { requestBytes: settings.limits.requestBytes },
      log: ({ kind, ...told }) => log.warn(`interception.${kind}`, told),
    });
  const interception = await listenAgain({
    // What the whole machine was told must stay so: better no service, which says so, than one that nobody finds.
    wanted: settings.proxy.port || ((service && folder.state().port) ?? 0),
    last: folder.state().port,
    listen: listenOn,
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

  const parts: StatusParts = {
    engine: () => ({
      pid: process.pid,
      version: ours,
      startedAt: startedAt.toISOString(),
      dataDir,
      ...(service && { service: true as const }),
      proxyUrl: interception.proxyUrl,
      caFile,
      caExpires: authority.notAfter.toISOString(),
      caFingerprint: authority.fingerprint,
    }),
    ...{ counts, stack, inForce, approvals, unread, audit, keystore, limits, fleet, upload, tampering },
    attended: (user) => (user === undefined ? control.attended() : control.attends(user)),
  };
  approvals.onChange((changed) => {
    if (changed === 'questions') control.tell('questions', ({ user }) => approvals.open(user));
    if (changed === 'missed') control.tell('missed', ({ user }) => approvals.missed(user));
    tellStatus();
  });
  audit.onRecord((record) => {
    control.tell('record', ({ user }) => (isOwn(record, user) ? record : undefined));
    tellStatus();
  });

  await audit.append({
    kind: 'engine',
    verdict: 'started',
    summary: `Holdpoint ${ours} started`,
    data: { version: ours, pid: process.pid, port, keys: keystore.state() },
  });
  serving = true;
  for (const entry of wereOpen) record(entry);
  await recordGaps(dataDir, audit.append).catch((thrown: unknown) => log.error('record-lost', { message: messageOf(thrown) }));
  planFailsafe();
  upload.follow();
  await audit.append(inForce.entry());
  started.defer(recordSettings(stack, record));
  followReport();
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

  function followReport(): void {
    if (statusReport || !(settings.audit.upload || settings.fleet)) return;
    statusReport = createStatusReport({
      status: () => status(),
      seen: seenAgents.list,
      inFleet: settings.fleet !== undefined,
      everyMs: (settings.audit.upload?.statusMinutes ?? 60) * 60_000,
      undone: () => undoneAgents(dataDir),
      settings: () => settingsDrift(stack.list()),
      troubles: troubles.counts,
      record: audit.append,
      setTimer,
      now: () => new Date(),
      monotonic: () => performance.now(),
    });
    audit.onRecord(statusReport.note);
  }

  /** For a time in which no engine can run. It runs all the same where that cannot be written. */
  function planFailsafe(): void {
    try {
      leavePlan({ dataDir, port, settings, hosts: ledHere() });
    } catch (thrown) {
      log.warn('failsafe', { message: messageOf(thrown) });
    }
  }

  function openFleet(member: MembershipOptions['settings']): FleetSync {
    const highest = () => folder.state().highest ?? {};
    return openMembership({
      settings: member,
      dataDir,
      identity,
      engineVersion: ours,
      extraCaPem,
      env: process.env,
      activate: inForce.activate,
      highest: {
        get: (of) => highest()[of] ?? 0,
        set: (of, revision) => folder.saveState({ highest: { ...highest(), [of]: revision } }),
      },
      record,
      log: (message) => log.warn('fleet', { message }),
    });
  }

  function tellStatus(): void {
    if (!serving) return;
    control.tell('status', ({ user }) => status(user));
    statusReport?.look(status());
  }

  /** `user` hears of their own questions only. */
  function status(user?: string): Status {
    return statusOf(parts, user);
  }
}

const TWO_DAYS_MS = 2 * 86_400_000;
/** Nobody waits for it: it keeps no process alive. */
function setTimer(work: () => void, ms: number): () => void {
  const timer = setTimeout(work, ms).unref();
  return () => clearTimeout(timer);
}
