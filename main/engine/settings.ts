/** Settings: a configuration file, checked as a whole, with every problem told at once. */

import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { HoldpointError, messageOf } from '../contract/errors.ts';
import { type Settings, settingsSchema } from '../contract/settings.ts';
import { hostName } from './certificates/names.ts';
import { whyRefused } from './detection/customer/subset.ts';
import { PROVIDERS } from './exchange/providers.ts';
import { parseParentProxy } from './interception/routes/parent-proxy.ts';

export interface SettingsOptions {
  /** JSON file; all defaults where absent. */
  readonly configFile?: string;
  /** Beats the file's `dataDir`. */
  readonly dataDir?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly platform?: NodeJS.Platform;
}

/** Settings with every path absolute. */
export type LoadedSettings = Settings & { readonly dataDir: string };

const MAX_CONFIG_BYTES = 1024 * 1024;

/**
 * Reads and checks the configuration; relative paths count from the file's folder.
 * Throws HoldpointError `config-invalid` naming the file, each key, and what was expected there. Values are never repeated.
 */
export function loadSettings(options: SettingsOptions = {}): LoadedSettings {
  const { configFile, env = process.env, platform = process.platform } = options;
  const file = configFile === undefined ? undefined : resolve(configFile);
  const settings = file === undefined ? parseSettings({}, 'default settings') : parseSettings(readJson(file), file);
  const base = file === undefined ? process.cwd() : dirname(file);
  checkPatterns(settings.detection.patterns, file);
  checkRoutes(settings, file);
  const { extraCaFile, parentProxy } = settings.upstream;
  const pac = settings.upstream.pac === undefined ? undefined : pacSource(settings.upstream.pac, base);
  const { dir } = settings.policy;
  if (extraCaFile !== undefined && file !== undefined) checkCertificates(resolve(base, extraCaFile), file);
  if (parentProxy !== undefined && parseParentProxy(parentProxy, 'upstream.parentProxy') === undefined)
    throw problemIn(file, 'upstream.parentProxy: expected http://[USER:PASSWORD@]HOST:PORT');
  if (pac !== undefined && !isUrl(pac) && !existsSync(pac))
    throw problemIn(file, `upstream.pac: expected a URL or the path of a script, but there is no file ${pac}`);
  return {
    ...settings,
    dataDir:
      options.dataDir !== undefined
        ? resolve(options.dataDir)
        : settings.dataDir !== undefined
          ? resolve(base, settings.dataDir)
          : defaultDataDir(env, platform),
    intercept: { hosts: settings.intercept.hosts.map((pattern) => hostName(pattern) ?? pattern) },
    upstream: {
      ...settings.upstream,
      resolve: Object.fromEntries(Object.entries(settings.upstream.resolve).map(([host, place]) => [hostName(host) ?? host, place])),
      ...(extraCaFile !== undefined && { extraCaFile: resolve(base, extraCaFile) }),
      ...(pac !== undefined && { pac }),
    },
    policy: { ...settings.policy, ...(dir !== undefined && { dir: resolve(base, dir) }) },
  };
}

/** Where the engine keeps its things unless told otherwise. */
export function defaultDataDir(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  const home = env.HOME || homedir();
  switch (platform) {
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'Holdpoint');
    case 'win32':
      return join(env.LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), 'Holdpoint');
    default:
      // The XDG base directory specification wants relative values ignored.
      return join(env.XDG_DATA_HOME?.startsWith('/') ? env.XDG_DATA_HOME : join(home, '.local', 'share'), 'holdpoint');
  }
}

/** The JSON Schema (2020-12) of the configuration file. */
export function settingsJsonSchema(): Record<string, unknown> {
  return { title: 'Holdpoint configuration', ...z.toJSONSchema(settingsSchema, { io: 'input' }) };
}

/** Checks parsed JSON; `source` names it in errors. */
export function parseSettings(json: unknown, source: string): Settings {
  const parsed = settingsSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.flatMap(problemsOf);
  const heading = `The configuration ${source} has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}; nothing was started.`;
  throw new HoldpointError('config-invalid', [heading, ...problems.map((problem) => `  ${problem}`)].join('\n'));
}

