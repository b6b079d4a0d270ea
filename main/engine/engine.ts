/** The engine: settings in, parts wired, started, stopped. The one place that knows all of them. */

import { createHmac, createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Status } from '../contract/control.ts';
import { HoldpointError, messageOf } from '../contract/errors.ts';
import { uninspectedSentence } from '../contract/uninspected.ts';
import { createApprovals } from './approvals/approvals.ts';
import { openAudit } from './audit/log.ts';
import { openCertificateAuthority } from './certificates/authority.ts';
import { writeTrustBundle } from './certificates/bundle.ts';
import { credentialKey, type Keystore, openKeystore, systemKeystore } from './certificates/keystore.ts';
import { startControl } from './control/server.ts';
import { claimDataDir, writeFileAtomically } from './data-dir.ts';
import { createInjectionsIn } from './detection/injections-in.ts';
import { placeholderFor } from './detection/placeholder.ts';
import { createRedactor } from './detection/redact.ts';
import { createScanner } from './detection/scanner.ts';
import { openDevicePolicy } from './device-policy.ts';
import { createCatalogue } from './exchange/catalogue.ts';
import { createInspector } from './exchange/inspector.ts';
import { isMcpHost } from './exchange/mcp-hosts.ts';
import { createMcpPins } from './exchange/mcp-pins.ts';
import { createOrigins } from './exchange/origin.ts';
import { createGateways } from './exchange/routing/gateways.ts';
import { createTenants } from './exchange/routing/tenants.ts';
import { createUnreadTally } from './exchange/unread.ts';
import { createVault } from './exchange/vault.ts';
import { createGuard } from './guard/guard.ts';
import { createUnderstanding } from './guard/understand.ts';
import { createAttribution } from './interception/attribution.ts';
import { createInterception } from './interception/interception.ts';
import { describeRoutes, routeSettings } from './interception/routes/route-settings.ts';
import { createLog } from './log.ts';
import { createStdioServers } from './mcp/stdio.ts';
import type { LoadedSettings } from './settings.ts';
import { version } from './version.ts';

export interface Engine {
  readonly proxyUrl: string;
  readonly caFile: string;
  readonly dataDir: string;
  /** Clients that need the engine while they are connected: agents run behind it. */
  keepers(): number;
  /** Resolves when no such client is connected: at once where none is. */
  unneeded(): Promise<void>;
  /** Refuses what is held, lets the log become durable, and gives the data folder free. */
  stop(): Promise<void>;
}

