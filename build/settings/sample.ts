/** What a company could set, as the samples for Linux and macOS show it. */

import type { Json } from '../../main/contract/record.ts';

export const SAMPLE: { readonly [key: string]: Json } = {
  contact: 'IT security, it-security@example.com',
  fleet: {
    url: 'https://holdpoint.example.com/policy/',
    rootFile: '/etc/holdpoint/root.json',
    enrolmentToken: 'replace-this-token',
    ring: 'stable',
    whenStale: 'ask',
  },
  audit: {
    capture: 'redacted',
    upload: { url: 'https://collector.example.com/v1/logs', headers: { authorization: 'Bearer replace-this' } },
  },
  approvals: { unattended: 'deny' },
  bypass: { allowed: false },
  tenants: { anthropic: { organizations: ['00000000-0000-4000-8000-000000000000'] } },
};

export function managedJson(): string {
  return `${JSON.stringify(SAMPLE, null, 2)}\n`;
}
