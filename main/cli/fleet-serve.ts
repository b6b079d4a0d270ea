/** `holdpoint fleet serve`: a repository's files on this machine, to try things out. For devices, any web server does this better. */

import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve, sep } from 'node:path';
import { openFolder } from '../engine/fleet/publish/folder.ts';
import { DONE, type Io, print } from './io.ts';

export interface ServeOptions {
  readonly dir: string;
  readonly port: number;
  /** Who does not send what it holds as a bearer token is answered with 401. */
  readonly tokenFile?: string | undefined;
}

export async function serveRepository({ dir, port, tokenFile }: ServeOptions, io: Io): Promise<number> {
  openFolder(dir);
  const token = tokenFile === undefined ? undefined : readFileSync(tokenFile, 'utf8').trim();
  const server = repositoryServer(join(resolve(dir), 'public'), token);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  print(io, `Serving ${dir} at ${url} for this machine. Ctrl+C ends it.`, '', 'In a configuration, or in managed settings:', '');
  print(io, JSON.stringify({ fleet: { url, rootFile: join(resolve(dir), 'public', 'root.json') } }, null, 2));
  const ended = Promise.withResolvers<void>();
  process.once('SIGINT', ended.resolve).once('SIGTERM', ended.resolve);
  await ended.promise;
  server.closeAllConnections();
  server.close();
  return DONE;
}

/** GET and HEAD of files below `root`, with entity tags (RFC 9110, section 8.8.3), and nothing else. */
export function repositoryServer(root: string, token?: string): Server {
  const home = realpathSync(root);
  return createServer((request, response) => {
    if (token !== undefined && !isBearer(request, token)) return void answer(response, 401);
    if (request.method !== 'GET' && request.method !== 'HEAD') return void answer(response, 405);
    const file = fileOf(home, request.url ?? '');
    if (file === undefined) return void answer(response, 404);
    const body = readFileSync(file);
    const tag = `"${createHash('sha256').update(body).digest('hex').slice(0, 32)}"`;
    const isMutable = /^(timestamp|root)\.json$/.test(file.slice(home.length + 1));
    response.setHeader('etag', tag);
    response.setHeader('cache-control', isMutable ? 'no-cache' : 'public, max-age=31536000, immutable');
    response.setHeader('content-type', file.endsWith('.json') ? 'application/json' : 'application/octet-stream');
    if (request.headers['if-none-match'] === tag) return void answer(response, 304);
    response.setHeader('content-length', body.length);
    response.writeHead(200);
    response.end(request.method === 'HEAD' ? undefined : body);
  });
}

function answer(response: ServerResponse, status: number): void {
  response.writeHead(status);
  response.end();
}

function isBearer({ headers }: IncomingMessage, token: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(headers.authorization ?? ''), hash(`Bearer ${token}`));
}

/** Undefined for what is no regular file below `home`, whatever links there are. */
function fileOf(home: string, url: string): string | undefined {
  const path = url.split('?', 1)[0] ?? '';
  if (!/^(\/[\w][\w.%-]*)+$/.test(path)) return undefined;
  try {
    const file = realpathSync(join(home, decodeURIComponent(path)));
    return file.startsWith(home + sep) && statSync(file).isFile() ? file : undefined;
  } catch {
    return undefined;
  }
}
