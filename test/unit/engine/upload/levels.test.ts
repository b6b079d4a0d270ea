import { describe, expect, it } from 'vitest';
import { type AuditRecord, type Json, RECORD_KINDS } from '../../../../main/contract/record.ts';
import { otlpLog } from '../../../../main/engine/audit/otlp.ts';
import { type Level, leaving } from '../../../../main/engine/upload/levels.ts';
import { METADATA_MEMBERS, type Members, type Shape } from '../../../../main/engine/upload/metadata-members.ts';

/** What must not leave, each recognisable. */
const PRIVATE = ['rm -rf marker', '/home/marker/notes.txt', '~/marker', 'C:\\marker', './marker', 'marker\nline', '{"marker":1}'];

function recordOf(kind: AuditRecord['kind'], data: { [name: string]: Json }, changes: Partial<AuditRecord> = {}): AuditRecord {
  return {
    seq: 7,
    id: '01a20b46-c18b-75de-8f0d-443e55f57278',
    at: '2026-11-24T10:00:00.000Z',
    kind,
    session: 'session-1',
    exchange: 'exchange-1',
    action: 'action-1',
    agent: 'Claude Code',
    host: 'api.anthropic.com',
    verdict: 'allow',
    summary: 'Claude Code: rm -rf marker',
    data: data as AuditRecord['data'],
    blocks: [{ role: 'user', hash: 'ab'.repeat(32) }],
    hash: 'cd'.repeat(32),
    ...changes,
  };
}

const sent = (record: AuditRecord, level: Level) => JSON.stringify(otlpLog(leaving(record, level)));

describe('the level "metadata"', () => {
  it.each(RECORD_KINDS)('lets no command, path, word or argument of a record of kind %s leave', (kind) => {
    for (const secret of PRIVATE) {
      const everywhere = (shape: Shape): Json => {
        // Of a path, the file's own name is what may leave.
        if (shape === 'file') return `${secret}/name`;
        if (typeof shape === 'string') return secret;
        if (Array.isArray(shape)) return [everywhere(shape[0]), secret];
        return { ...everyMember(shape as Members), unlisted: secret };
      };
      const everyMember = (members: Members): { [name: string]: Json } =>
        Object.fromEntries(Object.entries(members).map(([name, shape]) => [name, everywhere(shape)]));
      const data = { ...everyMember(METADATA_MEMBERS[kind]), unlisted: secret, text: secret, counts: { [secret]: 1 }, [secret]: secret };
      const text = sent(recordOf(kind, data), 'metadata');
      // A name may have blanks: what people call a provider or a server is no command.
      if (secret === 'rm -rf marker' && JSON.stringify(METADATA_MEMBERS[kind]).includes(':"name"')) continue;
      expect(text).not.toContain('marker');
    }
  });

  it('lets no hash of a text leave, since a short text can be guessed from it', () => {
    const text = sent(recordOf('action', { content: 'ef'.repeat(32), tool: 'Bash' }), 'metadata');
    expect(text).not.toMatch(/(ab){32}|(ef){32}/);
    expect(text).toContain('cd'.repeat(32));
  });

  it('tells who, when, which tool and model, what was decided and how large it was', () => {
    const record = recordOf('action', {
      tool: 'Bash',
      model: 'anthropic/claude-sonnet-4-5',
      provider: 'My gateway',
      effects: [{ effect: 'delete', risk: 'risk', says: 'deletes marker' }],
      findings: [{ detector: 'secrets', label: 'secret.aws-access-key', severity: 'high', count: 2 }],
      meter: { untrusted: true, injected: false, sensitive: true, refusals: 1 },
      server: { name: 'notes', address: 'node /srv/marker.js', transport: 'stdio' },
      workspace: '/home/marker',
    });
    const { data, summary } = leaving(record, 'metadata');
    expect(summary).toBe('Claude Code: action allow');
    expect(data).toEqual({
      tool: 'Bash',
      model: 'anthropic/claude-sonnet-4-5',
      provider: 'My gateway',
      effects: [{ effect: 'delete', risk: 'risk' }],
      findings: [{ detector: 'secrets', label: 'secret.aws-access-key', severity: 'high', count: 2 }],
      meter: { untrusted: true, injected: false, sensitive: true, refusals: 1 },
      server: { name: 'notes', transport: 'stdio' },
    });
  });

  it('tells the decision by the policies’ ids, without the reason', () => {
    const { data } = leaving(
      recordOf('verdict', {
        verdict: 'deny',
        reason: 'marker',
        policies: ['base.shell', 'team x'],
        redacted: { 'secret.key': 2, 'a b': 1 },
      }),
      'metadata',
    );
    expect(data).toEqual({ verdict: 'deny', policies: ['base.shell'], redacted: { 'secret.key': 2 } });
  });
});

