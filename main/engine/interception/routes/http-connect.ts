/** A tunnel through an HTTP proxy: CONNECT (RFC 9110 §9.3.6) with Basic credentials (RFC 7617). */

import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { HoldpointError, messageOf } from '../../../contract/errors.ts';
import { authorityOf, type Target } from '../target.ts';
import { type ParentProxy, proxyName } from './parent-proxy.ts';

/** No proxy's answer to CONNECT is longer; some add a page, which is not read. */
const MAX_HEAD_BYTES = 16 * 1024;

/** The proxy itself cannot be reached, so that another may be tried. */
export class ProxyUnreachable extends HoldpointError {}

/**
 * A socket whose other end is the target. `ms` is for reaching the proxy, and again for its answer.
 * `ProxyUnreachable`, or `HoldpointError` `upstream-unreachable` where the proxy says no. Neither holds credentials.
 */
export async function connectThrough(
  proxy: ParentProxy,
  target: Target,
  options: { readonly allowHalfOpen: boolean; readonly ms: number; roots(): readonly string[] },
): Promise<Socket> {
  const socket = await reached(proxy, target, options);
  const { host, port } = target;
  const authority = proxyName({ host, port });
  const credentials =
    proxy.credentials === undefined ? '' : `Proxy-Authorization: Basic ${Buffer.from(proxy.credentials, 'utf8').toString('base64')}\r\n`;
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${credentials}\r\n`);
  try {
    const head = await headOf(socket, options.ms);
    const status = Number(/^HTTP\/1\.[01] (\d{3})(?: |\r|$)/.exec(head)?.[1] ?? 0);
    if (status >= 200 && status < 300) return socket;
    throw refusal(proxy, target, status, head);
  } catch (error) {
    socket.destroy();
    throw error instanceof HoldpointError
      ? error
      : new HoldpointError(
          'upstream-unreachable',
          `The proxy ${proxyName(proxy)} did not open a way to ${authorityOf(target)}: ${messageOf(error)}. Check the proxy, and ${proxy.from}.`,
          error,
        );
  }
}

function reached(
  proxy: ParentProxy,
  target: Target,
  { allowHalfOpen, ms, roots }: { readonly allowHalfOpen: boolean; readonly ms: number; roots(): readonly string[] },
): Promise<Socket> {
  const { host, port, secure } = proxy;
  const options = { host, port, noDelay: true, keepAlive: true, allowHalfOpen };
  const socket = secure
    ? connectTls({ ...options, ca: [...roots()], ALPNProtocols: ['http/1.1'], ...(isIP(host) === 0 && { servername: host }) })
    : connect(options);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => socket.destroy(new Error(`no answer within ${ms / 1000} s`)), ms);
    const failed = (error?: Error) => {
      clearTimeout(timer);
      const why = error ? messageOf(error) : 'it closed the connection';
      const message = `The proxy ${proxyName(proxy)}, through which ${authorityOf(target)} is reached, could not be reached itself: ${why}. Check the network, and ${proxy.from}.`;
      reject(new ProxyUnreachable('upstream-unreachable', message, error));
    };
    // It stays: until somebody else listens, an error must not end the engine.
    socket.on('error', failed);
    socket.once('close', () => failed());
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      clearTimeout(timer);
      resolve(socket);
    });
  });
}

/** The answer's head without its end; what came after it stays in the socket. */
function headOf(socket: Socket, ms: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const timer = setTimeout(() => settle(() => reject(new Error(`no answer within ${ms / 1000} s`))), ms);
    const settle = (done: () => void) => {
      clearTimeout(timer);
      socket.off('readable', read).off('end', ended).off('close', ended).off('error', broken);
      done();
    };
    const ended = () => settle(() => reject(new Error('it closed the connection')));
    const broken = (error: Error) => settle(() => reject(error));
    const read = () => {
      for (let chunk: Buffer | null = socket.read(); chunk !== null; chunk = socket.read()) chunks.push(chunk);
      const all = Buffer.concat(chunks);
      const end = all.indexOf('\r\n\r\n');
      if (end > MAX_HEAD_BYTES || (end < 0 && all.length > MAX_HEAD_BYTES)) {
        return settle(() => reject(new Error(`its answer is longer than ${MAX_HEAD_BYTES} bytes`)));
      }
      if (end < 0) return;
      settle(() => {
        if (all.length > end + 4) socket.unshift(all.subarray(end + 4));
        resolve(all.toString('latin1', 0, end));
      });
    };
    socket.on('readable', read).once('end', ended).once('close', ended).once('error', broken);
  });
}

function refusal(proxy: ParentProxy, target: Target, status: number, head: string): HoldpointError {
  const name = proxyName(proxy);
  const to = authorityOf(target);
  return new HoldpointError('upstream-unreachable', sentence());

  function sentence(): string {
    if (status === 407) return unauthorised();
    if (status === 403)
      return `The proxy ${name} does not permit connections to ${to} (403). Ask whoever runs it, or except the host in upstream.noProxy.`;
    if (status >= 500)
      return `The proxy ${name} could not reach ${to} (${status}). Check the provider's status, and ask whoever runs the proxy.`;
    if (status > 0) return `The proxy ${name} answered ${status} instead of opening a way to ${to}. Check ${proxy.from}.`;
    return `What answers at ${name} is no HTTP proxy. Check ${proxy.from}.`;
  }

  function unauthorised(): string {
    const schemes = [...head.matchAll(/^proxy-authenticate:[ \t]*([a-z0-9-]{1,32})/gim)].map(([, scheme = '']) => scheme);
    if (schemes.length > 0 && !schemes.some((scheme) => /^basic$/i.test(scheme))) {
      return `The proxy ${name} wants ${schemes.slice(0, 4).join(' or ')}, which Holdpoint does not speak: it knows Basic. A local helper that does, cntlm say, can stand between: name it in upstream.parentProxy.`;
    }
    return proxy.credentials === undefined
      ? `The proxy ${name} wants a user name and a password for ${to} (407). Set upstream.parentProxy to http://USER:PASSWORD@${name}`
      : `The proxy ${name} does not accept the user name and the password in ${proxy.from} (407). Correct them.`;
  }
}
