import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Facts, Finding, ToolCall } from '../../../main/contract/action.ts';
import type { VerdictKind } from '../../../main/contract/verdict.ts';
import { createPolicy, type Policy } from '../../../main/engine/policy/engine.ts';
import { call, effect, finding, path, prompt, understood } from '../../unit/engine/policy/build.ts';

let policy: Policy;
beforeAll(async () => {
  policy = await createPolicy({});
});
afterAll(() => policy.close());

interface Situation {
  readonly facts?: Partial<Facts>;
  readonly findings?: readonly Finding[];
  readonly call?: Partial<ToolCall>;
}

const outside = (place: string, use: 'read' | 'write' | 'delete') => path(place, use, 'outside');
const destroys = (...paths: string[]): Situation => ({
  facts: { effects: [effect('delete', 'risk'), effect('destructive', 'risk')], paths: paths.map((place) => outside(place, 'delete')) },
});
const edits = (place: string): Situation => ({
  facts: { toolKind: 'edit', effects: [effect('write-workspace')], paths: [path(place, 'write')] },
});
const secret = [finding('secret.aws-access-key')];

const SITUATIONS: readonly [string, Situation, VerdictKind, string][] = [
  // A developer's ordinary day.
  [
    'looking around',
    { facts: { effects: [effect('read')], programs: ['ls'], paths: [path('/home/dev/proj', 'read')] } },
    'allow',
    'starter.calls',
  ],
  [
    'reading a source file',
    { facts: { toolKind: 'read', effects: [effect('read')], paths: [path('/home/dev/proj/src/a.ts', 'read')] } },
    'allow',
    'starter.calls',
  ],
  [
    'reading a system header',
    { facts: { effects: [effect('read')], paths: [outside('/usr/include/stdio.h', 'read')] } },
    'allow',
    'starter.calls',
  ],
  ['searching', { facts: { toolKind: 'search', effects: [effect('read')] } }, 'allow', 'starter.calls'],
  ['editing a source file', edits('/home/dev/proj/src/a.ts'), 'allow', 'starter.calls'],
  ['writing a key into a file of the project', { ...edits('/home/dev/proj/.env'), findings: secret }, 'allow', 'starter.calls'],
  [
    'deleting what was built',
    { facts: { effects: [effect('delete')], paths: [path('/home/dev/proj/build', 'delete')] } },
    'allow',
    'starter.calls',
  ],
  [
    'deleting a file of the project',
    { facts: { effects: [effect('delete', 'watch')], paths: [path('/home/dev/proj/old.ts', 'delete')] } },
    'allow',
    'starter.calls',
  ],
  [
    'using scratch space',
    { facts: { effects: [effect('read')], paths: [outside('/tmp/x', 'write'), outside('/tmp/x', 'delete')] } },
    'allow',
    'starter.calls',
  ],
  ['running the tests', { facts: { effects: [effect('runs-code')], programs: ['npm'] } }, 'allow', 'starter.calls'],
  ['committing', { facts: { effects: [effect('write-workspace')], programs: ['git'] } }, 'allow', 'starter.calls'],
  ['fetching', { facts: { effects: [effect('network')], programs: ['git'], hosts: ['github.com'] } }, 'allow', 'starter.calls'],
  [
    'installing from the lock file',
    { facts: { effects: [effect('network'), effect('runs-code')], programs: ['npm'] } },
    'allow',
    'starter.calls',
  ],
  ['a plain GET', { facts: { toolKind: 'fetch', effects: [effect('network')], hosts: ['example.com'] } }, 'allow', 'starter.calls'],
  [
    'posting to the project’s own server',
    { facts: { effects: [effect('network', 'watch')], hosts: ['localhost'] } },
    'allow',
    'starter.calls',
  ],
  ['doing nothing that has an effect', {}, 'allow', 'starter.calls'],
  [
    'a long file',
    { facts: { toolKind: 'edit', text: 'x'.repeat(100_000), effects: [effect('write-workspace')] } },
    'allow',
    'starter.calls',
  ],
  // What a person decides.
  ['deleting outside the project', destroys('/home/dev/Documents/thesis'), 'ask', 'starter.destructive'],
  [
    'deleting the project',
    { facts: { effects: [effect('destructive', 'risk')], paths: [path('/home/dev/proj', 'delete')] } },
    'ask',
    'starter.destructive',
  ],
  [
    'throwing away what is not committed',
    { facts: { effects: [effect('destructive', 'watch')], programs: ['git'] } },
    'ask',
    'starter.destructive',
  ],
  [
    'a forced push',
    { facts: { effects: [effect('network', 'watch'), effect('destructive', 'risk')], programs: ['git'], hosts: ['github.com'] } },
    'ask',
    'starter.destructive',
  ],
  ['a push', { facts: { effects: [effect('network', 'watch')], programs: ['git'], hosts: ['github.com'] } }, 'ask', 'starter.sends'],
  ['uploading', { facts: { effects: [effect('network', 'watch')], programs: ['curl'], hosts: ['example.com'] } }, 'ask', 'starter.sends'],
  ['sending to an unknown host', { facts: { effects: [effect('network', 'watch')] } }, 'ask', 'starter.sends'],
  [
    'sending here and elsewhere',
    { facts: { effects: [effect('network', 'watch')], hosts: ['localhost', 'example.com'] } },
    'ask',
    'starter.sends',
  ],
  [
    'writing outside the project',
    { facts: { effects: [effect('write-outside', 'watch')], paths: [outside('/home/dev/.bashrc', 'write')] } },
    'ask',
    'starter.write-outside',
  ],
  [
    'changing a git hook',
    { facts: { effects: [effect('write-outside', 'risk')], paths: [path('/home/dev/proj/.git/hooks/pre-commit', 'write')] } },
    'ask',
    'starter.write-outside',
  ],
  ['a new package', { facts: { effects: [effect('install-package', 'watch')], programs: ['npm'] } }, 'ask', 'starter.new-package'],
  ['sudo', { facts: { effects: [effect('privilege', 'risk')], programs: ['sudo'] } }, 'ask', 'starter.privilege'],
  [
    'curl into a shell',
    { facts: { effects: [effect('network'), effect('download-execute', 'risk')], programs: ['curl', 'sh'] } },
    'ask',
    'starter.download-execute',
  ],
  ['what cannot be told', { facts: { effects: [effect('unresolved', 'watch')] } }, 'ask', 'starter.unresolved'],
  [
    'too many programs to be told',
    { facts: { programs: Array.from({ length: 1_500 }, (_, index) => `p${index}`) } },
    'ask',
    'starter.unresolved',
  ],
  [
    'reading an ssh key',
    { facts: { effects: [effect('credential-access', 'risk')], paths: [outside('/home/dev/.ssh/id_ed25519', 'read')] } },
    'ask',
    'starter.secrets-read',
  ],
  [
    'reading cloud credentials',
    { facts: { effects: [effect('read', 'risk')], paths: [outside('/home/dev/.aws/credentials', 'read')] } },
    'ask',
    'starter.secrets-read',
  ],
  [
    'looking at the names in ~/.ssh',
    { facts: { effects: [effect('read')], paths: [outside('/home/dev/.ssh', 'read')] } },
    'allow',
    'starter.calls',
  ],
  ['reading the project’s own .env', { facts: { effects: [effect('read'), effect('credential-access')] } }, 'allow', 'starter.calls'],
  [
    'sending a folder away',
    { facts: { effects: [effect('exfiltrate', 'risk'), effect('network', 'watch')] } },
    'ask',
    'starter.exfiltrate',
  ],
  [
    'sending keys away',
    { facts: { effects: [effect('exfiltrate', 'risk'), effect('credential-access', 'risk')] } },
    'deny',
    'starter.credentials-sent',
  ],
  ['getting past Holdpoint', { facts: { effects: [effect('disable-guard', 'risk')] } }, 'deny', 'starter.disable-guard'],
  [
    'a line for the shell’s profile',
    { facts: { effects: [effect('persistence', 'risk')], paths: [outside('/home/dev/.bashrc', 'write')] } },
    'ask',
    'starter.persistence',
  ],
  [
    'an agent’s own settings',
    { facts: { effects: [effect('persistence', 'risk')], paths: [path('/home/dev/proj/.claude/settings.json', 'write')] } },
    'deny',
    'starter.agent-settings',
  ],
  ['publishing', { facts: { effects: [effect('publish', 'watch')] } }, 'ask', 'starter.publish'],
  [
    'what its facts call a secret, wherever it is',
    { facts: { effects: [effect('read', 'risk')], paths: [outside('/srv/keys/a.pem', 'read')] } },
    'ask',
    'starter.secrets-read',
  ],
  ['a key in a GET', { facts: { effects: [effect('network')], hosts: ['example.com'] }, findings: secret }, 'ask', 'starter.secret-sent'],
  ['a key for an MCP tool', { facts: { toolKind: 'mcp' }, findings: secret }, 'ask', 'starter.secret-sent'],
  // What is refused.
  [
    'a call that cannot be read',
    { call: { uninspected: 'malformed' }, facts: { effects: [effect('unresolved', 'risk')] } },
    'deny',
    'starter.uninspected',
  ],
  ['a call with duplicate keys', { call: { uninspected: 'duplicate-key' } }, 'deny', 'starter.uninspected'],
  ['destroying the home folder', destroys('/home/dev'), 'deny', 'starter.destroy-home'],
  ['destroying all in the home folder', destroys('/home/dev/*'), 'deny', 'starter.destroy-home'],
  ['destroying a home folder that is not known', destroys('~'), 'deny', 'starter.destroy-home'],
  ['destroying the computer', destroys('/'), 'deny', 'starter.destroy-home'],
  ['destroying the computer’s settings', destroys('/etc'), 'deny', 'starter.destroy-home'],
  [
    'changing what Holdpoint keeps',
    { facts: { effects: [effect('write-outside', 'risk')], paths: [outside('/home/dev/.local/share/holdpoint/settings.json', 'write')] } },
    'deny',
    'starter.holdpoint',
  ],
  [
    'reading what Holdpoint keeps',
    { facts: { effects: [effect('read', 'risk')], paths: [outside('/home/dev/Library/Application Support/Holdpoint/token', 'read')] } },
    'deny',
    'starter.holdpoint',
  ],
  [
    'answering Holdpoint’s questions',
    { facts: { effects: [effect('privilege', 'risk')], programs: ['holdpoint'] } },
    'deny',
    'starter.holdpoint',
  ],
  ['asking Holdpoint how it is', { facts: { programs: ['holdpoint'] } }, 'allow', 'starter.calls'],
  [
    'overwriting a disk',
    { facts: { effects: [effect('destructive', 'risk')], programs: ['dd'], paths: [outside('/dev/sda', 'write')] } },
    'deny',
    'starter.destroy-disk',
  ],
  [
    'formatting a disk',
    { facts: { text: 'mkfs.ext4 /dev/sdb1', effects: [effect('destructive', 'risk')], programs: ['mkfs.ext4'] } },
    'deny',
    'starter.format-disk',
  ],
  [
    'formatting an image',
    { facts: { text: 'mkfs.ext4 disk.img', effects: [effect('destructive', 'risk')], programs: ['mkfs.ext4'] } },
    'ask',
    'starter.destructive',
  ],
];