describe('what a fleet needs of a device', () => {
  it('leaves at "metadata": the enrolment whole, with the key and the proof', () => {
    const data = {
      device: 'a'.repeat(32),
      publicKey: `${'A/+b'.repeat(10)}abc=`,
      proof: 'b'.repeat(64),
      ring: 'canary',
      version: '1.2.3',
    };
    expect(leaving(recordOf('fleet', data), 'metadata').data).toEqual(data);
  });

  it('leaves at "metadata": of each program that talks to a model its file name, never its folder', () => {
    const row = { agent: 'Python', known: false, to: 'model', provider: 'OpenAI', how: 'tunnelled', concern: 'unread', exchanges: 2 };
    const seen = ['/home/marker/bin/tool', 'C:\\Users\\marker\\tool'].map((program) => ({ ...row, program }));
    const { data } = leaving(recordOf('fleet', { agents: { total: 2, concerns: 2, seen } }), 'metadata');
    expect(data).toEqual({ agents: { total: 2, concerns: 2, seen: seen.map((told) => ({ ...told, program: 'tool' })) } });
  });

  it('leaves at "metadata": where it drifts and how it does, without a sentence', () => {
    const { data } = leaving(
      recordOf('fleet', {
        drift: [{ what: 'bypass', says: 'marker' }],
        counts: { 'verdict.deny': 3 },
        health: { state: 'attention', notes: ['marker'], troubles: { scan: 1 } },
        fleet: { url: 'https://marker.example', ring: 'stable', revision: 4, state: 'offline', problem: 'marker' },
      }),
      'metadata',
    );
    expect(data).toEqual({
      drift: [{ what: 'bypass' }],
      counts: { 'verdict.deny': 3 },
      health: { state: 'attention', troubles: { scan: 1 } },
      fleet: { ring: 'stable', revision: 4, state: 'offline' },
    });
  });

  it('leaves at "metadata": what an exchange cost, and which settings changed by whom', () => {
    const counted = { user: 'dev', agent: 'Claude Code', model: 'claude-1', tokens: 46, costMicroUsd: 9, estimated: false };
    const exchange = { cacheReadTokens: 5, cacheWriteTokens: 6, counted };
    expect(leaving(recordOf('exchange', exchange), 'metadata').data).toEqual(exchange);
    expect(sent(recordOf('exchange', exchange), 'metadata')).toContain('gen_ai.usage.cache_creation.input_tokens');
    const keys = [{ key: 'audit.capture', source: 'fleet', where: '/home/marker', live: true }];
    expect(leaving(recordOf('policy', { keys, reason: 'marker', minutes: 5 }), 'metadata').data).toEqual({
      keys: [{ key: 'audit.capture', source: 'fleet', live: true }],
      minutes: 5,
    });
  });
});

describe.each(['redacted', 'full'] as const)('the level "%s"', (level) => {
  it('tells all that the log kept of the record', () => {
    const record = recordOf('action', { says: 'rm -rf marker' });
    expect(leaving(record, level)).toEqual(record);
  });
});
