import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import type { HoldpointError } from '../../../main/contract/errors.ts';
import { defaultDataDir, loadSettings, parseSettings, settingsJsonSchema } from '../../../main/engine/settings.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function configFile(content: unknown): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdpoint-settings-'));
  folders.push(folder);
  const file = join(folder, 'config.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

function refusal(content: unknown): string {
  try {
    loadSettings({ configFile: configFile(content) });
  } catch (thrown) {
    expect(thrown).toMatchObject({ code: 'config-invalid' });
    return (thrown as HoldpointError).message;
  }
  throw new Error('It was accepted.');
}

const PATTERN = { id: 'project', label: 'data.project', severity: 'high', pattern: 'Project [A-Z][a-z]{2,20}' };

describe('a configuration', () => {
  it('is not needed: everything has a default', () => {
    expect(loadSettings({ dataDir: '/data' })).toMatchObject({
      dataDir: '/data',
      proxy: { host: '127.0.0.1', port: 0 },
      approvals: { timeoutSeconds: 120, unattended: 'deny' },
      audit: { capture: 'redacted' },
    });
  });

  it('names paths from its own folder', () => {
    const authority = configFile(rootCertificates[0]);
    const relativePath = join('..', basename(dirname(authority)), basename(authority));
    const file = configFile({ dataDir: 'data', upstream: { extraCaFile: relativePath }, policy: { dir: '/policies' } });
    expect(loadSettings({ configFile: file })).toMatchObject({
      dataDir: join(dirname(file), 'data'),
      upstream: { extraCaFile: authority },
      policy: { dir: '/policies' },
    });
  });

  it('gives way to a data folder on the command line', () => {
    expect(loadSettings({ configFile: configFile({ dataDir: 'data' }), dataDir: '/other' }).dataDir).toBe('/other');
  });

  it('may begin with a byte order mark, as Windows editors write it', () => {
    expect(loadSettings({ configFile: configFile('\uFEFF{"proxy":{"port":9}}'), dataDir: '/d' }).proxy.port).toBe(9);
  });

  it.each<[string, unknown, RegExp]>([
    ['a value of another type', { proxy: { port: 'x' } }, /^ {2}proxy\.port: expected number, received string$/m],
    [
      'a number out of range',
      { approvals: { timeoutSeconds: 999 } },
      /^ {2}approvals\.timeoutSeconds: Too big: expected number to be <=170$/m,
    ],
    [
      'a word that is none of the choices',
      { approvals: { unattended: 'allow' } },
      /^ {2}approvals\.unattended: expected one of "deny"\|"wait"$/m,
    ],
    ['an entry of a list', { intercept: { hosts: ['ok.test', 'not a host'] } }, /^ {2}intercept\.hosts\.1: expected a host name/m],
    [
      'an address without a port',
      { upstream: { resolve: { 'api.test': '127.0.0.1' } } },
      /^ {2}upstream\.resolve\.api\.test: expected ADDRESS:PORT$/m,
    ],
    ['an unknown key', { proxy: { prot: 1 } }, /^ {2}proxy\.prot: unknown key, expected one of host, port$/m],
    ['an unknown key at the top', { polcy: {} }, /^ {2}polcy: unknown key, expected one of dataDir, proxy, /m],
    ['the prototype as a key', '{"__proto__":{"proxy":{}}}', /^ {2}__proto__: unknown key/m],
    ['a list instead of an object', [], /^ {2}the whole file: expected object, received array$/m],
    [
      'a parent proxy of another kind',
      { upstream: { parentProxy: 'socks5://user:hunter2@p:1080' } },
      /^ {2}upstream\.parentProxy: expected http:\/\/\[USER:PASSWORD@\]HOST:PORT$/m,
    ],
    [
      'a parent proxy on no port there is',
      { upstream: { parentProxy: 'http://p:99999' } },
      /^ {2}upstream\.parentProxy: expected http:\/\/\[USER:PASSWORD@\]HOST:PORT$/m,
    ],
    ['a proxy script that is not there', { upstream: { pac: 'gone.pac' } }, /^ {2}upstream\.pac: .* but there is no file \/.*gone\.pac$/m],
    ['an exception that is none', { upstream: { noProxy: ['*', 'a b'] } }, /^ {2}upstream\.noProxy\.1: expected a host, a domain/m],
    [
      'a pattern that could run away',
      { detection: { patterns: [PATTERN, { ...PATTERN, id: 'b', pattern: '(a+)+b' }] } },
      /^ {2}detection\.patterns\.1\.pattern: \+ has no end; write one, such as \{1,100\}\.$/m,
    ],
    ['a pattern twice', { detection: { patterns: [PATTERN, PATTERN] } }, /^ {2}detection\.patterns: expected each id once$/m],
    [
      'a label that is none',
      { detection: { patterns: [{ ...PATTERN, label: 'Project' }] } },
      /detection\.patterns\.0\.label: expected a dotted/,
    ],
    ['an upload in clear', { audit: { upload: { url: 'http://x' } } }, /^ {2}audit\.upload\.url: expected https:/m],
    ['a fleet without a root', { fleet: { url: 'https://x' } }, /^ {2}fleet: expected root or rootFile, one of them$/m],
  ])('with %s is refused with its key and what was expected', (_what, content, problem) => {
    const message = refusal(content);
    expect(message).toMatch(problem);
    expect(message).toContain(folders[0]);
  });

  it('tells all its problems at once', () => {
    expect(refusal({ fleeet: {}, proxy: { port: -1, x: 1 }, audit: { capture: 'all' } })).toMatch(/has 4 problems/);
  });

  it.each<[string, string, RegExp]>([
    ['not JSON', '{"a": 1,\n "token": "hunter2" x}', /is not valid JSON \(line 2 column 21\)\.$/],
    ['cut off', '{"fleet": {"enrolmentToken": "hunter2', /is not valid JSON/],
    ['wrong', '{"fleet": {"enrolmentToken": "hunter2"}, "proxy": {"host": "hunter2"}}', /proxy\.host/],
  ])('that is %s is refused without repeating its values', (_what, content, message) => {
    expect(refusal(content)).toMatch(message);
    expect(refusal(content)).not.toContain('hunter2');
  });

  it('may name a proxy, a script beside it, and what goes without', () => {
    const script = configFile('function FindProxyForURL() {}');
    const upstream = {
      parentProxy: 'http://dev:p%40ss@proxy.corp:8080',
      noProxy: ['.corp', '10.0.0.0/8', 'git.test:22', '[::1]:80', '::1', '*'],
    };
    const relativePath = join('..', basename(dirname(script)), basename(script));
    expect(loadSettings({ configFile: configFile({ upstream: { ...upstream, pac: relativePath } }) }).upstream).toMatchObject({
      ...upstream,
      pac: script,
    });
    expect(loadSettings({ configFile: configFile({ upstream: { pac: `file://${script}` } }) }).upstream.pac).toBe(script);
    expect(loadSettings({ configFile: configFile({ upstream: { pac: 'http://wpad/x.pac' } }) }).upstream.pac).toBe('http://wpad/x.pac');
  });

  it('takes hosts as addresses too, and in any spelling', () => {
    const hosts = ['10.0.0.7', '[FD00::0:7]', '::1', 'LLM.Corp', '*.Corp'];
    const loaded = loadSettings({ configFile: configFile({ intercept: { hosts }, upstream: { resolve: { 'LLM.Corp': '127.0.0.1:1' } } }) });
    expect(loaded.intercept.hosts).toEqual(['10.0.0.7', 'fd00::7', '::1', 'llm.corp', '*.Corp']);
    expect(loaded.upstream.resolve).toEqual({ 'llm.corp': '127.0.0.1:1' });
  });

  it('may have patterns of its own', () => {
    const given = [PATTERN, { ...PATTERN, id: 'names', pattern: 'Falcon', flags: 'i' }];
    expect(loadSettings({ configFile: configFile({ detection: { patterns: given } }) }).detection.patterns).toEqual([
      { ...PATTERN, flags: '' },
      given[1],
    ]);
  });

  it('may have providers of its own', () => {
    const gateway = { name: 'Our gateway', hosts: ['llm-*.corp.test', '*.ai.corp.test'], protocols: { '/ask/*': 'openai-chat' } };
    expect(loadSettings({ configFile: configFile({ providers: [gateway] }) }).providers).toEqual([{ ...gateway, beside: [] }]);
  });

  it.each<[string, object]>([
    ['providers.0.name', { name: ' ', hosts: ['a.test'] }],
    ['providers.0.hosts', { name: 'A', hosts: [] }],
    ['providers.0.hosts.0', { name: 'A', hosts: ['*'] }],
    ['providers.0.hosts.0', { name: 'A', hosts: ['corp.*'] }],
    ['providers.0.hosts.0', { name: 'A', hosts: ['https://a.test'] }],
    ['providers.0.beside.0', { name: 'A', hosts: ['a.test'], beside: ['v1'] }],
    ['providers.0.protocols./x', { name: 'A', hosts: ['a.test'], protocols: { '/x': 'web-assistant' } }],
    ['providers.0.protocols', { name: 'A', hosts: ['a.test'], protocols: { x: 'openai-chat' } }],
  ])('that names a provider wrongly is refused with %s', (key, provider) => {
    expect(refusal({ providers: [provider] })).toContain(`${key}`);
  });

  it('that is missing is refused with its name', () => {
    expect(() => loadSettings({ configFile: '/nowhere/config.json' })).toThrow(/\/nowhere\/config\.json cannot be read/);
  });

  it.each<[string, string | undefined, RegExp]>([
    ['is missing', undefined, /ENOENT/],
    ['holds no certificate', 'garbage', /it holds none/],
    ['holds a broken one', `${rootCertificates[0]}\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`, /asn1|PEM|ASN/i],
  ])('whose file of certificates %s is refused with its key and the file', (_what, content, why) => {
    const file = content === undefined ? '/nowhere/ca.pem' : configFile(content);
    const message = refusal({ upstream: { extraCaFile: file } });
    expect(message).toContain(`upstream.extraCaFile: expected a PEM file of certificates, but ${file} cannot be used`);
    expect(message).toMatch(why);
  });

  it('that is absurdly long is not read', () => {
    expect(refusal(' '.repeat(2_000_000))).toMatch(/cannot be read: it is 2000000 bytes long/);
  });
});

describe('the default data folder', () => {
  it.each<[NodeJS.Platform, NodeJS.ProcessEnv, string]>([
    ['linux', { HOME: '/home/dev' }, '/home/dev/.local/share/holdpoint'],
    ['linux', { HOME: '/home/dev', XDG_DATA_HOME: '/xdg' }, '/xdg/holdpoint'],
    ['linux', { HOME: '/home/dev', XDG_DATA_HOME: 'relative' }, '/home/dev/.local/share/holdpoint'],
    ['darwin', { HOME: '/Users/dev' }, '/Users/dev/Library/Application Support/Holdpoint'],
    ['win32', { LOCALAPPDATA: '/local' }, '/local/Holdpoint'],
  ])('on %s with %j is %s', (platform, env, expected) => {
    expect(defaultDataDir(env, platform)).toBe(expected);
  });
});

describe('the policy that is chosen', () => {
  it('is one that ships, or a folder, and never both', () => {
    expect(parseSettings({ policy: { use: 'strict' } }, 'x').policy).toEqual({ use: 'strict' });
    expect(parseSettings({}, 'x').policy).toEqual({});
    expect(() => parseSettings({ policy: { use: 'strict', dir: '/p' } }, 'x')).toThrow(/policy: expected use or dir, not both/);
    expect(() => parseSettings({ policy: { use: 'loose' } }, 'x')).toThrow(/policy\.use: .*strict/);
  });
});

describe('the JSON Schema', () => {
  it('describes each key and refuses others', () => {
    expect(settingsJsonSchema()).toMatchObject({
      additionalProperties: false,
      properties: {
        proxy: { properties: { port: { type: 'integer', maximum: 65535, default: 0, description: expect.stringContaining('free port') } } },
      },
    });
    expect(settingsJsonSchema()).not.toHaveProperty('required');
  });

  it('is the one that ships', async () => {
    await expect(`${JSON.stringify(settingsJsonSchema(), null, 2)}\n`).toMatchFileSnapshot('../../../docs/settings.schema.json');
  });
});
