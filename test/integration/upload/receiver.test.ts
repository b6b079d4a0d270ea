import { gzipSync } from 'node:zlib';
import { ProtobufLogsSerializer } from '@opentelemetry/otlp-transformer';
import { expect, it, onTestFinished } from 'vitest';
import { startOtlpReceiver } from '../../support/otlp-receiver.ts';

const LOG = {
  hrTime: [1_764_000_000, 123_000_000],
  hrTimeObserved: [1_764_000_000, 123_000_000],
  severityNumber: 9,
  severityText: 'INFO',
  eventName: 'holdpoint.verdict',
  body: 'Allowed',
  attributes: { text: 'ä', count: 7, below: -3, share: 0.5, yes: true, list: ['a', 'b'] },
  droppedAttributesCount: 0,
  resource: { attributes: { 'service.name': 'holdpoint' } },
  instrumentationScope: { name: 'holdpoint.audit' },
};

async function receiver() {
  const started = await startOtlpReceiver();
  onTestFinished(() => started.close());
  return started;
}

const post = (url: string, body: Uint8Array, type = 'application/x-protobuf', encoding = 'gzip') =>
  fetch(url, { method: 'POST', body: new Uint8Array(body), headers: { 'content-type': type, 'content-encoding': encoding } });

it('reads what OpenTelemetry’s own serializer writes', async () => {
  const { url, kept, requests } = await receiver();
  const bytes = ProtobufLogsSerializer.serializeRequest([LOG] as never)!;
  expect((await post(url, gzipSync(bytes))).status).toBe(200);
  expect(kept).toEqual([
    {
      resource: { 'service.name': 'holdpoint' },
      scope: 'holdpoint.audit',
      eventName: 'holdpoint.verdict',
      body: 'Allowed',
      severityNumber: 9,
      severityText: 'INFO',
      time: 1_764_000_000_123,
      attributes: LOG.attributes,
    },
  ]);
  expect(requests[0]?.plainBytes).toBe(bytes.length);
});

it('answers as it is told to, and keeps only what it says it has kept', async () => {
  const it = await receiver();
  const body = gzipSync(ProtobufLogsSerializer.serializeRequest([LOG, LOG] as never)!);
  it.answer({ kind: 'refuse', status: 429, headers: { 'retry-after': '7' } });
  expect((await post(it.url, body)).headers.get('retry-after')).toBe('7');
  it.answer({ kind: 'partial', rejected: 1, message: 'too old' });
  const answer = new Uint8Array(await (await post(it.url, body)).arrayBuffer());
  expect(ProtobufLogsSerializer.deserializeResponse(answer)).toEqual({
    partialSuccess: { rejectedLogRecords: 1, errorMessage: 'too old' },
  });
  it.answer({ kind: 'break' });
  await expect(post(it.url, body).then((response) => response.text())).rejects.toThrow();
  expect([it.requests.length, it.kept.length]).toEqual([3, 3]);
});

it('refuses what is no logs request', async () => {
  const { url, requests } = await receiver();
  const statuses = [
    await post(url, Buffer.from('{"resourceLogs":[{"resourse":{}}]}'), 'application/json', 'identity'),
    await post(url, Buffer.from('nonsense')),
  ].map(({ status }) => status);
  expect(statuses).toEqual([400, 400]);
  expect(requests).toEqual([]);
});
