/**
 * The proxy auto-configuration script for this machine's programs: what is decrypted comes to us, everything else goes where it went before.
 * https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/Proxy_servers_and_tunneling/Proxy_Auto-Configuration_PAC_file. Windows runs it in
 * an engine of ECMAScript 3.
 */

import type { IncomingHttpHeaders } from 'node:http';
import type { HttpAnswer } from '../protocols/pieces.ts';
import { isLoopbackName } from './addresses.ts';
import { sentence } from './answers.ts';
import { type ParentProxy, proxyName } from './routes/parent-proxy.ts';
import type { RouteSettings } from './routes/route-settings.ts';
import { parseAuthority } from './target.ts';

/** Path of the script on the proxy's own port. */
export const PAC_PATH = '/holdpoint.pac';

export interface AutoConfiguration {
  /** The proxy's own. */
  readonly port: number;
  /** Patterns of the hosts that come to us. */
  readonly hosts: readonly string[];
  /** How we reach everything else ourselves: programs do it the same way. */
  readonly routes: Pick<RouteSettings, 'parentProxy' | 'pac' | 'noProxy'>;
}

/** 403 for a page of the web: its author would learn which hosts the company guards. */
export function pacAnswer(headers: IncomingHttpHeaders, configuration: AutoConfiguration): HttpAnswer {
  if (!isAskedHere(headers, configuration.port))
    return sentence(403, 'This script is for the programs of this machine, not for web pages.');
  return {
    status: 200,
    contentType: 'application/x-ns-proxy-autoconfig',
    body: Buffer.from(pacScript(configuration)),
    headers: ['Cache-Control', 'no-cache', 'X-Content-Type-Options', 'nosniff'],
  };
}

/** Whoever asks by another name was led here by DNS; browsers say of a page's request that it is one (Fetch Metadata). */
function isAskedHere({ host, origin, 'sec-fetch-site': site }: IncomingHttpHeaders, port: number): boolean {
  const asked = parseAuthority(host ?? '');
  return asked?.port === port && isLoopbackName(asked.host) && origin === undefined && (site === undefined || site === 'none');
}

export function pacScript({ port, hosts, routes }: AutoConfiguration): string {
  const us = `PROXY 127.0.0.1:${port}`;
  const { parentProxy, pac } = routes;
  // Only we know what another script says.
  const rest = pac !== undefined ? us : parentProxy && !isUs(parentProxy, port) ? throughParent(parentProxy) : 'DIRECT';
  return SCRIPT.replace(/US|GUARDED|REST|EXCEPTED/g, (name) => {
    if (name === 'US') return literal(us);
    if (name === 'REST') return literal(rest);
    return literal(name === 'GUARDED' ? [...new Set(hosts.map((host) => host.toLowerCase()))].sort() : exceptions(routes.noProxy));
  });
}

function throughParent(proxy: ParentProxy): string {
  return `${proxy.secure ? 'HTTPS' : 'PROXY'} ${proxyName(proxy)}`;
}

/** An engine that was started from a guarded terminal has ourselves as its parent. */
function isUs({ host, port }: ParentProxy, own: number): boolean {
  return port === own && isLoopbackName(host);
}

/** Patterns as the script knows them. Networks other than IPv4's, and single ports, it does not know: the parent proxy has them then. */
function exceptions(entries: readonly string[]): readonly string[] {
  return entries
    .map((entry) => entry.trim().toLowerCase())
    .flatMap((entry) => (/^[*.]/.test(entry) || entry.includes('/') ? entry : [entry, `.${entry}`]));
}

/** As it can stand in a script of ECMAScript 3, whatever is in it. */
function literal(value: string | readonly string[]): string {
  return JSON.stringify(value).replace(/[^\x20-\x7e]|[<>]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Patterns mean what `hostMatches` says: a star is for what is within one label, but in front for any number of labels. */
const SCRIPT = `var guarded = GUARDED;
var excepted = EXCEPTED;

function FindProxyForURL(url, host) {
  var i;
  var name = String(host).toLowerCase().replace(/^\\[|\\]$|\\.$/g, '');
  for (i = 0; i < guarded.length; i++) if (matches(guarded[i], name)) return US;
  if (/(^|\\.)localhost$/.test(name) || /^127\\.\\d+\\.\\d+\\.\\d+$/.test(name) || name === '::1') return 'DIRECT';
  for (i = 0; i < excepted.length; i++) if (isExcepted(excepted[i], name)) return 'DIRECT';
  return REST;
}

function matches(pattern, name) {
  var wanted = pattern.split('.');
  var labels = name.split('.');
  var skipped = labels.length - wanted.length;
  if (wanted[0] === '*') {
    if (skipped < 0) return false;
    wanted.shift();
    labels = labels.slice(skipped + 1);
  } else if (skipped !== 0) return false;
  for (var i = 0; i < wanted.length; i++) if (!partMatches(wanted[i], labels[i])) return false;
  return true;
}

function partMatches(pattern, part) {
  var pieces = pattern.split('*');
  if (pieces.length === 1) return part === pattern;
  var last = pieces[pieces.length - 1];
  var end = part.length - last.length;
  if (part.substring(0, pieces[0].length) !== pieces[0] || end < pieces[0].length || part.substring(end) !== last) return false;
  var at = pieces[0].length;
  for (var i = 1; i < pieces.length - 1; i++) {
    var found = part.indexOf(pieces[i], at);
    if (found < 0 || found + pieces[i].length > end) return false;
    at = found + pieces[i].length;
  }
  return part !== '';
}

function isExcepted(entry, name) {
  if (entry === '*') return true;
  if (entry.indexOf('/') >= 0) return isInNetwork(entry.split('/'), name);
  var below = entry.replace(/^\\*?\\./, '.');
  if (below.charAt(0) !== '.') return name === below;
  return name.length > below.length && name.substring(name.length - below.length) === below;
}

function isInNetwork(network, name) {
  var given = number(name);
  var wanted = number(network[0]);
  if (given === null || wanted === null) return false;
  var size = Math.pow(2, 32 - Number(network[1]));
  return Math.floor(given / size) === Math.floor(wanted / size);
}

function number(address) {
  if (!/^\\d{1,3}(\\.\\d{1,3}){3}$/.test(address)) return null;
  var parts = address.split('.');
  return ((Number(parts[0]) * 256 + Number(parts[1])) * 256 + Number(parts[2])) * 256 + Number(parts[3]);
}
`;