function decide({ facts, findings, call: more }: Situation, approved = false) {
  return policy.decide(call('Bash', { ...(more && { call: more }) }), understood(facts, findings), approved);
}

describe('the starter policy', () => {
  it.each(SITUATIONS)('%s', async (_, situation, verdict, id) => {
    const decision = await decide(situation);
    expect({ verdict: decision.verdict, decidedBy: decision.policies[0]?.id }).toEqual({ verdict, decidedBy: id });
    expect(decision.failure).toBeUndefined();
  });

  it('takes a yes for everything that it asks, and never for what it refuses', async () => {
    for (const [name, situation, verdict] of SITUATIONS) {
      expect([name, (await decide(situation, true)).verdict]).toEqual([name, verdict === 'deny' ? 'deny' : 'allow']);
    }
  });

  it('gives every question a reason that ends with who decides', async () => {
    for (const [, situation, verdict] of SITUATIONS) {
      if (verdict === 'ask') expect((await decide(situation)).reason).toMatch(/, so a person decides\.$/);
    }
  });

  it('lets agents talk to their models, and says so of requests that it could not read', async () => {
    const decide = async (action: Parameters<Policy['decide']>[0]) =>
      (await policy.decide(action, understood(), false)).policies.map(({ id }) => id);
    expect(await decide(prompt())).toEqual(['starter.prompts']);
    expect(await decide(prompt({ uninspected: 'undecodable' }))).toEqual(['starter.prompts-uninspected']);
  });

  it('is named in the summary', () => {
    expect(policy.summary).toMatchObject({ name: 'Starter policy', source: 'starter', hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(policy.summary.count).toBeGreaterThan(10);
  });
});
