/** Hosts: which machine a text names, and whether that is this one. Knows no shell. */

import { isOpen } from './holes.ts';

/** Of a URL, `user@host:path`, `host:port` or a bare name with a dot; lower case. */
export function hostOf(text: string): string | undefined {
  const url = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/@\s]*@)?(\[[0-9a-f:]+\]|[^/:?#\s]+)/i.exec(text);
  if (url) return named(url[1]!);
  const remote = /^(?:[\w.+-]+@)?([\w.-]+):(?!\/\/)/.exec(text);
  if (remote && !/^[a-z]$/i.test(remote[1]!)) return named(remote[1]!);
  const bare = /^(?:[\w.+-]+@)?((?:[\w-]+\.)+[a-z]{2,}|localhost|\d+\.\d+\.\d+\.\d+)(?:[:/?#]|$)/i.exec(text);
  return bare ? named(bare[1]!) : undefined;
}

/** This computer, under any of its names. Containers call it by some of their own. */
export function isHere(host: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|0\.0\.0\.0|::1|\[::1?\]|::|host\.docker\.internal|host\.containers\.internal|kubernetes\.docker\.internal)$/i.test(
    host,
  );
}

/** Where a cloud's machine asks for its own keys. */
export function isMetadata(host: string): boolean {
  return /^(169\.254\.169\.254|169\.254\.170\.2|metadata(\.google(\.internal)?)?|100\.100\.100\.200|fd00:ec2::254|instance-data(\..*)?|2852039166|0xa9fea9fe)$/i.test(
    host,
  );
}

/** Those who serve models: what is said to them past Holdpoint is past its reach. */
export const PROVIDERS =
  /(^|[.\s,/])(anthropic|openai|chatgpt|claude|googleapis|generativelanguage|githubcopilot|openrouter|mistral|x\.ai)\b|api\.anthropic|\bollama\b/i;

function named(host: string): string | undefined {
  return isOpen(host) ? undefined : host.toLowerCase().replace(/^\[|\]$/g, '');
}
