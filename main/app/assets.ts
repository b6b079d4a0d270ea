/** Serves the app's pages under `holdpoint://app/` from the bundle's folder, and nothing else. */

import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { WindowKind } from './channels.ts';

export const SCHEME = 'holdpoint';
const ORIGIN = `${SCHEME}://app`;

export const PAGES: Readonly<Record<WindowKind, string>> = { popup: `${ORIGIN}/approval.html`, console: `${ORIGIN}/console.html` };

export const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
};

/** Answers a request for an asset. Names are flat or one folder deep, so nothing can climb out of `folder`. */
export function assetServer(folder: string): (request: Pick<Request, 'url' | 'method'>) => Promise<Response> {
  return async ({ url, method }) => {
    const name = method === 'GET' ? assetName(url) : undefined;
    const type = name === undefined ? undefined : TYPES[extname(name)];
    if (name === undefined || type === undefined) return refusal(404);
    try {
      return new Response(await readFile(join(folder, name)), {
        headers: {
          'content-type': type,
          'content-security-policy': CONTENT_SECURITY_POLICY,
          'x-content-type-options': 'nosniff',
          'cross-origin-opener-policy': 'same-origin',
          'cache-control': 'no-store',
        },
      });
    } catch {
      return refusal(404);
    }
  };
}

/** The file that an address names, or undefined where it names none of ours. */
export function assetName(url: string): string | undefined {
  return /^holdpoint:\/\/app\/((?:[\w-]+\/)?[\w-]+(?:\.[\w-]+)*\.(?:html|js|css|woff2))$/.exec(url)?.[1];
}

function refusal(status: number): Response {
  return new Response(null, { status, headers: { 'content-security-policy': CONTENT_SECURITY_POLICY } });
}
