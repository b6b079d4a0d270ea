import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { settingsSchema } from '../../../../../main/contract/settings.ts';
import { createCatalogue } from '../../../../../main/engine/exchange/catalogue.ts';
import { createGateways } from '../../../../../main/engine/exchange/routing/gateways.ts';
import { loadSettings } from '../../../../../main/engine/settings.ts';

const routesOf = (...routes: object[]) => settingsSchema.parse({ routes }).routes;
const head = (path: string, host = 'api.anthropic.com') => ({ method: 'POST', host, port: 443, path, rawHeaders: [] });

function rig(routes: ReturnType<typeof routesOf>, secrets: Record<string, string> = {}) {
  const learnt: string[] = [];
  const asked: string[] = [];
  let now = 0;
  const gateways = createGateways({
    routes: () => routes,
    catalogue: createCatalogue({}),
    credential: async (name) => {
      asked.push(name);
      return secrets[name];
    },
    learnCredential: (value) => void learnt.push(value),
    now: () => now,
  });
  return { gateways, learnt, asked, secrets, pass };

  function pass(ms: number): void {
    now += ms;
  }
}

const LITELLM = {
  provider: 'Anthropic',
  ways: [
    {
      url: 'https://llm.corp.example/anthropic/',
      credential: 'litellm',
      headers: { 'x-team-token': 'team-secret-1', 'x-portkey-config': 'pc-1' },
    },
  ],
};

describe('routes', () => {
  it('put the request’s own path behind the gateway’s, and the company’s credential in the place of the agent’s', async () => {
    const { gateways, learnt } = rig(routesOf(LITELLM), { litellm: 'company-secret' });
    const [way] = (await gateways.waysFor(head('/v1/messages?beta=true&key=own')))!;
    expect(way).toMatchObject({
      name: 'llm.corp.example/anthropic',
      elsewhere: {
        target: { host: 'llm.corp.example', port: 443, secure: true },
        path: '/anthropic/v1/messages?beta=true',
        edits: { adds: ['authorization', 'Bearer company-secret', 'x-team-token', 'team-secret-1', 'x-portkey-config', 'pc-1'] },
      },
    });
    const { removes } = way.elsewhere!.edits;
    for (const name of ['authorization', 'x-api-key', 'api-key', 'cookie', 'x-goog-api-key', 'x-team-token'])
      expect(removes(name)).toBe(true);
    expect(removes('anthropic-version')).toBe(false);
    expect(learnt).toEqual(expect.arrayContaining(['company-secret', 'team-secret-1']));
    expect(learnt).not.toContain('pc-1');
  });

  it('send the agent’s own credential where none is configured', async () => {
    const { gateways } = rig(routesOf({ provider: 'OpenAI', ways: [{ url: 'http://127.0.0.1:4000' }], thenDirect: true }));
    const ways = (await gateways.waysFor(head('/v1/responses?key=own', 'api.openai.com')))!;
    expect(ways[0].elsewhere).toMatchObject({ target: { host: '127.0.0.1', port: 4000, secure: false }, path: '/v1/responses?key=own' });
    expect(ways[0].elsewhere!.edits.removes('authorization')).toBe(false);
    expect(ways[1]).toMatchObject({ name: 'api.openai.com' });
    expect(ways[1]!.elsewhere).toBeUndefined();
  });

  it('send nothing where a credential is missing, and say how to set it', async () => {
    const { gateways } = rig(routesOf(LITELLM));
    await expect(gateways.waysFor(head('/v1/messages'))).rejects.toThrow(
      /"litellm" is not on this device.*holdpoint routes set-credential litellm/,
    );
  });

  it('use a credential that was set anew after ten seconds, and one that was missing at once', async () => {
    const { gateways, secrets, pass } = rig(routesOf(LITELLM));
    const sent = async () => (await gateways.waysFor(head('/v1/messages')))![0].elsewhere!.edits.adds[1];
    await expect(sent()).rejects.toThrow();
    secrets.litellm = 'first';
    expect(await sent()).toBe('Bearer first');
    secrets.litellm = 'second';
    expect(await sent()).toBe('Bearer first');
    pass(10_000);
    expect(await sent()).toBe('Bearer second');
  });

  it.each([
    ['/v1/messages', true],
    ['/v1/messages/count_tokens?beta=true', true],
    ['/v1/models', true],
    ['/v1/models/claude-sonnet-4-5', true],
    ['/v1/files', true],
    ['/v1/oauth/token', false],
    ['/api/oauth/profile', false],
    ['/api/event_logging/batch', false],
  ])('lead %s to the gateway: %s', (path, led) => {
    const { gateways } = rig(routesOf({ provider: 'Anthropic', ways: [{ url: 'https://llm.corp.example' }] }));
    expect(gateways.waysFor(head(path)) !== undefined).toBe(led);
    expect(gateways.waysFor(head(path, 'api.openai.com'))).toBeUndefined();
  });
});

it.each([
  ['a header that frames the request', { url: 'https://llm.corp.example', headers: { 'Content-Length': '0' } }],
  ['a header of two lines', { url: 'https://llm.corp.example', headers: { 'x-a': 'a\r\nb: c' } }],
  ['a gateway without TLS', { url: 'http://llm.corp.example' }],
  ['a password in the address', { url: 'https://me:secret@llm.corp.example' }],
])('%s is no setting', (_what, way) => {
  expect(settingsSchema.safeParse({ routes: [{ provider: 'Anthropic', ways: [way] }] }).success).toBe(false);
});

it.each([
  [
    'a provider that there is not',
    [{ provider: 'Antropic', ways: [{ url: 'https://llm.corp.example' }] }],
    /routes\.0\.provider: there is no provider "Antropic"/,
  ],
  [
    'a provider that has a route already',
    [
      { provider: 'OpenAI', ways: [{ url: 'https://llm.corp.example' }] },
      { provider: 'OpenAI', ways: [{ url: 'https://llm-2.corp.example' }] },
    ],
    /routes\.1\.provider: "OpenAI" has a route already \(routes\.0\)/,
  ],
])('%s is refused before anything starts', async (_what, routes, why) => {
  const dir = await mkdtemp(join(tmpdir(), 'holdpoint-routes-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  const configFile = join(dir, 'config.json');
  await writeFile(configFile, JSON.stringify({ routes }));
  expect(() => loadSettings({ configFile })).toThrow(why);
});
