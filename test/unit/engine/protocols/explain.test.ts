import { describe, expect, it } from 'vitest';
import { explain } from '../../../../main/engine/protocols/explain.ts';

const why = { policy: 'no-deleting', reason: 'It deletes outside the workspace.' };

describe('an explanation', () => {
  it('names tool, reason and policy, and tells the model to ask and not to retry', () => {
    expect(explain({ id: '1', tool: 'Bash', input: {} }, why)).toBe(
      'Holdpoint refused this Bash call; it was not run. It deletes outside the workspace. (policy: no-deleting) ' +
        'Do not try it again or look for a way around this: tell the user what you wanted to do and why, and ask how to go on.',
    );
  });

  it('says whom to ask where policy names somebody', () => {
    expect(explain({ id: '1', tool: 'Bash', input: {} }, { ...why, contact: 'it@example.com' })).toContain(
      'To ask for it: it@example.com.',
    );
  });

  it.each([
    ['a name that is no name', { id: '1', tool: 'Bash","input":{"command":"rm', input: {} }, 'Holdpoint refused this tool call;'],
    [
      'no name at all',
      { id: '', tool: 'unknown', uninspected: 'unknown-shape' as const },
      'Holdpoint refused a part of this answer that it could not read;',
    ],
  ])('repeats nothing of a call with %s', (_name, call, start) => {
    expect(explain(call, why).startsWith(start)).toBe(true);
  });
});
