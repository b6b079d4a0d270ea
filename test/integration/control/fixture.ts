/** A control server with made-up answers, in the test's own process. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Question } from '../../../main/contract/approval.ts';
import type { Status } from '../../../main/contract/control.ts';
import { type Control, type ControlHandlers, type ControlOptions, startControl } from '../../../main/engine/control/server.ts';
import { EMPTY_ACTIVITY, nothingToExport } from '../../support/empty-activity.ts';
import { EMPTY_POLICY } from '../../support/empty-policy.ts';

export interface ControlFixture extends AsyncDisposable {
  readonly dataDir: string;
  readonly control: Control;
}

export async function controlFixture(
  handlers: Partial<ControlHandlers> = {},
  options: Partial<ControlOptions> = {},
): Promise<ControlFixture> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'holdpoint-control-'));
  const control = await startControl({
    dataDir,
    version: '1.2.3',
    handlers: {
      status: () => statusOf(dataDir),
      sync: () => statusOf(dataDir),
      questions: () => [],
      answer: () => {},
      missed: () => [],
      allowNext: () => {},
      bypass: () => ({ until: '2026-05-01T09:30:00.000Z' }),
      endBypass: () => {},
      grants: () => [],
      revoke: () => {},
      seenAgents: () => [],
      mcpServers: () => [],
      ...EMPTY_ACTIVITY,
      ...EMPTY_POLICY,
      exportIncident: nothingToExport,
      records: () => [],
      settingsList: () => ({ settings: [], contact: null, notes: [] }),
      mcpOpen: () => ({ session: '' }),
      mcpFromClient: () => ({ kind: 'drop' }),
      mcpFromServer: () => ({ kind: 'drop' }),
      ...handlers,
    },
    ...options,
  });
  return {
    dataDir,
    control,
    async [Symbol.asyncDispose]() {
      await control.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export function statusOf(dataDir: string): Status {
  return {
    engine: {
      pid: 77,
      version: '1.2.3',
      startedAt: '2026-05-01T09:00:00.000Z',
      dataDir,
      proxyUrl: 'http://127.0.0.1:4141',
      caFile: join(dataDir, 'ca.pem'),
    },
    state: 'protecting',
    notes: [],
    policy: { name: 'Starter policy', source: 'starter', dir: '/policies', count: 24, hash: 'abcdef0123456789' },
    approvals: { open: 0, missed: 0, grants: 0, attended: false },
    counts: { connections: 5, tunnels: 1, exchanges: 4, uninspected: 0, held: 3, released: 2, refused: 1, abandoned: 0 },
    uninspected: [],
    audit: { records: 123, head: 'ff', capture: 'redacted', writable: true },
    keys: 'unprotected',
  };
}

export function question(change: Partial<Question> = {}): Question {
  const text = 'rm -rf ~/thesis';
  return {
    id: 'q1',
    nonce: 'n1',
    shown: 'a'.repeat(64),
    group: 'exchange-1',
    askedAt: '2026-05-01T09:00:00.000Z',
    expiresAt: '2026-05-01T09:02:00.000Z',
    agent: { name: 'Claude Code', version: '2.1.0', parents: ['gnome-terminal', 'zsh'], pid: 4242 },
    workspace: '/home/dev/proj',
    title: 'Claude Code wants to delete files outside this project',
    action: {
      kind: 'call_tool',
      tool: 'Bash',
      toolKind: 'shell',
      text,
      omitted: 0,
      marks: [{ start: 7, end: 15, risk: 'risk', says: 'deletes ~/thesis' }],
    },
    effects: [{ risk: 'risk', says: 'deletes ~/thesis, not in this project' }],
    reason: 'It deletes outside the project.',
    policies: [{ id: 'ask-outside', reason: null, contact: 'it@example.com' }],
    idea: { model: 'claude-opus', provider: 'Anthropic', after: 'CONTRIBUTING.md' },
    grants: ['session', 'workspace'],
    details: { session: 's', exchange: 'exchange-1', host: 'api.anthropic.com', protocol: 'anthropic-messages', arguments: '{}' },
    ...change,
  };
}
