/** An OTLP/HTTP receiver for logs: takes what it is told to take, and is as difficult as it is told to be. */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { SecureContext } from 'node:tls';
import { gunzipSync } from 'node:zlib';
import { exportRequest, exportResponse } from './otlp-proto.ts';

export type Value = string | number | boolean | null | Value[] | { [key: string]: Value };

export interface ReceivedLog {
  readonly resource: { readonly [key: string]: Value };
  readonly attributes: { readonly [key: string]: Value };
  readonly scope: string;
  readonly eventName: string;
  readonly body: Value;
  readonly severityNumber: number;
  readonly severityText: string;
  /** Milliseconds since 1970. */
  readonly time: number;
}

export interface ReceivedRequest {
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly path: string;
  /** Bytes on the wire. */
  readonly bytes: number;
  /** Bytes of the message itself. */
  readonly plainBytes: number;
  readonly logs: readonly ReceivedLog[];
}

export type Answer =
  | { readonly kind: 'accept' }
  /** Nothing of the request is kept. `message` is sent as plain text. */
  | { readonly kind: 'refuse'; readonly status: number; readonly headers?: { readonly [name: string]: string }; readonly message?: string }
  /** The request is kept, except its first `rejected` logs. */
  | { readonly kind: 'partial'; readonly rejected: number; readonly message: string }
  /** Read, not kept, never answered. */
  | { readonly kind: 'hang' }
  /** Kept; the answer breaks off in the middle of its body. */
  | { readonly kind: 'break' }
  /** Kept or not, and answered as the test does it. */
  | { readonly kind: 'own'; readonly keeps: boolean; readonly respond: (response: ServerResponse) => void };

export interface OtlpReceiver {
  /** `http://127.0.0.1:PORT/v1/logs`; `https://localhost:PORT/v1/logs` where it speaks TLS. */
  readonly url: string;
  /** Every request that came whole, oldest first, whatever it was answered. */
  readonly requests: readonly ReceivedRequest[];
  /** Logs that were kept, oldest first, and as often as they came. */
  readonly kept: readonly ReceivedLog[];
  /** How requests are answered from now on; `accept` at first. */
  answer(how: Answer | ((request: ReceivedRequest) => Answer)): void;
  /** Resolves when the condition holds; it is looked at again after each request. */
  until(condition: () => boolean): Promise<void>;
  /** Ends all connections. */
  close(): Promise<void>;
}

export interface OtlpReceiverOptions {
  readonly port?: number;
  /** It speaks TLS with these certificates. */
  readonly contextFor?: (host: string) => SecureContext;
}

export async function startOtlpReceiver({ port = 0, contextFor }: OtlpReceiverOptions = {}): Promise<OtlpReceiver> {
  const requests: ReceivedRequest[] = [];
  const kept: ReceivedLog[] = [];
  const waiting = new Set<() => void>();
  let answerTo: (request: ReceivedRequest) => Answer = () => ({ kind: 'accept' });

  const listener = (request: IncomingMessage, response: ServerResponse) => void take(request, response).catch(() => response.destroy());
  const server = contextFor
    ? createSecureServer({ SNICallback: (host, done) => done(null, contextFor(host)) }, listener)
    : createServer(listener);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: taken } = server.address() as AddressInfo;

  return {
    url: `${contextFor ? 'https://localhost' : 'http://127.0.0.1'}:${taken}/v1/logs`,
    requests,
    kept,
    answer(how) {
      answerTo = typeof how === 'function' ? how : () => how;
    },
    until(condition) {
      if (condition()) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      const look = () => {
        if (!condition()) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      return promise;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const json = request.headers['content-type'] === 'application/json';
    let received: ReceivedRequest;
    try {
      received = readRequest(request, body, json);
    } catch (error) {
      response.writeHead(400, { 'content-type': 'text/plain' }).end(String(error));
      return;
    }
    requests.push(received);
    const answer = answerTo(received);
    respond(answer, received, response, json);
    for (const look of [...waiting]) look();
  }

  function respond(answer: Answer, { logs }: ReceivedRequest, response: ServerResponse, json: boolean): void {
    switch (answer.kind) {
      case 'accept':
        kept.push(...logs);
        success(response, json, {});
        return;
      case 'partial':
        kept.push(...logs.slice(answer.rejected));
        success(response, json, { partialSuccess: { rejectedLogRecords: answer.rejected, errorMessage: answer.message } });
        return;
      case 'refuse':
        response.writeHead(answer.status, { 'content-type': 'text/plain', ...answer.headers }).end(answer.message ?? '');
        return;
      case 'hang':
        return;
      case 'break':
        kept.push(...logs);
        response.writeHead(200, { 'content-type': json ? 'application/json' : 'application/x-protobuf', 'content-length': 100 });
        response.write('half', () => response.destroy());
        return;
      case 'own':
        if (answer.keeps) kept.push(...logs);
        answer.respond(response);
    }
  }
}

function success(response: ServerResponse, json: boolean, message: { [key: string]: unknown }): void {
  if (json) response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(message));
  else
    response
      .writeHead(200, { 'content-type': 'application/x-protobuf' })
      .end(exportResponse.encode(exportResponse.fromObject(message)).finish());
}

