/** An authority that everybody trusts, and a server's certificate by it, made by OpenSSL: what of a machine's is not ours. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSecureContext, type SecureContext } from 'node:tls';
import { must } from '../../../build/commands.ts';

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30'];

/** Writes the authority's certificate as `ca.pem` into `folder`. Gives how a server for all of `hosts` shows itself. */
export async function everybodysAuthority(folder: string, hosts: readonly string[]): Promise<SecureContext> {
  const at = (name: string) => join(folder, name);
  await must('openssl', ['req', '-x509', ...KEY, '-subj', '/CN=Everybody trusts me', '-keyout', at('ca.key'), '-out', at('ca.pem')]);
  const names = `subjectAltName=${hosts.map((host) => `DNS:${host}`).join(',')}`;
  const by = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-addext', names, '-addext', 'basicConstraints=critical,CA:FALSE'];
  await must('openssl', ['req', '-x509', ...KEY, ...by, '-subj', `/CN=${hosts[0]}`, '-keyout', at('server.key'), '-out', at('server.pem')]);
  return createSecureContext({ key: await readFile(at('server.key')), cert: await readFile(at('server.pem')) });
}
