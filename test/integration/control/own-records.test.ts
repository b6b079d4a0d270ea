/** Records as they are written, told to several users of one engine. */

import { expect, it, vi } from 'vitest';
import { isOwn } from '../../../main/contract/own-record.ts';
import type { AuditRecord } from '../../../main/contract/record.ts';
import { connectControl } from '../../../main/engine/control/client.ts';
import { controlFixture } from './fixture.ts';

const record = (seq: number, changes: Partial<AuditRecord> = {}): AuditRecord => ({
  ...{ seq, id: `id-${seq}`, at: '2026-05-01T09:00:00.000Z', kind: 'connection', session: null, exchange: null, action: null },
  ...{ agent: null, host: null, verdict: 'tunnelled', summary: '', data: {}, blocks: [], hash: '' },
  ...changes,
});

it('a record is told to those alone who may see it', async () => {
  await using fixture = await controlFixture();
  const { control, dataDir } = fixture;
  const told = new Map<string, number[]>();
  // The client's own name stands for the person whose it is.
  for (const name of ['ann', 'bob', 'root']) {
    const client = await connectControl(dataDir, { client: name, attends: false });
    told.set(name, []);
    client.on('record', ({ seq }) => told.get(name)?.push(seq));
  }
  const written = [
    record(1, { kind: 'engine', verdict: 'started' }),
    record(2, { data: { user: 'ann' } }),
    record(3, { data: { process: { user: 'bob' } } }),
    record(4, { data: { process: null } }),
    record(5, { kind: 'engine', verdict: 'stopped' }),
  ];
  for (const one of written) control.tell('record', ({ client }) => (isOwn(one, client === 'root' ? undefined : client) ? one : undefined));
  await vi.waitFor(() => expect(Object.fromEntries(told)).toEqual({ ann: [1, 2, 5], bob: [1, 3, 5], root: [1, 2, 3, 4, 5] }));
});
