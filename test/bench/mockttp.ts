/** mockttp as a plain intercepting proxy that passes everything to the benchmark's provider; for comparison. Prints where it serves. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** The part of mockttp's interface that is used here; it is installed for the benchmark only. */
interface Mockttp {
  generateCACertificate(): Promise<{ key: string; cert: string }>;
  getLocal(options: object): {
    start(): Promise<void>;
    readonly port: number;
    forAnyRequest(): { thenPassThrough(options: object): Promise<unknown> };
    forAnyWebSocket(): { thenPassThrough(options: object): Promise<unknown> };
  };
}

const [modules, port, certFile] = process.argv.slice(2) as [string, string, string];
const { generateCACertificate, getLocal } = createRequire(`${modules}/`)('mockttp') as Mockttp;

const ca = await generateCACertificate();
const server = getLocal({ https: ca, http2: true, recordTraffic: false });
await server.start();
const onwards = {
  transformRequest: { replaceHost: { targetHost: `localhost:${port}`, updateHostHeader: false } },
  additionalTrustedCAs: [{ cert: readFileSync(certFile, 'utf8') }],
  ignoreHostHttpsErrors: true,
};
await server.forAnyRequest().thenPassThrough(onwards);
await server.forAnyWebSocket().thenPassThrough(onwards);
console.log(JSON.stringify({ proxyUrl: `http://127.0.0.1:${server.port}`, ca: ca.cert }));