function readJson(file: string): unknown {
  let text: string;
  try {
    const { size } = statSync(file);
    if (size > MAX_CONFIG_BYTES) throw new Error(`it is ${size} bytes long, more than ${MAX_CONFIG_BYTES}`);
    text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (thrown) {
    throw new HoldpointError('config-invalid', `The configuration ${file} cannot be read: ${messageOf(thrown)}.`, thrown);
  }
  try {
    return JSON.parse(text);
  } catch (thrown) {
    // The parser's own message quotes the file, which may hold credentials: only the place is told.
    const place = /\(line \d+ column \d+\)/.exec(messageOf(thrown))?.[0] ?? '(it may be cut off)';
    throw new HoldpointError('config-invalid', `The configuration ${file} is not valid JSON ${place}.`);
  }
}

/** A URL as it is, a `file:` URL and a path as an absolute path. */
function pacSource(pac: string, base: string): string {
  if (isUrl(pac)) return pac;
  return /^file:/i.test(pac) ? fileURLToPath(pac) : resolve(base, pac);
}

function isUrl(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

function problemIn(source: string | undefined, what: string, cause?: unknown): HoldpointError {
  return new HoldpointError(
    'config-invalid',
    `The configuration ${source ?? 'default settings'} has a problem; nothing was started.\n  ${what}`,
    cause,
  );
}

/** What must not run on every text is refused before anything starts; all of it is told. */
function checkPatterns(patterns: Settings['detection']['patterns'], source: string | undefined): void {
  const problems = patterns.flatMap(({ pattern, flags }, index) => {
    const refused = whyRefused(pattern, flags);
    return refused === undefined ? [] : [`detection.patterns.${index}.pattern: ${refused}`];
  });
  if (problems.length > 0) throw problemIn(source, problems.join('\n  '));
}

/** Of a provider that is misspelt, calls would go past the company's gateway, and nobody would know. */
function checkRoutes({ routes, providers }: Pick<Settings, 'routes' | 'providers'>, source: string | undefined): void {
  const known = new Set([...providers, ...PROVIDERS].map(({ name }) => name));
  const problems = routes.flatMap(({ provider }, index) => {
    // Where the log knows no provider, it has the host's name.
    if (!known.has(provider) && !provider.includes('.'))
      return [`routes.${index}.provider: there is no provider "${provider}" in the catalogue`];
    const first = routes.findIndex((route) => route.provider === provider);
    return first === index ? [] : [`routes.${index}.provider: "${provider}" has a route already (routes.${first}); put its ways there`];
  });
  if (problems.length > 0) throw problemIn(source, problems.join('\n  '));
}

/** A file of no certificates would trust nobody more: every provider behind it would fail later, and nobody would know why. */
function checkCertificates(path: string, source: string): void {
  try {
    const certificates = readFileSync(path, 'utf8').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    if (certificates.length === 0) throw new Error('it holds none');
    for (const pem of certificates) new X509Certificate(pem);
  } catch (thrown) {
    const what = `upstream.extraCaFile: expected a PEM file of certificates, but ${path} cannot be used: ${messageOf(thrown)}`;
    throw problemIn(source, what, thrown);
  }
}

function problemsOf(issue: z.core.$ZodIssue): string[] {
  const path = issue.path.map(String);
  if (issue.code !== 'unrecognized_keys')
    return [`${path.join('.') || 'the whole file'}: ${issue.message.replace(/^Invalid (input|option): /, '')}`];
  return issue.keys.map((key) => {
    const full = [...path, key].join('.');
    const shown = /^[\w.-]+$/.test(full) ? full : JSON.stringify(full);
    return `${shown}: unknown key, expected one of ${knownKeys(path).join(', ')}`;
  });
}

function knownKeys(path: readonly string[]): string[] {
  let node: unknown = settingsJsonSchema();
  for (const key of path) node = propertiesOf(node)[key];
  return Object.keys(propertiesOf(node));
}

function propertiesOf(schema: unknown): Record<string, unknown> {
  const properties = z.looseObject({ properties: z.record(z.string(), z.unknown()) }).safeParse(schema);
  return properties.success ? properties.data.properties : {};
}
