/** Whom a client wants to reach, and whether what it says about that agrees with itself. */

import { hostName } from '../certificates/names.ts';

export interface Target {
  /** As `hostName` spells it. */
  readonly host: string;
  readonly port: number;
  /** Whether TLS is spoken with it. */
  readonly secure: boolean;
}

/** `host:port` (RFC 9110 §7.2); undefined where it is anything else, user information included. */
export function parseAuthority(text: string, defaultPort?: number): { host: string; port: number } | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[^:[\]@/?#\s]+)(?::(\d{1,5}))?$/i.exec(text);
  const host = match?.[1] === undefined ? undefined : hostName(match[1]);
  const port = match?.[2] === undefined ? defaultPort : Number(match[2]);
  return host === undefined || port === undefined || port < 1 || port > 65535 ? undefined : { host, port };
}

/** The target and path of an absolute-form request (RFC 9112 §3.2.2); undefined where it is none. */
export function parseAbsoluteForm(text: string): { target: Target; path: string } | undefined {
  const match = /^http:\/\/([^/?#]+)(\/[^#]*|\?[^#]*)?$/i.exec(text);
  const authority = match?.[1] === undefined ? undefined : parseAuthority(match[1], 80);
  if (!authority) return undefined;
  const rest = match?.[2] ?? '/';
  return { target: { ...authority, secure: false }, path: rest.startsWith('/') ? rest : `/${rest}` };
}

/** Whether a Host header names this target. A header without a port is taken by its name alone. */
export function namesTarget(hostHeader: string, target: Target): boolean {
  const named = parseAuthority(hostHeader, target.port);
  return named?.host === target.host && named.port === target.port;
}

/** `host:port` for a person and for a Host header; without the port where it is the scheme's own. */
export function authorityOf(target: Target): string {
  const host = target.host.includes(':') ? `[${target.host}]` : target.host;
  return target.port === (target.secure ? 443 : 80) ? host : `${host}:${target.port}`;
}
