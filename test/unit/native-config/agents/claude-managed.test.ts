/** Claude Code's managed settings: where each system has them, and what beats them there. */

import { describe, expect, it } from 'vitest';
import { createMachineAgents } from '../../../../native-config/agents/machine.ts';
import { createPerformer } from '../../../../native-config/steps/perform.ts';
import { foreignSystem } from '../proxy/foreign-system.ts';
import { linuxRoot } from '../proxy/linux-root.ts';

const guard = { proxyUrl: 'http://127.0.0.1:18377', caPem: '' };
const OURS = '/etc/claude-code/managed-settings.d/zz-holdpoint.json';
const fileOf = async (platform: 'darwin' | 'win32') => {
  const [step] = await createMachineAgents(foreignSystem(platform).system).plan(guard);
  return step?.kind === 'write' ? { file: step.file, env: (JSON.parse(step.text) as { env: Record<string, string> }).env } : undefined;
};

describe('Claude Code’s managed settings', () => {
  it('lie where each system has them, and name the certificates there', async () => {
    expect(await fileOf('darwin')).toMatchObject({
      file: '/Library/Application Support/ClaudeCode/managed-settings.d/zz-holdpoint.json',
      env: { HTTPS_PROXY: guard.proxyUrl, NODE_EXTRA_CA_CERTS: '/Library/Application Support/Holdpoint/run/ca.pem' },
    });
    expect(await fileOf('win32')).toMatchObject({
      file: 'C:\\Program Files\\ClaudeCode\\managed-settings.d\\zz-holdpoint.json',
      env: { HTTPS_PROXY: guard.proxyUrl, NODE_EXTRA_CA_CERTS: 'C:\\ProgramData\\Holdpoint\\run\\ca.pem' },
    });
  });

  it('keep a company’s authority trusted that its own settings name', async () => {
    const { system, put, read } = linuxRoot();
    put('/usr/sbin/update-ca-certificates', '');
    put('/etc/claude-code/managed-settings.json', '{ "env": { "NODE_EXTRA_CA_CERTS": "/etc/corp.pem" } }');
    const agents = createMachineAgents(system);
    await createPerformer(system, '/etc/holdpoint/installed.json').make('agents', await agents.plan(guard));
    expect(JSON.parse(read(OURS))).toMatchObject({ env: { NODE_EXTRA_CA_CERTS: '/etc/ssl/certs/ca-certificates.crt' } });
    expect(await agents.plan(guard)).toEqual([]);
  });

  it('are told to be partly so where a later file says something else', async () => {
    const { system, put } = linuxRoot();
    const agents = createMachineAgents(system);
    expect(await agents.status(guard)).toMatchObject([{ state: 'no' }]);
    await createPerformer(system, '/etc/holdpoint/installed.json').make('agents', await agents.plan(guard));
    expect(await agents.status(guard)).toMatchObject([{ state: 'yes' }]);
    put('/etc/claude-code/managed-settings.d/zzz.json', '{ "env": { "NO_PROXY": "api.anthropic.com" } }');
    expect(await agents.status(guard)).toMatchObject([{ state: 'partly', says: expect.stringContaining('NO_PROXY') }]);
  });
});
