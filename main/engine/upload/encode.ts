/** Logs to bytes on the wire, and the collector's answer back: OTLP/HTTP, protobuf or JSON, gzip. */

import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { z } from 'zod';
import { type Attributes, logsPayload, type OtlpLog, SCOPE } from '../audit/otlp.ts';

export interface Encoded {
  /** Compressed. */
  readonly body: Buffer;
  /** Before that. */
  readonly plainBytes: number;
  readonly contentType: string;
}

export interface PartialSuccess {
  /** 0 where all were taken; a message then is a warning. */
  readonly rejected: number;
  readonly message: string;
}

export type Encode = (logs: readonly OtlpLog[]) => Promise<Encoded>;

const PROTOBUF = 'application/x-protobuf';
const JSON_TYPE = 'application/json';

/** `resource` says whose logs they are. */
export function createEncode(encoding: 'protobuf' | 'json', resource: Attributes): Encode {
  const compress = promisify(gzip);
  return async (logs) => {
    const plain = encoding === 'json' ? Buffer.from(JSON.stringify(logsPayload(logs, resource))) : await protobuf(logs, resource);
    return { body: await compress(plain), plainBytes: plain.length, contentType: encoding === 'json' ? JSON_TYPE : PROTOBUF };
  };
}

const countSchema = z
  .union([
    z.int(),
    z
      .string()
      .regex(/^\d{1,15}$/)
      .transform(Number),
  ])
  .default(0);
const answerSchema = z.looseObject({
  partialSuccess: z.looseObject({ rejectedLogRecords: countSchema, errorMessage: z.string().default('') }).nullish(),
});

/** What the body of a successful answer says; undefined where it is no answer of a collector. An empty one says that all is well. */
export async function readAnswer(contentType: string, body: Buffer): Promise<PartialSuccess | undefined> {
  if (body.length === 0) return { rejected: 0, message: '' };
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase();
  try {
    if (type !== JSON_TYPE && type !== PROTOBUF) return undefined;
    const said = type === JSON_TYPE ? JSON.parse(body.toString('utf8')) : (await library()).deserializeResponse(new Uint8Array(body));
    const { partialSuccess } = answerSchema.parse(said);
    return { rejected: Math.max(0, partialSuccess?.rejectedLogRecords ?? 0), message: partialSuccess?.errorMessage ?? '' };
  } catch {
    return undefined;
  }
}

/** Only where it is used: it brings half of OpenTelemetry along. */
async function library() {
  return (await import('@opentelemetry/otlp-transformer')).ProtobufLogsSerializer;
}

async function protobuf(logs: readonly OtlpLog[], resource: Attributes): Promise<Buffer> {
  const serializer = await library();
  const shared = { resource: { attributes: resource }, instrumentationScope: { name: SCOPE }, droppedAttributesCount: 0 };
  const records = logs.map(({ time, ...log }) => {
    const hrTime: [number, number] = [Math.floor(time / 1000), (time % 1000) * 1_000_000];
    return { ...log, ...shared, hrTime, hrTimeObserved: hrTime };
  });
  // The library's types are the SDK's objects; its serializer reads these members of them.
  const bytes = serializer.serializeRequest(records as unknown as Parameters<typeof serializer.serializeRequest>[0]);
  if (!bytes) throw new Error('the records could not be written as protobuf');
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
