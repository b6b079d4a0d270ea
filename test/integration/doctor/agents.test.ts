/** Agents that are found on a machine: led to the guard by their settings, by the shell, or by nothing. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { agentEnvironment } from '../../../native-config/agents/environment.ts';
import { createAgentSetup } from '../../../native-config/agents/setup.ts';
import { agentChecks, ledBySettings } from '../../../native-config/doctor/agents.ts';
import type { DoctorContext } from '../../../native-config/doctor/context.ts';
import { thisSystem } from '../../../native-config/system.ts';
import { context, folder, resultOf } from './support.ts';

/** A home folder with Claude Code's settings in it, and what its checks say. */
function aHome(claude: string, more: { shell?: NodeJS.ProcessEnv; mode?: DoctorContext['mode']; journal?: string } = {}) {
  const [home, dataDir] = [folder(), folder()];
  const file = join(home, '.claude', 'settings.json');
  mkdirSync(join(home, '.claude'));
  writeFileSync(file, claude);
  if (more.journal !== undefined) writeFileSync(join(dataDir, 'agents.json'), more.journal);
  const guard = { proxyUrl: 'http://127.0.0.1:4711', caFile: join(dataDir, 'ca.pem'), dataDir, caPem: '' };
  const system = { ...thisSystem(), home, env: { PATH: folder(), HOME: home } };
  const setup = createAgentSetup({ home, env: system.env, platform: 'linux' }, { ...guard, runCommand: 'holdpoint run --' });
  const checks = () =>
    agentChecks({
      context: context({ system, guard, mode: more.mode ?? 'own', shellEnv: Promise.resolve(more.shell) }),
      setup,
      env: agentEnvironment(system.env, guard),
      inspects: (host) => host === 'api.anthropic.com',
      hosts: ['api.anthropic.com'],
    });
  return { file, setup, of: (id: string) => resultOf(checks(), id) };
}

const HERE = { HTTPS_PROXY: 'http://127.0.0.1:4711' };

describe('an agent', () => {
  it('that nothing leads to the guard can be repaired, and then is well', async () => {
    const { setup, of, file } = aHome('{}');
    const before = await of('agents.claude');
    expect(before).toMatchObject({ state: 'problem', says: /is not set up/, fix: { repairs: true, root: false } });
    expect(before.fix?.says).toContain(file);
    expect(ledBySettings(setup)).toEqual(new Set());
    setup.apply(setup.plan(['claude']));
    expect(await of('agents.claude')).toMatchObject({ state: 'ok', says: /by its own settings/ });
    expect(ledBySettings(setup)).toEqual(new Set(['Claude Code']));
  });

  it('that the shell leads there is well, unless its settings lead elsewhere', async () => {
    expect(await aHome('{}', { shell: HERE }).of('agents.claude')).toMatchObject({ state: 'ok', says: /by what your shells have/ });
    const elsewhere = aHome('{"env":{"HTTPS_PROXY":"http://proxy.corp:8080"}}', { shell: HERE });
    expect(await elsewhere.of('agents.claude')).toMatchObject({
      state: 'problem',
      says: /settings\.json sets HTTPS_PROXY for Claude Code/,
    });
  });

  it('that is set up, and whose settings send it to what is not inspected, is told', async () => {
    const { setup, of } = aHome('{"env":{"ANTHROPIC_BASE_URL":"https://gateway.example"}}');
    setup.apply(setup.plan(['claude']));
    expect(await of('agents.claude')).toMatchObject({
      state: 'problem',
      says: /ANTHROPIC_BASE_URL sends model calls to gateway\.example, which is not inspected/,
      fix: { repairs: false },
    });
  });

  it('whose settings cannot be read by anybody is not repaired blindly', async () => {
    expect(await aHome('{"env": [').of('agents.claude')).toMatchObject({ state: 'problem', fix: { repairs: false } });
  });

  it('is told, when what was changed is not known any more', async () => {
    const { of } = aHome('{}', { journal: 'rubbish' });
    expect(await of('agents.claude')).toMatchObject({ state: 'problem', says: /agents\.json.*is damaged/ });
  });
});

describe('what shells have', () => {
  it.each<[string, NodeJS.ProcessEnv | undefined, DoctorContext['mode'], string]>([
    ['nothing, for one person', {}, 'own', 'ok'],
    ['nothing, on a machine that is set up as a whole', {}, 'service', 'problem'],
    ['the guard', HERE, 'service', 'ok'],
    ['the guard, and an exception of a provider', { ...HERE, NO_PROXY: 'anthropic.com' }, 'own', 'problem'],
    ['a company’s proxy, which holdpoint run replaces', { HTTPS_PROXY: 'http://proxy.corp:8080' }, 'own', 'warning'],
    ['a company’s proxy in the place of the guard', { HTTPS_PROXY: 'http://proxy.corp:8080' }, 'service', 'problem'],
    ['an address that is not inspected', { ANTHROPIC_BASE_URL: 'http://localhost:3000' }, 'own', 'problem'],
    ['what nobody can tell', undefined, 'own', 'unknown'],
  ])('%s', async (_name, shell, mode, state) => {
    const { of } = aHome('{}', { mode, ...(shell && { shell }) });
    expect(await of('agents.shell')).toMatchObject({ state });
  });
});
