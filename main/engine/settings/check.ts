/** One layer of settings, checked as a whole: every problem is told at once, and values are never repeated. */

import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { HoldpointError, messageOf } from '../../contract/errors.ts';
import type { Json } from '../../contract/record.ts';
import { mayBeSetBy } from '../../contract/settings/keys.ts';
import type { Layer } from '../../contract/settings/layers.ts';
import { type Settings, settingsSchema } from '../../contract/settings.ts';
import { whyRefused } from '../detection/customer/subset.ts';
import { PROVIDERS } from '../exchange/providers.ts';
import { parseParentProxy } from '../interception/routes/parent-proxy.ts';
import { valuesOf } from './layers.ts';

export interface LayerInput {
  readonly layer: Layer;
  readonly json: unknown;
  /** For a person: the file, the revision. */
  readonly source: string;
  /** Folder that relative paths count from; undefined where paths mean nothing. */
  readonly base: string | undefined;
}

/**
 * What the layer sets, by key, with every path absolute. A layer holds by itself, as a configuration file does.
 * Throws HoldpointError `config-invalid` naming source, keys, and what was expected there.
 */
export function checkLayer({ layer, json, source, base }: LayerInput): ReadonlyMap<string, Json> {
  const parsed = settingsSchema.safeParse(json);
  const values = valuesOf(json);
  const problems = [
    ...(parsed.success ? [] : parsed.error.issues.flatMap(problemsOf)),
    ...[...values.keys()].flatMap((key) => {
      const who = mayBeSetBy(key);
      return who.includes(layer)
        ? []
        : [`${key}: cannot be set by ${SETTERS[layer]}, only by ${who.map((one) => SETTERS[one]).join(' or ')}`];
    }),
    ...(parsed.success ? problemsWithin(parsed.data, base) : []),
  ];
  if (problems.length > 0) throw invalid(layer, source, problems);
  return base === undefined ? values : withPaths(values, base);
}

/** Checks parsed JSON; `source` names it in errors. */
export function parseSettings(json: unknown, source: string): Settings {
  const parsed = settingsSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw invalid('user', source, parsed.error.issues.flatMap(problemsOf));
}

/** The JSON Schema (2020-12) of the configuration file. */
export function settingsJsonSchema(): Record<string, unknown> {
  return { title: 'Holdpoint configuration', ...z.toJSONSchema(settingsSchema, { io: 'input' }) };
}

const SETTERS: Readonly<Record<Layer, string>> = {
  managed: 'this machine’s management',
  fleet: 'the fleet’s policy',
  user: 'the configuration file',
};

const HEADINGS: Readonly<Record<Layer, readonly [name: string, fate: string]>> = {
  managed: ['The managed settings', 'None of them are taken'],
  fleet: ['The settings of', 'None of them are taken'],
  user: ['The configuration', 'nothing was started'],
};

function invalid(layer: Layer, source: string, problems: readonly string[]): HoldpointError {
  const [name, fate] = HEADINGS[layer];
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  const heading = layer === 'user' ? `${name} ${source} has ${count}; ${fate}.` : `${name} ${source} have ${count}. ${fate}.`;
  return new HoldpointError('config-invalid', [heading, ...problems.map((problem) => `  ${problem}`)].join('\n'));
}

/** What the schema cannot tell. */
function problemsWithin({ upstream, detection, routes, providers }: Settings, base: string | undefined): string[] {
  return [
    // What must not run on every text is refused before anything starts.
    ...detection.patterns.flatMap(({ pattern, flags }, index) => {
      const refused = whyRefused(pattern, flags);
      return refused === undefined ? [] : [`detection.patterns.${index}.pattern: ${refused}`];
    }),
    ...certificateProblems(upstream.extraCaFile, base),
    ...(upstream.parentProxy !== undefined && parseParentProxy(upstream.parentProxy, 'upstream.parentProxy') === undefined
      ? ['upstream.parentProxy: expected http://[USER:PASSWORD@]HOST:PORT']
      : []),
    ...pacProblems(upstream.pac, base),
    ...routeProblems(routes, providers),
  ];
}

/** Of a provider that is misspelt, calls would go past the company's gateway, and nobody would know. */
function routeProblems(routes: Settings['routes'], providers: Settings['providers']): string[] {
  const known = new Set([...providers, ...PROVIDERS].map(({ name }) => name));
  return routes.flatMap(({ provider }, index) => {
    // Where the log knows no provider, it has the host's name.
    if (!known.has(provider) && !provider.includes('.'))
      return [`routes.${index}.provider: there is no provider "${provider}" in the catalogue`];
    const first = routes.findIndex((route) => route.provider === provider);
    return first === index ? [] : [`routes.${index}.provider: "${provider}" has a route already (routes.${first}); put its ways there`];
  });
}

/** A file of no certificates would trust nobody more: every provider behind it would fail later, and nobody would know why. */
function certificateProblems(file: string | undefined, base: string | undefined): string[] {
  if (file === undefined || base === undefined) return [];
  const path = resolve(base, file);
  try {
    const certificates = readFileSync(path, 'utf8').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    if (certificates.length === 0) throw new Error('it holds none');
    for (const pem of certificates) new X509Certificate(pem);
    return [];
  } catch (thrown) {
    return [`upstream.extraCaFile: expected a PEM file of certificates, but ${path} cannot be used: ${messageOf(thrown)}`];
  }
}

function pacProblems(pac: string | undefined, base: string | undefined): string[] {
  if (pac === undefined || isUrl(pac)) return [];
  if (base === undefined) return ['upstream.pac: expected a URL; a file would have to lie on every device'];
  const path = pacFile(pac, base);
  return existsSync(path) ? [] : [`upstream.pac: expected a URL or the path of a script, but there is no file ${path}`];
}

function withPaths(values: ReadonlyMap<string, Json>, base: string): ReadonlyMap<string, Json> {
  const absolute = new Map(values);
  for (const key of ['dataDir', 'upstream.extraCaFile', 'policy.dir', 'fleet.rootFile']) {
    const path = values.get(key);
    if (typeof path === 'string') absolute.set(key, resolve(base, path));
  }
  const pac = values.get('upstream.pac');
  if (typeof pac === 'string' && !isUrl(pac)) absolute.set('upstream.pac', pacFile(pac, base));
  return absolute;
}

/** A `file:` URL or a path, as an absolute path. */
function pacFile(pac: string, base: string): string {
  return /^file:/i.test(pac) ? fileURLToPath(pac) : resolve(base, pac);
}

function isUrl(text: string): boolean {
  return /^https?:\/\//i.test(text);
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
