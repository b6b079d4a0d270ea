/** Which folder may import which: read from every import under main/, renderer/ and native-config/, held against one table. */

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

interface Import {
  readonly from: string;
  /** Path from the clone's root, or a package's name. */
  readonly to: string;
  /** Gone when it runs. */
  readonly typeOnly: boolean;
}

interface Rule {
  /** Files that it is for: those of the first rule that fits a file are the only ones it has. */
  readonly files: RegExp;
  /** What of ours they may import, besides their own folder. */
  readonly may: RegExp;
  /** What they may import as a type only. */
  readonly types?: RegExp;
  /** Packages that they may not import. */
  readonly not?: RegExp;
  readonly because: string;
}

const CONTRACT = /^main\/contract\//;
/** What a client may have of the engine: the way to talk to it, where its data folder is, and how foreign text is shown. */
const CLIENT = 'main/engine/(control/client|engine-place|settings|approvals/visible)\\.ts';
/** What any part that keeps files or logs stands on. */
const GROUND = 'main/engine/(data-dir|atomic-file|log)\\.ts';

const RULES: readonly Rule[] = [
  { files: /^main\/contract\//, may: /^$/, because: 'the contract is what everything else agrees on: it knows nothing of ours' },
  {
    files: /^main\/engine\/guard\//,
    may: CONTRACT,
    types: /^main\/engine\//,
    because: 'the guard is pure: it knows its world by types only',
  },
  { files: /^main\/engine\/protocols\//, may: CONTRACT, because: 'protocols turn bytes into events and know nothing else' },
  {
    files: /^main\/engine\/interception\//,
    may: /^main\/(contract|engine\/certificates)\//,
    types: /^main\/engine\/protocols\//,
    because: 'interception moves bytes: what is to be done with them it is told',
  },
  { files: /^main\/engine\/certificates\//, may: CONTRACT, because: 'certificates are made without knowing for what' },
  {
    files: /^main\/engine\/audit\/incident\//,
    may: /^main\/(contract|engine\/audit)\/|^main\/engine\/approvals\/visible\.ts$/,
    because: 'a report tells what the log holds, as a person must see it',
  },
  {
    files: /^main\/engine\/audit\//,
    may: /^main\/(contract|engine\/detection)\//,
    types: /^main\/engine\/guard\//,
    because: 'the log keeps what it is given; it only needs detection to redact',
  },
  {
    files: /^main\/engine\/approvals\//,
    may: new RegExp(`^main/contract/|^${GROUND}$`),
    types: /^main\/engine\/guard\//,
    because: 'approvals answer the guard, and know it by types only',
  },
  {
    files: /^main\/engine\/(policy|detection)\//,
    may: CONTRACT,
    types: /^main\/engine\/guard\//,
    because: 'policy and detection answer the guard and know nothing of each other',
  },
  {
    files: /^main\/engine\/limits\//,
    may: CONTRACT,
    types: /^main\/engine\/guard\//,
    because: 'limits stand around policy’s answer, and know neither policy nor wire',
  },
  { files: /^main\/engine\/control\//, may: new RegExp(`^main/contract/|^${GROUND}$`), because: 'control serves what it is handed' },
  {
    files: /^main\/engine\/exchange\//,
    may: /^main\/(contract|engine\/(guard|protocols|interception))\//,
    because: 'an exchange joins wire, protocol and guard; how it is decided, asked and kept is the guard’s world',
  },
  {
    files: /^main\/engine\/process\.ts$/,
    may: /^main\/(contract|engine)\/|^native-config\/managed\//,
    because: 'the process is where the engine meets the machine that it runs on',
  },
  {
    files: /^main\/engine\/upload\//,
    may: /^main\/(contract|engine\/(audit|interception))\//,
    because: 'the upload reads the log as it is kept, and knows nothing of how it came about',
  },
  {
    files: /^main\/failsafe\//,
    may: new RegExp(`^main/contract/|^${GROUND}$|^main/engine/(interception/|certificates/(bundle|names)\\.ts$|exchange/patterns\\.ts$)`),
    because: 'the failsafe stands in for an engine that cannot run: it moves bytes, and shares no log, policy or detection with it',
  },
  { files: /^main\/engine\//, may: /^main\/(contract|engine)\//, because: 'the engine is put together here, and knows no client of it' },
  {
    files: /^main\/cli\//,
    may: new RegExp(
      `^main/contract/|^${CLIENT}$|^${GROUND}$|^native-config/|^main/failsafe/failsafe\\.ts$|^main/engine/(process\\.ts$|engine\\.ts$|version\\.ts$|exchange/(catalogue|providers)\\.ts$|fleet/bundle\\.ts$|protocols/mcp/messages\\.ts$|(audit|settings|policy|guard|detection|certificates|fleet/publish)/)`,
    ),
    because: 'the command line is a client, or reads log and policy with no engine running',
  },
  {
    files: /^native-config\/doctor\//,
    may: new RegExp(
      `^main/contract/|^native-config/|^main/engine/certificates/bundle\\.ts$|^main/engine/interception/(agents|attribution/process|routes/no-proxy)\\.ts$|${GROUND}$`,
    ),
    because: 'the checks look at the machine as it is; what they share with the engine is how an agent and an exception are recognised',
  },
  {
    files: /^native-config\//,
    may: new RegExp(`^main/contract/|^main/engine/certificates/bundle\\.ts$|${GROUND}$`),
    because: 'what touches an operating system’s settings is told where the engine is, and knows no part of it but its files',
  },
  {
    files: /^main\/app\//,
    may: new RegExp(`^main/contract/|^${CLIENT}$|^${GROUND}$|^native-config/agents/`),
    because: 'the app is a client of the engine and starts it as a process of its own; it sets up the agents of whoever runs it',
  },
  { files: /^renderer\/design\//, may: /^$/, because: 'the design knows nothing of what is shown' },
  {
    files: /^renderer\//,
    may: /^main\/contract\/|^renderer\/design\//,
    types: /^main\/app\/(channels|view)\.ts$/,
    not: /^(electron$|node:)/,
    because: 'a page runs in a sandbox and knows the engine only by what the app hands it',
  },
];

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const IMPORTS = ['main', 'renderer', 'native-config'].flatMap((folder) => sources(join(ROOT, folder))).flatMap(importsOf);

describe('the layers', () => {
  it('are kept by every import', () => {
    expect(IMPORTS.length).toBeGreaterThan(0);
    expect(IMPORTS.flatMap((found) => brokenBy(found) ?? [])).toEqual([]);
  });

  it('have no circles', () => {
    expect(circleIn(IMPORTS.filter(({ typeOnly }) => !typeOnly))).toBeUndefined();
  });

  it.each<[string, Import, RegExp]>([
    ['a circle’s first step', { from: 'main/contract/action.ts', to: 'main/engine/engine.ts', typeOnly: true }, /the contract/],
    [
      'the guard running policy',
      { from: 'main/engine/guard/guard.ts', to: 'main/engine/policy/policy.ts', typeOnly: false },
      /the guard is pure/,
    ],
    ['Electron in the engine', { from: 'main/engine/engine.ts', to: 'electron', typeOnly: false }, /knows no client/],
    ['the file system in a page', { from: 'renderer/console/index.tsx', to: 'node:fs', typeOnly: false }, /sandbox/],
    ['a folder without a rule', { from: 'main/elsewhere/x.ts', to: 'main/contract/action.ts', typeOnly: false }, /no rule/],
  ])('would tell of %s', (_what, found, reason) => {
    expect(brokenBy(found)).toMatch(reason);
  });

  it('would tell of a circle', () => {
    const step = (from: string, to: string): Import => ({ from, to, typeOnly: false });
    expect(circleIn([step('a', 'b'), step('b', 'c'), step('c', 'b'), step('a', 'd')])).toEqual(['b', 'c', 'b']);
  });
});

/** What is wrong with an import, in words that name the file, the import and the rule's reason. */
function brokenBy({ from, to, typeOnly }: Import): string | undefined {
  const rule = RULES.find(({ files }) => files.test(from));
  if (rule === undefined) return `${from}: no rule says what this folder may import`;
  const told = `${from} imports ${to}: ${rule.because}`;
  if (!/^(main|renderer|native-config)\//.test(to))
    return (rule.not ?? /^electron$/).test(to) && !from.startsWith('main/app/') ? told : undefined;
  const own = rule.files.exec(from)?.[0];
  if (own !== undefined && to.startsWith(own)) return undefined;
  if (rule.may.test(to) || (typeOnly && rule.types?.test(to))) return undefined;
  return told;
}

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Imports and re-exports, static and dynamic. */
function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const statements = text.matchAll(/^\s*(?:import|export)\s+(type\s)?(?:[\w*{][^'";]*?\sfrom\s*)?'([^']+)'/gm);
  const calls = text.matchAll(/\bimport\(\s*()'([^']+)'\s*\)/g);
  return [...statements, ...calls].map(([, type, specifier = '']) => ({
    from: relative(ROOT, file),
    to: specifier.startsWith('.') ? relative(ROOT, resolve(dirname(file), specifier)) : specifier,
    typeOnly: Boolean(type),
  }));
}

/** The files of one circle, the first again at its end. */
function circleIn(imports: readonly Import[]): string[] | undefined {
  const next = Map.groupBy(imports, ({ from }) => from);
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    path.push(file);
    for (const { to } of next.get(file) ?? []) {
      const circle = visit(to);
      if (circle) return circle;
    }
    path.pop();
    done.add(file);
    return undefined;
  };
  for (const file of next.keys()) {
    const circle = visit(file);
    if (circle) return circle;
  }
  return undefined;
}
