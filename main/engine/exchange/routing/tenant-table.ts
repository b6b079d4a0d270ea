/** Headers by which providers let a company pin them to its own accounts, and the hosts that they are documented for. Data only. */

import type { Settings } from '../../../contract/settings.ts';

export type Tenants = Settings['tenants'];

export interface Tenant {
  readonly setting: keyof Tenants;
  /** Patterns of `hostMatches`. */
  readonly hosts: readonly string[];
  /** Names that a client may not send there, in lower case. With a number behind it, a name is the same name continued. */
  readonly names: readonly string[];
  /** Names and values in turn; empty where the setting is absent. */
  headers(tenants: Tenants): readonly string[];
  /** What is not answered at all, because the header has no effect there: hosts, or paths with all below them, in lower case. */
  readonly refused?: { readonly hosts?: readonly string[]; readonly paths?: readonly string[]; readonly because: string };
  /** The vendor's own page. */
  readonly documentation: string;
}

/** Anthropic takes at most ten lines; five of a hundred are within what servers take of one line. */
const ORGANIZATIONS_A_LINE = 100;

export const TENANTS: readonly Tenant[] = [
  {
    setting: 'anthropic',
    hosts: ['api.anthropic.com', 'claude.ai', 'claude.com', 'anthropic.com', 'platform.claude.com'],
    names: ['anthropic-allowed-org-ids'],
    headers: ({ anthropic }) => (anthropic ? numbered('anthropic-allowed-org-ids', distinct(anthropic.organizations)) : []),
    documentation: 'https://support.claude.com/en/articles/13198485',
  },
  {
    setting: 'chatgpt',
    hosts: ['chatgpt.com'],
    names: ['chatgpt-allowed-workspace-id'],
    headers: ({ chatgpt }) => (chatgpt ? ['ChatGPT-Allowed-Workspace-Id', distinct(chatgpt.workspaces).join(',')] : []),
    refused: {
      paths: ['/backend-anon'],
      because: 'ChatGPT without an account belongs to no workspace of the company. Sign in to ChatGPT with the company’s account.',
    },
    documentation: 'https://help.openai.com/en/articles/9261474',
  },
  {
    setting: 'openai',
    hosts: ['api.openai.com'],
    names: ['openai-allowed-organization-ids'],
    headers: ({ openai }) => (openai ? ['OpenAI-Allowed-Organization-Ids', distinct(openai.organizations).join(',')] : []),
    documentation: 'https://platform.openai.com/docs',
  },
  {
    setting: 'google',
    hosts: ['*.google.com'],
    names: ['x-googapps-allowed-domains'],
    headers: ({ google }) => (google ? ['X-GoogApps-Allowed-Domains', distinct(google.domains).join(',')] : []),
    documentation: 'https://support.google.com/a/answer/1668854',
  },
  {
    setting: 'geminiCodeAssist',
    hosts: ['cloudcode-pa.googleapis.com'],
    names: ['x-geminicodeassist-allowed-domains'],
    headers: ({ geminiCodeAssist }) =>
      geminiCodeAssist ? ['X-GeminiCodeAssist-Allowed-Domains', distinct(geminiCodeAssist.domains).join(',')] : [],
    documentation: 'https://cloud.google.com/gemini/docs/codeassist',
  },
  {
    setting: 'microsoft',
    hosts: ['login.microsoftonline.com', 'login.microsoft.com', 'login.windows.net'],
    // The last is the newer way to say the same: left to the client, it could say something else.
    names: ['restrict-access-to-tenants', 'restrict-access-context', 'sec-restrict-tenant-access-policy'],
    headers: ({ microsoft }) =>
      microsoft ? ['Restrict-Access-To-Tenants', distinct(microsoft.tenants).join(','), 'Restrict-Access-Context', microsoft.context] : [],
    documentation: 'https://learn.microsoft.com/entra/identity/enterprise-apps/tenant-restrictions',
  },
  {
    setting: 'github',
    hosts: ['github.com', 'api.github.com', '*.githubcopilot.com'],
    names: ['sec-github-allowed-enterprise'],
    headers: ({ github }) => (github ? ['sec-GitHub-allowed-enterprise', github.enterprise] : []),
    refused: {
      hosts: ['*.individual.githubcopilot.com'],
      because: 'This is Copilot on a person’s own plan. Sign in to Copilot with the company’s account.',
    },
    documentation:
      'https://docs.github.com/enterprise-cloud@latest/admin/configuring-settings/hardening-security-for-your-enterprise/restricting-access-to-githubcom-using-a-corporate-proxy',
  },
];

/** A long list goes on in the header's name with 1, 2 … behind it; the first line then says how many there are. */
function numbered(name: string, values: readonly string[]): string[] {
  const lines: string[] = [];
  for (let at = 0; at < values.length; at += ORGANIZATIONS_A_LINE) lines.push(values.slice(at, at + ORGANIZATIONS_A_LINE).join(','));
  return lines.flatMap((line, at) => (at > 0 ? [`${name}${at}`, line] : [name, lines.length > 1 ? `${line};n=${lines.length}` : line]));
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)];
}
