/** The environment variables that make programs use the proxy and trust its authority: one table, and what follows from it. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { missingCase } from '../../main/contract/errors.ts';
import { trusting } from './trust.ts';

/** What is needed of a running engine. */
export interface GuardPlace {
  readonly proxyUrl: string;
  readonly caFile: string;
  readonly dataDir: string;
  /** Where what is made for this person is kept, where that is not the data folder: an engine that serves all users has its own. */
  readonly ownDir?: string;
}

/**
 * - `proxy`: the proxy's URL
 * - `loopback`: the names of this machine
 * - `yes`: 1
 * - `authority`: a file of our authority, for those who add it to their own store
 * - `bundle`: a file of our authority and the platform's roots, for those whose store it replaces
 */
export type VariableValue = 'proxy' | 'loopback' | 'yes' | 'authority' | 'bundle';

export interface Variable {
  readonly name: string;
  readonly value: VariableValue;
  /** Who obeys it, and what happens without it. */
  readonly because: string;
}

export type Setting = readonly [name: string, value: string];

export const VARIABLES: readonly Variable[] = [
  { name: 'HTTPS_PROXY', value: 'proxy', because: 'every agent, SDK and tool' },
  { name: 'HTTP_PROXY', value: 'proxy', because: 'the same, for http addresses' },
  { name: 'https_proxy', value: 'proxy', because: 'tools that only know the lower case; where both are set, some take this one' },
  { name: 'http_proxy', value: 'proxy', because: 'curl, which ignores the upper case of this one' },
  { name: 'WSS_PROXY', value: 'proxy', because: 'WebSockets of Node programs that find their proxy by the address’s scheme' },
  { name: 'wss_proxy', value: 'proxy', because: 'the same, in lower case' },
  {
    name: 'NO_PROXY',
    value: 'loopback',
    because: 'opencode’s own server on this machine; replaced, because a provider excepted there would not be guarded',
  },
  { name: 'no_proxy', value: 'loopback', because: 'the same, in lower case' },
  { name: 'NODE_USE_ENV_PROXY', value: 'yes', because: 'Node 22.21 and later, whose fetch and http ignore proxies otherwise' },
  { name: 'NODE_EXTRA_CA_CERTS', value: 'authority', because: 'Claude Code, Gemini CLI, opencode, Copilot CLI and all of Node' },
  { name: 'CODEX_CA_CERTIFICATE', value: 'authority', because: 'Codex, which adds it where SSL_CERT_FILE replaces' },
  { name: 'DENO_CERT', value: 'authority', because: 'Deno' },
  { name: 'SSL_CERT_FILE', value: 'bundle', because: 'OpenSSL, Go, rustls, Python’s httpx, uv' },
  { name: 'REQUESTS_CA_BUNDLE', value: 'bundle', because: 'Python’s requests' },
  { name: 'CURL_CA_BUNDLE', value: 'bundle', because: 'curl' },
  { name: 'GIT_SSL_CAINFO', value: 'bundle', because: 'git, also the one that Codex starts' },
  { name: 'AWS_CA_BUNDLE', value: 'bundle', because: 'the AWS SDKs and CLI, on the way to Bedrock' },
  { name: 'GRPC_DEFAULT_SSL_ROOTS_FILE_PATH', value: 'bundle', because: 'gRPC’s C core, under Google’s Python SDKs' },
  { name: 'CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE', value: 'bundle', because: 'gcloud, on the way to Vertex' },
  { name: 'PIP_CERT', value: 'bundle', because: 'pip, where its index is inspected' },
  { name: 'CARGO_HTTP_CAINFO', value: 'bundle', because: 'cargo, where its registry is inspected' },
  { name: 'npm_config_cafile', value: 'bundle', because: 'npm, where its registry is inspected' },
  { name: 'BUNDLE_SSL_CA_CERT', value: 'bundle', because: 'Bundler, where its gem server is inspected' },
];

/** Variables that would lead past the proxy, or send what is meant for it elsewhere. In lower case: they are removed in any. */
export const REMOVED: readonly { readonly name: string; readonly because: string }[] = [
  { name: 'all_proxy', because: 'beats or bypasses HTTPS_PROXY in some clients; Claude Code sends its key in clear to such a proxy' },
  { name: 'grpc_proxy', because: 'beats HTTPS_PROXY in gRPC' },
  { name: 'no_grpc_proxy', because: 'beats NO_PROXY in gRPC' },
  { name: 'npm_config_proxy', because: 'beats HTTP_PROXY in Node programs that use proxy-from-env' },
  { name: 'npm_config_http_proxy', because: 'the same' },
  { name: 'npm_config_https_proxy', because: 'beats HTTPS_PROXY in the same' },
  { name: 'npm_config_noproxy', because: 'beats NO_PROXY in npm' },
  { name: 'npm_config_no_proxy', because: 'beats NO_PROXY in programs that use proxy-from-env' },
];

/** How all users of a machine reach the guard: by files of the system's own, which hold what the machine trusts besides. */
export interface MachinePlace {
  readonly proxyUrl: string;
  readonly authorityFile: string;
  readonly bundleFile: string;
}

/** This machine: `NO_PROXY` of whatever is put behind the guard. */
const LOOPBACK = 'localhost,127.0.0.1,::1';

/** The variables' values for all users. Nothing is looked at: what is written into a machine's files must hold wherever it is read. */
export function machineVariables({ proxyUrl, authorityFile, bundleFile }: MachinePlace): readonly Setting[] {
  const values = { proxy: proxyUrl, loopback: LOOPBACK, yes: '1', authority: authorityFile, bundle: bundleFile };
  return VARIABLES.map(({ name, value }) => [name, values[value]]);
}

/** The variables' values. `env` is what they are put into: what it trusts already is trusted still. */
export function variablesFor(env: NodeJS.ProcessEnv, { proxyUrl, caFile, dataDir, ownDir = dataDir }: GuardPlace): readonly Setting[] {
  const bundle = join(dataDir, 'bundle.pem');
  // An engine that has not written it yet: better no such variable than one that makes a tool trust nobody.
  const variables = existsSync(bundle) ? VARIABLES : VARIABLES.filter(({ value }) => value !== 'bundle');
  return variables.map(({ name, value }) => [name, settingOf(name, value)]);

  function settingOf(name: string, value: VariableValue): string {
    switch (value) {
      case 'proxy':
        return proxyUrl;
      case 'loopback':
        return LOOPBACK;
      case 'yes':
        return '1';
      case 'authority':
        return trusting(caFile, env[name], ownDir);
      case 'bundle':
        // Where a tool has no variable of its own set, most go by OpenSSL's.
        return trusting(bundle, env[name] || env.SSL_CERT_FILE, ownDir);
      default:
        return missingCase(value);
    }
  }
}

/** `env` with what puts a program behind the guard, and without what would lead past it. */
export function agentEnvironment(env: NodeJS.ProcessEnv, place: GuardPlace): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !REMOVED.some((removed) => removed.name === name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...Object.fromEntries(variablesFor(env, place)) };
}
