import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { overridingSettings } from '../../../../native-config/agents/overrides.ts';

const PROXY = 'http://127.0.0.1:4141';
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'holdpoint-overrides-'));
  for (const folder of ['.claude', '.codex', 'project/.claude']) mkdirSync(join(home, folder), { recursive: true });
});
afterEach(() => rmSync(home, { recursive: true }));

const told = (...command: string[]) =>
  overridingSettings({
    machine: { home, env: {}, platform: 'linux' },
    command,
    cwd: join(home, 'project'),
    env: { HTTPS_PROXY: PROXY, https_proxy: PROXY, no_proxy: 'localhost' },
    inspects: (host) => host === 'api.anthropic.com',
  });
const put = (file: string, text: string) => writeFileSync(join(home, file), text);

describe('an agent’s own settings', () => {
  it.each(['.claude/settings.json', 'project/.claude/settings.local.json'])(
    'are told where %s leads Claude Code past the guard',
    (file) => {
      put(file, '{ // mine\n "env": { "no_proxy": "api.anthropic.com", "ANTHROPIC_BASE_URL": "https://gateway.test" } }');
      const [first, second, ...more] = told('npx', '/usr/bin/claude', '-p', 'x');
      expect(first).toContain(`${join(home, file)} sets no_proxy for Claude Code`);
      expect(second).toMatch(/ANTHROPIC_BASE_URL sends model calls to gateway\.test/);
      expect(more).toEqual([]);
      expect(told('codex')).toEqual([]);
    },
  );

  it('are told where Codex’s .env does', () => {
    put('.codex/.env', "export HTTPS_PROXY='http://company:3128'\nOPENAI_API_KEY=x\n");
    expect(told('codex', 'exec')).toEqual([expect.stringMatching(/\.env sets HTTPS_PROXY for Codex/)]);
  });

  it('are silent where they say what is set here, nothing, or what nobody can read', () => {
    put('.claude/settings.json', JSON.stringify({ env: { https_proxy: PROXY, ANTHROPIC_BASE_URL: 'https://api.anthropic.com' } }));
    put('project/.claude/settings.json', '{');
    mkdirSync(join(home, '.codex/.env'));
    expect([...told('claude'), ...told('codex'), ...told('true')]).toEqual([]);
  });
});
