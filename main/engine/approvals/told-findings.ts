/** What detectors found in a call, and what its session has seen, in the words of a question. */

import type { EffectFact, Finding, Risk, SessionMeter, Understanding } from '../../contract/action.ts';

/** As `EffectFact`s are told and marked: a predicate, its risk, and the words that it comes from. */
export type Told = Pick<EffectFact, 'risk' | 'says' | 'range'>;

/** Each kind of finding is said once, with its places; what the session has seen has no place. */
export function toldFindings({ findings, session }: Pick<Understanding, 'findings' | 'session'>): Told[] {
  return [...findings.flatMap(told), ...(session ? seen(session) : [])];
}

function told(finding: Finding): Told[] {
  const words = wordsOf(finding);
  return words ? [{ ...words, range: { start: finding.start, end: finding.end } }] : [];
}

function wordsOf({ label, severity }: Finding): { readonly risk: Risk; readonly says: string } | undefined {
  const [family = '', kind = '', detail = ''] = label.split('.');
  const risk: Risk = severity === 'high' ? 'risk' : severity === 'medium' ? 'watch' : 'plain';
  const name = kind.replaceAll('-', ' ');
  switch (family) {
    case 'secret':
      return { risk, says: `holds what looks like a credential (${name})` };
    case 'pii':
      return { risk, says: `holds personal data (${name})` };
    case 'injection':
      return { risk, says: 'holds words that speak to an agent as its user would' };
    case 'taint':
      return kind === 'injected'
        ? { risk: 'risk', says: `names ${TAINTED[detail] ?? 'something'} that comes from text which gives the agent orders` }
        : { risk: 'watch', says: `names ${TAINTED[detail] ?? 'something'} that comes from what somebody else wrote` };
    case 'session':
      return { risk: 'watch', says: 'tries again what was refused in this session' };
    default:
      return kind === '' ? undefined : { risk, says: `holds ${name} (${family})` };
  }
}

const TAINTED: Readonly<Record<string, string>> = { host: 'a host', email: 'a mail address', text: 'a name' };

function seen({ injected, untrusted, sensitive }: SessionMeter): Told[] {
  if (injected) return [{ risk: 'watch', says: 'comes after the agent has read text that gives it orders' }];
  if (untrusted && sensitive)
    return [{ risk: 'watch', says: 'comes after the agent has read what somebody else wrote, and something secret' }];
  return [];
}