/** Starts everything or nothing. Throws HoldpointError naming what could not be started, where, and what to do. */
export async function startEngine(settings: LoadedSettings, writeLog: (line: string) => void): Promise<Engine> {
  await using started = new AsyncDisposableStack();
  const startedAt = new Date();
  const ours = await version();

  const folder = claimDataDir(settings.dataDir);
  started.defer(() => folder.release());
  const dataDir = folder.dir;

  const keystore = openKeystore({ dir: dataDir, system: await systemKeystore(process.env) });
  const signingKey = await deviceKey(keystore);
  const placeholderKey = createHmac('sha256', signingKey.export({ type: 'pkcs8', format: 'der' }))
    .update('placeholders')
    .digest();
  const redactor = createRedactor({ key: placeholderKey });
  const vault = createVault({
    placeholderFor: (session, { label, value }) =>
      placeholderFor(createHmac('sha256', placeholderKey).update(session).digest(), label, value),
  });
  const log = createLog(writeLog, redactor.redact);

  let port = 0;
  const authority = await openCertificateAuthority({ dir: dataDir, keystore, crlUrl: () => `http://127.0.0.1:${port}/holdpoint.crl` });
  const { extraCaFile } = settings.upstream;
  await writeTrustBundle({
    dir: dataDir,
    certificatePem: authority.certificatePem,
    ...(extraCaFile !== undefined && { extraFile: extraCaFile }),
  });
  const extraCaPem = extraCaFile === undefined ? undefined : await readFile(extraCaFile, 'utf8');

  const audit = await openAudit({ dir: dataDir, ...settings.audit, signingKey, redactor });
  started.defer(() => audit.close());
  const scanner = createScanner({ workers: 2, patterns: settings.detection.patterns, log: (message) => log.warn('scan', { message }) });
  started.defer(() => scanner.close());
  const policy = await openDevicePolicy({
    chosen: settings.policy,
    deviceKey: signingKey,
    scan: scanner.scan,
    log: (message) => log.warn('policy', { message }),
  });
  started.defer(() => policy.close());

  const counts = { connections: 0, tunnels: 0, exchanges: 0, held: 0, released: 0, refused: 0, abandoned: 0 };
  const unread = createUnreadTally({ redact: redactor.redact, onSettled: () => tellStatus() });
  const approvals = createApprovals({
    timeoutMs: settings.approvals.timeoutSeconds * 1000,
    unattended: settings.approvals.unattended,
    attended: () => control.attended(),
    store: join(dataDir, 'grants.json'),
    redact: redactor.redact,
    record: (entry) => void audit.append(entry).catch((thrown: unknown) => log.error('record-lost', { message: messageOf(thrown) })),
  });
  const control = await startControl({
    dataDir,
    version: ours,
    log,
    onAttended: () => tellStatus(),
    handlers: {
      status: () => status(),
      questions: () => approvals.open(),
      answer: (answered, client) => approvals.answer(answered, client),
      missed: () => approvals.missed(),
      allowNext: ({ id }) => approvals.allowNext(id),
      grants: () => approvals.grants(),
      revoke: ({ id }) => approvals.revoke(id),
      records: (range) => audit.records(range),
      mcpOpen: (asked, _client, gone) => stdioServers.open(asked, gone),
      mcpFromClient: (asked) => stdioServers.fromClient(asked),
      mcpFromServer: (asked) => stdioServers.fromServer(asked),
    },
  });
  started.defer(() => control.close());
  let serving = false;
  started.defer(async () => {
    const stopped = { kind: 'engine', verdict: 'stopped', summary: 'Holdpoint stopped', data: { pid: process.pid } } as const;
    if (serving) await audit.append(stopped).catch((thrown: unknown) => log.error('record-lost', { message: messageOf(thrown) }));
  });

  const guard = createGuard({
    world: {
      understand: createUnderstanding({ scan: scanner.scan }),
      decide: policy.decide,
      ask: approvals.ask,
      record: async (entry) => void (await audit.append(entry)),
    },
    onHold: (change) => {
      counts[change] += 1;
      tellStatus();
    },
  });
  const catalogue = createCatalogue({ own: settings.providers, hosts: settings.intercept.hosts });
  const toolsFile = join(dataDir, 'mcp-tools.json');
  const mcpPins = createMcpPins({
    load: () => (existsSync(toolsFile) ? readFileSync(toolsFile, 'utf8') : undefined),
    save: (text) => writeFileAtomically(toolsFile, text),
    log: (message) => log.warn('mcp-tools', { message }),
  });
  const injectionsIn = createInjectionsIn(scanner);
  const stdioServers = createStdioServers({
    injectionsIn,
    guard,
    pins: mcpPins,
    vault,
    callBytes: settings.limits.callBytes,
    originOf: createOrigins(catalogue),
    records: {
      keep: (entry) => void audit.append(entry).catch((thrown: unknown) => log.error('record-lost', { message: messageOf(thrown) })),
      unread: unread.note,
    },
  });
  const inspector = createInspector({
    injectionsIn,
    mcpPins,
    vault,
    restores: settings.redaction.restore,
    judgesConnections: policy.speaksOf('connect'),
    catalogue,
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
  const gateways = createGateways({
    routes: () => settings.routes,
    catalogue,
    credential: (name) => keystore.get(credentialKey(name)),
    learnCredential: redactor.learn,
  });
  const attribution = createAttribution();
  const routes = routeSettings(settings.upstream, process.env);
  if (routes.ignored !== undefined) log.warn('proxy-ignored', { message: routes.ignored });
  const listenOn = (wanted: number) =>
    createInterception({
      host: settings.proxy.host,
      port: wanted,
      authority,
      intercepts: (host) => isMcpHost(host) || catalogue.intercepts(host) || tenants.headerOnly(host),
      outgoing: { headers: tenants, ways: gateways },
      upstream: { resolve: settings.upstream.resolve, ...(extraCaPem !== undefined && { extraCaPem }), routes },
      inspector,
      processOf: ({ remotePort = 0, remoteAddress = '', localPort = 0, localAddress = '' }) =>
        attribution.processOf({ clientPort: remotePort, clientAddress: remoteAddress, proxyPort: localPort, proxyAddress: localAddress }),
      limits: { requestBytes: settings.limits.requestBytes },
      log: ({ kind, ...told }) => log.warn(`interception.${kind}`, told),
    });
  const lastPort = settings.proxy.port === 0 ? folder.state().port : undefined;
  const interception =
    lastPort === undefined
      ? await listenOn(settings.proxy.port)
      : await listenOn(lastPort).catch((thrown: unknown) => {
          if (!(thrown instanceof HoldpointError && thrown.code === 'port-busy')) throw thrown;
          log.warn('port-taken', {
            message: `Port ${lastPort}, which agents were given last time, is taken by another program. A new one is used: start agents anew.`,
          });
          return listenOn(0);
        });
  started.defer(() => interception.close());
  // First of all when it stops: what is held is refused, so that its agents get a proper end while there is still somebody to give it.
  started.defer(() => approvals.close());
  ({ port } = interception);
  folder.saveState({ port });

  approvals.onChange((changed) => {
    if (changed === 'questions') control.tell('questions', approvals.open());
    if (changed === 'missed') control.tell('missed', approvals.missed());
    tellStatus();
  });
  audit.onRecord((record) => {
    control.tell('record', record);
    tellStatus();
  });

  const { name, hash, count, source } = policy.summary;
  await audit.append({
    kind: 'engine',
    verdict: 'started',
    summary: `Holdpoint ${ours} started`,
    data: { version: ours, pid: process.pid, port, keys: keystore.state() },
  });
  serving = true;
  await audit.append({
    kind: 'policy',
    verdict: 'in-force',
    summary: `${count} policies of ${name} in force`,
    data: { name, source, hash, count },
  });
  log.info('started', { proxyUrl: interception.proxyUrl, dataDir, policy: name, upstream: describeRoutes(routes) });

  const running = started.move();
  return {
    proxyUrl: interception.proxyUrl,
    caFile: authority.caFile,
    dataDir,
    keepers: control.keepers,
    unneeded: control.unneeded,
    stop: () => running.disposeAsync(),
  };

  function tellStatus(): void {
    control.tell('status', status());
  }

  function status(): Status {
    const { records, head, writable } = audit.stats();
    const open = approvals.open().length;
    const uninspected = unread.newest();
    const notes = notesOf(writable, uninspected);
    return {
      engine: {
        pid: process.pid,
        version: ours,
        startedAt: startedAt.toISOString(),
        dataDir,
        proxyUrl: interception.proxyUrl,
        caFile: authority.caFile,
      },
      state: notes.length > 0 ? 'attention' : open > 0 ? 'asking' : 'protecting',
      notes,
      policy: policy.summary,
      approvals: { open, missed: approvals.missed().length, grants: approvals.grants().length, attended: control.attended() },
      counts: { ...counts, uninspected: unread.total() },
      uninspected,
      audit: { records, head, capture: settings.audit.capture, writable },
      keys: keystore.state(),
    };
  }

  function notesOf(writable: boolean, uninspected: Status['uninspected']): string[] {
    const notes: string[] = [];
    if (!writable)
      notes.push(`The log in ${dataDir} cannot be written, so every action that needs a record is refused. Make room on the disk.`);
    const unreadNote = uninspectedSentence(uninspected, unread.total());
    if (unreadNote !== undefined) notes.push(unreadNote);
    return notes;
  }
}

/** The key that signs the log's checkpoints: made at first start, one a device. */
async function deviceKey(keystore: Keystore): Promise<KeyObject> {
  const kept = await keystore.get('device');
  if (kept !== undefined) {
    try {
      const key = createPrivateKey(kept);
      if (key.asymmetricKeyType === 'ed25519') return key;
    } catch (thrown) {
      throw new HoldpointError(
        'data-dir-unusable',
        'The device key "device" in the keystore, or in device.key in the data folder, cannot be read. Restore it from a backup, or remove it: the log then continues under a new key.',
        thrown,
      );
    }
    throw new HoldpointError(
      'data-dir-unusable',
      'The device key "device" is not an Ed25519 key. Restore it from a backup, or remove it: the log then continues under a new key.',
    );
  }
  const { privateKey } = generateKeyPairSync('ed25519');
  await keystore.set('device', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  return privateKey;
}
