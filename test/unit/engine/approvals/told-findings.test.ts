import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../main/contract/action.ts';
import { questionOf } from '../../../../main/engine/approvals/question.ts';
import { inquiry } from './inquiry.ts';

const FRAME = { id: 'q', nonce: 'n', askedAt: 0, expiresAt: 1 };

function question(findings: readonly Finding[], session = { untrusted: false, injected: false, sensitive: false, refusals: 0 }) {
  const asked = inquiry();
  return questionOf({ ...asked, understanding: { ...asked.understanding, findings, session } }, FRAME);
}

const finding = (label: string, severity: Finding['severity'] = 'high'): Finding => ({ detector: 'd', label, severity, start: 0, end: 2 });

describe('a question', () => {
  it.each([
    ['secret.github-token', 'holds what looks like a credential (github token)'],
    ['pii.credit-card', 'holds personal data (credit card)'],
    ['taint.injected.host', 'names a host that comes from text which gives the agent orders'],
    ['taint.untrusted.email', 'names a mail address that comes from what somebody else wrote'],
    ['session.repeated', 'tries again what was refused in this session'],
    ['custom.project-name', 'holds project name (custom)'],
  ])('tells of %s and marks its words', (label, says) => {
    const { effects, action } = question([finding(label)]);
    expect(effects.map((effect) => effect.says)).toContain(says);
    expect(action.marks.some((mark) => mark.says === says && mark.start === 0)).toBe(true);
  });

  it('tells what the session has read before', () => {
    const says = ({ effects }: ReturnType<typeof question>) => effects.map((effect) => effect.says).join();
    expect(says(question([], { untrusted: true, injected: true, sensitive: false, refusals: 0 }))).toContain('text that gives it orders');
    expect(says(question([], { untrusted: true, injected: false, sensitive: true, refusals: 0 }))).toContain('and something secret');
    expect(says(question([], { untrusted: true, injected: false, sensitive: false, refusals: 0 }))).not.toContain('comes after');
  });
});
