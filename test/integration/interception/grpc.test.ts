import * as grpc from '@grpc/grpc-js';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { GRPC } from '../../../main/engine/exchange/grpc.ts';
import { type Proxy as Interceptor, PROVIDER, providerCaPem, providerIdentity, startProxy } from './support.ts';

const text = { serialize: (value: string) => Buffer.from(value), deserialize: (bytes: Buffer) => bytes.toString() };
const method = (path: string, requestStream: boolean, responseStream: boolean) => ({
  path: `/test.Echo/${path}`,
  requestStream,
  responseStream,
  requestSerialize: text.serialize,
  requestDeserialize: text.deserialize,
  responseSerialize: text.serialize,
  responseDeserialize: text.deserialize,
});
const ECHO = {
  unary: method('Unary', false, false),
  list: method('List', false, true),
  talk: method('Talk', true, true),
  fail: method('Fail', false, false),
};

async function startServer(): Promise<number> {
  const server = new grpc.Server();
  server.addService(ECHO, {
    unary: (call: grpc.ServerUnaryCall<string, string>, done: grpc.sendUnaryData<string>) => {
      const trailers = new grpc.Metadata();
      trailers.set('x-after', 'trailer');
      done(null, `echo ${call.request}`, trailers);
    },
    list: (call: grpc.ServerWritableStream<string, string>) => {
      for (let i = 0; i < 50; i += 1) call.write(`${call.request} ${i}`);
      call.end();
    },
    talk: (call: grpc.ServerDuplexStream<string, string>) => {
      call.on('data', (said: string) => void call.write(`heard ${said}`));
      call.on('end', () => call.end());
    },
    fail: (_call: grpc.ServerUnaryCall<string, string>, done: grpc.sendUnaryData<string>) =>
      done({ code: grpc.status.FAILED_PRECONDITION, details: 'not today' }),
  });
  const { key, cert } = providerIdentity(PROVIDER);
  const credentials = grpc.ServerCredentials.createSsl(null, [{ private_key: Buffer.from(key), cert_chain: Buffer.from(cert) }]);
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) => (error ? reject(error) : resolve(bound))),
  );
  onTestFinished(() => server.forceShutdown());
  return port;
}

/** Knows proxies by the environment alone. */
function client(proxy: Interceptor, ca: string): InstanceType<grpc.ServiceClientConstructor> {
  process.env.grpc_proxy = proxy.interception.proxyUrl;
  const Echo = grpc.makeGenericClientConstructor(ECHO, 'Echo');
  const made = new Echo(`${PROVIDER}:443`, grpc.credentials.createSsl(Buffer.from(ca)), { 'grpc.enable_http_proxy': 1 });
  onTestFinished(() => made.close());
  return made;
}

afterEach(() => {
  delete process.env.grpc_proxy;
});

describe.each([
  ['intercepted', true],
  ['tunnelled', false],
])('gRPC through the proxy, %s', (_name, intercepted) => {
  async function started() {
    const port = await startServer();
    const proxy = await startProxy({
      resolve: { [PROVIDER]: `127.0.0.1:${port}` },
      intercepts: () => intercepted,
      plan: () => 'opaque',
    });
    return { proxy, echo: client(proxy, intercepted ? proxy.authority.certificatePem : providerCaPem) };
  }

  it('answers a call, with its trailers', async () => {
    const { proxy, echo } = await started();
    const answer = await new Promise<[string, unknown]>((resolve, reject) => {
      let value = '';
      const call = echo.unary!('hello', (error: Error | null, said: string) => {
        if (error) reject(error);
        value = said;
      });
      call.on('status', (status: grpc.StatusObject) => resolve([value, status.metadata.get('x-after')]));
    });
    expect(answer).toEqual(['echo hello', ['trailer']]);
    expect(proxy.told.requests.map(({ body }) => body)).toEqual(intercepted ? [{ kind: 'unread', why: 'undecodable' }] : []);
    if (intercepted) await expect.poll(() => proxy.told.ended).toEqual(['complete']);
  });

  it('streams answers', async () => {
    const { echo } = await started();
    const got: string[] = [];
    for await (const said of echo.list!('n')) got.push(said as string);
    expect(got).toEqual(Array.from({ length: 50 }, (_, i) => `n ${i}`));
  });

  it('lets both sides talk in turns', async () => {
    const { echo } = await started();
    const call = echo.talk!() as unknown as grpc.ClientDuplexStream<string, string>;
    for (const word of ['one', 'two', 'three']) {
      const heard = new Promise((resolve) => call.once('data', resolve));
      call.write(word);
      expect(await heard).toBe(`heard ${word}`);
    }
    const ended = new Promise<grpc.StatusObject>((resolve) => call.once('status', resolve));
    call.end();
    expect((await ended).code).toBe(grpc.status.OK);
  });

  it('passes on a failure as the server tells it', async () => {
    const { echo } = await started();
    const error = await new Promise<grpc.ServiceError>((resolve) => echo.fail!('x', resolve as (error: Error) => void));
    expect(`${error.code} ${error.details}`).toBe(`${grpc.status.FAILED_PRECONDITION} not today`);
  });
});

describe('gRPC that policy refuses', () => {
  it('reaches nobody, and is refused in its own shape', async () => {
    const port = await startServer();
    const answer = GRPC.refuseRequest({ policy: 'no-remote-calls', reason: 'Not today: 100 % of it.\n' });
    const proxy = await startProxy({
      resolve: { [PROVIDER]: `127.0.0.1:${port}` },
      plan: () => 'opaque',
      request: async () => ({ kind: 'answer', answer }),
    });
    const echo = client(proxy, proxy.authority.certificatePem);
    const error = await new Promise<grpc.ServiceError>((resolve) => echo.unary!('x', resolve as (error: Error) => void));
    expect(error.code).toBe(grpc.status.PERMISSION_DENIED);
    expect(error.details).toBe('Holdpoint refused this request. Not today: 100 % of it.\n (policy: no-remote-calls)');
  });
});
