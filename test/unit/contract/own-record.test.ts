import { describe, expect, it } from 'vitest';
import { isOwn, type Owned, ownerOf } from '../../../main/contract/own-record.ts';
import { RECORD_KINDS } from '../../../main/contract/record-kinds.ts';

const record = (changes: Partial<Owned> = {}): Owned => ({ kind: 'connection', verdict: 'tunnelled', data: {}, ...changes });

describe('whose a record is', () => {
  it.each<[string, Owned['data'], ReturnType<typeof ownerOf>]>([
    ['the agent’s user, as it is told', { user: 'ann' }, { user: 'ann' }],
    ['the process’s user, as earlier versions told it', { process: { user: 'ann' } }, { user: 'ann' }],
    ['the agent’s user rather than a process’s', { user: 'ann', process: { user: 'bob' } }, { user: 'ann' }],
    ['nobody’s where the process is not known', { process: null }, 'nobody'],
    ['nobody’s where it names no name', { user: '', process: { user: 7 } }, 'nobody'],
    ['nobody’s where the name could be another that was cut', { user: 'a'.repeat(257) }, 'nobody'],
    ['nobody’s where it is no list of names', { user: ['ann'], process: ['ann'] }, 'nobody'],
  ])('is %s', (_, data, owner) => {
    expect(ownerOf(record({ data }))).toEqual(owner);
  });

  it('is everybody’s where the guard tells of itself, or of what management sets', () => {
    expect(isOwn(record({ kind: 'engine', verdict: 'started' }), 'ann')).toBe(true);
    expect(isOwn(record({ kind: 'policy', verdict: 'settings-changed' }), 'ann')).toBe(true);
    expect(isOwn(record({ kind: 'tamper', verdict: 'managed-vanished' }), 'ann')).toBe(true);
  });

  it.each([
    ['an export, which names a session and who made it', 'engine', 'exported'],
    ['a status report, which names programs of all users', 'fleet', 'status'],
    ['a budget, which counts what others used', 'policy', 'budget-warning'],
    ['an answer that was taken back', 'approval', 'revoked'],
  ])('is an admin’s alone where it is %s', (_, kind, verdict) => {
    expect(isOwn(record({ kind, verdict }), 'ann')).toBe(false);
    expect(isOwn(record({ kind, verdict }), undefined)).toBe(true);
  });

  it('is nobody else’s, whatever its kind', () => {
    for (const kind of RECORD_KINDS) {
      expect(isOwn(record({ kind, verdict: 'started', data: { user: 'ann' } }), 'ann')).toBe(true);
      expect(isOwn(record({ kind, verdict: 'started', data: { user: 'ann' } }), 'bob')).toBe(false);
      expect(isOwn(record({ kind, verdict: 'some new word' }), 'bob')).toBe(false);
    }
  });
});
