/** What everything in the engine stands on: its data folder, its keys, the audit log, and what it must not say. */

import { createHmac, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../contract/errors.ts';
import type { AuditEntry } from '../contract/record.ts';
import type { ServicePlaces } from '../contract/service-places.ts';
import { type AuditLog, openAudit } from './audit/log.ts';
import { type CertificateAuthority, openCertificateAuthority } from './certificates/authority.ts';
import { writeTrustBundle } from './certificates/bundle.ts';
import { deviceKey } from './certificates/device-key.ts';
import { type Keystore, openKeystore, systemKeystore } from './certificates/keystore.ts';
import { claimDataDir, type DataDir } from './data-dir.ts';
import { placeholderFor } from './detection/placeholder.ts';
import { createRedactor, type Redactor } from './detection/redact.ts';
import { createVault, type Vault } from './exchange/vault.ts';
import { type FleetIdentity, openFleetIdentity } from './fleet/identity.ts';
import { createTroubles, type Troubles } from './fleet/troubles.ts';
import { REVOCATION_LIST_PATH } from './interception/interception.ts';
import { createLog, type Log } from './log.ts';
import { openRunDir } from './service/run-dir.ts';
import type { LoadedSettings } from './settings.ts';
import { securedFolder } from './tamper/folder.ts';

export interface Foundation {
  readonly folder: DataDir;
  /** Its path, absolute. */
  readonly dataDir: string;
  readonly keystore: Keystore;
  readonly signingKey: KeyObject;
  readonly redactor: Redactor;
  readonly vault: Vault;
  /** For whoever looks after the engine. */
  readonly log: Log;
  /** How often it had to complain. */
  readonly troubles: Pick<Troubles, 'counts'>;
  readonly authority: CertificateAuthority;
  /** Where programs find the authority's certificate. */
  readonly caFile: string;
  /** What is trusted upstream besides the usual authorities. */
  readonly extraCaPem: string | undefined;
  readonly audit: AuditLog;
  /** What cannot be kept is told to whoever looks after the engine. */
  readonly record: (entry: AuditEntry) => void;
  readonly identity: FleetIdentity;
  /** A record of each file of the data folder that had been open to others. */
  readonly wereOpen: readonly AuditEntry[];
}

export interface FoundationOptions {
  readonly settings: () => LoadedSettings;
  readonly writeLog: (line: string) => void;
  /** As in `EngineSurroundings`. */
  readonly service: Pick<ServicePlaces, 'runDir'> | undefined;
  /** That the proxy listens on; 0 before it does. */
  readonly port: () => number;
  /** Closes the log, and gives the folder free. */
  readonly started: AsyncDisposableStack;
}

/** Throws HoldpointError where one of them cannot be had. */
export async function openFoundation(options: FoundationOptions): Promise<Foundation> {
  const { writeLog, service, port, started } = options;
  const settings = options.settings();
  // A service's user has no other home.
  const folder = service ? claimDataDir(settings.dataDir, '') : claimDataDir(settings.dataDir);
  started.defer(() => folder.release());
  const { dir: dataDir } = folder;
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

  const authority = await openCertificateAuthority({
    dir: dataDir,
    keystore,
    crlUrl: () => `http://127.0.0.1:${port()}${REVOCATION_LIST_PATH}`,
  });
  const { extraCaFile } = settings.upstream;
  const { certificatePem } = authority;
  const bundleFile = await writeTrustBundle({ dir: dataDir, certificatePem, ...(extraCaFile !== undefined && { extraFile: extraCaFile }) });
  const published = service && openRunDir(service.runDir).publish({ ca: certificatePem, bundle: await readFile(bundleFile, 'utf8') });
  const { caFile } = published ?? authority;
  const extraCaPem = extraCaFile === undefined ? undefined : await readFile(extraCaFile, 'utf8');

  const audit = await openAudit({
    dir: dataDir,
    get capture() {
      return options.settings().audit.capture;
    },
    get retainDays() {
      return options.settings().audit.retainDays;
    },
    get maxBytes() {
      return options.settings().audit.maxBytes;
    },
    signingKey,
    redactor,
  });
  started.defer(() => audit.close());
  const record = (entry: AuditEntry) =>
    void audit.append(entry).catch((thrown: unknown) => log.error('record-lost', { message: messageOf(thrown) }));
  const identity = await openFleetIdentity({ file: join(dataDir, 'identity.json'), deviceKey: signingKey });
  return {
    folder,
    dataDir,
    keystore,
    signingKey,
    redactor,
    vault,
    log,
    troubles,
    authority,
    caFile,
    extraCaPem,
    audit,
    record,
    identity,
    wereOpen,
  };
}
