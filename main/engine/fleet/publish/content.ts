/** A bundle's folder, read and proved before anything of it is signed: policies and their tests as in any policy folder, and settings. */

import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { HoldpointError, messageOf } from '../../../contract/errors.ts';
import { testPolicies } from '../../policy/check.ts';
import { readPolicyFiles } from '../../policy/files.ts';
import { problemLine } from '../../policy/problems.ts';
import type { Judge } from '../../policy/tests.ts';
import { checkLayer } from '../../settings/check.ts';
import type { FleetBundle } from '../bundle.ts';

export type BundleContent = Pick<FleetBundle, 'policies' | 'tests' | 'settings'>;

export const SETTINGS_FILE = 'settings.json';
const MAX_SETTINGS_BYTES = 1024 * 1024;

/** Rejects with HoldpointError `policy-invalid` or `config-invalid` and every mistake, each with its place. Gives warnings, a line each. */
export async function readContent(
  path: string,
  judge: Judge,
): Promise<{ readonly content: BundleContent; readonly warnings: readonly string[] }> {
  const dir = resolve(path);
  const settings = readSettings(join(dir, SETTINGS_FILE));
  const found = await readPolicyFiles(dir);
  // Settings alone are a bundle too: they choose a policy that ships with Holdpoint, or leave it to the device.
  if (found.files.length === 0 && settings !== undefined && found.tests.length === 0)
    return { content: { policies: {}, tests: {}, settings }, warnings: [] };
  const { ok, problems } = await testPolicies({ dir }, judge);
  if (!ok)
    throw new HoldpointError(
      'policy-invalid',
      [`${dir} cannot be published:`, ...problems.map((problem) => problemLine(problem))].join('\n'),
    );
  const texts = (files: typeof found.files) => Object.fromEntries(files.map(({ name, text }) => [name, text]));
  return {
    content: { policies: texts(found.files), tests: texts(found.tests), settings: settings ?? {} },
    warnings: problems.map((problem) => problemLine(problem)),
  };
}

function readSettings(file: string): FleetBundle['settings'] | undefined {
  if (!existsSync(file)) return undefined;
  const json = parsed(file);
  checkLayer({ layer: 'fleet', json, source: file, base: undefined });
  return json as FleetBundle['settings'];
}

function parsed(file: string): unknown {
  if (statSync(file).size > MAX_SETTINGS_BYTES) throw new HoldpointError('config-invalid', `${file} is longer than 1 MB.`);
  try {
    return JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  } catch (thrown) {
    const place = /\(line \d+ column \d+\)/.exec(messageOf(thrown))?.[0] ?? '(it may be cut off)';
    throw new HoldpointError('config-invalid', `${file} is not valid JSON ${place}.`);
  }
}
