import { describe, expect, it } from 'vitest';
import { settingsSchema } from '../../../../../main/contract/settings.ts';
import { TENANTS, type Tenants } from '../../../../../main/engine/exchange/routing/tenant-table.ts';
import { createTenants } from '../../../../../main/engine/exchange/routing/tenants.ts';

const ORG = '550e8400-e29b-41d4-a716-446655440000';
const tenantsOf = (tenants: object) => settingsSchema.parse({ tenants }).tenants;
const ALL = tenantsOf({
  anthropic: { organizations: [ORG] },
  chatgpt: { workspaces: [ORG] },
  openai: { organizations: ['org-AbC', 'org-2'] },
  google: { domains: ['corp.example', 'corp.test'] },
  geminiCodeAssist: { domains: ['corp.example'] },
  microsoft: { tenants: ['corp.example', ORG], context: ORG },
  github: { enterprise: '12345' },
});
const READ = ['api.anthropic.com', 'api.openai.com', 'chatgpt.com', 'cloudcode-pa.googleapis.com', 'api.githubcopilot.com'];
const outgoing = (tenants: Tenants) => createTenants({ tenants: () => tenants, isRead: (host) => READ.includes(host) });
const all = outgoing(ALL);

describe('tenant headers', () => {
  it.each([
    ['api.anthropic.com', ['anthropic-allowed-org-ids', ORG]],
    ['claude.ai', ['anthropic-allowed-org-ids', ORG]],
    ['chatgpt.com', ['ChatGPT-Allowed-Workspace-Id', ORG]],
    ['api.openai.com', ['OpenAI-Allowed-Organization-Ids', 'org-AbC,org-2']],
    ['accounts.google.com', ['X-GoogApps-Allowed-Domains', 'corp.example,corp.test']],
    ['cloudcode-pa.googleapis.com', ['X-GeminiCodeAssist-Allowed-Domains', 'corp.example']],
    ['login.microsoftonline.com', ['Restrict-Access-To-Tenants', `corp.example,${ORG}`, 'Restrict-Access-Context', ORG]],
    ['login.windows.net', ['Restrict-Access-To-Tenants', `corp.example,${ORG}`, 'Restrict-Access-Context', ORG]],
    ['github.com', ['sec-GitHub-allowed-enterprise', '12345']],
    ['api.business.githubcopilot.com', ['sec-GitHub-allowed-enterprise', '12345']],
  ])('are set on %s', (host, adds) => {
    expect(all.editsFor({ host, path: '/' })?.adds).toEqual(adds);
  });

  it.each([
    'google.com',
    'mygoogle.com',
    'eu.api.openai.com',
    'chat.openai.com',
    'raw.githubusercontent.com',
    'evil-claude.ai',
    'a.claude.ai',
  ])('are not set on %s', (host) => {
    expect(all.editsFor({ host, path: '/' })).toBeUndefined();
    expect(all.headerOnly(host)).toBe(false);
  });

  it('take out what the client sent of the same name, and nothing else', () => {
    const { removes } = all.editsFor({ host: 'api.anthropic.com', path: '/' })!;
    for (const name of ['anthropic-allowed-org-ids', 'anthropic-allowed-org-ids1', 'anthropic-allowed-org-ids-12'])
      expect(removes(name)).toBe(true);
    for (const name of ['anthropic-version', 'anthropic-beta', 'x-api-key']) expect(removes(name)).toBe(false);
    const microsoft = all.editsFor({ host: 'login.microsoft.com', path: '/' })!;
    expect(microsoft.removes('sec-restrict-tenant-access-policy')).toBe(true);
  });

  it('continue a long list in numbered lines, as Anthropic documents it', () => {
    const organizations = Array.from({ length: 500 }, (_, at) => `550e8400-e29b-41d4-a716-${String(at).padStart(12, '0')}`);
    const { adds } = outgoing(tenantsOf({ anthropic: { organizations: [...organizations, ...organizations].slice(0, 500) } })).editsFor({
      host: 'claude.ai',
      path: '/',
    })!;
    const names = adds.filter((_, at) => at % 2 === 0);
    const values = adds.filter((_, at) => at % 2 === 1);
    expect(names).toEqual(['', '1', '2', '3', '4'].map((number) => `anthropic-allowed-org-ids${number}`));
    expect(values[0]).toMatch(/;n=5$/);
    expect(values.join().replace(';n=5', '').split(',')).toEqual(organizations);
    for (const value of values) expect(value.length).toBeLessThan(4096);
  });

  it('decrypt sign-in hosts for themselves alone, and only where they are set', () => {
    for (const host of ['login.microsoftonline.com', 'accounts.google.com', 'github.com', 'claude.ai'])
      expect(all.headerOnly(host)).toBe(true);
    for (const host of READ) expect(all.headerOnly(host)).toBe(false);
    expect(outgoing(tenantsOf({ openai: { organizations: ['org-1'] } })).headerOnly('accounts.google.com')).toBe(false);
    expect(outgoing(tenantsOf({})).headerOnly('login.microsoftonline.com')).toBe(false);
  });

  it.each([
    ['chatgpt.com', '/backend-anon/conversation', true],
    ['chatgpt.com', '/Backend-Anon/f/conversation?a=b', true],
    ['chatgpt.com', '/backend-api/conversation', false],
    ['api.individual.githubcopilot.com', '/chat/completions', true],
    ['api.business.githubcopilot.com', '/chat/completions', false],
    ['api.githubcopilot.com', '/chat/completions', false],
  ])('go with a refusal of what they have no effect on: %s%s %s', (host, path, refused) => {
    expect(all.refusalOf({ host, path }) !== undefined).toBe(refused);
    expect(outgoing(tenantsOf({})).refusalOf({ host, path })).toBeUndefined();
  });

  it('change while the engine runs', () => {
    let tenants = tenantsOf({});
    const changing = createTenants({ tenants: () => tenants, isRead: () => false });
    expect(changing.headerOnly('github.com')).toBe(false);
    tenants = ALL;
    expect(changing.headerOnly('github.com')).toBe(true);
    tenants = tenantsOf({});
    expect(changing.editsFor({ host: 'github.com', path: '/' })).toBeUndefined();
  });

  it('are documented by their vendors, each on a page that the table names', () => {
    expect(TENANTS.map(({ setting }) => setting).toSorted()).toEqual(Object.keys(ALL).toSorted());
    for (const { documentation } of TENANTS) expect(documentation).toMatch(/^https:\/\//);
  });
});
