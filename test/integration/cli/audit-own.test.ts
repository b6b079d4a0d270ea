/** `holdpoint audit` on a machine whose service guards for several users. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { auditAt } from '../../../main/cli/audit.ts';
import { UsageError } from '../../../main/cli/io.ts';
import type { AuditRecord } from '../../../main/contract/record.ts';
import { type ServicePlaces, servicePlaces } from '../../../main/contract/service-places.ts';
import { createBrowse } from '../../../main/engine/audit/browse/browse.ts';
import { type AuditLog, openAudit } from '../../../main/engine/audit/log.ts';
import { type ControlHandlers, startControl } from '../../../main/engine/control/server.ts';
import { conversation, engineStarted } from '../audit/browse-support.ts';
import { optionsFor, temporaryFolder } from '../audit/support.ts';

let places: ServicePlaces;
let log: AuditLog;

/** A service that takes whoever asks for bob, and whose data folder nobody finds. */
beforeEach(async () => {
  const root = temporaryFolder();
  const [dir, runDir] = [join(root, 'data'), join(root, 'run')];
  mkdirSync(runDir);
  places = { ...servicePlaces('linux', {}), runDir, dataDir: join(root, 'not-to-be-seen') };
  log = await openAudit(optionsFor(dir));
  const browse = createBrowse({ file: join(dir, 'audit.db') });
  const bob = { user: 'bob' };
  const handlers = {
    records: (range) => log.records({ ...range, ...bob }),
    search: (params) => browse.handlers.search(params, bob),
    recordProof: (params) => browse.handlers.recordProof(params, bob),
  } satisfies Partial<ControlHandlers>;
  const control = await startControl({ dataDir: runDir, version: 'test', handlers: handlers as unknown as ControlHandlers });
  onTestFinished(async () => {
    await control.close();
    await browse.close();
    await log.close();
  });
  await log.append(engineStarted);
  for (const user of ['ann', 'bob']) {
    const { exchange, call } = conversation(`${user}-1`, { user, agent: `${user}’s agent`, workspace: `/home/${user}` });
    await log.append(exchange('1', { said: [['user', `${user} wants work`]], summary: `${user} asks for work` }));
    for (const entry of call('1', 'allow')) await log.append(entry);
  }
});

async function audit(...args: string[]): Promise<{ code: number; out: string }> {
  const output = new PassThrough();
  const written: Buffer[] = [];
  output.on('data', (chunk: Buffer) => written.push(chunk));
  const code = await auditAt(places, args, { input: new PassThrough(), output, errors: new PassThrough(), env: {} });
  return { code, out: Buffer.concat(written).toString() };
}

const summaries = (out: string) => (JSON.parse(out) as { records: AuditRecord[] }).records.map(({ summary }) => summary);

describe('holdpoint audit, for one of several users', () => {
  it('tail and search give what is their own, and what is everybody’s', async () => {
    expect(summaries((await audit('tail', '--json')).out)).toEqual([
      'Holdpoint started',
      'bob asks for work',
      'bob’s agent: Bash: make 1',
      'allow: because',
    ]);
    expect(summaries((await audit('--limit', '2', '--json')).out)).toEqual(['bob’s agent: Bash: make 1', 'allow: because']);
    expect(summaries((await audit('search', 'work', '--json')).out)).toEqual(['bob asks for work']);
    expect(summaries((await audit('search', 'ann', '--json')).out)).toEqual([]);
    const { out, code } = await audit('search', 'make');
    expect(out).toMatch(/^ +6 .* action +bob’s agent: Bash: make 1\n$/);
    expect(code).toBe(0);
  });

  it('tail gives as many as are wanted, however many are given at a time', async () => {
    await Promise.all(Array.from({ length: 1_100 }, (_, n) => log.note({ ...engineStarted, summary: `Started ${n}` })));
    const all = summaries((await audit('tail', '--limit', '2000', '--json')).out);
    expect(all).toHaveLength(1_104);
    expect(all.at(-1)).toBe('Started 1099');
    expect(summaries((await audit('search', 'Started', '--limit', '450', '--json')).out)).toEqual(all.slice(-450));
  });

  it('show gives a record with its texts and its proof, and none of another', async () => {
    const { out } = await audit('show', '5');
    expect(out).toContain('Record 5: bob asks for work');
    expect(out).toContain('bob wants work');
    expect(out).toContain('not signed yet');
    await expect(audit('show', '2')).rejects.toMatchObject({ code: 'not-found' });
    await expect(audit('show', '019b0b46-c18b-75de-8f0d-443e55f57278')).rejects.toBeInstanceOf(UsageError);
  });

  it.each(['verify', 'export'])('%s is root’s', async (verb) => {
    await expect(audit(verb)).rejects.toThrow(`run "sudo holdpoint audit ${verb}". "holdpoint audit tail" shows your own records.`);
  });

  it('the whole log is there for whoever may read its file', async () => {
    places = { ...places, dataDir: join(places.runDir, '..', 'data') };
    expect(summaries((await audit('tail', '--json')).out)).toHaveLength(7);
    expect((await audit('verify')).out).toMatch(/^The log is whole: 7 records/);
  });
});
