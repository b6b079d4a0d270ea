/** What the app does to agents' settings, in a home of its own, with real files. */

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROOT } from '../../../build/places.ts';
import { createAgentsHere } from '../../../main/app/agents/agents-here.ts';
import { thisMachine } from '../../../main/app/agents/this-machine.ts';
import { commandFor } from '../../../main/cli/hint.ts';
import type { AttachPlan, Said } from '../../../main/contract/agents-here.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdpoint-here-'));
  for (const name of ['home/.claude', 'home/.local/bin', 'data']) mkdirSync(join(folder, name), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (...path: string[]) => join(folder, ...path);
const SETTINGS = () => at('home/.claude/settings.json');
const textOf = (file: string) => readFileSync(file, 'utf8');

function open(port: number | undefined = 4141) {
  return createAgentsHere({
    machine: thisMachine({ HOME: at('home'), PATH: '/nowhere', SHELL: '/bin/bash' }, 'linux'),
    root: ROOT,
    dataDir: at('data'),
    isDefaultDataDir: false,
    engine: () =>
      port === undefined ? undefined : { proxyUrl: `http://127.0.0.1:${port}`, caFile: at('data/ca.pem'), dataDir: at('data') },
  });
}

function got<T>(said: Said<T>): T {
  if (!said.ok) throw new Error(said.says);
  return said.result;
}

const attach = (...ids: string[]) => ({ ids, way: 'attach' }) as const;
const detach = (...ids: string[]) => ({ ids, way: 'detach' }) as const;
const stateOf = (here: ReturnType<typeof open>, id: string) => got(here.list()).find((agent) => agent.id === id);
const linesOf = ({ changes }: AttachPlan) => changes.flatMap(({ lines }) => lines.map(({ sign, text }) => `${sign}${text}`));

describe('the agents here', () => {
  it('are found by their settings, and by their programs in the usual places', () => {
    writeFileSync(at('home/.local/bin/gemini'), '#!/bin/sh\n', { mode: 0o755 });
    writeFileSync(SETTINGS(), '{}');
    const found = got(open().list()).filter((agent) => agent.found);
    expect(found.map(({ id, attach, attached }) => [id, attach, attached])).toEqual([
      ['claude', 'settings', 'no'],
      ['gemini', 'shell', 'no'],
    ]);
  });

  it('are led by the computer where its session says so and one guard serves all, and not where it leads elsewhere', () => {
    writeFileSync(SETTINGS(), '{}');
    const ledTo = (proxy: string, isShared: boolean) => {
      const machine = thisMachine({ HOME: at('home'), PATH: '/nowhere', SHELL: '/bin/bash', HTTPS_PROXY: proxy }, 'linux');
      const engine = () => ({ proxyUrl: 'http://127.0.0.1:4141', caFile: at('data/ca.pem'), dataDir: at('data') });
      return createAgentsHere({ machine, root: ROOT, dataDir: at('data'), isDefaultDataDir: false, isShared, engine });
    };
    expect(stateOf(ledTo('http://127.0.0.1:4141', true), 'claude')?.attached).toBe('machine');
    expect(stateOf(ledTo('http://127.0.0.1:9999', true), 'claude')?.attached).toBe('no');
    expect(stateOf(ledTo('http://127.0.0.1:4141', false), 'claude')?.attached).toBe('no');
  });

  it('are attached exactly as was shown, and taken back to the byte', () => {
    const [settings, bashrc] = ['{\n  // mine\n  "env": { "KEY": "not-shown" }\n}', 'alias ll="ls -l"'];
    writeFileSync(SETTINGS(), settings);
    writeFileSync(at('home/.bashrc'), bashrc);
    const here = open();
    const wanted = attach('claude', 'gemini', 'qwen');
    const plan = got(here.plan(wanted));
    expect([textOf(SETTINGS()), textOf(at('home/.bashrc'))]).toEqual([settings, bashrc]);
    expect(linesOf(plan).join('\n')).toMatch(/^\+ +"HTTPS_PROXY": "http:\/\/127\.0\.0\.1:4141",?$/m);
    expect(linesOf(plan)).toContain(`+function gemini { ${commandFor('run', at('data'), 'linux')} -- gemini "$@"; }`);
    got(here.apply({ ...wanted, plan: plan.plan }));
    expect(textOf(at('home/.bashrc'))).toMatch(/function gemini[\s\S]*function qwen/);
    expect(['claude', 'gemini', 'qwen'].map((id) => stateOf(here, id)?.attached)).toEqual(['yes', 'yes', 'yes']);
    expect(got(here.plan(wanted)).changes).toEqual([]);

    const back = detach('claude', 'gemini', 'qwen');
    got(here.apply({ ...back, plan: got(here.plan(back)).plan }));
    expect([textOf(SETTINGS()), textOf(at('home/.bashrc'))]).toEqual([settings, bashrc]);
  });

  it('show of somebody’s settings what changes, and nothing else', () => {
    writeFileSync(SETTINGS(), '{\n  "env": {\n    "ANTHROPIC_API_KEY": "sk-secret"\n  },\n  "model": "x"\n}\n');
    expect(JSON.stringify(got(open().plan(attach('claude'))))).not.toMatch(/sk-secret|model/);
  });

  it('stay as they are where anything has changed since it was shown', () => {
    writeFileSync(SETTINGS(), '{}');
    const plan = got(open().plan(attach('claude'))).plan;
    writeFileSync(SETTINGS(), '{ "model": "x" }');
    expect(open().apply({ ...attach('claude'), plan })).toEqual({
      ok: false,
      says: expect.stringContaining('changed since this was shown'),
    });
    expect(textOf(SETTINGS())).toBe('{ "model": "x" }');
    // The guard has moved meanwhile: what was shown would lead nowhere.
    const before = got(open(4141).plan(attach('claude'))).plan;
    expect(open(4242).apply({ ...attach('claude'), plan: before })).toMatchObject({ ok: false });
    // A plan to attach is none to detach.
    expect(open().apply({ ...detach('claude'), plan: before })).toMatchObject({ ok: false });
  });

  it('are repaired where the guard has moved, or somebody took a part away', () => {
    writeFileSync(SETTINGS(), '{}');
    const attachBy = (here: ReturnType<typeof open>) =>
      got(here.apply({ ...attach('claude'), plan: got(here.plan(attach('claude'))).plan }));
    attachBy(open(4141));
    const moved = open(4242);
    expect(stateOf(moved, 'claude')?.attached).toBe('partly');
    attachBy(moved);
    expect(stateOf(moved, 'claude')?.attached).toBe('yes');
    expect(textOf(SETTINGS())).not.toContain('4141');
    writeFileSync(SETTINGS(), '{}');
    expect(stateOf(moved, 'claude')?.attached).toBe('partly');
    attachBy(moved);
    expect(textOf(SETTINGS())).toContain('4242');
  });

  it('are not attached to a guard that does not run, but taken back without one', () => {
    writeFileSync(SETTINGS(), '{}');
    const none = createAgentsHere({
      machine: thisMachine({ HOME: at('home'), SHELL: '/bin/bash' }, 'linux'),
      ...{ root: ROOT, dataDir: at('data'), isDefaultDataDir: false },
      engine: () => undefined,
    });
    expect(none.plan(attach('claude'))).toEqual({ ok: false, says: expect.stringContaining('guard is not running') });
    const here = open();
    got(here.apply({ ...attach('claude'), plan: got(here.plan(attach('claude'))).plan }));
    expect(stateOf(none, 'claude')?.attached).toBe('yes');
    got(none.apply({ ...detach('claude'), plan: got(none.plan(detach('claude'))).plan }));
    expect(textOf(SETTINGS())).toBe('{}');
  });

  it('say which file is in the way, and touch nothing', () => {
    writeFileSync(SETTINGS(), '{ "env": [');
    expect(open().plan(attach('claude'))).toEqual({ ok: false, says: expect.stringContaining(SETTINGS()) });
    expect(open().plan(attach('nobody'))).toEqual({ ok: false, says: expect.stringContaining('There is no agent "nobody"') });
    expect(textOf(SETTINGS())).toBe('{ "env": [');
    writeFileSync(at('data/agents.json'), 'torn');
    expect(stateOf(open(), 'claude')).toMatchObject({ attached: 'unknown', problem: expect.stringContaining('agents.json') });
    expect(existsSync(at('home/.bashrc'))).toBe(false);
  });
});