interface Attribute {
  readonly key: string;
  readonly value?: AnyValue;
}

interface AnyValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: string;
  readonly doubleValue?: number;
  readonly arrayValue?: { readonly values: readonly AnyValue[] };
  readonly kvlistValue?: { readonly values: readonly Attribute[] };
}

interface ExportRequest {
  readonly resourceLogs: readonly {
    readonly resource?: { readonly attributes: readonly Attribute[] };
    readonly scopeLogs: readonly {
      readonly scope?: { readonly name: string };
      readonly logRecords: readonly {
        readonly timeUnixNano: string;
        readonly severityNumber: number;
        readonly severityText: string;
        readonly body?: AnyValue;
        readonly attributes: readonly Attribute[];
        readonly eventName: string;
      }[];
    }[];
  }[];
}

function readRequest({ headers, url = '' }: IncomingMessage, body: Buffer, json: boolean): ReceivedRequest {
  const plain = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
  const message = json ? messageOf(plain.toString('utf8')) : exportRequest.decode(plain);
  const { resourceLogs } = exportRequest.toObject(message, { longs: String, defaults: true, oneofs: false }) as ExportRequest;
  const logs = resourceLogs.flatMap(({ resource, scopeLogs }) =>
    scopeLogs.flatMap(({ scope, logRecords }) =>
      logRecords.map(
        ({ timeUnixNano, severityNumber, severityText, body: said, attributes, eventName }): ReceivedLog => ({
          resource: members(resource?.attributes ?? []),
          attributes: members(attributes),
          scope: scope?.name ?? '',
          eventName,
          body: plainValue(said),
          severityNumber,
          severityText,
          time: Number(BigInt(timeUnixNano) / 1_000_000n),
        }),
      ),
    ),
  );
  return { headers, path: url, bytes: body.length, plainBytes: plain.length, logs };
}

/** Fields of other names or types are refused: a collector passes over them without a word. */
function messageOf(text: string) {
  const message = exportRequest.fromObject(JSON.parse(text) as { [key: string]: unknown });
  const again = JSON.stringify(exportRequest.toObject(message, { longs: String }));
  if (again.length !== JSON.stringify(JSON.parse(text)).length)
    throw new Error(`Not a logs request as it is defined: ${text.slice(0, 500)}`);
  return message;
}

function members(attributes: readonly Attribute[]): { [key: string]: Value } {
  const names = attributes.map(({ key }) => key);
  if (new Set(names).size !== names.length) throw new Error(`An attribute is there twice: ${names.join(', ')}`);
  return Object.fromEntries(attributes.map(({ key, value }) => [key, plainValue(value)]));
}

function plainValue(value: AnyValue | undefined): Value {
  if (value?.stringValue !== undefined) return value.stringValue;
  if (value?.boolValue !== undefined) return value.boolValue;
  if (value?.intValue !== undefined) return Number(value.intValue);
  if (value?.doubleValue !== undefined) return value.doubleValue;
  if (value?.arrayValue !== undefined) return value.arrayValue.values.map(plainValue);
  if (value?.kvlistValue !== undefined) return members(value.kvlistValue.values);
  return null;
}

/** What a collector that keeps each id once knows of a log: the records that it has, and how many it was told that it does not get. */
export function tallyOf(logs: readonly ReceivedLog[]): { readonly records: number; readonly passed: number } {
  const once = new Map(logs.map((log) => [`${String(log.resource['device.id'])} ${String(log.attributes['holdpoint.record.id'])}`, log]));
  const all = [...once.values()].map(({ attributes }) => attributes);
  const passed = all.filter((attributes) => PASSED.has(String(attributes['holdpoint.gap.reason'])));
  return {
    records: all.filter((attributes) => attributes['holdpoint.chain.seq'] !== undefined).length,
    passed: passed.reduce((sum, attributes) => sum + Number(attributes['holdpoint.gap.count']), 0),
  };
}

/** Reasons of gaps whose records do not come some other way. */
const PASSED: ReadonlySet<string> = new Set(['backlog', 'rejected', 'unacceptable', 'too-large']);
