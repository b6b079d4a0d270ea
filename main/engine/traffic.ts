/** What passes through the engine: the proxy, whose each connection is, and what is read of it, MCP servers that are child processes among it. */

import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { AuditLog } from './audit/log.ts';
import { credentialKey } from './certificates/keystore.ts';
import { createInjectionsIn } from './detection/injections-in.ts';
import type { Scanner } from './detection/scanner.ts';
import { createCatalogue } from './exchange/catalogue.ts';
import { createInspector } from './exchange/inspector.ts';
import { isMcpHost, MCP_HOST_PATTERNS } from './exchange/mcp-hosts.ts';
import { createMcpPins, type KeptMcpPins } from './exchange/mcp-pins.ts';
import { createOrigins } from './exchange/origin.ts';
import type { Count } from './exchange/records.ts';
import { createGateways } from './exchange/routing/gateways.ts';
import { createTenants } from './exchange/routing/tenants.ts';
import type { UnreadTally } from './exchange/unread.ts';
import { createSeenAgents, type SeenAgents } from './fleet/seen-agents.ts';
import type { Foundation } from './foundation.ts';
import type { Guard } from './guard/guard.ts';
import type { Holder } from './interception/attribution/endpoints.ts';
import { createAttribution } from './interception/attribution.ts';
import { createInterception, type Interception } from './interception/interception.ts';
import type { RouteSettings } from './interception/routes/route-settings.ts';
import { keptFile } from './kept-file.ts';
import type { Limits } from './limits/limits.ts';
import { createStdioServers, type StdioServers } from './mcp/stdio.ts';
import type { People } from './people.ts';
import type { LoadedSettings } from './settings.ts';
import { setTimer } from './timer.ts';

export interface Traffic {
  readonly seenAgents: SeenAgents;
  readonly mcpPins: KeptMcpPins;
  readonly stdioServers: StdioServers;
  /** Patterns of the hosts whose connections belong here. */
  hosts(): string[];
  /** Opens the proxy; 0 takes any port. Rejects as `createInterception` does. */
  listen(port: number): Promise<Interception>;
  /** Writes down what was seen. */
  close(): void;
}

export interface TrafficOptions
  extends Pick<Foundation, 'keystore' | 'redactor' | 'vault' | 'authority' | 'extraCaPem' | 'record' | 'log' | 'dataDir'> {
  readonly settings: () => LoadedSettings;
  readonly people: People;
  readonly audit: Pick<AuditLog, 'note' | 'onRecord'>;
  readonly guard: Guard;
  readonly scan: Scanner['scan'];
  readonly limits: Pick<Limits, 'judgesConnections' | 'ended' | 'unsent'>;
  readonly unread: Pick<UnreadTally, 'note'>;
  readonly count: (what: Count) => void;
  readonly routes: RouteSettings;
}

export function createTraffic(options: TrafficOptions): Traffic {
  const { settings, people, dataDir, log, audit, record, guard, scan, limits, unread, count, routes } = options;
  const { keystore, redactor, vault, authority, extraCaPem } = options;
  const { homeOf } = people;
  const { callBytes } = settings().limits;

  const catalogue = createCatalogue({
    get own() {
      return settings().providers;
    },
    get hosts() {
      return settings().intercept.hosts;
    },
  });
  const seenAgents = createSeenAgents({
    catalogue,
    ...keptFile(join(dataDir, 'seen-agents.json')),
    log: (message) => log.warn('seen-agents', { message }),
    setTimer,
  });
  audit.onRecord(seenAgents.note);
  const mcpPins = createMcpPins({
    ...keptFile(join(dataDir, 'mcp-tools.json')),
    log: (message) => log.warn('mcp-tools', { message }),
  });
  const injectionsIn = createInjectionsIn({ scan });
  const stdioServers = createStdioServers({
    ...{ injectionsIn, guard, vault, callBytes, pins: mcpPins },
    originOf: createOrigins(catalogue, homeOf),
    records: { keep: record, unread: unread.note },
  });
  const inspector = createInspector({
    ...{ injectionsIn, mcpPins, vault, catalogue, homeOf, guard, count, callBytes },
    restores: () => settings().redaction.restore,
    judgesConnections: limits.judgesConnections,
    ended: limits.ended,
    unsent: limits.unsent,
    record: audit.note,
    learnCredential: redactor.learn,
    unread: unread.note,
    log: (level, message) => log[level]('exchange', { message }),
  });
  const tenants = createTenants({
    tenants: () => settings().tenants,
    isRead: (host) => isMcpHost(host) || catalogue.intercepts(host),
  });
  const hosts = () => [...catalogue.interceptedHosts(), ...MCP_HOST_PATTERNS, ...tenants.hosts()];
  const gateways = createGateways({
    routes: () => settings().routes,
    catalogue,
    credential: (name) => keystore.get(credentialKey(name)),
    learnCredential: redactor.learn,
  });

  const attribution = createAttribution({ users: people.users });
  const holders = new WeakMap<Socket, Promise<Holder>>();
  const holderOf = (socket: Socket) => {
    const { remotePort = 0, remoteAddress = '', localPort = 0, localAddress = '' } = socket;
    const at = { clientPort: remotePort, clientAddress: remoteAddress, proxyPort: localPort, proxyAddress: localAddress };
    const holder = holders.get(socket) ?? attribution.holderOf(at);
    holders.set(socket, holder);
    return holder;
  };

  return {
    ...{ seenAgents, mcpPins, stdioServers, hosts },
    listen: (port) =>
      createInterception({
        host: settings().proxy.host,
        port,
        authority,
        intercepts: (host) => isMcpHost(host) || catalogue.intercepts(host) || tenants.headerOnly(host),
        broughtHere: hosts,
        outgoing: { headers: tenants, ways: gateways },
        upstream: { resolve: settings().upstream.resolve, ...(extraCaPem !== undefined && { extraCaPem }), routes },
        inspector,
        processOf: async (socket) => (await holderOf(socket)).process,
        userOf: async (socket) => (await holderOf(socket)).user,
        limits: { requestBytes: settings().limits.requestBytes },
        log: ({ kind, ...told }) => log.warn(`interception.${kind}`, told),
      }),
    close: seenAgents.close,
  };
}
